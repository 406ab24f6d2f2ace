//! What all services share: retries with limits, no redirects, answers that are checked.

use std::sync::atomic::{AtomicU32, Ordering};

use authenticode::HashAlgorithm;
use serde_json::json;
use signing_keys::KeyFlags;

use crate::support::server::{Reply, Server};
use crate::support::{host, key, sign, with_cert};
use crate::vault;

fn flags() -> KeyFlags {
    KeyFlags { vault_transit: Some("transit/release".into()), ..with_cert("p256") }
}

fn sign_at(server: &Server) -> Result<authenticode::Signer, String> {
    sign(&flags(), &host(&[("VAULT_ADDR", &server.url), ("VAULT_TOKEN", "s.secret")]), HashAlgorithm::Sha256)
}

#[test]
fn a_server_that_is_busy_is_asked_again_and_a_refusal_is_final() {
    let tries = AtomicU32::new(0);
    let busy = Server::start(move |request| match tries.fetch_add(1, Ordering::SeqCst) {
        0 => Ok(Reply { headers: vec![("retry-after", "2".into())], ..Reply::text(429, "{}") }),
        1 => Ok(Reply::text(503, "busy")),
        2 => Ok(Reply::text(500, "{}")),
        _ => vault::answer(request, "p256", key("p256").as_ref()),
    });
    sign_at(&busy).unwrap();
    assert_eq!(busy.requests().len(), 5, "{:?}", busy.requests());

    let down = Server::start(|_| Ok(Reply::text(503, json!({ "errors": ["Vault is sealed"] }).to_string())));
    let error = sign_at(&down).unwrap_err();
    assert!(
        error.contains("503") && error.contains("Vault is sealed") && error.contains("tried 5 times"),
        "{error}"
    );
    assert_eq!(down.requests().len(), 5);

    for status in [400, 401, 403, 404] {
        let refusing = Server::start(move |_| {
            Ok(Reply::text(status, json!({ "errors": ["permission denied"] }).to_string()))
        });
        let error = sign_at(&refusing).unwrap_err();
        assert!(error.contains("permission denied") && !error.contains("s.secret"), "{error}");
        assert_eq!(refusing.requests().len(), 1, "{status} must not be tried again");
    }
}

#[test]
fn a_connection_that_breaks_is_tried_again() {
    // Nothing listens at a port that was free a moment ago.
    let free = Server::start(|_| Err(String::new()));
    let url = free.url.clone();
    drop(free);
    let error =
        sign(&flags(), &host(&[("VAULT_ADDR", &url), ("VAULT_TOKEN", "s.secret")]), HashAlgorithm::Sha256)
            .unwrap_err();
    assert!(error.contains("tried 5 times") && error.contains(&url), "{error}");
}

#[test]
fn redirects_are_not_followed_with_credentials() {
    let other = Server::start(|_| Ok(Reply::text(200, "{}")));
    let target = other.url.clone();
    let redirecting = Server::start(move |_| {
        Ok(Reply { headers: vec![("location", target.clone())], ..Reply::text(302, "") })
    });
    let error = sign_at(&redirecting).unwrap_err();
    assert!(error.contains("it answered 302"), "{error}");
    assert!(other.requests().is_empty());
}

#[test]
fn addresses_without_encryption_are_refused() {
    let far = host(&[("VAULT_ADDR", "http://vault.example.org:8200"), ("VAULT_TOKEN", "s.secret")]);
    let error = sign(&flags(), &far, HashAlgorithm::Sha256).unwrap_err();
    assert!(error.contains("https://"), "{error}");
}

#[test]
fn answers_without_sense_are_refused() {
    for body in ["", "[]", "{\"data\":7}", "<html>"] {
        let server = Server::start(move |_| Ok(Reply::text(200, body)));
        let error = sign_at(&server).unwrap_err();
        assert!(error.starts_with("Vault: "), "{body}: {error}");
    }
    let endless = Server::start(|_| Ok(Reply::text(200, " ".repeat(2 << 20))));
    assert!(sign_at(&endless).is_err());
}

#[test]
fn a_signature_by_another_key_goes_into_no_file() {
    // The server shows the right public key and signs with another.
    let server =
        Server::start(|request| vault::answer(request, "p256", crate::support::other_p256().as_ref()));
    let error = sign_at(&server).unwrap_err();
    assert!(error.contains("is not a signature by the certificate"), "{error}");
}
