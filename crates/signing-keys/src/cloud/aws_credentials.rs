//! Credentials of AWS, from where its own tools look, in their order: variables, web identity, shared files, container, instance.
//!
//! Documentation: "Standardized credential providers" and "Configuration and credential file settings in the AWS CLI",
//! "AssumeRoleWithWebIdentity", "Container credential provider", "Use the Instance Metadata Service" (version 2).

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Mutex, PoisonError};

use serde_json::Value;
use zeroize::Zeroizing;

use crate::http::{Client, Request};
use crate::secret::read_file;
use crate::{Error, Host};

const SERVICE: &str = "AWS";
/// Credentials are taken anew this many seconds before they end.
const MARGIN: u64 = 300;

/// An access key, perhaps one that lasts for a time.
#[derive(Clone)]
pub(crate) struct Credentials {
    pub(super) access_key: String,
    pub(super) secret_key: Zeroizing<String>,
    pub(super) session_token: Option<Zeroizing<String>>,
    /// In seconds since 1970.
    pub(super) until: Option<u64>,
}

/// Finds credentials, and keeps them while they are good.
pub(crate) struct Provider {
    host: Host,
    region: String,
    current: Mutex<Option<Credentials>>,
}

impl Provider {
    pub(super) fn new(region: &str, host: &Host) -> Self {
        Self { host: host.clone(), region: region.to_owned(), current: Mutex::new(None) }
    }

    pub(super) fn get(&self) -> Result<Credentials, Error> {
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = &*current
            && known.until.is_none_or(|until| until > self.host.now() + MARGIN)
        {
            return Ok(known.clone());
        }
        let found = self.find()?;
        *current = Some(found.clone());
        Ok(found)
    }

    fn find(&self) -> Result<Credentials, Error> {
        let host = &self.host;
        if let Some((access_key, secret)) =
            host.variable("AWS_ACCESS_KEY_ID").zip(host.variable("AWS_SECRET_ACCESS_KEY"))
        {
            let session_token = host.variable("AWS_SESSION_TOKEN").map(Zeroizing::new);
            return Ok(Credentials {
                access_key,
                secret_key: Zeroizing::new(secret),
                session_token,
                until: None,
            });
        }
        if let Some((role, file)) =
            host.variable("AWS_ROLE_ARN").zip(host.variable("AWS_WEB_IDENTITY_TOKEN_FILE"))
        {
            return self.ask_web_identity(&role, Path::new(&file));
        }
        if let Some(found) = self.read_files()? {
            return Ok(found);
        }
        if let Some(found) = self.ask_container()? {
            return Ok(found);
        }
        self.ask_instance().map_err(|error| {
            fail(format!("no credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, or run where a role is attached ({error})"))
        })
    }

    fn ask_web_identity(&self, role: &str, file: &Path) -> Result<Credentials, Error> {
        let token = read_file(file)?;
        let session = self.host.variable("AWS_ROLE_SESSION_NAME").unwrap_or_else(|| "signing-keys".into());
        let fields = [
            ("Action", "AssumeRoleWithWebIdentity"),
            ("Version", "2011-06-15"),
            ("RoleArn", role),
            ("RoleSessionName", &session),
            ("WebIdentityToken", &token),
        ];
        let url = super::aws_kms::endpoint("sts", "STS", &self.region, &self.host);
        let client = Client::new(SERVICE, &self.host);
        let answer = client.send(&|| Ok(Request::post_form(&url, &fields)))?;
        let body = Zeroizing::new(String::from_utf8_lossy(&answer.body).into_owned());
        if answer.status != 200 {
            let said = element(&body, "Message").unwrap_or_default();
            return Err(fail(format!(
                "the role {role} cannot be assumed: it answered {} {said}",
                answer.status
            )));
        }
        let part = |name| element(&body, name).ok_or_else(|| fail(format!("the answer of STS lacks {name}")));
        Ok(Credentials {
            access_key: part("AccessKeyId")?.to_owned(),
            secret_key: Zeroizing::new(part("SecretAccessKey")?.to_owned()),
            session_token: Some(Zeroizing::new(part("SessionToken")?.to_owned())),
            until: element(&body, "Expiration").and_then(parse_time),
        })
    }

