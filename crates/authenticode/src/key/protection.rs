//! How a key was protected in its file, and the bound on what opening it may cost.

use pkcs8::pkcs5::pbes2;

use crate::KeyError;

/// Iterations of all derivations of one file together. Programs write 1,000 to 1,000,000; this many take some seconds.
const MOST_ITERATIONS: u32 = 5_000_000;
/// Memory that scrypt may ask for, in bytes. OpenSSL writes 16 MiB.
const MOST_MEMORY: u64 = 256 << 20;
/// What NIST SP 800-132 asks of PBKDF2.
const FIPS_ITERATIONS: u32 = 1000;
const FIPS_SALT: usize = 16;

/// The algorithms that protected a key, and which of these FIPS 140 does not approve.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Protection {
    unapproved: Vec<String>,
}

impl Protection {
    pub(crate) fn note(&mut self, name: impl Into<String>, approved: bool) {
        let name = name.into();
        if !approved && !self.unapproved.contains(&name) {
            self.unapproved.push(name);
        }
    }

    /// What is not approved, in words.
    pub(crate) fn unapproved(&self) -> &[String] {
        &self.unapproved
    }
}

/// What opening one file may still cost.
pub(super) struct Budget {
    what: &'static str,
    iterations: u32,
}

impl Budget {
    pub(super) fn new(what: &'static str) -> Self {
        Self { what, iterations: MOST_ITERATIONS }
    }

    /// What is being opened.
    pub(super) fn what(&self) -> &'static str {
        self.what
    }

    /// An error about what is being opened.
    pub(super) fn malformed(&self, reason: impl std::fmt::Display) -> KeyError {
        KeyError::Malformed { what: self.what, reason: reason.to_string() }
    }

    /// Accounts for one derivation with this many iterations.
    pub(super) fn take(&mut self, iterations: u32) -> Result<(), KeyError> {
        if iterations == 0 {
            return Err(self.malformed("it asks for no iterations of its key derivation"));
        }
        self.iterations = self.iterations.checked_sub(iterations).ok_or_else(|| {
            self.malformed(
                "its key derivations ask for more than 5,000,000 iterations; export it again with fewer",
            )
        })?;
        Ok(())
    }

    /// Accounts for the derivation of a PBES2 encryption.
    pub(super) fn check(
        &mut self,
        parameters: &pbes2::Parameters<'_>,
        protection: &mut Protection,
    ) -> Result<(), KeyError> {
        match &parameters.encryption {
            pbes2::EncryptionScheme::Aes128Cbc { .. }
            | pbes2::EncryptionScheme::Aes192Cbc { .. }
            | pbes2::EncryptionScheme::Aes256Cbc { .. } => {}
            pbes2::EncryptionScheme::DesEde3Cbc { .. } => protection.note("3DES", false),
            _ => protection.note("an encryption other than AES", false),
        }
        self.check_kdf(&parameters.kdf, protection)
    }

    /// Accounts for a derivation by PBKDF2 or scrypt.
    pub(super) fn check_kdf(
        &mut self,
        kdf: &pbes2::Kdf<'_>,
        protection: &mut Protection,
    ) -> Result<(), KeyError> {
        match kdf {
            pbes2::Kdf::Pbkdf2(kdf) => {
                if kdf.prf == pbes2::Pbkdf2Prf::HmacWithSha1 {
                    protection.note("PBKDF2 with SHA-1", true);
                }
                if kdf.iteration_count < FIPS_ITERATIONS || kdf.salt.len() < FIPS_SALT {
                    protection
                        .note("PBKDF2 with fewer than 1,000 iterations or a salt below 128 bits", false);
                }
                self.take(kdf.iteration_count)
            }
            pbes2::Kdf::Scrypt(kdf) => {
                protection.note("scrypt", false);
                let block = 128 * u64::from(kdf.block_size);
                let memory = block.checked_mul(kdf.cost_parameter);
                let memory = memory.filter(|memory| *memory <= MOST_MEMORY).ok_or_else(|| {
                    self.malformed(
                        "its key derivation (scrypt) asks for more than 256 MiB; export it again with less",
                    )
                })?;
                // Each 64 bytes of memory cost about what two iterations of a hash do, for each lane.
                let work = (memory / 32).max(1).saturating_mul(u64::from(kdf.parallelization));
                self.take(u32::try_from(work).unwrap_or(u32::MAX))
            }
            _ => Err(self.malformed("its key derivation is not supported")),
        }
    }
}
