//! Azure Key Vault and Trusted Signing: requests as their REST references have them.

use authenticode::{HashAlgorithm, KeyAlgorithm};
use base64ct::{Base64, Base64UrlUnpadded, Encoding};
use serde_json::json;
use signing_keys::KeyFlags;

use crate::support::server::{Reply, Request, Server, expect};
use crate::support::{chain, host, key, path, raw_ecdsa, run, sign, with_cert};

const CLIENT: [(&str, &str); 3] =
    [("AZURE_TENANT_ID", "tenant"), ("AZURE_CLIENT_ID", "client"), ("AZURE_CLIENT_SECRET", "s/e+c=r&t")];

/// Answers as Microsoft Entra ID does to a client with a secret.
fn login(request: &Request, resource: &str) -> Option<Result<Reply, String>> {
    (request.target == "/tenant/oauth2/v2.0/token").then(|| {
        expect(request.method == "POST", "method")?;
        expect(request.header("content-type") == "application/x-www-form-urlencoded", "content type")?;
        let form = request.form();
        let field = |name: &str| form.get(name).map_or("", String::as_str);
        expect(field("grant_type") == "client_credentials" && field("client_id") == "client", "client")?;
        expect(field("client_secret") == "s/e+c=r&t", "secret")?;
        expect(field("scope") == format!("{resource}/.default"), "scope")?;
        Ok(token())
    })
}

fn token() -> Reply {
    Reply::json(&json!({ "token_type": "Bearer", "expires_in": 3599, "access_token": "entra" }))
}

/// Answers as a vault does whose certificate and key `release` are those of `name`.
fn vault(request: &Request, name: &str) -> Result<Reply, String> {
    if let Some(reply) = login(request, "https://vault.azure.net") {
        return reply;
    }
    expect(request.header("authorization") == "Bearer entra", "token")?;
    let kid = format!("http://{}/keys/release/0123", request.header("host"));
    match (request.method.as_str(), request.target.as_str()) {
        ("GET", "/certificates/release?api-version=7.4") => {
            Ok(Reply::json(&json!({ "kid": kid, "cer": Base64::encode_string(&chain(name)[0]) })))
        }
        ("GET", "/keys/release?api-version=7.4") => Ok(Reply::json(&json!({ "key": { "kid": kid } }))),
        ("POST", "/keys/release/0123/sign?api-version=7.4") => {
            let key = key(name);
            let body = request.json();
            let hash = match (key.algorithm(), body["alg"].as_str().unwrap_or_default()) {
                (KeyAlgorithm::Rsa, "RS256") | (KeyAlgorithm::EcdsaP256, "ES256") => HashAlgorithm::Sha256,
                (KeyAlgorithm::Rsa, "RS384") | (KeyAlgorithm::EcdsaP384, "ES384") => HashAlgorithm::Sha384,
                (KeyAlgorithm::Rsa, "RS512") => HashAlgorithm::Sha512,
                (_, other) => return Err(format!("algorithm {other}")),
            };
            let digest = Base64UrlUnpadded::decode_vec(body["value"].as_str().unwrap())
                .map_err(|error| error.to_string())?;
            let der = key.sign_digest(hash, &digest).map_err(|error| error.to_string())?;
            let signature = match key.algorithm() {
                KeyAlgorithm::Rsa => der,
                KeyAlgorithm::EcdsaP256 => raw_ecdsa(&der, 32),
                KeyAlgorithm::EcdsaP384 => raw_ecdsa(&der, 48),
            };
            Ok(Reply::json(&json!({ "kid": kid, "value": Base64UrlUnpadded::encode_string(&signature) })))
        }
        _ => Err("method or path".into()),
    }
}

fn vault_flags(server: &Server) -> KeyFlags {
    KeyFlags {
        azure_key_vault: Some(server.url.clone()),
        azure_key: Some("release".into()),
        ..KeyFlags::default()
    }
}

