//! HashiCorp Vault (and OpenBao): the transit secrets engine.
//!
//! Documentation: "Transit Secrets Engine (API)", Read Key and Sign Data; "Vault CLI: environment variables"; "Token helpers".

use std::path::Path;

use authenticode::{DigestSigner, HashAlgorithm, KeyAlgorithm, read_public_key};
use base64ct::{Base64, Encoding};
use serde_json::Value;
use zeroize::Zeroizing;

use super::{RemoteKey, SignRemotely, text};
use crate::certificate::{PublicKey, read_file};
use crate::http::{Client, Request, encode, encode_path};
use crate::{Error, Host, secret};

const SERVICE: &str = "Vault";

/// The key `MOUNT/KEY` or `MOUNT/KEY:VERSION`; without a mount it is `transit`.
pub(crate) fn open(which: &str, host: &Host) -> Result<impl DigestSigner + 'static, Error> {
    let usage = |reason: &str| Error::Usage(format!("--vault-transit {which}: {reason}"));
    let (path, version) = match which.rsplit_once(':') {
        Some((path, version)) => (
            path,
            Some(version.parse::<u64>().map_err(|_| usage("the version after the colon is no number"))?),
        ),
        None => (which, None),
    };
    let (mount, name) = path.rsplit_once('/').unwrap_or(("transit", path));
    if name.is_empty() || mount.is_empty() {
        return Err(usage("give MOUNT/KEY"));
    }
    let address = host.first_of(&["VAULT_ADDR", "BAO_ADDR"]).ok_or_else(|| Error::Service {
        service: SERVICE,
        reason: "VAULT_ADDR is not set: it holds the server's address".into(),
    })?;
    let client = match host.variable("VAULT_CACERT") {
        Some(path) => Client::with_roots(SERVICE, host, &read_file(Path::new(&path))?)?,
        None => Client::new(SERVICE, host),
    };
    let base = format!("{}/v1/{}", address.trim_end_matches('/'), encode_path(mount));
    let mut key = Key {
        client,
        token: token(host)?,
        namespace: host.variable("VAULT_NAMESPACE"),
        sign: format!("{base}/sign/{}", encode(name)),
        version: 0,
    };
    let url = format!("{base}/keys/{}", encode(name));
    let answer = key.client.json(&|| Ok(key.request(Request::get(&url))))?;
    let version = version.or_else(|| answer.pointer("/data/latest_version")?.as_u64());
    key.version = version.ok_or_else(|| key.client.fail("its answer lacks `data/latest_version`"))?;
    let entry = answer.pointer(&format!("/data/keys/{}", key.version));
    let pem = entry.and_then(|entry| entry.get("public_key")?.as_str()).ok_or_else(|| {
        key.client.fail(format!(
            "the key has no version {} with a public key: it must be of an RSA or ECDSA type",
            key.version
        ))
    })?;
    let public = PublicKey::new(read_public_key(pem.as_bytes())?)?;
    Ok(RemoteKey { public, service: key })
}

/// From the variable, or the file that `vault login` writes.
fn token(host: &Host) -> Result<Zeroizing<String>, Error> {
    if let Some(token) = host.first_of(&["VAULT_TOKEN", "BAO_TOKEN"]) {
        return Ok(Zeroizing::new(token));
    }
    let missing = || Error::Service {
        service: SERVICE,
        reason: "no token: set VAULT_TOKEN, or run `vault login`, which writes ~/.vault-token".into(),
    };
    let path = host.home().ok_or_else(missing)?.join(".vault-token");
    if !path.is_file() {
        return Err(missing());
    }
    Ok(Zeroizing::new(secret::read_file(&path)?.trim().to_owned()))
}

struct Key {
    client: Client,
    token: Zeroizing<String>,
    namespace: Option<String>,
    /// The address to sign at, without the hash.
    sign: String,
    version: u64,
}

impl Key {
    fn request(&self, request: Request) -> Request {
        let request = request.header("x-vault-token", &self.token).header("x-vault-request", "true");
        match &self.namespace {
            Some(namespace) => request.header("x-vault-namespace", namespace),
            None => request,
        }
    }
}

impl SignRemotely for Key {
    fn sign(&self, _: KeyAlgorithm, hash: HashAlgorithm, digest: &[u8]) -> Result<Vec<u8>, Error> {
        let url = format!("{}/sha2-{}", self.sign, 8 * hash.digest_len());
        let body = serde_json::json!({
            "input": Base64::encode_string(digest),
            "prehashed": true,
            "signature_algorithm": "pkcs1v15",
            "marshaling_algorithm": "asn1",
            "key_version": self.version,
        });
        let answer: Value = self.client.json(&|| Ok(self.request(Request::post_json(&url, &body))))?;
        let signature = text(SERVICE, &answer, "/data/signature")?;
        let prefix = format!("vault:v{}:", self.version);
        signature
            .strip_prefix(&prefix)
            .and_then(|text| Base64::decode_vec(text).ok())
            .ok_or_else(|| self.client.fail(format!("its signature is not of the form {prefix}<base64>")))
    }
}
