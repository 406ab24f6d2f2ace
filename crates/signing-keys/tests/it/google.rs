//! Google Cloud KMS: requests as its REST reference has them, the service account's JWT checked by OpenSSL.

use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use authenticode::HashAlgorithm;
use base64ct::{Base64, Base64UrlUnpadded, Encoding};
use serde_json::{Value, json};
use signing_keys::KeyFlags;

use crate::support::server::{Reply, Request, Server, expect};
use crate::support::{host, key, path, read, run, sign, with_cert};
use crate::vault::public_pem;

const NAME: &str = "projects/p/locations/global/keyRings/r/cryptoKeys/k/cryptoKeyVersions/1";

/// CRC-32C by a table, where the client goes bit by bit.
fn crc32c(bytes: &[u8]) -> u32 {
    let table: Vec<u32> = (0..256u32)
        .map(|byte| {
            (0..8).fold(byte, |value, _| if value & 1 == 1 { value >> 1 ^ 0x82F6_3B78 } else { value >> 1 })
        })
        .collect();
    !bytes.iter().fold(u32::MAX, |sum, byte| table[((sum ^ u32::from(*byte)) & 0xFF) as usize] ^ sum >> 8)
}

/// Answers as KMS does for a key of this algorithm; `spoil` may change the answer to a signature.
fn kms(request: &Request, name: &str, algorithm: &str, spoil: impl Fn(&mut Value)) -> Result<Reply, String> {
    expect(request.header("authorization") == "Bearer ya29", "token")?;
    let rest = request.target.strip_prefix(&format!("/v1/{NAME}")).ok_or("path")?;
    match (request.method.as_str(), rest) {
        ("GET", "/publicKey") => {
            let pem = public_pem(name);
            let sum = crc32c(pem.as_bytes()).to_string();
            Ok(Reply::json(&json!({ "pem": pem, "pemCrc32c": sum, "algorithm": algorithm, "name": NAME })))
        }
        ("POST", ":asymmetricSign") => {
            let body = request.json();
            let digests = body["digest"].as_object().ok_or("digest")?;
            let (field, digest) = digests.iter().next().ok_or("digest")?;
            let hash = HashAlgorithm::from_name(field).ok_or("hash")?;
            let digest = Base64::decode_vec(digest.as_str().unwrap()).map_err(|error| error.to_string())?;
            expect(algorithm.ends_with(&field.to_uppercase()), "the key's hash")?;
            let sum = crc32c(&digest).to_string();
            expect(body["digestCrc32c"].as_str() == Some(&sum), "checksum of the digest")?;
            let signature = key(name).sign_digest(hash, &digest).map_err(|error| error.to_string())?;
            let mut answer = json!({
                "signature": Base64::encode_string(&signature),
                "signatureCrc32c": crc32c(&signature).to_string(),
                "verifiedDigestCrc32c": true,
                "name": NAME,
            });
            spoil(&mut answer);
            Ok(Reply::json(&answer))
        }
        _ => Err("method or path".into()),
    }
}

fn flags(name: &str) -> KeyFlags {
    KeyFlags { google_kms: Some(NAME.into()), ..with_cert(name) }
}

fn variables(server: &Server) -> Vec<(&'static str, &str)> {
    vec![("CLOUDSDK_API_ENDPOINT_OVERRIDES_CLOUDKMS", &server.url)]
}

#[test]
fn keys_sign_with_the_hash_that_belongs_to_them() {
    for (name, algorithm, hash) in [
        ("rsa-2048", "RSA_SIGN_PKCS1_2048_SHA256", HashAlgorithm::Sha256),
        ("rsa-4096", "RSA_SIGN_PKCS1_4096_SHA512", HashAlgorithm::Sha512),
        ("p256", "EC_SIGN_P256_SHA256", HashAlgorithm::Sha256),
        ("p384", "EC_SIGN_P384_SHA384", HashAlgorithm::Sha384),
    ] {
        let server = Server::start(move |request| kms(request, name, algorithm, |_| {}));
        let mut variables = variables(&server);
        variables.push(("GOOGLE_OAUTH_ACCESS_TOKEN", "ya29"));
        sign(&flags(name), &host(&variables), hash).unwrap_or_else(|error| panic!("{name}: {error}"));
        let wrong = if hash == HashAlgorithm::Sha384 { HashAlgorithm::Sha256 } else { HashAlgorithm::Sha384 };
        let error = sign(&flags(name), &host(&variables), wrong).unwrap_err();
        assert!(error.contains(algorithm), "{error}");
    }
}

#[test]
fn a_service_account_signs_its_own_request_for_a_token() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("public.pem"), public_pem("rsa-2048")).unwrap();
    let check = folder.path().to_owned();
    let server = Server::start(move |request| {
        if request.target != "/token" {
            return kms(request, "p256", "EC_SIGN_P256_SHA256", |_| {});
        }
        let form = request.form();
        expect(
            form.get("grant_type")
                .is_some_and(|grant| grant == "urn:ietf:params:oauth:grant-type:jwt-bearer"),
            "grant",
        )?;
        let assertion = form.get("assertion").ok_or("assertion")?;
        check_jwt(&check, assertion, &format!("http://{}/token", request.header("host")))?;
        Ok(Reply::json(&json!({ "access_token": "ya29", "expires_in": 3599 })))
    });
    let account = json!({
        "type": "service_account",
        "client_email": "signer@p.iam.gserviceaccount.com",
        "private_key_id": "kid1",
        "private_key": String::from_utf8(read("rsa-2048.key.pem")).unwrap(),
        "token_uri": format!("{}/token", server.url),
    });
    let file = folder.path().join("account.json");
    std::fs::write(&file, account.to_string()).unwrap();
    let mut variables = variables(&server);
    variables.push(("GOOGLE_APPLICATION_CREDENTIALS", file.to_str().unwrap()));
    let host = host(&variables);
    let signer = sign(&flags("p256"), &host, HashAlgorithm::Sha256).unwrap();
    signer.sign_digest(HashAlgorithm::Sha256, &[7; 32]).unwrap();
    let tokens = server.requests().iter().filter(|line| line.contains("/token")).count();
    assert_eq!(tokens, 1, "the token is kept");
}

