//! A program that signs digests: the way to every tool that this crate does not know.
//!
//! The program is run once for each signature. It reads one JSON object from standard input until its end, and writes one to
//! standard output:
//!
//! ```text
//! ◄ {"version":1,"operation":"sign","key":"RSA","hash":"SHA-256","digest":"<base64>"}
//! ► {"signature":"<base64>"}      or      {"error":"what is wrong, and what to do"}
//! ```
//!
//! `key` is "RSA", "P-256" or "P-384"; the signature is PKCS#1 v1.5, or a DER `ECDSA-Sig-Value`. Standard error goes to the user's.
//! Exit code 0 goes with a signature; 75 (`EX_TEMPFAIL`) says that trying again may help, and it is, up to four times; every other
//! code is final.

use std::ffi::OsString;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use authenticode::{DigestSigner, HashAlgorithm, KeyAlgorithm, KeyError};
use base64ct::{Base64, Encoding};
use serde::Deserialize;

use crate::certificate::PublicKey;
use crate::{Error, Host};

/// A person may have to touch a key.
const PATIENCE: Duration = Duration::from_secs(120);
/// An RSA signature of 4096 bits is 684 characters of base64.
const LONGEST_ANSWER: u64 = 64 * 1024;
const TRY_AGAIN: i32 = 75;
const TRIES: u32 = 4;

/// A program that signs with one key.
pub(crate) struct Program {
    path: PathBuf,
    arguments: Vec<OsString>,
    public: PublicKey,
    host: Host,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Answer {
    signature: Option<String>,
    error: Option<String>,
}

/// One run's outcome.
enum Run {
    Signature(Vec<u8>),
    TryAgain(String),
}

impl Program {
    pub(crate) fn new(
        path: &Path,
        arguments: &[String],
        public: PublicKey,
        host: &Host,
    ) -> Result<Self, Error> {
        let arguments = arguments.iter().map(OsString::from).collect();
        Ok(Self { path: path.to_owned(), arguments, public, host: host.clone() })
    }

    fn fail(&self, reason: impl Into<String>) -> Error {
        Error::Command { program: self.path.display().to_string(), reason: reason.into() }
    }

    fn run(&self, request: &str) -> Result<Run, Error> {
        let mut child = Command::new(&self.path)
            .args(&self.arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| self.fail(format!("cannot be run: {error}")))?;
        // A program that ends without reading is judged by its answer.
        if let Some(mut input) = child.stdin.take() {
            let _ = input.write_all(request.as_bytes());
        }
        let answer = self.read_answer(&mut child);
        if answer.is_err() {
            let _ = child.kill();
        }
        let status = child.wait().map_err(|error| self.fail(error.to_string()))?;
        let text = answer?;
        let said: Option<Answer> = serde_json::from_str(&text).ok();
        let error = said.as_ref().and_then(|answer| answer.error.clone());
        match (status.code(), said) {
            (Some(0), Some(Answer { signature: Some(signature), error: None })) => {
                let bytes = Base64::decode_vec(signature.trim()).map_err(|_| {
                    self.fail("its signature is not base64 (docs/signing.md has the protocol)")
                })?;
                Ok(Run::Signature(bytes))
            }
            (Some(0), _) if error.is_none() => {
                Err(self.fail("it answered with no signature (docs/signing.md has the protocol)"))
            }
            (code, _) => {
                let code = code.map_or("a signal".to_owned(), |code| format!("code {code}"));
                let reason = error.unwrap_or_else(|| format!("it ended with {code}"));
                if status.code() == Some(TRY_AGAIN) {
                    Ok(Run::TryAgain(reason))
                } else {
                    Err(self.fail(reason))
                }
            }
        }
    }

    /// Standard output to its end, but neither for ever nor without bound.
    fn read_answer(&self, child: &mut Child) -> Result<String, Error> {
        let output = child.stdout.take().ok_or_else(|| self.fail("it has no output"))?;
        let (send, receive) = mpsc::channel();
        thread::spawn(move || {
            let mut text = String::new();
            let read = output.take(LONGEST_ANSWER + 1).read_to_string(&mut text).map(|_| text);
            let _ = send.send(read);
        });
        match receive.recv_timeout(PATIENCE) {
            Ok(Ok(text)) if text.len() as u64 <= LONGEST_ANSWER => Ok(text),
            Ok(Ok(_)) => Err(self.fail("it answered with more than 64 KiB")),
            Ok(Err(error)) => Err(self.fail(error.to_string())),
            Err(_) => Err(self.fail(format!("it did not answer within {} seconds", PATIENCE.as_secs()))),
        }
    }
}

impl DigestSigner for Program {
    fn algorithm(&self) -> KeyAlgorithm {
        self.public.algorithm
    }

    fn public_key_der(&self) -> Result<Vec<u8>, KeyError> {
        Ok(self.public.der.clone())
    }

    fn sign_digest(&self, hash: HashAlgorithm, digest: &[u8]) -> Result<Vec<u8>, KeyError> {
        let key = match self.public.algorithm {
            KeyAlgorithm::Rsa => "RSA",
            KeyAlgorithm::EcdsaP256 => "P-256",
            KeyAlgorithm::EcdsaP384 => "P-384",
        };
        let request = serde_json::json!({
            "version": 1,
            "operation": "sign",
            "key": key,
            "hash": hash.name(),
            "digest": Base64::encode_string(digest),
        });
        let request = format!("{request}\n");
        let mut tries = 1;
        loop {
            match self.run(&request).map_err(Error::into_key_error)? {
                Run::Signature(signature) => return Ok(signature),
                Run::TryAgain(reason) if tries >= TRIES => {
                    return Err(self.fail(format!("{reason} (tried {TRIES} times)")).into_key_error());
                }
                Run::TryAgain(_) => self.host.sleep(Duration::from_secs(1 << tries)),
            }
            tries += 1;
        }
    }
}
