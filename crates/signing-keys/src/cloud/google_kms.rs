//! Google Cloud Key Management Service.
//!
//! Documentation: "projects.locations.keyRings.cryptoKeys.cryptoKeyVersions: getPublicKey, asymmetricSign", "Verifying end-to-end data
//! integrity" (the CRC32C fields), "Key purposes and algorithms".

use authenticode::{DigestSigner, HashAlgorithm, KeyAlgorithm, read_public_key};
use base64ct::{Base64, Encoding};
use serde_json::{Value, json};

use super::google_auth::Tokens;
use super::{RemoteKey, SignRemotely, text};
use crate::certificate::PublicKey;
use crate::http::{Client, Request, encode_path};
use crate::{Error, Host};

const SERVICE: &str = "Google Cloud KMS";
const ADDRESS: &str = "https://cloudkms.googleapis.com";

/// The key version with this resource name.
pub(crate) fn open(name: &str, host: &Host) -> Result<impl DigestSigner + 'static, Error> {
    let parts: Vec<&str> = name.split('/').collect();
    let collections = ["projects", "locations", "keyRings", "cryptoKeys", "cryptoKeyVersions"];
    let fits = parts.len() == 10 && parts.iter().step_by(2).eq(&collections) && !parts.contains(&"");
    if !fits {
        return Err(Error::Usage(format!(
            "--google-kms {name}: give projects/P/locations/L/keyRings/R/cryptoKeys/K/cryptoKeyVersions/V"
        )));
    }
    // The variable by which gcloud itself is sent elsewhere.
    let base = host.variable("CLOUDSDK_API_ENDPOINT_OVERRIDES_CLOUDKMS").unwrap_or_else(|| ADDRESS.into());
    let client = Client::new(SERVICE, host);
    let tokens = Tokens::new(host);
    let url = format!("{}/v1/{}", base.trim_end_matches('/'), encode_path(name));
    let answer = client.json(&|| Ok(Request::get(format!("{url}/publicKey")).bearer(&tokens.get()?)))?;
    let pem = text(SERVICE, &answer, "/pem")?;
    if let Some(sum) = answer.get("pemCrc32c") {
        check_sum(&client, sum, pem.as_bytes(), "public key")?;
    }
    let public = PublicKey::new(read_public_key(pem.as_bytes())?)?;
    let algorithm = text(SERVICE, &answer, "/algorithm")?.to_owned();
    // RSA_SIGN_PSS_…, RSA_DECRYPT_…, RSA_SIGN_RAW_… sign nothing that Windows accepts.
    if !algorithm.starts_with("RSA_SIGN_PKCS1_") && !algorithm.starts_with("EC_SIGN_P") {
        return Err(client.fail(format!("keys of the algorithm {algorithm} cannot sign for Windows: use RSA_SIGN_PKCS1_… or EC_SIGN_P256_SHA256, EC_SIGN_P384_SHA384")));
    }
    Ok(RemoteKey { public, service: Kms { client, tokens, url, name: name.to_owned(), algorithm } })
}

struct Kms {
    client: Client,
    tokens: Tokens,
    url: String,
    name: String,
    /// It fixes the hash, "RSA_SIGN_PKCS1_3072_SHA256".
    algorithm: String,
}

impl SignRemotely for Kms {
    fn sign(&self, _: KeyAlgorithm, hash: HashAlgorithm, digest: &[u8]) -> Result<Vec<u8>, Error> {
        let field = format!("sha{}", 8 * hash.digest_len());
        if !self.algorithm.ends_with(&field.to_uppercase()) {
            return Err(self
                .client
                .fail(format!("the key's algorithm is {}: choose its hash, not {hash}", self.algorithm)));
        }
        let body = json!({
            "digest": { field: Base64::encode_string(digest) },
            // 64-bit numbers are text in Google's JSON.
            "digestCrc32c": crc32c(digest).to_string(),
        });
        let answer = self.client.json(&|| {
            Ok(Request::post_json(format!("{}:asymmetricSign", self.url), &body).bearer(&self.tokens.get()?))
        })?;
        if answer.get("verifiedDigestCrc32c") != Some(&Value::Bool(true)) {
            return Err(self.client.fail("the digest was changed on its way to the service"));
        }
        if text(SERVICE, &answer, "/name")? != self.name {
            return Err(self.client.fail("another key than the one asked for has signed"));
        }
        let signature = Base64::decode_vec(text(SERVICE, &answer, "/signature")?)
            .map_err(|_| self.client.fail("its signature is not base64"))?;
        check_sum(
            &self.client,
            answer.get("signatureCrc32c").unwrap_or(&Value::Null),
            &signature,
            "signature",
        )?;
        Ok(signature)
    }
}

fn check_sum(client: &Client, sum: &Value, bytes: &[u8], what: &str) -> Result<(), Error> {
    let sum = sum.as_u64().or_else(|| sum.as_str()?.parse().ok());
    if sum == Some(u64::from(crc32c(bytes))) {
        Ok(())
    } else {
        Err(client.fail(format!("the {what} was changed on its way from the service")))
    }
}

/// CRC-32C (Castagnoli), bit by bit: the inputs have some hundred bytes.
fn crc32c(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0u32, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| (sum >> 1) ^ (0x82F6_3B78 & (sum & 1).wrapping_neg()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_the_one_of_rfc_3720() {
        assert_eq!(crc32c(b"123456789"), 0xE306_9283);
        assert_eq!(crc32c(&[0; 32]), 0x8A91_36AA);
    }
}