    fn read_files(&self) -> Result<Option<Credentials>, Error> {
        let asked = self.host.first_of(&["AWS_PROFILE", "AWS_DEFAULT_PROFILE"]);
        let profile = asked.as_deref().unwrap_or("default");
        for (path, section) in self.files(profile) {
            let Ok(text) = std::fs::read_to_string(&path).map(Zeroizing::new) else { continue };
            let value = |name| setting(&text, &section, name);
            if let Some((access_key, secret)) = value("aws_access_key_id").zip(value("aws_secret_access_key"))
            {
                return Ok(Some(Credentials {
                    access_key,
                    secret_key: Zeroizing::new(secret),
                    session_token: value("aws_session_token").map(Zeroizing::new),
                    until: None,
                }));
            }
            if let Some(line) = value("credential_process") {
                return self.run_process(&line).map(Some);
            }
        }
        match asked {
            Some(name) => Err(fail(format!(
                "the profile {name} has neither keys nor a credential_process: for single sign-on and assumed roles, run `eval \"$(aws configure export-credentials --profile {name} --format env)\"` first"
            ))),
            None => Ok(None),
        }
    }

    /// The two shared files, each with the profile's section in it.
    fn files(&self, profile: &str) -> Vec<(PathBuf, String)> {
        let folder = self.host.home().map(|home| home.join(".aws"));
        let place = |variable, name: &str| {
            self.host.variable(variable).map(PathBuf::from).or_else(|| Some(folder.as_ref()?.join(name)))
        };
        let in_config = if profile == "default" { profile.to_owned() } else { format!("profile {profile}") };
        [
            place("AWS_SHARED_CREDENTIALS_FILE", "credentials").map(|path| (path, profile.to_owned())),
            place("AWS_CONFIG_FILE", "config").map(|path| (path, in_config)),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    fn run_process(&self, line: &str) -> Result<Credentials, Error> {
        let mut words = line.split_whitespace();
        let program = words.next().ok_or_else(|| fail("credential_process is empty"))?;
        let output = Command::new(program)
            .args(words)
            .stdin(Stdio::null())
            .output()
            .map_err(|error| fail(format!("credential_process {program}: {error}")))?;
        let text = Zeroizing::new(output.stdout);
        if !output.status.success() {
            return Err(fail(format!("credential_process {program} failed")));
        }
        take(
            &serde_json::from_slice(&text)
                .map_err(|_| fail(format!("credential_process {program} wrote no JSON")))?,
            "SessionToken",
        )
    }

    fn ask_container(&self) -> Result<Option<Credentials>, Error> {
        let relative = self.host.variable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
        let url = relative
            .map(|path| format!("http://169.254.170.2{path}"))
            .or_else(|| self.host.variable("AWS_CONTAINER_CREDENTIALS_FULL_URI"));
        let Some(url) = url else { return Ok(None) };
        let token = match self.host.variable("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE") {
            Some(path) => Some(read_file(Path::new(&path))?),
            None => self.host.variable("AWS_CONTAINER_AUTHORIZATION_TOKEN").map(Zeroizing::new),
        };
        let client = Client::local(SERVICE, &self.host);
        let answer = client.json(&|| {
            let request = Request::get(&url);
            Ok(match &token {
                Some(token) => request.header("authorization", token),
                None => request,
            })
        })?;
        take(&answer, "Token").map(Some)
    }

    fn ask_instance(&self) -> Result<Credentials, Error> {
        if self
            .host
            .variable("AWS_EC2_METADATA_DISABLED")
            .is_some_and(|value| value.eq_ignore_ascii_case("true"))
        {
            return Err(fail("the instance's metadata service is turned off by AWS_EC2_METADATA_DISABLED"));
        }
        let base = self
            .host
            .variable("AWS_EC2_METADATA_SERVICE_ENDPOINT")
            .unwrap_or_else(|| "http://169.254.169.254".into());
        let base = base.trim_end_matches('/');
        let client = Client::local(SERVICE, &self.host);
        let get = |make: &dyn Fn() -> Request| -> Result<Zeroizing<String>, Error> {
            let answer = client.send(&|| Ok(make()))?;
            match answer.status {
                200 => Ok(Zeroizing::new(String::from_utf8_lossy(&answer.body).trim().to_owned())),
                status => Err(fail(format!("the metadata service answered {status}"))),
            }
        };
        let token = get(&|| {
            Request::put(format!("{base}/latest/api/token"))
                .header("x-aws-ec2-metadata-token-ttl-seconds", "21600")
        })?;
        let list = format!("{base}/latest/meta-data/iam/security-credentials/");
        let role = get(&|| Request::get(&list).header("x-aws-ec2-metadata-token", &token))?;
        let role = role.lines().next().unwrap_or_default();
        let url = format!("{list}{}", crate::http::encode(role));
        let text = get(&|| Request::get(&url).header("x-aws-ec2-metadata-token", &token))?;
        take(
            &serde_json::from_str(&text).map_err(|_| fail("the metadata service answered with no JSON"))?,
            "Token",
        )
    }

    /// The region of the profile, for keys that do not name theirs.
    pub(super) fn region_of_profile(host: &Host) -> Option<String> {
        let profile =
            host.first_of(&["AWS_PROFILE", "AWS_DEFAULT_PROFILE"]).unwrap_or_else(|| "default".into());
        let provider = Self::new("", host);
        provider.files(&profile).into_iter().find_map(|(path, section)| {
            setting(&Zeroizing::new(std::fs::read_to_string(path).ok()?), &section, "region")
        })
    }
}

/// Credentials as container, instance and program give them.
fn take(answer: &Value, token: &str) -> Result<Credentials, Error> {
    let text = |name: &str| answer.get(name).and_then(Value::as_str);
    let need = |name: &str| text(name).ok_or_else(|| fail(format!("the credentials lack {name}")));
    Ok(Credentials {
        access_key: need("AccessKeyId")?.to_owned(),
        secret_key: Zeroizing::new(need("SecretAccessKey")?.to_owned()),
        session_token: text(token).map(|token| Zeroizing::new(token.to_owned())),
        until: text("Expiration").and_then(parse_time),
    })
}

/// A setting of an INI file's section.
fn setting(text: &str, section: &str, name: &str) -> Option<String> {
    let mut inside = false;
    for line in text.lines() {
        let line = line.trim();
        if let Some(header) = line.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            inside = header.0.split_whitespace().eq(section.split_whitespace());
        } else if inside
            && !line.starts_with(['#', ';'])
            && let Some((key, value)) = line.split_once('=')
            && key.trim() == name
        {
            return Some(value.trim().to_owned());
        }
    }
    None
}

/// The text of the first element of this name; the answers of STS nest no two of one name that matter here.
fn element<'a>(xml: &'a str, name: &str) -> Option<&'a str> {
    let start = xml.find(&format!("<{name}>"))? + name.len() + 2;
    let length = xml[start..].find(&format!("</{name}>"))?;
    Some(&xml[start..start + length])
}

