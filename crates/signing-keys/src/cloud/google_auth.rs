//! Tokens of Google Cloud, from where its own tools (Application Default Credentials) look, in their order.
//!
//! Documentation: "How Application Default Credentials works", "Using OAuth 2.0 for Server to Server Applications" (the JWT of a
//! service account), "Using OAuth 2.0 to Access Google APIs" (refresh tokens), "Authenticate workloads to Google Cloud APIs using
//! service accounts" (the metadata server).

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use authenticode::{DigestSigner, HashAlgorithm, KeyAlgorithm, software_key};
use base64ct::{Base64UrlUnpadded, Encoding};
use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::text;
use crate::http::{Client, Request};
use crate::secret::read_file;
use crate::{Error, Host};

const SERVICE: &str = "Google Cloud login";
const SCOPE: &str = "https://www.googleapis.com/auth/cloud-platform";
const TOKEN_ADDRESS: &str = "https://oauth2.googleapis.com/token";
/// A token is taken anew this many seconds before it ends.
const MARGIN: u64 = 120;

/// Gets tokens and keeps them while they are good.
pub(super) struct Tokens {
    host: Host,
    current: Mutex<Option<(Zeroizing<String>, u64)>>,
}

impl Tokens {
    pub(super) fn new(host: &Host) -> Self {
        Self { host: host.clone(), current: Mutex::new(None) }
    }

    pub(super) fn get(&self) -> Result<Zeroizing<String>, Error> {
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((token, until)) = &*current
            && *until > self.host.now() + MARGIN
        {
            return Ok(token.clone());
        }
        let answer = self.fetch()?;
        let token = Zeroizing::new(text(SERVICE, &answer, "/access_token")?.to_owned());
        let lifetime = answer.get("expires_in").and_then(Value::as_u64).unwrap_or(300);
        *current = Some((token.clone(), self.host.now().saturating_add(lifetime)));
        Ok(token)
    }

    fn fetch(&self) -> Result<Value, Error> {
        if let Some(token) = self.host.first_of(&["GOOGLE_OAUTH_ACCESS_TOKEN", "CLOUDSDK_AUTH_ACCESS_TOKEN"])
        {
            return Ok(json!({ "access_token": token }));
        }
        let named = self.host.variable("GOOGLE_APPLICATION_CREDENTIALS").map(PathBuf::from);
        if let Some(path) = named.or_else(|| self.well_known().filter(|path| path.is_file())) {
            return self.read_credentials(&path);
        }
        self.ask_metadata().map_err(|error| {
            fail(format!("no credentials: set GOOGLE_APPLICATION_CREDENTIALS to a service account's key file, or run `gcloud auth application-default login`, or run where a service account is attached ({error})"))
        })
    }

    /// What `gcloud auth application-default login` writes.
    fn well_known(&self) -> Option<PathBuf> {
        let folder = match self.host.variable("CLOUDSDK_CONFIG") {
            Some(folder) => PathBuf::from(folder),
            None if cfg!(windows) => PathBuf::from(self.host.variable("APPDATA")?).join("gcloud"),
            None => self.host.home()?.join(".config/gcloud"),
        };
        Some(folder.join("application_default_credentials.json"))
    }

    fn read_credentials(&self, path: &Path) -> Result<Value, Error> {
        let shown = path.display();
        let content = read_file(path)?;
        let mut file: Value =
            serde_json::from_str(&content).map_err(|_| fail(format!("{shown}: it is not JSON")))?;
        let address = file.get("token_uri").and_then(Value::as_str).unwrap_or(TOKEN_ADDRESS).to_owned();
        let client = Client::new(SERVICE, &self.host);
        match text(SERVICE, &file, "/type")?.to_owned().as_str() {
            "service_account" => {
                // Taken out, so that it can be wiped.
                let pem = match file.get_mut("private_key").map(Value::take) {
                    Some(Value::String(pem)) => Zeroizing::new(pem),
                    _ => return Err(fail(format!("{shown}: it has no private_key"))),
                };
                let key = software_key(pem.as_bytes(), None)?;
                client.json(&|| {
                    let assertion = self.assertion(key.as_ref(), &file, &address)?;
                    let grant = "urn:ietf:params:oauth:grant-type:jwt-bearer";
                    Ok(Request::post_form(&address, &[("grant_type", grant), ("assertion", &assertion)]))
                })
            }
            "authorized_user" => {
                let fields = [
                    ("grant_type", "refresh_token"),
                    ("client_id", text(SERVICE, &file, "/client_id")?),
                    ("client_secret", text(SERVICE, &file, "/client_secret")?),
                    ("refresh_token", text(SERVICE, &file, "/refresh_token")?),
                ];
                client.json(&|| Ok(Request::post_form(&address, &fields)))
            }
            kind => Err(fail(format!(
                "{shown}: credentials of the type {kind} are not supported: set GOOGLE_OAUTH_ACCESS_TOKEN to what `gcloud auth print-access-token` prints"
            ))),
        }
    }

    /// A JWT that the service account signs for itself, good for an hour.
    fn assertion(
        &self,
        key: &dyn DigestSigner,
        file: &Value,
        address: &str,
    ) -> Result<Zeroizing<String>, Error> {
        if key.algorithm() != KeyAlgorithm::Rsa {
            return Err(fail("the service account's key is not an RSA key"));
        }
        let now = self.host.now();
        let header = json!({ "alg": "RS256", "typ": "JWT", "kid": file.get("private_key_id") });
        let claims = json!({
            "iss": text(SERVICE, file, "/client_email")?,
            "scope": SCOPE,
            "aud": address,
            "iat": now,
            "exp": now + 3600,
        });
        let part = |value: &Value| Base64UrlUnpadded::encode_string(value.to_string().as_bytes());
        let signed = format!("{}.{}", part(&header), part(&claims));
        let digest = HashAlgorithm::Sha256.digest(signed.as_bytes());
        let signature = key.sign_digest(HashAlgorithm::Sha256, &digest)?;
        Ok(Zeroizing::new(format!("{signed}.{}", Base64UrlUnpadded::encode_string(&signature))))
    }

    fn ask_metadata(&self) -> Result<Value, Error> {
        let server =
            self.host.variable("GCE_METADATA_HOST").unwrap_or_else(|| "metadata.google.internal".into());
        let url = format!("http://{server}/computeMetadata/v1/instance/service-accounts/default/token");
        Client::local(SERVICE, &self.host)
            .json(&|| Ok(Request::get(&url).header("metadata-flavor", "Google")))
    }
}

fn fail(reason: impl Into<String>) -> Error {
    Error::Service { service: SERVICE, reason: reason.into() }
}
