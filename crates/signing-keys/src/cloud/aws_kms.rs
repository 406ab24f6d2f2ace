//! AWS Key Management Service.
//!
//! Documentation: "GetPublicKey" and "Sign" of the AWS KMS API reference; "AWS Key Management Service endpoints and quotas";
//! "Service-specific endpoints" of the SDKs' reference guide.

use authenticode::{DigestSigner, HashAlgorithm, KeyAlgorithm};
use base64ct::{Base64, Encoding};
use serde_json::{Value, json};

use super::aws_credentials::Provider;
use super::{RemoteKey, SignRemotely, aws_sigv4, expect_hash, text};
use crate::certificate::PublicKey;
use crate::http::{Client, Request};
use crate::{Error, Host};

const SERVICE: &str = "AWS KMS";

/// The key with this ARN, id or alias.
pub(crate) fn open(
    key: &str,
    region: Option<&str>,
    host: &Host,
) -> Result<impl DigestSigner + 'static, Error> {
    let region = region
        .map(str::to_owned)
        .or_else(|| region_of_arn(key))
        .or_else(|| host.first_of(&["AWS_REGION", "AWS_DEFAULT_REGION"]))
        .or_else(|| Provider::region_of_profile(host))
        .ok_or_else(|| Error::Service {
            service: SERVICE,
            reason: "no region: give the key's ARN, --aws-region, or set AWS_REGION".into(),
        })?;
    let service = Kms {
        client: Client::new(SERVICE, host),
        credentials: Provider::new(&region, host),
        url: endpoint("kms", "KMS", &region, host),
        region,
        key: key.to_owned(),
        host: host.clone(),
    };
    let answer = service.call("GetPublicKey", &json!({ "KeyId": key }))?;
    if text(SERVICE, &answer, "/KeyUsage")? != "SIGN_VERIFY" {
        return Err(service.client.fail("the key is not one that signs: its usage must be SIGN_VERIFY"));
    }
    let der = Base64::decode_vec(text(SERVICE, &answer, "/PublicKey")?)
        .map_err(|_| service.client.fail("its public key is not base64"))?;
    Ok(RemoteKey { public: PublicKey::new(der)?, service })
}

/// `arn:PARTITION:kms:REGION:…`
fn region_of_arn(key: &str) -> Option<String> {
    let mut parts = key.split(':');
    let is_arn = parts.next() == Some("arn");
    parts.nth(2).filter(|region| is_arn && !region.is_empty()).map(str::to_owned)
}

/// The address of a service in a region, or what the variables of the SDKs say instead.
pub(super) fn endpoint(service: &str, variable: &str, region: &str, host: &Host) -> String {
    if let Some(url) = host.first_of(&[&format!("AWS_ENDPOINT_URL_{variable}"), "AWS_ENDPOINT_URL"]) {
        return format!("{}/", url.trim_end_matches('/'));
    }
    let fips = host.variable("AWS_USE_FIPS_ENDPOINT").is_some_and(|value| value.eq_ignore_ascii_case("true"));
    let fips = if fips { "-fips" } else { "" };
    let domain = match region.split_once('-') {
        Some(("cn", _)) => "amazonaws.com.cn",
        _ => "amazonaws.com",
    };
    format!("https://{service}{fips}.{region}.{domain}/")
}

struct Kms {
    client: Client,
    credentials: Provider,
    url: String,
    region: String,
    key: String,
    host: Host,
}

impl Kms {
    fn call(&self, operation: &str, body: &Value) -> Result<Value, Error> {
        self.client.json(&|| {
            let mut request = Request::post_json(&self.url, body)
                .header("x-amz-target", &format!("TrentService.{operation}"));
            // The protocol's own kind of JSON, in place of the usual one.
            request.headers.retain(|(name, _)| name != "content-type");
            let request = request.header("content-type", "application/x-amz-json-1.1");
            Ok(aws_sigv4::sign(request, &self.credentials.get()?, &self.region, "kms", self.host.now()))
        })
    }
}

impl SignRemotely for Kms {
    fn sign(&self, key: KeyAlgorithm, hash: HashAlgorithm, digest: &[u8]) -> Result<Vec<u8>, Error> {
        expect_hash(SERVICE, key, hash)?;
        let family = if key == KeyAlgorithm::Rsa { "RSASSA_PKCS1_V1_5_SHA" } else { "ECDSA_SHA" };
        let answer = self.call(
            "Sign",
            &json!({
                "KeyId": self.key,
                "Message": Base64::encode_string(digest),
                "MessageType": "DIGEST",
                "SigningAlgorithm": format!("{family}_{}", 8 * hash.digest_len()),
            }),
        )?;
        Base64::decode_vec(text(SERVICE, &answer, "/Signature")?)
            .map_err(|_| self.client.fail("its signature is not base64"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_follow_partition_and_variables() {
        let none = Host::fixed([("", ""); 0]);
        assert_eq!(endpoint("kms", "KMS", "eu-central-1", &none), "https://kms.eu-central-1.amazonaws.com/");
        assert_eq!(endpoint("kms", "KMS", "cn-north-1", &none), "https://kms.cn-north-1.amazonaws.com.cn/");
        let fips = Host::fixed([("AWS_USE_FIPS_ENDPOINT", "true")]);
        assert_eq!(
            endpoint("kms", "KMS", "us-gov-west-1", &fips),
            "https://kms-fips.us-gov-west-1.amazonaws.com/"
        );
        assert_eq!(region_of_arn("arn:aws:kms:eu-west-1:1:key/a").as_deref(), Some("eu-west-1"));
        assert_eq!(region_of_arn("alias/a"), None);
    }
}
