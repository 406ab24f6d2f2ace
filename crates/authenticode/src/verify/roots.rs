//! The certificates that a verifier trusts.

use super::certificate::Certificate;
use crate::{KeyError, key};

/// Trusted root certificates, given by the caller: the library knows none of its own.
#[derive(Clone, Debug, Default)]
pub struct Roots {
    certificates: Vec<Certificate>,
}

impl Roots {
    /// Trusts nothing: every signature will be found untrusted, but its digest is checked all the same.
    pub fn none() -> Self {
        Self::default()
    }

    /// Takes the certificates of a file's content: PEM, DER, or a PKCS#7 bundle.
    pub fn from_pem(text: &[u8]) -> Result<Self, KeyError> {
        let mut roots = Self::default();
        for der in key::certificates::read(text, "root certificate file")? {
            roots.add_der(&der)?;
        }
        if roots.certificates.is_empty() {
            return Err(KeyError::NoCertificate { container: "root certificate file" });
        }
        Ok(roots)
    }

    /// Adds the certificates of a bundle such as the system's (PEM), leaving out those that cannot be read. Says how many
    /// were added.
    pub fn add_bundle(&mut self, text: &[u8]) -> Result<usize, KeyError> {
        let before = self.certificates.len();
        for der in key::certificates::read(text, "bundle of root certificates")? {
            self.certificates.extend(Certificate::read(&der).ok());
        }
        Ok(self.certificates.len() - before)
    }

    /// Takes all certificates of another set.
    pub fn extend(&mut self, other: Self) {
        self.certificates.extend(other.certificates);
    }

    /// Whether nothing is trusted.
    pub fn is_empty(&self) -> bool {
        self.certificates.is_empty()
    }

    /// Adds one certificate in DER form.
    pub fn add_der(&mut self, der: &[u8]) -> Result<(), KeyError> {
        let certificate = Certificate::read(der)
            .map_err(|reason| KeyError::Malformed { what: "root certificate", reason })?;
        self.certificates.push(certificate);
        Ok(())
    }

    pub(crate) fn certificates(&self) -> &[Certificate] {
        &self.certificates
    }
}