#[test]
fn the_vaults_certificate_and_key_sign() {
    for (name, hash) in [
        ("rsa-2048", HashAlgorithm::Sha256),
        ("rsa-2048", HashAlgorithm::Sha384),
        ("rsa-4096", HashAlgorithm::Sha512),
        ("p256", HashAlgorithm::Sha256),
        ("p384", HashAlgorithm::Sha384),
    ] {
        let server = Server::start(move |request| vault(request, name));
        let mut variables = CLIENT.to_vec();
        variables.push(("AZURE_AUTHORITY_HOST", &server.url));
        // The vault gives the signing certificate alone; the chain comes from a file.
        let chain_file = Some(path(&format!("{name}.chain.pem")));
        let flags = KeyFlags { chain: chain_file.clone(), ..vault_flags(&server) };
        let signer =
            sign(&flags, &host(&variables), hash).unwrap_or_else(|error| panic!("{name}, {hash}: {error}"));
        assert_eq!(signer.certificates().count(), 2);
        // With a certificate of ours, only the key is the vault's.
        let signer =
            sign(&KeyFlags { cert: chain_file, ..vault_flags(&server) }, &host(&variables), hash).unwrap();
        assert_eq!(signer.certificates().count(), 2);
        assert!(server.requests().iter().any(|line| line.starts_with("GET /keys/release?")));
        let signer = sign(&vault_flags(&server), &host(&variables), hash).unwrap();
        assert_eq!(signer.certificates().count(), 1);
        let logins = server.requests().iter().filter(|line| line.contains("oauth2")).count();
        assert_eq!(logins, 3, "one login for each key that was opened");
    }
}

#[test]
fn credentials_come_from_where_azures_tools_look() {
    let folder = tempfile::tempdir().unwrap();
    let assertion = folder.path().join("token");
    std::fs::write(&assertion, "jwt.of.workload\n").unwrap();
    let az = folder.path().join("az");
    let script = "#!/bin/sh\n[ \"$*\" = \"account get-access-token --output json --resource https://vault.azure.net\" ] || exit 1\necho '{\"accessToken\":\"entra\",\"expires_on\":4070908800}'\n";
    std::fs::write(&az, script).unwrap();
    run(folder.path(), "chmod", &["755", "az"]);
    let server = Server::start(|request| {
        let target = request.target.as_str();
        if target == "/tenant/oauth2/v2.0/token" {
            let form = request.form();
            let field = |name: &str| form.get(name).map_or("", String::as_str);
            expect(field("client_assertion") == "jwt.of.workload", "assertion")?;
            expect(
                field("client_assertion_type") == "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
                "type",
            )?;
            Ok(token())
        } else if target.starts_with("/msi/token") {
            expect(request.header("x-identity-header") == "header", "identity header")?;
            expect(
                target == "/msi/token?resource=https%3A%2F%2Fvault.azure.net&api-version=2019-08-01",
                "query",
            )?;
            Ok(Reply::json(&json!({ "access_token": "entra", "expires_on": "4070908800" })))
        } else if target.starts_with("/metadata/") {
            expect(request.header("metadata") == "true", "metadata header")?;
            expect(
                target
                    == "/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https%3A%2F%2Fvault.azure.net",
                "query",
            )?;
            Ok(Reply::json(&json!({ "access_token": "entra", "expires_in": "3599" })))
        } else {
            vault(request, "p256")
        }
    });
    let endpoint = format!("{}/msi/token", server.url);
    let assertion = assertion.to_str().unwrap();
    for (what, variables) in [
        (
            "workload identity",
            &[
                ("AZURE_TENANT_ID", "tenant"),
                ("AZURE_CLIENT_ID", "client"),
                ("AZURE_FEDERATED_TOKEN_FILE", assertion),
                ("AZURE_AUTHORITY_HOST", &server.url),
            ][..],
        ),
        ("App Service", &[("IDENTITY_ENDPOINT", &endpoint), ("IDENTITY_HEADER", "header")]),
        ("az", &[("PATH", folder.path().to_str().unwrap())]),
        ("virtual machine", &[("AZURE_POD_IDENTITY_AUTHORITY_HOST", &server.url)]),
    ] {
        sign(&vault_flags(&server), &host(variables), HashAlgorithm::Sha256)
            .unwrap_or_else(|error| panic!("{what}: {error}"));
    }
}

