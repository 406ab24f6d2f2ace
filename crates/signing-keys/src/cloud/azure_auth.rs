//! Tokens of Microsoft Entra ID, from where Azure's own tools (DefaultAzureCredential) look, in their order.
//!
//! Documentation: "OAuth 2.0 client credentials flow on the Microsoft identity platform", "Workload identity federation",
//! "How to use managed identities for App Service", "How to use managed identities on an Azure VM to acquire an access token",
//! "az account get-access-token".

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Mutex, PoisonError};

use serde_json::Value;
use zeroize::Zeroizing;

use crate::http::{Client, Request, encode};
use crate::secret::read_file;
use crate::{Error, Host};

const SERVICE: &str = "Azure login";
const PUBLIC_AUTHORITY: &str = "https://login.microsoftonline.com";
const VM_METADATA: &str = "http://169.254.169.254";
/// A token is taken anew this many seconds before it ends.
const MARGIN: u64 = 120;

/// Gets tokens for one resource and keeps them while they are good.
pub(super) struct Tokens {
    resource: String,
    host: Host,
    current: Mutex<Option<(Zeroizing<String>, u64)>>,
}

impl Tokens {
    /// `resource` without a slash at its end, "https://vault.azure.net".
    pub(super) fn new(resource: impl Into<String>, host: &Host) -> Self {
        Self { resource: resource.into(), host: host.clone(), current: Mutex::new(None) }
    }

    pub(super) fn get(&self) -> Result<Zeroizing<String>, Error> {
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((token, until)) = &*current
            && *until > self.host.now() + MARGIN
        {
            return Ok(token.clone());
        }
        let (token, lifetime) = self.fetch()?;
        *current = Some((token.clone(), self.host.now().saturating_add(lifetime)));
        Ok(token)
    }

    fn fetch(&self) -> Result<(Zeroizing<String>, u64), Error> {
        let variable = |name| self.host.variable(name);
        let tenant_and_client = variable("AZURE_TENANT_ID").zip(variable("AZURE_CLIENT_ID"));
        if let Some((tenant, client)) = &tenant_and_client {
            if let Some(secret) = variable("AZURE_CLIENT_SECRET").map(Zeroizing::new) {
                return self.ask_authority(tenant, client, &[("client_secret", &secret)]);
            }
            if let Some(path) = variable("AZURE_FEDERATED_TOKEN_FILE") {
                let assertion = read_file(Path::new(&path))?;
                let kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
                return self.ask_authority(
                    tenant,
                    client,
                    &[("client_assertion_type", kind), ("client_assertion", &assertion)],
                );
            }
        }
        if let Some((endpoint, secret)) = variable("IDENTITY_ENDPOINT").zip(variable("IDENTITY_HEADER")) {
            return self.ask_app_service(&endpoint, &Zeroizing::new(secret));
        }
        if let Some(answer) = self.run_az() {
            return answer;
        }
        self.ask_vm().map_err(|error| {
            Error::Service {
                service: SERVICE,
                reason: format!("no credentials: set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET, or run `az login`, or give the machine an identity ({error})"),
            }
        })
    }

    fn ask_authority(
        &self,
        tenant: &str,
        client_id: &str,
        proof: &[(&str, &str)],
    ) -> Result<(Zeroizing<String>, u64), Error> {
        let authority = self.host.variable("AZURE_AUTHORITY_HOST").unwrap_or_else(|| PUBLIC_AUTHORITY.into());
        let url = format!("{}/{}/oauth2/v2.0/token", authority.trim_end_matches('/'), encode(tenant));
        let scope = format!("{}/.default", self.resource);
        let mut fields =
            vec![("grant_type", "client_credentials"), ("client_id", client_id), ("scope", &scope)];
        fields.extend(proof);
        let client = Client::new(SERVICE, &self.host);
        take(&client.json(&|| Ok(Request::post_form(&url, &fields)))?)
    }

    fn ask_app_service(&self, endpoint: &str, secret: &str) -> Result<(Zeroizing<String>, u64), Error> {
        let mut url = format!("{endpoint}?resource={}&api-version=2019-08-01", encode(&self.resource));
        if let Some(id) = self.host.variable("AZURE_CLIENT_ID") {
            url.push_str(&format!("&client_id={}", encode(&id)));
        }
        let client = Client::local(SERVICE, &self.host);
        let answer = client.json(&|| Ok(Request::get(&url).header("x-identity-header", secret)))?;
        let (token, _) = take(&answer)?;
        // This answer has the moment of expiry instead of the lifetime.
        let until = number(answer.get("expires_on")).unwrap_or_default();
        Ok((token, until.saturating_sub(self.host.now())))
    }

    fn ask_vm(&self) -> Result<(Zeroizing<String>, u64), Error> {
        let base =
            self.host.variable("AZURE_POD_IDENTITY_AUTHORITY_HOST").unwrap_or_else(|| VM_METADATA.into());
        let mut url = format!(
            "{}/metadata/identity/oauth2/token?api-version=2018-02-01&resource={}",
            base.trim_end_matches('/'),
            encode(&self.resource)
        );
        if let Some(id) = self.host.variable("AZURE_CLIENT_ID") {
            url.push_str(&format!("&client_id={}", encode(&id)));
        }
        take(
            &Client::local(SERVICE, &self.host)
                .json(&|| Ok(Request::get(&url).header("metadata", "true")))?,
        )
    }

    /// The login of the command line, where it is installed; `None` where it is not or nobody is logged in.
    fn run_az(&self) -> Option<Result<(Zeroizing<String>, u64), Error>> {
        let path = self.host.variable("PATH")?;
        let name = if cfg!(windows) { "az.cmd" } else { "az" };
        let program =
            std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file())?;
        let output = Command::new(program)
            .args(["account", "get-access-token", "--output", "json", "--resource", &self.resource])
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .output()
            .ok()?;
        let text = Zeroizing::new(output.stdout);
        if !output.status.success() {
            return None;
        }
        let answer: Value = serde_json::from_slice(&text).ok()?;
        let token = answer.get("accessToken")?.as_str()?.to_owned();
        let until = number(answer.get("expires_on")).unwrap_or_else(|| self.host.now() + 2 * MARGIN);
        Some(Ok((Zeroizing::new(token), until.saturating_sub(self.host.now()))))
    }
}

fn take(answer: &Value) -> Result<(Zeroizing<String>, u64), Error> {
    let token = super::text(SERVICE, answer, "/access_token")?;
    Ok((Zeroizing::new(token.to_owned()), number(answer.get("expires_in")).unwrap_or(300)))
}

/// Numbers come as numbers or, from older services, as text.
fn number(value: Option<&Value>) -> Option<u64> {
    let value = value?;
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}
