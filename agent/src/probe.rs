//! Whether a host can be reached: name, connection, proxy, TLS.
//!
//! Every step is bounded. The name is looked up on a thread of its own, because systems offer no look-up with a time-out;
//! everything after it runs on a stream that knows the probe's end and gives no read or write more time than is left.
//!
//! A target with TLS gets a full handshake through the system's library, certificate check included, and no request. A
//! plain one gets a connection; through a proxy, a `HEAD` request, because proxies rarely open tunnels to port 80.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream, ToSocketAddrs};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use app_config::Proxy;
use serde::{Deserialize, Serialize};

use crate::targets::Target;

/// How long a probe may take.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The look-up of the name.
    pub lookup: Duration,
    /// One attempt to connect to one address.
    pub connect: Duration,
    /// Everything together.
    pub total: Duration,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            lookup: Duration::from_secs(10),
            connect: Duration::from_secs(10),
            total: Duration::from_secs(30),
        }
    }
}

/// The step that decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    Lookup,
    Connect,
    Proxy,
    Tls,
    Done,
}

/// What came of a probe.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    pub host: String,
    pub port: u16,
    pub purpose: String,
    pub required: bool,
    pub reachable: bool,
    /// The step that failed, or `done`.
    pub step: Step,
    pub milliseconds: u64,
    /// In words.
    pub message: String,
}

/// Probes all targets at once and gives their outcomes in the same order. Takes no longer than one probe may.
pub fn probe_all(targets: &[Target], proxy: Option<&Proxy>, limits: Limits) -> Vec<Outcome> {
    thread::scope(|scope| {
        let probes: Vec<_> =
            targets.iter().map(|target| scope.spawn(move || probe(target, proxy, limits))).collect();
        let outcomes = probes.into_iter().zip(targets);
        outcomes
            .map(|(probe, target)| {
                probe.join().unwrap_or_else(|_| {
                    outcome(target, 0, Err(failed(Step::Connect, "the probe ended unexpectedly")))
                })
            })
            .collect()
    })
}

/// Probes one target, through the proxy if there is one.
pub fn probe(target: &Target, proxy: Option<&Proxy>, limits: Limits) -> Outcome {
    let start = Instant::now();
    let result = reach(target, proxy, limits, start + limits.total);
    outcome(target, u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX), result)
}

fn outcome(target: &Target, milliseconds: u64, result: Result<String, Failed>) -> Outcome {
    let (reachable, step, message) = match result {
        Ok(message) => (true, Step::Done, message),
        Err(Failed { step, message }) => (false, step, message),
    };
    Outcome {
        host: target.host.clone(),
        port: target.port,
        purpose: target.purpose.clone(),
        required: target.required,
        reachable,
        step,
        milliseconds,
        message,
    }
}

struct Failed {
    step: Step,
    message: String,
}

fn failed(step: Step, message: impl Into<String>) -> Failed {
    Failed { step, message: message.into() }
}

fn reach(target: &Target, proxy: Option<&Proxy>, limits: Limits, end: Instant) -> Result<String, Failed> {
    let (host, port) = match proxy {
        Some(proxy) => (proxy.host(), proxy.port()),
        None => (target.host.as_str(), target.port),
    };
    let whose = if proxy.is_some() { "the proxy's name" } else { "the name" };
    let addresses = look_up(host, port, limits.lookup)
        .map_err(|message| failed(Step::Lookup, format!("{whose} {message}")))?;
    let stream = connect(&addresses, limits.connect, end).map_err(|error| {
        let whom = if proxy.is_some() { format!("to the proxy {host}:{port} ") } else { String::new() };
        failed(Step::Connect, format!("no connection {whom}({})", words(&error)))
    })?;
    let mut stream = Bounded { stream, end };
    let way = if proxy.is_some() { " through the proxy" } else { "" };
    if !target.tls {
        if proxy.is_some() {
            plain_through_proxy(&mut stream, target)?;
        }
        return Ok(format!("reachable{way}"));
    }
    if proxy.is_some() {
        tunnel(&mut stream, target)?;
    }
    handshake(stream, &target.host)?;
    Ok(format!("reachable{way}, TLS established"))
}