#[test]
fn the_token_does_not_follow_a_key_to_another_vault() {
    let other = Server::start(|_| Ok(Reply::text(200, "{}")));
    let kid = format!("{}/keys/release/0123", other.url);
    let server = Server::start(move |request| match login(request, "https://vault.azure.net") {
        Some(reply) => reply,
        None => Ok(Reply::json(&json!({ "kid": kid, "cer": Base64::encode_string(&chain("p256")[0]) }))),
    });
    let mut variables = CLIENT.to_vec();
    variables.push(("AZURE_AUTHORITY_HOST", &server.url));
    let error = sign(&vault_flags(&server), &host(&variables), HashAlgorithm::Sha256).unwrap_err();
    assert!(error.contains("another vault"), "{error}");
    assert!(other.requests().is_empty());
}

#[test]
fn trusted_signing_is_polled_and_brings_its_certificates() {
    let folder = tempfile::tempdir().unwrap();
    let file = path("rsa-2048.chain.pem");
    let bundle = run(
        folder.path(),
        "openssl",
        &["crl2pkcs7", "-nocrl", "-outform", "DER", "-certfile", file.to_str().unwrap()],
    );
    let mut asked = 0;
    let mut pending = None;
    let server = Server::start(move |request| {
        if let Some(reply) = login(request, "https://codesigning.azure.net") {
            return reply;
        }
        expect(request.header("authorization") == "Bearer entra", "token")?;
        let base = "/codesigningaccounts/account/certificateprofiles/profile";
        let rest = request.target.strip_prefix(base).ok_or("path")?;
        match (request.method.as_str(), rest) {
            ("POST", ":sign?api-version=2023-06-15-preview") => {
                let body = request.json();
                let name = body["signatureAlgorithm"]
                    .as_str()
                    .and_then(|name| name.strip_prefix("RS"))
                    .ok_or("algorithm")?;
                let hash = HashAlgorithm::from_name(&format!("sha{name}")).ok_or("algorithm")?;
                let digest = Base64::decode_vec(body["digest"].as_str().unwrap())
                    .map_err(|error| error.to_string())?;
                expect(digest.len() == hash.digest_len(), "length of the digest")?;
                pending =
                    Some(key("rsa-2048").sign_digest(hash, &digest).map_err(|error| error.to_string())?);
                asked = 0;
                Ok(Reply { status: 202, ..Reply::json(&json!({ "id": "76f6", "status": "InProgress" })) })
            }
            ("GET", "/sign/76f6?api-version=2023-06-15-preview") => {
                asked += 1;
                if asked < 3 {
                    return Ok(Reply::json(&json!({ "id": "76f6", "status": "InProgress" })));
                }
                // The bundle is base64 twice.
                let bundle = Base64::encode_string(Base64::encode_string(&bundle).as_bytes());
                let signature = Base64::encode_string(pending.as_ref().ok_or("nothing was submitted")?);
                let result = json!({ "signature": signature, "signingCertificate": bundle });
                Ok(Reply::json(&json!({ "id": "76f6", "status": "Succeeded", "result": result })))
            }
            _ => Err("method or path".into()),
        }
    });
    let mut variables = CLIENT.to_vec();
    variables.push(("AZURE_AUTHORITY_HOST", &server.url));
    let flags = KeyFlags {
        azure_trusted_signing: Some(vec![server.url.clone(), "account".into(), "profile".into()]),
        ..KeyFlags::default()
    };
    for hash in HashAlgorithm::ALL {
        let signer = sign(&flags, &host(&variables), hash).unwrap();
        assert_eq!(signer.certificates().count(), 2, "the root stays out");
    }
    assert_eq!(server.requests().iter().filter(|line| line.starts_with("GET")).count(), 3 * 2 * 3);
}

#[test]
fn an_operation_that_fails_says_why() {
    let server = Server::start(|request| match login(request, "https://codesigning.azure.net") {
        Some(reply) => reply,
        None => Ok(Reply::json(
            &json!({ "id": "1", "status": "Failed", "error": { "message": "the profile is disabled" } }),
        )),
    });
    let mut variables = CLIENT.to_vec();
    variables.push(("AZURE_AUTHORITY_HOST", &server.url));
    let flags = KeyFlags {
        azure_trusted_signing: Some(vec![server.url.clone(), "a".into(), "p".into()]),
        ..with_cert("p256")
    };
    let error = sign(&flags, &host(&variables), HashAlgorithm::Sha256).unwrap_err();
    assert!(error.contains("the profile is disabled"), "{error}");
}
