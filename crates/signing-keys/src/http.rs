//! The HTTP client that all services share: TLS checked against the system's roots, no redirects, bounded answers, retries with limits.
//!
//! Credentials go to the named service and nowhere else: redirects are not followed, and `http:` is refused but for this
//! machine, where tests and credential agents listen.

use std::time::Duration;

use serde_json::Value;
use ureq::http::{Method, Request as HttpRequest};
use ureq::tls::{Certificate, RootCerts, TlsConfig};
use zeroize::Zeroizing;

use crate::{Error, Host};

/// One try, from connecting to the last byte.
const TIMEOUT: Duration = Duration::from_secs(30);
/// No answer of a signing service is near this.
const LARGEST_ANSWER: u64 = 1 << 20;
/// Tries of a request before its failure is final.
const TRIES: u32 = 5;
/// The longest wait that a service can ask for.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// A client for one service.
#[derive(Clone)]
pub(crate) struct Client {
    service: &'static str,
    agent: ureq::Agent,
    tries: u32,
    host: Host,
}

/// What is sent. Built anew for each try: signatures over requests carry the time.
pub(crate) struct Request {
    pub(crate) method: Method,
    pub(crate) url: String,
    pub(crate) headers: Vec<(String, Zeroizing<String>)>,
    pub(crate) body: Zeroizing<Vec<u8>>,
}

impl Request {
    pub(crate) fn get(url: impl Into<String>) -> Self {
        Self { method: Method::GET, url: url.into(), headers: Vec::new(), body: Zeroizing::default() }
    }

    pub(crate) fn post_json(url: impl Into<String>, body: &Value) -> Self {
        let request = Self {
            method: Method::POST,
            body: Zeroizing::new(body.to_string().into_bytes()),
            ..Self::get(url)
        };
        request.header("content-type", "application/json")
    }

    pub(crate) fn post_form(url: impl Into<String>, fields: &[(&str, &str)]) -> Self {
        let mut body = Zeroizing::new(String::new());
        for (name, value) in fields {
            if !body.is_empty() {
                body.push('&');
            }
            body.push_str(&encode(name));
            body.push('=');
            body.push_str(&Zeroizing::new(encode(value)));
        }
        let request =
            Self { method: Method::POST, body: Zeroizing::new(body.as_bytes().to_vec()), ..Self::get(url) };
        request.header("content-type", "application/x-www-form-urlencoded")
    }

    pub(crate) fn put(url: impl Into<String>) -> Self {
        Self { method: Method::PUT, ..Self::get(url) }
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), Zeroizing::new(value.to_owned())));
        self
    }

    pub(crate) fn bearer(self, token: &str) -> Self {
        let value = Zeroizing::new(format!("Bearer {token}"));
        self.header("authorization", &value)
    }
}

/// What came back.
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) body: Zeroizing<Vec<u8>>,
    headers: Vec<(String, String)>,
}

impl Response {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }
}

impl Client {
    /// A client that goes through the proxy that the environment names, if any.
    pub(crate) fn new(service: &'static str, host: &Host) -> Self {
        Self::build(service, host, RootCerts::PlatformVerifier, TIMEOUT, TRIES)
    }

    /// A client that trusts these roots (PEM) alone.
    pub(crate) fn with_roots(service: &'static str, host: &Host, pem: &[u8]) -> Result<Self, Error> {
        let roots: Vec<Certificate<'static>> = ureq::tls::parse_pem(pem)
            .filter_map(|item| match item {
                Ok(ureq::tls::PemItem::Certificate(certificate)) => Some(certificate),
                _ => None,
            })
            .collect();
        if roots.is_empty() {
            return Err(Error::Service {
                service,
                reason: "the file of trusted roots holds no PEM certificate".into(),
            });
        }
        Ok(Self::build(service, host, RootCerts::from(roots), TIMEOUT, TRIES))
    }

    /// A client for an address that exists only on some machines: it gives up soon.
    pub(crate) fn local(service: &'static str, host: &Host) -> Self {
        Self::build(service, host, RootCerts::PlatformVerifier, Duration::from_secs(3), 2)
    }