/// The addresses of a host. A look-up that takes too long is left to end by itself.
fn look_up(host: &str, port: u16, limit: Duration) -> Result<Vec<SocketAddr>, String> {
    let (sender, receiver) = mpsc::channel();
    let wanted = host.to_owned();
    let spawned = thread::Builder::new().name("look-up".to_owned()).spawn(move || {
        let found = (wanted.as_str(), port).to_socket_addrs().map(Iterator::collect::<Vec<_>>);
        // Nobody listens any more after a time-out.
        let _ = sender.send(found);
    });
    spawned.map_err(|error| format!("could not be looked up ({error})"))?;
    match receiver.recv_timeout(limit) {
        Ok(Ok(found)) if !found.is_empty() => Ok(found),
        Ok(Ok(_)) => Err(format!("{host} has no address")),
        Ok(Err(error)) => Err(format!("{host} was not found in DNS ({})", words(&error))),
        Err(_) => Err(format!("{host} was not found in DNS (no answer for {} s)", limit.as_secs())),
    }
}

/// A connection to the first address that answers.
fn connect(addresses: &[SocketAddr], limit: Duration, end: Instant) -> io::Result<TcpStream> {
    let mut last = io::Error::from(io::ErrorKind::TimedOut);
    for address in addresses {
        let left = end.saturating_duration_since(Instant::now()).min(limit);
        if left.is_zero() {
            break;
        }
        match TcpStream::connect_timeout(address, left) {
            Ok(stream) => return Ok(stream),
            Err(error) => last = error,
        }
    }
    Err(last)
}

/// Asks the proxy for a tunnel to the target.
fn tunnel(stream: &mut Bounded, target: &Target) -> Result<(), Failed> {
    let Target { host, port, .. } = target;
    let request = format!("CONNECT {host}:{port} HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n");
    match ask(stream, &request)? {
        200..=299 => Ok(()),
        status => Err(refused(status)),
    }
}

/// Asks the proxy for a page of the target. Whatever the target answers, it was reached.
fn plain_through_proxy(stream: &mut Bounded, target: &Target) -> Result<(), Failed> {
    let host = &target.host;
    let request = format!("HEAD http://{host}/ HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    match ask(stream, &request)? {
        status @ (407 | 502..=504) => Err(refused(status)),
        _ => Ok(()),
    }
}

fn refused(status: u16) -> Failed {
    let message = match status {
        407 => "the proxy asks for credentials (407), which the agent does not send: allow this server at the proxy".to_owned(),
        403 => "the proxy does not allow it (403)".to_owned(),
        502..=504 => format!("the proxy cannot reach it ({status})"),
        _ => format!("the proxy refused ({status})"),
    };
    failed(Step::Proxy, message)
}

/// The longest head of an answer that is read from a proxy.
const MAX_HEAD: usize = 16 << 10;

