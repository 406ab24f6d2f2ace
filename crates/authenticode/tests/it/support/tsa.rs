//! A timestamp authority without HTTP between.

use authenticode::{HashAlgorithm, Roots, Timestamp, TimestampError, TimestampRequest, Timestamper};
use testkit::tsa::Tsa;

/// Asks an authority in this process, by way of `twist`, which may change question and answer.
pub struct Direct<'a, F> {
    pub tsa: &'a Tsa,
    pub twist: F,
    pub roots: Option<Roots>,
}

impl<F: Fn(&Tsa, &[u8]) -> Vec<u8> + Send + Sync> Direct<'_, F> {
    /// What the check of the answer says.
    pub fn ask(&self, hash: HashAlgorithm, imprint: &[u8]) -> Result<(Vec<u8>, Timestamp), TimestampError> {
        let request = TimestampRequest::new(hash, imprint, [0xA7; 16]);
        request.accept(&(self.twist)(self.tsa, &request.to_der()?), self.roots.as_ref())
    }
}

impl<F: Fn(&Tsa, &[u8]) -> Vec<u8> + Send + Sync> Timestamper for Direct<'_, F> {
    fn timestamp(&self, hash: HashAlgorithm, imprint: &[u8]) -> Result<Vec<u8>, TimestampError> {
        self.ask(hash, imprint).map(|(token, _)| token)
    }
}

/// What answers a question.
pub type Twist = fn(&Tsa, &[u8]) -> Vec<u8>;

/// An honest authority.
pub fn honest(tsa: &Tsa) -> Direct<'_, Twist> {
    Direct { tsa, twist: |tsa, query| tsa.reply(query), roots: None }
}

/// Its root as what a verifier trusts.
pub fn roots(tsa: &Tsa) -> Roots {
    Roots::from_pem(&std::fs::read(tsa.root()).unwrap()).unwrap()
}
