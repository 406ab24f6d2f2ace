//! HashiCorp Vault's transit engine: requests as its API documentation has them.

use authenticode::{DigestSigner, HashAlgorithm, KeyAlgorithm};
use base64ct::{Base64, Encoding};
use serde_json::json;
use signing_keys::KeyFlags;

use crate::support::server::{Reply, Request, Server, expect};
use crate::support::{host, key, sign, with_cert};

/// Answers as the server does for the key `release` in its third version.
pub fn answer(request: &Request, name: &str, key: &dyn DigestSigner) -> Result<Reply, String> {
    expect(request.header("x-vault-token") == "s.secret", "token")?;
    expect(request.header("x-vault-request") == "true", "request mark")?;
    if request.target == "/v1/transit/keys/release" {
        expect(request.method == "GET", "method")?;
        let pem = public_pem(name);
        return Ok(Reply::json(&json!({ "data": { "latest_version": 3, "keys": {
            "2": { "public_key": "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n" },
            "3": { "public_key": pem, "name": "P-256" },
        } } })));
    }
    let bits = request.target.strip_prefix("/v1/transit/sign/release/sha2-").ok_or("path")?;
    let hash = HashAlgorithm::from_name(&format!("sha{bits}")).ok_or("hash")?;
    expect(request.method == "POST", "method")?;
    let body = request.json();
    expect(body["prehashed"] == true, "prehashed")?;
    expect(body["marshaling_algorithm"] == "asn1", "marshaling")?;
    expect(key.algorithm() != KeyAlgorithm::Rsa || body["signature_algorithm"] == "pkcs1v15", "padding")?;
    expect(body["key_version"] == 3, "version")?;
    let digest =
        Base64::decode_vec(body["input"].as_str().ok_or("input")?).map_err(|error| error.to_string())?;
    expect(digest.len() == hash.digest_len(), "length of the digest")?;
    let signature = key.sign_digest(hash, &digest).map_err(|error| error.to_string())?;
    Ok(Reply::json(
        &json!({ "data": { "signature": format!("vault:v3:{}", Base64::encode_string(&signature)) } }),
    ))
}

/// The public key as OpenSSL writes it.
pub fn public_pem(name: &str) -> String {
    let key = crate::support::path(&format!("{name}.key.pem"));
    let folder = std::env::temp_dir();
    String::from_utf8(crate::support::run(
        &folder,
        "openssl",
        &["pkey", "-pubout", "-in", key.to_str().unwrap()],
    ))
    .unwrap()
}

#[test]
fn keys_of_every_kind_sign() {
    for name in ["rsa-2048", "p256", "p384"] {
        let server = Server::start(move |request| answer(request, name, key(name).as_ref()));
        let flags = KeyFlags { vault_transit: Some("release".into()), ..with_cert(name) };
        for hash in HashAlgorithm::ALL {
            let host = host(&[("VAULT_ADDR", &format!("{}/", server.url)), ("VAULT_TOKEN", "s.secret")]);
            sign(&flags, &host, hash).unwrap_or_else(|error| panic!("{name}, {hash}: {error}"));
        }
    }
}

#[test]
fn the_token_of_vault_login_and_the_namespace_are_used() {
    let home = tempfile::tempdir().unwrap();
    std::fs::write(home.path().join(".vault-token"), "s.secret\n").unwrap();
    let server = Server::start(|request| {
        expect(request.header("x-vault-namespace") == "team/a", "namespace")?;
        answer(request, "p256", key("p256").as_ref())
    });
    let flags = KeyFlags { vault_transit: Some("transit/release:3".into()), ..with_cert("p256") };
    let variables = [
        ("VAULT_ADDR", server.url.as_str()),
        ("VAULT_NAMESPACE", "team/a"),
        ("HOME", home.path().to_str().unwrap()),
    ];
    sign(&flags, &host(&variables), HashAlgorithm::Sha256).unwrap();
    let error = sign(&flags, &host(&variables[..2]), HashAlgorithm::Sha256).unwrap_err();
    assert!(error.contains("vault login"), "{error}");
    let error = sign(&flags, &host(&[]), HashAlgorithm::Sha256).unwrap_err();
    assert!(error.contains("VAULT_ADDR"), "{error}");
    let missing = KeyFlags { vault_transit: Some("transit/release:9".into()), ..with_cert("p256") };
    let error = sign(&missing, &host(&variables), HashAlgorithm::Sha256).unwrap_err();
    assert!(error.contains("no version 9"), "{error}");
}
