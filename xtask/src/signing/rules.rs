//! How an identity signs: with which digest algorithm, and who says when.

use authenticode::{HashAlgorithm, SignOptions, Timestamper};
use timestamp_client::{Client, Patience};

/// What a profile says about signatures, beside who makes them.
#[derive(Default)]
pub struct Rules {
    hash: HashAlgorithm,
    timestamps: Option<Client>,
}

impl Rules {
    /// `authorities` are asked for timestamps in turn; one of them must answer, or signing fails. Without any, signing fails where a
    /// timestamp is `needed`.
    pub fn new(hash: HashAlgorithm, authorities: &[String], needed: bool) -> Result<Rules, String> {
        let timestamps = match authorities {
            [] if needed => {
                return Err(
                    "a timestamp is needed, and no authority is named: --tsa, or tsa in the profile".into()
                );
            }
            [] => None,
            servers => Some(Client::new(servers.to_vec(), Patience::default())?),
        };
        Ok(Rules { hash, timestamps })
    }

    /// The options for a file of this description.
    pub fn options(&self, description: &str) -> SignOptions<'_> {
        SignOptions {
            description: Some(description.to_owned()),
            hash: self.hash,
            timestamper: self.timestamps.as_ref().map(|client| client as &dyn Timestamper),
            ..SignOptions::default()
        }
    }
}

impl std::fmt::Debug for Rules {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rules")
            .field("hash", &self.hash)
            .field("timestamped", &self.timestamps.is_some())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timestamp_that_is_needed_is_not_left_out() {
        let servers = ["http://tsa.example".to_owned()];
        assert!(Rules::new(HashAlgorithm::Sha256, &[], true).is_err());
        assert!(
            Rules::new(HashAlgorithm::Sha256, &[], false)
                .expect("allowed")
                .options("x")
                .timestamper
                .is_none()
        );
        assert!(
            Rules::new(HashAlgorithm::Sha256, &servers, true)
                .expect("good")
                .options("x")
                .timestamper
                .is_some()
        );
    }
}
