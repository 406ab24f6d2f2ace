//! The certificates that a verifier trusts.

use der::Decode;
use x509_cert::Certificate;

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

    /// Adds one certificate in DER form.
    pub fn add_der(&mut self, der: &[u8]) -> Result<(), KeyError> {
        let certificate = Certificate::from_der(der)
            .map_err(|error| KeyError::Malformed { what: "root certificate", reason: error.to_string() })?;
        self.certificates.push(certificate);
        Ok(())
    }

    pub(crate) fn certificates(&self) -> &[Certificate] {
        &self.certificates
    }
}
