//! The outbound proxy's address.

use std::fmt;
use std::net::Ipv6Addr;
use std::str::FromStr;

/// An HTTP proxy: `http://HOST:PORT`, without credentials. Parsed once; what exists is valid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proxy {
    host: String,
    port: u16,
}

/// Why an address is no [`Proxy`]. The messages never repeat the address, which may hold a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProxyError {
    #[error("it is empty; write http://HOST:PORT, or none for no proxy")]
    Empty,
    #[error("it contains white space or a control character; write http://HOST:PORT")]
    Whitespace,
    #[error(
        "it contains a user name or a password, which must never stand in a configuration; write http://HOST:PORT"
    )]
    Credentials,
    #[error(
        "it must start with http:// (the proxy itself is spoken to in HTTP; TLS runs inside); write http://HOST:PORT"
    )]
    Scheme,
    #[error("the host name is missing or has characters that no host name has; write http://HOST:PORT")]
    Host,
    #[error("the port is not a number from 1 to 65535; write http://HOST:PORT")]
    Port,
    #[error("nothing may follow the port; write http://HOST:PORT")]
    Trailing,
}

impl Proxy {
    /// Parses `http://HOST[:PORT]`, with nothing behind it but one optional slash. Without a port 80 is meant.
    pub fn parse(text: &str) -> Result<Proxy, ProxyError> {
        if text.is_empty() {
            return Err(ProxyError::Empty);
        }
        if text.contains(|c: char| c.is_whitespace() || c.is_control()) {
            return Err(ProxyError::Whitespace);
        }
        // First of all, so that no other message is given for an address with a password.
        if text.contains('@') {
            return Err(ProxyError::Credentials);
        }
        let scheme = text.get(..7).ok_or(ProxyError::Scheme)?;
        if !scheme.eq_ignore_ascii_case("http://") {
            return Err(ProxyError::Scheme);
        }
        let rest = &text[7..];
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        if rest.contains(['/', '?', '#', '\\']) {
            return Err(ProxyError::Trailing);
        }
        let (host, port) = split_port(rest)?;
        Ok(Proxy { host: check_host(host)?, port })
    }

    /// The host: a name, an IPv4 address, or an IPv6 address without its brackets.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The port.
    pub fn port(&self) -> u16 {
        self.port
    }
}

impl fmt::Display for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.host.contains(':') {
            write!(f, "http://[{}]:{}", self.host, self.port)
        } else {
            write!(f, "http://{}:{}", self.host, self.port)
        }
    }
}

impl FromStr for Proxy {
    type Err = ProxyError;

    fn from_str(text: &str) -> Result<Self, ProxyError> {
        Proxy::parse(text)
    }
}

fn split_port(authority: &str) -> Result<(&str, u16), ProxyError> {
    // The colons of an IPv6 address stand inside brackets.
    let host_end = authority.rfind(']').map_or(0, |at| at + 1);
    let Some(colon) = authority[host_end..].find(':').map(|at| at + host_end) else {
        return Ok((authority, 80));
    };
    let digits = &authority[colon + 1..];
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(ProxyError::Port);
    }
    match digits.parse() {
        Ok(0) | Err(_) => Err(ProxyError::Port),
        Ok(port) => Ok((&authority[..colon], port)),
    }
}

fn check_host(host: &str) -> Result<String, ProxyError> {
    if let Some(inner) = host.strip_prefix('[') {
        let inner = inner.strip_suffix(']').ok_or(ProxyError::Host)?;
        inner.parse::<Ipv6Addr>().map_err(|_| ProxyError::Host)?;
        return Ok(inner.to_owned());
    }
    let label_ok = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    if host.len() > 253 || !host.strip_suffix('.').unwrap_or(host).split('.').all(label_ok) {
        return Err(ProxyError::Host);
    }
    Ok(host.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Result<&str, ProxyError>) {
        let got = Proxy::parse(text).map(|proxy| proxy.to_string());
        assert_eq!(got.as_deref().map_err(|error| *error), expected, "{text:?}");
    }

    #[test]
    fn addresses_that_are_taken() {
        check("http://proxy:8080", Ok("http://proxy:8080"));
        check("HTTP://proxy.example.com:3128/", Ok("http://proxy.example.com:3128"));
        check("http://proxy.example.com", Ok("http://proxy.example.com:80"));
        check("http://10.0.0.1:8080", Ok("http://10.0.0.1:8080"));
        check("http://[2001:db8::1]:8080", Ok("http://[2001:db8::1]:8080"));
        check("http://proxy.example.com.:1", Ok("http://proxy.example.com.:1"));
    }

    #[test]
    fn addresses_that_are_refused() {
        check("", Err(ProxyError::Empty));
        check("http://proxy :8080", Err(ProxyError::Whitespace));
        check(" http://proxy:8080", Err(ProxyError::Whitespace));
        check("http://proxy:8080\r\nX: y", Err(ProxyError::Whitespace));
        check("http://user:secret@proxy:8080", Err(ProxyError::Credentials));
        check("http://user@proxy:8080", Err(ProxyError::Credentials));
        check("user:secret@proxy:8080", Err(ProxyError::Credentials));
        check("https://proxy:8080", Err(ProxyError::Scheme));
        check("socks5://proxy:1080", Err(ProxyError::Scheme));
        check("proxy:8080", Err(ProxyError::Scheme));
        check("http:/", Err(ProxyError::Scheme));
        check("жжжж://x", Err(ProxyError::Scheme));
        check("http://", Err(ProxyError::Host));
        check("http://:8080", Err(ProxyError::Host));
        check("http://пример:8080", Err(ProxyError::Host));
        check("http://-a:8080", Err(ProxyError::Host));
        check("http://a..b:8080", Err(ProxyError::Host));
        check("http://a\"b:8080", Err(ProxyError::Host));
        check("http://[::g]:8080", Err(ProxyError::Host));
        check("http://[::1:8080", Err(ProxyError::Port));
        check("http://proxy:", Err(ProxyError::Port));
        check("http://proxy:0", Err(ProxyError::Port));
        check("http://proxy:65536", Err(ProxyError::Port));
        check("http://proxy:+80", Err(ProxyError::Port));
        check("http://proxy:80:80", Err(ProxyError::Port));
        check("http://proxy:8080/path", Err(ProxyError::Trailing));
        check("http://proxy:8080?x", Err(ProxyError::Trailing));
    }

    #[test]
    fn no_message_repeats_a_password() {
        let message = Proxy::parse("http://user:hunter2@proxy:8080").unwrap_err().to_string();
        assert!(!message.contains("hunter2"), "{message}");
    }
}
