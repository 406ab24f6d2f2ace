//! Azure Trusted Signing (Artifact Signing): certificates that live for days, with their keys in the service.
//!
//! Documentation: the data-plane specification `azure.codesigning.json`, version 2023-06-15-preview ("CertificateProfileOperations_Sign",
//! "CertificateProfileOperations_GetSignStatus"), and "Trusted Signing resources and roles".
//!
//! Each signature is an operation: submitted, then asked about until it is done. Its result brings the certificate chain, which a
//! first signature at the start fetches.

use std::time::Duration;

use authenticode::{HashAlgorithm, KeyAlgorithm, Signer, read_certificates};
use base64ct::{Base64, Encoding};
use serde_json::Value;

use super::azure_auth::Tokens;
use super::{RemoteKey, SignRemotely, text};
use crate::http::{Client, Request, encode, host_of};
use crate::source::signer;
use crate::{Error, Host, certificate};

const SERVICE: &str = "Azure Trusted Signing";
const VERSION: &str = "api-version=2023-06-15-preview";
/// How often an operation is asked about, and how long between: two minutes in all.
const MOST_POLLS: u32 = 120;

/// Opens a certificate profile.
pub(crate) fn open(endpoint: &str, account: &str, profile: &str, host: &Host) -> Result<Signer, Error> {
    let endpoint = endpoint.trim_end_matches('/');
    let service = Profile {
        client: Client::new(SERVICE, host),
        tokens: Tokens::new(resource(endpoint), host),
        base: format!(
            "{endpoint}/codesigningaccounts/{}/certificateprofiles/{}",
            encode(account),
            encode(profile)
        ),
        host: host.clone(),
    };
    // Nothing else than a signature tells the certificate that the next one will be made with.
    let first = service.operate(HashAlgorithm::Sha256, &HashAlgorithm::Sha256.digest(b""))?;
    let bundle = text(SERVICE, &first, "/signingCertificate")?;
    let certificates =
        read_bundle(bundle).ok_or_else(|| service.client.fail("its certificates cannot be read"))?;
    let public = certificate::leaf(&certificates)?;
    signer(RemoteKey { public, service }, certificates)
}

/// What a token is asked for: the region's domain without its name.
fn resource(endpoint: &str) -> String {
    match host_of(endpoint).split_once('.') {
        Some((_, domain)) if domain.starts_with("codesigning.") => format!("https://{domain}"),
        _ => "https://codesigning.azure.net".into(),
    }
}

/// Base64 of a PKCS#7 bundle, a certificate, or PEM; the service wraps it in base64 a second time.
fn read_bundle(text: &str) -> Option<Vec<Vec<u8>>> {
    let mut bytes = text.as_bytes().to_vec();
    for _ in 0..3 {
        if let Ok(found) = read_certificates(&bytes)
            && !found.is_empty()
        {
            return Some(found);
        }
        let plain: String = std::str::from_utf8(&bytes).ok()?.split_whitespace().collect();
        bytes = Base64::decode_vec(&plain).ok()?;
    }
    None
}

struct Profile {
    client: Client,
    tokens: Tokens,
    base: String,
    host: Host,
}

impl Profile {
    /// Signs a digest; gives the operation's result.
    fn operate(&self, hash: HashAlgorithm, digest: &[u8]) -> Result<Value, Error> {
        let algorithm = format!("RS{}", 8 * hash.digest_len());
        let body =
            serde_json::json!({ "signatureAlgorithm": algorithm, "digest": Base64::encode_string(digest) });
        let url = format!("{}:sign?{VERSION}", self.base);
        let mut answer =
            self.client.json(&|| Ok(Request::post_json(&url, &body).bearer(&self.tokens.get()?)))?;
        let id = ["/id", "/operationId"].iter().find_map(|name| answer.pointer(name)?.as_str()).map(encode);
        for polls in 0..MOST_POLLS {
            match text(SERVICE, &answer, "/status")? {
                "Succeeded" => return Ok(result(answer)),
                "InProgress" | "Running" | "NotStarted" => {}
                status => {
                    let said = answer
                        .pointer("/error/message")
                        .and_then(Value::as_str)
                        .unwrap_or("it gives no reason");
                    return Err(self.client.fail(format!("the operation ended as {status}: {said}")));
                }
            }
            let id = id.as_ref().ok_or_else(|| self.client.fail("its answer names no operation"))?;
            self.host.sleep(Duration::from_millis(if polls < 10 { 200 } else { 1000 }));
            let url = format!("{}/sign/{id}?{VERSION}", self.base);
            answer = self.client.json(&|| Ok(Request::get(&url).bearer(&self.tokens.get()?)))?;
        }
        Err(self.client.fail("the operation did not end within two minutes"))
    }
}

/// Where the versions of the API put the signature.
fn result(mut answer: Value) -> Value {
    for name in ["result", "signStatus"] {
        if answer.get(name).is_some_and(Value::is_object) {
            return answer[name].take();
        }
    }
    answer
}

impl SignRemotely for Profile {
    fn sign(&self, _: KeyAlgorithm, hash: HashAlgorithm, digest: &[u8]) -> Result<Vec<u8>, Error> {
        let result = self.operate(hash, digest)?;
        Base64::decode_vec(text(SERVICE, &result, "/signature")?)
            .map_err(|_| self.client.fail("its signature is not base64"))
    }
}