/// `2024-01-31T23:59:59Z`, with or without fractions, in seconds since 1970.
fn parse_time(text: &str) -> Option<u64> {
    let number = |range| text.get(range).and_then(|digits: &str| digits.parse::<u64>().ok());
    let (year, month, day) = (number(0..4)?, number(5..7)?, number(8..10)?);
    let (hour, minute, second) = (number(11..13)?, number(14..16)?, number(17..19)?);
    if !(1970..=9999).contains(&year) || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days = 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 1;
    Some((days - 719_468) * 86_400 + hour * 3600 + minute * 60 + second)
}

fn fail(reason: impl Into<String>) -> Error {
    Error::Service { service: SERVICE, reason: reason.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shared_files_are_read_as_people_write_them() {
        let text =
            "[default]\nregion=x\n# aws_access_key_id = no\n[ profile  a ]\naws_access_key_id = AK = 1 \n";
        assert_eq!(setting(text, "profile a", "aws_access_key_id").as_deref(), Some("AK = 1"));
        assert_eq!(setting(text, "default", "aws_access_key_id"), None);
        assert_eq!(setting(text, "default", "region").as_deref(), Some("x"));
    }

    #[test]
    fn times_of_expiry_are_read() {
        assert_eq!(parse_time("2015-08-30T12:36:00Z"), Some(1_440_938_160));
        assert_eq!(parse_time("2000-02-29T00:00:00.000Z"), Some(951_782_400));
        assert_eq!(parse_time("soon"), None);
    }
}