/// Sends a request and gives the status of the answer. Reads the answer's head and nothing behind it.
fn ask(stream: &mut Bounded, request: &str) -> Result<u16, Failed> {
    let broken =
        |error: io::Error| failed(Step::Proxy, format!("the proxy does not answer ({})", words(&error)));
    stream.write_all(request.as_bytes()).map_err(broken)?;
    let mut head = Vec::new();
    let mut byte = [0];
    // Byte by byte: what follows the head belongs to the tunnel.
    while !head.ends_with(b"\r\n\r\n") {
        if head.len() == MAX_HEAD {
            return Err(failed(Step::Proxy, "the proxy's answer does not end"));
        }
        match stream.read(&mut byte) {
            Ok(0) => return Err(failed(Step::Proxy, "the proxy closed the connection without an answer")),
            Ok(_) => head.push(byte[0]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(broken(error)),
        }
    }
    let line = head.split(|byte| *byte == b'\r').next().unwrap_or_default();
    let line = std::str::from_utf8(line).ok().filter(|line| line.starts_with("HTTP/1."));
    let status = line.and_then(|line| line.split(' ').nth(1)).and_then(|status| status.parse().ok());
    status.ok_or_else(|| failed(Step::Proxy, "what answers at the proxy's address is no HTTP proxy"))
}

/// A TLS handshake with the system's library and trust.
fn handshake(stream: Bounded, host: &str) -> Result<(), Failed> {
    let mut builder = native_tls::TlsConnector::builder();
    builder.min_protocol_version(Some(native_tls::Protocol::Tlsv12));
    let connector = builder
        .build()
        .map_err(|error| failed(Step::Tls, format!("this system's TLS cannot be used: {error}")))?;
    match connector.connect(host, stream) {
        Ok(_) => Ok(()),
        Err(native_tls::HandshakeError::Failure(error)) => Err(failed(Step::Tls, tls_words(&error))),
        Err(native_tls::HandshakeError::WouldBlock(_)) => Err(failed(Step::Tls, "no TLS: no answer in time")),
    }
}

/// Why a handshake failed. The certificate is told apart from everything else, because its cure is another one.
fn tls_words(error: &native_tls::Error) -> String {
    judge_tls(&one_line(&error.to_string()))
}

fn judge_tls(text: &str) -> String {
    // OpenSSL answers with words, Windows with a number, which native-tls gives away in its text only. It is written here
    // as Windows' documentation writes it.
    let number =
        text.split("os error ").last().and_then(|rest| rest.trim_end_matches(')').parse::<i32>().ok());
    let number = number.map_or(0, i32::cast_unsigned);
    let certificate = match number {
        0x800B_0109 | 0x8009_0325 => Some("is issued by an authority that this server does not trust"),
        0x800B_010F | 0x8009_0322 => Some("is for another host"),
        0x800B_0101 | 0x8009_0328 => Some("has expired or is not valid yet"),
        0x800B_010C => Some("was revoked"),
        _ if text.contains("certificate verify failed") => Some("is not trusted by this server"),
        _ => None,
    };
    // The code says what the system's text may not: Wine and trimmed systems have none for it.
    let detail = if number & 0x8000_0000 != 0 { format!("0x{number:08X}") } else { text.to_owned() };
    match certificate {
        Some(what) => format!(
            "the certificate {what} ({detail}); a proxy or firewall that opens TLS connections must leave this host alone"
        ),
        None => format!("the TLS handshake failed: {detail}"),
    }
}

/// A stream that ends at a point in time, whatever the other side does: many small delays add up to no more than one.
#[derive(Debug)]
struct Bounded {
    stream: TcpStream,
    end: Instant,
}

impl Bounded {
    fn left(&self) -> io::Result<Duration> {
        let left = self.end.saturating_duration_since(Instant::now());
        if left.is_zero() { Err(io::ErrorKind::TimedOut.into()) } else { Ok(left) }
    }
}

/// Unix reports a socket's time-out as one that would block.
fn timed_out(error: io::Error) -> io::Error {
    if error.kind() == io::ErrorKind::WouldBlock { io::ErrorKind::TimedOut.into() } else { error }
}

impl Read for Bounded {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.stream.set_read_timeout(Some(self.left()?))?;
        self.stream.read(buffer).map_err(timed_out)
    }
}

impl Write for Bounded {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        self.stream.set_write_timeout(Some(self.left()?))?;
        self.stream.write(buffer).map_err(timed_out)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}

/// An error in words that people know, without the system's own text where that adds nothing.
fn words(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::TimedOut => "no answer in time".to_owned(),
        io::ErrorKind::ConnectionRefused => "refused".to_owned(),
        io::ErrorKind::ConnectionReset => "reset by the other side or a firewall".to_owned(),
        _ => one_line(&error.to_string()),
    }
}

/// Text from outside on one line, without control characters, at most 300 characters.
fn one_line(text: &str) -> String {
    let printable = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    printable.take(300).collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first two are what Wine's SChannel and OpenSSL 3 said.
    #[test]
    fn a_bad_certificate_is_told_from_a_failed_handshake() {
        for (text, part) in [
            (
                "OS Error -2146762487 (FormatMessageW() returned error 317) (os error -2146762487)",
                "the certificate is issued by an authority that this server does not trust (0x800B0109); ",
            ),
            (
                "error:0A000086:SSL routines:tls_post_process_server_certificate:certificate verify failed:ssl/x.c:1889:",
                "the certificate is not trusted by this server (error:0A000086:",
            ),
            (
                "The name does not match. (os error -2146762481)",
                "the certificate is for another host (0x800B010F); ",
            ),
            ("The token is invalid (os error -2146893048)", "the TLS handshake failed: 0x80090308"),
            ("unexpected EOF", "the TLS handshake failed: unexpected EOF"),
            ("reset (os error 104)", "the TLS handshake failed: reset (os error 104)"),
        ] {
            let words = judge_tls(text);
            assert!(words.starts_with(part), "{words}");
        }
    }
}