/// Header, claims and signature of a service account's JWT.
fn check_jwt(folder: &Path, jwt: &str, audience: &str) -> Result<(), String> {
    let (signed, signature) = jwt.rsplit_once('.').ok_or("JWT")?;
    let (header, claims) = signed.split_once('.').ok_or("JWT")?;
    let part = |text| -> Result<Value, String> {
        let bytes = Base64UrlUnpadded::decode_vec(text).map_err(|error| error.to_string())?;
        serde_json::from_slice(&bytes).map_err(|error| error.to_string())
    };
    expect(part(header)? == json!({ "alg": "RS256", "typ": "JWT", "kid": "kid1" }), "header")?;
    let claims = part(claims)?;
    expect(
        claims["iss"] == "signer@p.iam.gserviceaccount.com" && claims["aud"] == audience,
        "issuer or audience",
    )?;
    expect(claims["scope"] == "https://www.googleapis.com/auth/cloud-platform", "scope")?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let issued = claims["iat"].as_u64().ok_or("iat")?;
    expect(now.abs_diff(issued) < 300 && claims["exp"] == issued + 3600, "times")?;
    std::fs::write(folder.join("signed"), signed).unwrap();
    std::fs::write(
        folder.join("signature"),
        Base64UrlUnpadded::decode_vec(signature).map_err(|error| error.to_string())?,
    )
    .unwrap();
    run(
        folder,
        "openssl",
        &["dgst", "-sha256", "-verify", "public.pem", "-signature", "signature", "signed"],
    );
    Ok(())
}

#[test]
fn the_login_of_gcloud_and_the_metadata_server_are_used() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join(".config/gcloud");
    std::fs::create_dir_all(&folder).unwrap();
    let server = Server::start(|request| match request.target.as_str() {
        "/token" => {
            let form = request.form();
            let field = |name: &str| form.get(name).map_or("", String::as_str);
            expect(
                field("grant_type") == "refresh_token" && field("refresh_token") == "1//r",
                "refresh token",
            )?;
            expect(field("client_id") == "id" && field("client_secret") == "cs", "client")?;
            Ok(Reply::json(&json!({ "access_token": "ya29", "expires_in": 3599 })))
        }
        "/computeMetadata/v1/instance/service-accounts/default/token" => {
            expect(request.header("metadata-flavor") == "Google", "flavor")?;
            Ok(Reply::json(&json!({ "access_token": "ya29", "expires_in": 3599 })))
        }
        _ => kms(request, "p256", "EC_SIGN_P256_SHA256", |_| {}),
    });
    let user = json!({ "type": "authorized_user", "client_id": "id", "client_secret": "cs", "refresh_token": "1//r", "token_uri": format!("{}/token", server.url) });
    std::fs::write(folder.join("application_default_credentials.json"), user.to_string()).unwrap();
    let mut with_home = variables(&server);
    with_home.push(("HOME", home.path().to_str().unwrap()));
    sign(&flags("p256"), &host(&with_home), HashAlgorithm::Sha256).unwrap();
    let metadata = server.url.trim_start_matches("http://");
    let mut on_machine = variables(&server);
    on_machine.push(("GCE_METADATA_HOST", metadata));
    sign(&flags("p256"), &host(&on_machine), HashAlgorithm::Sha256).unwrap();
    let external = home.path().join("external.json");
    std::fs::write(&external, json!({ "type": "external_account" }).to_string()).unwrap();
    let mut unsupported = variables(&server);
    unsupported.push(("GOOGLE_APPLICATION_CREDENTIALS", external.to_str().unwrap()));
    let error = sign(&flags("p256"), &host(&unsupported), HashAlgorithm::Sha256).unwrap_err();
    assert!(error.contains("external_account") && error.contains("GOOGLE_OAUTH_ACCESS_TOKEN"), "{error}");
}

#[test]
fn answers_changed_on_their_way_and_keys_of_other_kinds_are_refused() {
    let check = |algorithm: &'static str, spoil: fn(&mut Value), reason: &str| {
        let server = Server::start(move |request| kms(request, "p256", algorithm, spoil));
        let mut variables = variables(&server);
        variables.push(("GOOGLE_OAUTH_ACCESS_TOKEN", "ya29"));
        let error = sign(&flags("p256"), &host(&variables), HashAlgorithm::Sha256).unwrap_err();
        assert!(error.contains(reason), "{error}");
    };
    let good = "EC_SIGN_P256_SHA256";
    check(good, |answer| answer["verifiedDigestCrc32c"] = false.into(), "changed on its way to");
    check(good, |answer| answer["signatureCrc32c"] = "1".into(), "changed on its way from");
    check(good, |answer| answer["name"] = "projects/other".into(), "another key");
    check("EC_SIGN_SECP256K1_SHA256", |_| {}, "cannot sign for Windows");
    check("RSA_SIGN_PSS_2048_SHA256", |_| {}, "cannot sign for Windows");
    let short = KeyFlags { google_kms: Some("projects/p".into()), ..with_cert("p256") };
    assert!(sign(&short, &host(&[]), HashAlgorithm::Sha256).unwrap_err().contains("cryptoKeyVersions"));
    assert!(path("p256.key.pem").is_file());
}
