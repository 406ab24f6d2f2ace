//! AWS KMS: requests as its API reference has them, signatures over requests computed anew by the server.

use std::collections::BTreeMap;
use std::time::{SystemTime, UNIX_EPOCH};

use authenticode::{HashAlgorithm, KeyAlgorithm};
use base64ct::{Base64, Encoding};
use hmac::{Hmac, Mac};
use serde_json::json;
use sha2::{Digest, Sha256};
use signing_keys::KeyFlags;

use crate::support::server::{Reply, Request, Server, expect};
use crate::support::{chain, host, key, sign, with_cert};

const ACCESS: &str = "AKIDEXAMPLE";
const SECRET: &str = "secret/key+of=test";

fn mac(key: &[u8], text: &str) -> Vec<u8> {
    Hmac::<Sha256>::new_from_slice(key).unwrap().chain_update(text).finalize().into_bytes().to_vec()
}

fn hex(bytes: impl AsRef<[u8]>) -> String {
    bytes.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Computes the request's signature from what arrived and compares.
fn check_signature(request: &Request, region: &str, token: Option<&str>) -> Result<(), String> {
    let text = request.header("authorization").strip_prefix("AWS4-HMAC-SHA256 ").ok_or("no signature")?;
    let parts: BTreeMap<&str, &str> = text.split(", ").filter_map(|part| part.split_once('=')).collect();
    let part = |name| parts.get(name).copied().ok_or(format!("no {name}"));
    let time = request.header("x-amz-date");
    let date = time.get(..8).ok_or("no date")?;
    let scope = format!("{date}/{region}/kms/aws4_request");
    expect(part("Credential")? == format!("{ACCESS}/{scope}"), "credential scope")?;
    let names: Vec<&str> = part("SignedHeaders")?.split(';').collect();
    for needed in ["content-type", "host", "x-amz-date", "x-amz-target"] {
        expect(names.contains(&needed), &format!("{needed} is not signed"))?;
    }
    expect(names.is_sorted(), "order of the signed headers")?;
    let given = request.headers.get("x-amz-security-token").map(String::as_str);
    expect(given == token, "session token")?;
    expect(token.is_none() || names.contains(&"x-amz-security-token"), "session token is not signed")?;
    // Whole days suffice to find a clock or calendar that is wrong; AWS allows five minutes.
    let days = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs() / 86_400;
    let year = (1970.0 + days as f64 / 365.2425) as u64;
    expect(date[..4] == year.to_string(), "year")?;
    let listed: String = names.iter().map(|name| format!("{name}:{}\n", request.header(name))).collect();
    let canonical =
        format!("POST\n/\n\n{listed}\n{}\n{}", names.join(";"), hex(Sha256::digest(&request.body)));
    let to_sign = format!("AWS4-HMAC-SHA256\n{time}\n{scope}\n{}", hex(Sha256::digest(canonical)));
    let mut signing_key = mac(format!("AWS4{SECRET}").as_bytes(), date);
    for step in [region, "kms", "aws4_request"] {
        signing_key = mac(&signing_key, step);
    }
    expect(part("Signature")? == hex(mac(&signing_key, &to_sign)), "signature of the request")
}

/// Answers as KMS does for the key `name`.
fn answer(request: &Request, name: &str) -> Result<Reply, String> {
    expect(request.method == "POST" && request.target == "/", "method or path")?;
    expect(request.header("content-type") == "application/x-amz-json-1.1", "content type")?;
    let key = key(name);
    let body = request.json();
    match request.header("x-amz-target") {
        "TrentService.GetPublicKey" => {
            let public = key.public_key_der().unwrap();
            Ok(Reply::json(
                &json!({ "KeyId": body["KeyId"], "KeyUsage": "SIGN_VERIFY", "PublicKey": Base64::encode_string(&public) }),
            ))
        }
        "TrentService.Sign" => {
            expect(body["MessageType"] == "DIGEST", "message type")?;
            let algorithm = body["SigningAlgorithm"].as_str().ok_or("algorithm")?;
            let hash = match (key.algorithm(), algorithm) {
                (KeyAlgorithm::Rsa, "RSASSA_PKCS1_V1_5_SHA_256")
                | (KeyAlgorithm::EcdsaP256, "ECDSA_SHA_256") => HashAlgorithm::Sha256,
                (KeyAlgorithm::Rsa, "RSASSA_PKCS1_V1_5_SHA_384")
                | (KeyAlgorithm::EcdsaP384, "ECDSA_SHA_384") => HashAlgorithm::Sha384,
                (KeyAlgorithm::Rsa, "RSASSA_PKCS1_V1_5_SHA_512") => HashAlgorithm::Sha512,
                _ => return Err(format!("algorithm {algorithm}")),
            };
            let digest =
                Base64::decode_vec(body["Message"].as_str().unwrap()).map_err(|error| error.to_string())?;
            let signature = key.sign_digest(hash, &digest).map_err(|error| error.to_string())?;
            Ok(Reply::json(
                &json!({ "KeyId": body["KeyId"], "Signature": Base64::encode_string(&signature), "SigningAlgorithm": algorithm }),
            ))
        }
        other => Err(format!("operation {other}")),
    }
}

#[test]
fn keys_of_every_kind_sign_with_the_hashes_that_kms_pairs_them_with() {
    for (name, hash) in [
        ("rsa-2048", HashAlgorithm::Sha256),
        ("rsa-2048", HashAlgorithm::Sha512),
        ("p256", HashAlgorithm::Sha256),
        ("p384", HashAlgorithm::Sha384),
    ] {
        let server = Server::start(move |request| {
            check_signature(request, "eu-central-1", Some("session"))?;
            answer(request, name)
        });
        let flags = KeyFlags { aws_kms: Some("arn:aws:kms:eu-central-1:1:key/k".into()), ..with_cert(name) };
        let variables = [
            ("AWS_ENDPOINT_URL_KMS", server.url.as_str()),
            ("AWS_ACCESS_KEY_ID", ACCESS),
            ("AWS_SECRET_ACCESS_KEY", SECRET),
            ("AWS_SESSION_TOKEN", "session"),
        ];
        sign(&flags, &host(&variables), hash).unwrap_or_else(|error| panic!("{name}, {hash}: {error}"));
    }
}

#[test]
fn credentials_come_from_files_containers_and_instances() {
    let home = tempfile::tempdir().unwrap();
    std::fs::create_dir(home.path().join(".aws")).unwrap();
    let file = |name: &str, text: String| std::fs::write(home.path().join(".aws").join(name), text).unwrap();
    file(
        "credentials",
        format!(
            "[default]\naws_access_key_id=no\naws_secret_access_key=no\n[release]\naws_access_key_id = {ACCESS}\naws_secret_access_key = {SECRET}\n"
        ),
    );
    let process = home.path().join("creds.json");
    std::fs::write(
        &process,
        json!({ "Version": 1, "AccessKeyId": ACCESS, "SecretAccessKey": SECRET, "SessionToken": "t" })
            .to_string(),
    )
    .unwrap();
    file(
        "config",
        format!(
            "[profile release]\nregion = eu-west-1\n[profile tool]\nregion = eu-west-1\ncredential_process = cat {}\n[profile sso]\nregion = eu-west-1\n",
            process.display()
        ),
    );
    let flags = KeyFlags { aws_kms: Some("alias/release".into()), ..with_cert("p256") };
    let home = home.path().to_str().unwrap();

    let server = |token: Option<&'static str>| {
        Server::start(move |request| {
            let later = json!({ "AccessKeyId": ACCESS, "SecretAccessKey": SECRET, "Token": "t", "Expiration": "2099-01-01T00:00:00Z" });
            match (request.method.as_str(), request.target.as_str()) {
                ("GET", "/container") => {
                    expect(request.header("authorization") == "pod", "container token")?;
                    Ok(Reply::json(&later))
                }
                ("PUT", "/latest/api/token") => {
                    expect(
                        request.header("x-aws-ec2-metadata-token-ttl-seconds") == "21600",
                        "life of the token",
                    )?;
                    Ok(Reply::text(200, "imds"))
                }
                ("GET", path) => {
                    expect(request.header("x-aws-ec2-metadata-token") == "imds", "metadata token")?;
                    match path.strip_prefix("/latest/meta-data/iam/security-credentials/") {
                        Some("") => Ok(Reply::text(200, "role\n")),
                        Some("role") => Ok(Reply::json(&later)),
                        _ => Err("metadata path".into()),
                    }
                }
                _ => {
                    check_signature(request, "eu-west-1", token)?;
                    answer(request, "p256")
                }
            }
        })
    };
    let check = |what: &str, token: Option<&'static str>, variables: &[(&str, &str)]| {
        let server = server(token);
        let container = format!("{}/container", server.url);
        let mut all = vec![("AWS_ENDPOINT_URL", server.url.as_str())];
        all.extend(variables.iter().map(|(name, value)| {
            let value = match *value {
                "{container}" => container.as_str(),
                "{server}" => server.url.as_str(),
                value => value,
            };
            (*name, value)
        }));
        sign(&flags, &host(&all), HashAlgorithm::Sha256).map_err(|error| format!("{what}: {error}"))
    };
    check("profile", None, &[("HOME", home), ("AWS_PROFILE", "release")]).unwrap();
    check("process", Some("t"), &[("HOME", home), ("AWS_PROFILE", "tool")]).unwrap();
    let region = ("AWS_REGION", "eu-west-1");
    check(
        "container",
        Some("t"),
        &[
            region,
            ("AWS_CONTAINER_CREDENTIALS_FULL_URI", "{container}"),
            ("AWS_CONTAINER_AUTHORIZATION_TOKEN", "pod"),
        ],
    )
    .unwrap();
    check("instance", Some("t"), &[region, ("AWS_EC2_METADATA_SERVICE_ENDPOINT", "{server}")]).unwrap();
    let error = check("sso", None, &[("HOME", home), ("AWS_PROFILE", "sso")]).unwrap_err();
    assert!(error.contains("export-credentials --profile sso"), "{error}");
    let error = check("none", None, &[region, ("AWS_EC2_METADATA_DISABLED", "true")]).unwrap_err();
    assert!(error.contains("AWS_ACCESS_KEY_ID"), "{error}");
    let error = check("region", None, &[("AWS_ACCESS_KEY_ID", ACCESS), ("AWS_SECRET_ACCESS_KEY", SECRET)])
        .unwrap_err();
    assert!(error.contains("--aws-region"), "{error}");
}

