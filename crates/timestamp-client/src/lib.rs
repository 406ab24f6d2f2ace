//! Asks timestamp authorities over HTTP (RFC 3161, section 3.4): several in turn, again after a pause, within limits.
//!
//! Plain HTTP is what these authorities speak, and it is enough: the answer is signed, and tied to the question by its
//! nonce and by the digest that it is about. An attacker on the way can prevent a timestamp and nothing else.
#![forbid(unsafe_code)]

use std::fmt;
use std::time::Duration;

use authenticode::{HashAlgorithm, Roots, Timestamp, TimestampError, TimestampRequest, Timestamper};

/// An answer is a few kilobytes; an authority that sends more than this is not listened to.
const LARGEST_ANSWER: u64 = 256 * 1024;

/// How patient a client is.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// How long one question may take in all, from looking up the name to the last byte.
    pub timeout: Duration,
    /// How often the servers that could not be reached are tried, one after the other.
    pub rounds: u32,
    /// The pause before the second round; each further one is twice as long.
    pub pause: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { timeout: Duration::from_secs(20), rounds: 3, pause: Duration::from_secs(2) }
    }
}

/// What a client has to tell while it works.
#[derive(Debug)]
pub enum Notice<'a> {
    /// This server gave no timestamp.
    Failed {
        /// Its address.
        server: &'a str,
        /// Why not.
        error: &'a TimestampError,
    },
    /// All are tried again after this time.
    Waiting(Duration),
    /// This server gave a timestamp.
    Got {
        /// Its address.
        server: &'a str,
        /// What it says.
        timestamp: &'a Timestamp,
    },
}

/// A client of one or more authorities.
pub struct Client {
    servers: Vec<String>,
    roots: Option<Roots>,
    patience: Patience,
    agent: ureq::Agent,
    notice: Box<dyn Fn(&Notice<'_>) + Send + Sync>,
}

impl Client {
    /// A client that asks these servers (`http:` or `https:`), in this order.
    pub fn new(servers: Vec<String>, patience: Patience) -> Result<Self, String> {
        if servers.is_empty() {
            return Err("no timestamp authority is named".into());
        }
        for server in &servers {
            let rest = server.strip_prefix("http://").or_else(|| server.strip_prefix("https://"));
            if rest.is_none_or(str::is_empty) || !server.bytes().all(|byte| byte.is_ascii_graphic()) {
                return Err(format!(
                    "{server} is no address of a timestamp authority: give http://… or https://…"
                ));
            }
        }
        let agent = ureq::Agent::config_builder()
            .timeout_global(Some(patience.timeout))
            .http_status_as_error(false)
            .max_redirects(0)
            .user_agent(concat!("timestamp-client/", env!("CARGO_PKG_VERSION")))
            .build()
            .into();
        Ok(Self { servers, roots: None, patience, agent, notice: Box::new(|_| {}) })
    }

    /// Takes timestamps only from authorities whose chain leads to one of these roots.
    pub fn trusting(mut self, roots: Roots) -> Self {
        self.roots = Some(roots);
        self
    }

    /// Tells `notice` about failures, pauses and the answer that was taken.
    pub fn telling(mut self, notice: impl Fn(&Notice<'_>) + Send + Sync + 'static) -> Self {
        self.notice = Box::new(notice);
        self
    }

    fn ask(
        &self,
        server: &str,
        hash: HashAlgorithm,
        imprint: &[u8],
    ) -> Result<(Vec<u8>, Timestamp), TimestampError> {
        let unreachable = |reason: String| TimestampError::Unreachable { server: server.to_owned(), reason };
        let mut nonce = [0; 16];
        getrandom::fill(&mut nonce).map_err(|error| unreachable(format!("no random numbers: {error}")))?;
        let request = TimestampRequest::new(hash, imprint, nonce);
        let mut response = self
            .agent
            .post(server)
            .header("Content-Type", "application/timestamp-query")
            .header("Accept", "application/timestamp-reply")
            .send(request.to_der()?)
            .map_err(|error| unreachable(error.to_string()))?;
        if !response.status().is_success() {
            return Err(unreachable(format!("it answers {}", response.status())));
        }
        let answer = response
            .body_mut()
            .with_config()
            .limit(LARGEST_ANSWER)
            .read_to_vec()
            .map_err(|error| unreachable(error.to_string()))?;
        request.accept(&answer, self.roots.as_ref())
    }
}

impl Timestamper for Client {
    fn timestamp(&self, hash: HashAlgorithm, imprint: &[u8]) -> Result<Vec<u8>, TimestampError> {
        let mut open: Vec<&str> = self.servers.iter().map(String::as_str).collect();
        let mut reasons = Vec::new();
        let mut pause = self.patience.pause;
        for round in 0..self.patience.rounds.max(1) {
            if round > 0 {
                (self.notice)(&Notice::Waiting(pause));
                std::thread::sleep(pause);
                pause = pause.saturating_mul(2);
            }
            let mut again = Vec::new();
            for server in open {
                match self.ask(server, hash, imprint) {
                    Ok((token, timestamp)) => {
                        (self.notice)(&Notice::Got { server, timestamp: &timestamp });
                        return Ok(token);
                    }
                    Err(error) => {
                        (self.notice)(&Notice::Failed { server, error: &error });
                        // Who answers wrongly does so again; who cannot be reached may be back in a moment.
                        if matches!(error, TimestampError::Unreachable { .. }) {
                            again.push(server);
                        }
                        let reason = match &error {
                            TimestampError::Unreachable { reason, .. } => format!("{server}: {reason}"),
                            error => format!("{server}: {error}"),
                        };
                        if !reasons.contains(&reason) {
                            reasons.push(reason);
                        }
                    }
                }
            }
            open = again;
            if open.is_empty() {
                break;
            }
        }
        Err(TimestampError::AllFailed { reasons })
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("servers", &self.servers)
            .field("patience", &self.patience)
            .finish_non_exhaustive()
    }
}