    fn build(service: &'static str, host: &Host, roots: RootCerts, timeout: Duration, tries: u32) -> Self {
        let proxy = host
            .first_of(&["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"])
            .and_then(|address| ureq::Proxy::new(&address).ok());
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_global(Some(timeout))
            .proxy(proxy)
            .user_agent(concat!("signing-keys/", env!("CARGO_PKG_VERSION")))
            .tls_config(TlsConfig::builder().root_certs(roots).build())
            .build();
        Self { service, agent: config.into(), tries, host: host.clone() }
    }

    pub(crate) fn fail(&self, reason: impl Into<String>) -> Error {
        Error::Service { service: self.service, reason: reason.into() }
    }

    /// Sends what `make` builds until there is an answer that trying again would not change.
    pub(crate) fn send(&self, make: &dyn Fn() -> Result<Request, Error>) -> Result<Response, Error> {
        let mut tries = 1;
        loop {
            let answer = self.once(make()?)?;
            let (reason, asked) = match answer {
                Ok(response) if !is_passing(response.status) => return Ok(response),
                Ok(response) => {
                    let asked = response.header("retry-after").and_then(|text| text.trim().parse().ok());
                    (self.refusal(&response), asked.map(Duration::from_secs))
                }
                Err(reason) => (reason, None),
            };
            if tries >= self.tries {
                return Err(self.fail(format!("{reason} (tried {tries} times)")));
            }
            let wait = asked.unwrap_or(Duration::from_millis(500 << (tries - 1)));
            self.host.sleep(wait.min(LONGEST_WAIT));
            tries += 1;
        }
    }

    /// Like [`Self::send`], for services that answer 2xx with JSON.
    pub(crate) fn json(&self, make: &dyn Fn() -> Result<Request, Error>) -> Result<Value, Error> {
        let response = self.send(make)?;
        if !(200..300).contains(&response.status) {
            return Err(self.fail(self.refusal(&response)));
        }
        self.parse(&response)
    }

    pub(crate) fn parse(&self, response: &Response) -> Result<Value, Error> {
        serde_json::from_slice(&response.body)
            .map_err(|_| self.fail("it answered with something that is not JSON"))
    }

    /// One try. The outer error is final, the inner one may pass.
    fn once(&self, request: Request) -> Result<Result<Response, String>, Error> {
        let is_local = check_address(&request.url).map_err(|reason| self.fail(reason))?;
        let mut builder = HttpRequest::builder().method(request.method).uri(&request.url);
        for (name, value) in &request.headers {
            builder = builder.header(name, value.as_str());
        }
        let http = builder
            .body(request.body.as_slice())
            .map_err(|_| self.fail("the request cannot be built: an address or a credential has characters that do not belong there"))?;
        let direct = is_local || self.is_exempt(&request.url);
        let http = match direct {
            true => self.agent.configure_request(http).proxy(None).build(),
            false => http,
        };
        let mut response = match self.agent.run(http) {
            Ok(response) => response,
            Err(error) if is_final(&error) => {
                return Err(self.fail(format!("{}: {error}", origin(&request.url))));
            }
            Err(error) => return Ok(Err(format!("{}: {error}", origin(&request.url)))),
        };
        let status = response.status().as_u16();
        let headers = response
            .headers()
            .iter()
            .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
            .collect();
        Ok(match response.body_mut().with_config().limit(LARGEST_ANSWER).read_to_vec() {
            Ok(body) => Ok(Response { status, body: Zeroizing::new(body), headers }),
            Err(error) => Err(format!("{}: {error}", origin(&request.url))),
        })
    }

    /// Whether NO_PROXY names the address.
    fn is_exempt(&self, url: &str) -> bool {
        let Some(list) = self.host.first_of(&["NO_PROXY", "no_proxy"]) else { return false };
        let name = host_of(url);
        list.split(',').map(|entry| entry.trim().trim_start_matches('.')).any(|entry| {
            entry == "*" || (!entry.is_empty() && (name == entry || name.ends_with(&format!(".{entry}"))))
        })
    }