#[test]
fn a_role_is_assumed_with_a_web_identity() {
    let folder = tempfile::tempdir().unwrap();
    let token = folder.path().join("token");
    std::fs::write(&token, "jwt.of.ci").unwrap();
    let server = Server::start(|request| {
        if request.header("x-amz-target").is_empty() {
            let form = request.form();
            let field = |name: &str| form.get(name).map_or("", String::as_str);
            expect(
                field("Action") == "AssumeRoleWithWebIdentity" && field("Version") == "2011-06-15",
                "action",
            )?;
            expect(
                field("RoleArn") == "arn:aws:iam::1:role/sign" && field("WebIdentityToken") == "jwt.of.ci",
                "role or token",
            )?;
            expect(
                !field("RoleSessionName").is_empty() && request.header("authorization").is_empty(),
                "session",
            )?;
            return Ok(Reply::text(
                200,
                format!(
                    "<AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult><Credentials><AccessKeyId>{ACCESS}</AccessKeyId><SecretAccessKey>{SECRET}</SecretAccessKey><SessionToken>web</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>"
                ),
            ));
        }
        check_signature(request, "eu-west-1", Some("web"))?;
        answer(request, "rsa-2048")
    });
    let flags = KeyFlags {
        aws_kms: Some("alias/a".into()),
        aws_region: Some("eu-west-1".into()),
        ..with_cert("rsa-2048")
    };
    let variables = [
        ("AWS_ENDPOINT_URL", server.url.as_str()),
        ("AWS_ROLE_ARN", "arn:aws:iam::1:role/sign"),
        ("AWS_WEB_IDENTITY_TOKEN_FILE", token.to_str().unwrap()),
    ];
    sign(&flags, &host(&variables), HashAlgorithm::Sha256).unwrap();
    assert_eq!(server.requests().len(), 3, "the role is assumed once");
}

#[test]
fn hashes_and_keys_that_do_not_fit_are_refused() {
    let server = Server::start(|request| answer(request, "p384"));
    let variables = [
        ("AWS_ENDPOINT_URL", server.url.as_str()),
        ("AWS_ACCESS_KEY_ID", ACCESS),
        ("AWS_SECRET_ACCESS_KEY", SECRET),
        ("AWS_REGION", "x"),
    ];
    let flags = |name: &str| KeyFlags { aws_kms: Some("alias/a".into()), ..with_cert(name) };
    let error = sign(&flags("p384"), &host(&variables), HashAlgorithm::Sha256).unwrap_err();
    assert!(error.contains("choose SHA-384"), "{error}");
    let error = sign(&flags("p256"), &host(&variables), HashAlgorithm::Sha256).unwrap_err();
    assert!(error.contains("does not belong to any of the certificates"), "{error}");
    assert_eq!(chain("p256").len(), 3);
}
