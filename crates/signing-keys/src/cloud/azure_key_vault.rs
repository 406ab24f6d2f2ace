//! Azure Key Vault and Managed HSM.
//!
//! Documentation: "Get Certificate", "Get Key" and "Sign" of the Key Vault REST API, version 7.4; "About keys" for the algorithms.

use authenticode::{HashAlgorithm, KeyAlgorithm, Signer};
use base64ct::{Base64, Base64UrlUnpadded, Encoding};

use super::azure_auth::Tokens;
use super::{RemoteKey, SignRemotely, expect_hash, text};
use crate::http::{Client, Request, encode, host_of, origin};
use crate::signature::ecdsa_der;
use crate::source::signer;
use crate::{Error, Host};

const SERVICE: &str = "Azure Key Vault";
const VERSION: &str = "api-version=7.4";

/// The key `name` of the vault at `vault`. Without a certificate of ours the vault's of that name is taken, whose key it is. `chain`
/// is what follows it.
pub(crate) fn open(
    vault: &str,
    name: &str,
    mut certificates: Vec<Vec<u8>>,
    chain: Vec<Vec<u8>>,
    host: &Host,
) -> Result<Signer, Error> {
    let vault = vault.trim_end_matches('/');
    let client = Client::new(SERVICE, host);
    let tokens = Tokens::new(resource(vault), host);
    let kind = if certificates.is_empty() { "certificates" } else { "keys" };
    let url = format!("{vault}/{kind}/{}?{VERSION}", encode(name));
    let answer = client.json(&|| Ok(Request::get(&url).bearer(&tokens.get()?)))?;
    let key = if certificates.is_empty() {
        let der = Base64::decode_vec(text(SERVICE, &answer, "/cer")?)
            .map_err(|_| client.fail("its certificate is not base64"))?;
        certificates.push(der);
        text(SERVICE, &answer, "/kid")?
    } else {
        text(SERVICE, &answer, "/key/kid")?
    };
    // The token is for this vault: it must not follow an address to another one.
    if !origin(key).eq_ignore_ascii_case(origin(vault)) {
        return Err(client.fail(format!("the key is in another vault, {}", origin(key))));
    }
    let public = crate::certificate::leaf(&certificates)?;
    certificates.extend(chain);
    let service = Vault { client, tokens, key: key.to_owned() };
    signer(RemoteKey { public, service }, certificates)
}

/// What a token for the vault is asked for: the vault's domain without its own name, so that every national cloud works.
fn resource(vault: &str) -> String {
    let host = host_of(vault);
    match host.split_once('.') {
        Some((_, domain)) if domain.contains("vault") || domain.contains("managedhsm") => {
            format!("https://{domain}")
        }
        _ => "https://vault.azure.net".into(),
    }
}

struct Vault {
    client: Client,
    tokens: Tokens,
    /// The key's address with its version.
    key: String,
}

impl SignRemotely for Vault {
    fn sign(&self, key: KeyAlgorithm, hash: HashAlgorithm, digest: &[u8]) -> Result<Vec<u8>, Error> {
        expect_hash(SERVICE, key, hash)?;
        let family = if key == KeyAlgorithm::Rsa { "RS" } else { "ES" };
        let algorithm = format!("{family}{}", 8 * hash.digest_len());
        let body = serde_json::json!({ "alg": algorithm, "value": Base64UrlUnpadded::encode_string(digest) });
        let url = format!("{}/sign?{VERSION}", self.key);
        let answer = self.client.json(&|| Ok(Request::post_json(&url, &body).bearer(&self.tokens.get()?)))?;
        let signature = Base64UrlUnpadded::decode_vec(text(SERVICE, &answer, "/value")?)
            .map_err(|_| self.client.fail("its signature is not base64url"))?;
        match key {
            KeyAlgorithm::Rsa => Ok(signature),
            key => Ok(ecdsa_der(&signature, key)?),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_for_the_cloud_of_the_vault() {
        assert_eq!(resource("https://a.vault.azure.net"), "https://vault.azure.net");
        assert_eq!(resource("https://a.vault.usgovcloudapi.net"), "https://vault.usgovcloudapi.net");
        assert_eq!(resource("https://a.vault.azure.cn"), "https://vault.azure.cn");
        assert_eq!(resource("https://a.managedhsm.azure.net"), "https://managedhsm.azure.net");
        assert_eq!(resource("http://127.0.0.1:1"), "https://vault.azure.net");
    }
}