    /// Why a service refused, in its own words as far as these are known to be fit for showing.
    fn refusal(&self, response: &Response) -> String {
        let hint = match response.status {
            401 => ": the credentials are not accepted; log in anew",
            403 => ": the credentials are accepted, but may not do this",
            404 => ": there is no such key or address",
            429 => ": too many requests",
            _ => "",
        };
        let said = serde_json::from_slice::<Value>(&response.body).ok().and_then(|body| said(&body));
        let said = said.map(|text| format!(" ({text})")).unwrap_or_default();
        format!("it answered {}{hint}{said}", response.status)
    }
}

/// The message of a service's error, by the names that the services use for it.
fn said(body: &Value) -> Option<String> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let candidates = [
        body.pointer("/error/message"),
        body.pointer("/errorDetail/message"),
        body.get("error_description"),
        body.get("message"),
        body.get("Message"),
        body.pointer("/errors/0"),
        body.get("error"),
        body.get("__type"),
    ];
    let found = candidates.into_iter().flatten().find_map(text)?;
    // One line, and not a whole page.
    Some(found.chars().map(|c| if c.is_control() { ' ' } else { c }).take(300).collect())
}

fn is_passing(status: u16) -> bool {
    matches!(status, 408 | 429 | 500 | 502 | 503 | 504)
}

/// Whether an error of the connection will stay: a name or certificate that is wrong.
fn is_final(error: &ureq::Error) -> bool {
    matches!(
        error,
        ureq::Error::BadUri(_)
            | ureq::Error::Tls(_)
            | ureq::Error::Rustls(_)
            | ureq::Error::Pem(_)
            | ureq::Error::InvalidProxyUrl
    )
}

/// Refuses to send credentials in clear. Says whether the address is this machine's or a cloud's metadata service, which are
/// reached without a proxy.
fn check_address(url: &str) -> Result<bool, String> {
    let name = host_of(url);
    let is_local = is_loopback(&name)
        // Link-local: the metadata services of clouds, and of containers on AWS.
        || name.starts_with("169.254.")
        || name == "metadata.google.internal";
    match url.split_once("://") {
        Some(("https", _)) => Ok(is_local),
        Some(("http", _)) if is_local => Ok(true),
        Some(("http", _)) => Err(format!(
            "{}: an address must start with https://, so that credentials are not sent in clear",
            origin(url)
        )),
        _ => Err(format!("`{url}` is no address: it must start with https://")),
    }
}

fn is_loopback(name: &str) -> bool {
    name == "localhost" || name == "[::1]" || name.starts_with("127.")
}

/// The name of the machine in an address, in lower case.
pub(crate) fn host_of(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let authority = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let end = match authority.find(']') {
        Some(end) => end + 1,
        None => authority.find(':').unwrap_or(authority.len()),
    };
    authority[..end].to_ascii_lowercase()
}

/// Scheme, machine and port: all of an address that belongs into a message, or that two addresses must share to be trusted alike.
pub(crate) fn origin(url: &str) -> &str {
    let start = url.find("://").map_or(0, |at| at + 3);
    let length = url[start..].find(['/', '?', '#']).unwrap_or(url.len() - start);
    &url[..start + length]
}

/// Percent-encoding of everything but RFC 3986's unreserved characters.
pub(crate) fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// Like [`encode`], leaving the slashes between the parts of a path.
pub(crate) fn encode_path(text: &str) -> String {
    text.split('/').map(encode).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_go_over_https_or_stay_on_the_machine() {
        for good in [
            "https://x.example/",
            "http://127.0.0.1:8200",
            "http://localhost/a",
            "http://[::1]:1/",
            "http://169.254.169.254/latest",
        ] {
            assert!(check_address(good).is_ok(), "{good}");
        }
        for bad in [
            "http://x.example/",
            "ftp://x",
            "x.example",
            "http://127.0.0.1@evil.example/",
            "http://localhost.evil.example/",
        ] {
            assert!(check_address(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn only_the_origin_of_an_address_is_shown() {
        assert_eq!(origin("https://a.example:1/b?token=secret"), "https://a.example:1");
        assert_eq!(host_of("https://User@A.example:1/b"), "a.example");
        assert_eq!(encode("a b/ü"), "a%20b%2F%C3%BC");
    }
}
