//! A certificate authority and a code-signing certificate for tests and for builds without a signing profile.
//!
//! Nobody should trust them: the names say what they are, and everything comes from a seed that the caller gives. The same
//! seed, names and dates give the same keys and certificates.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use der::asn1::{GeneralizedTime, UtcTime};
use der::{DateTime, Encode};
use p256::ecdsa::DerSignature;
use p256::pkcs8::{EncodePrivateKey, LineEnding};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use x509_cert::Certificate;
use x509_cert::builder::{Builder, CertificateBuilder, Profile};
use x509_cert::ext::pkix::ExtendedKeyUsage;
use x509_cert::name::Name;
use x509_cert::serial_number::SerialNumber;
use x509_cert::spki::{EncodePublicKey, SubjectPublicKeyInfoOwned};
use x509_cert::time::{Time, Validity};
use zeroize::Zeroizing;

use crate::cms::oids;
use crate::key::pem;
use crate::{KeyError, Signer};

/// The kind of key that a test identity signs with. The authority's own key is always on P-256.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TestKey {
    /// ECDSA on P-256: made in a moment.
    #[default]
    EcdsaP256,
    /// ECDSA on P-384.
    EcdsaP384,
    /// RSA with this many bits, 2048 to 4096: slow to make, in a debug build very slow.
    Rsa(usize),
}

/// What a test identity is made from.
#[derive(Clone)]
pub struct TestIdentityOptions<'a> {
    /// Where all randomness comes from. Give fresh random bytes unless a test needs the same identity again.
    pub seed: [u8; 32],
    /// The common name of the code-signing certificate; the authority's is derived from it.
    pub common_name: &'a str,
    /// From when both certificates are valid, in seconds since 1970.
    pub not_before: u64,
    /// Until when both certificates are valid, in seconds since 1970.
    pub not_after: u64,
    /// The kind of the signing key.
    pub key: TestKey,
}

/// A test certificate authority with a code-signing certificate that it issued.
pub struct TestIdentity {
    /// The authority's certificate: the root to verify against.
    pub ca_pem: String,
    /// The code-signing certificate.
    pub certificate_pem: String,
    /// Its private key as PKCS#8. Wiped when dropped.
    pub key_pem: Zeroizing<String>,
}

impl TestIdentity {
    /// Makes the authority, forgets its key, keeps the signing key.
    pub fn generate(options: &TestIdentityOptions<'_>) -> Result<Self, KeyError> {
        let mut rng = ChaCha20Rng::from_seed(options.seed);
        let ca_key = p256::ecdsa::SigningKey::random(&mut rng);
        let ca_name = name(&format!("{} CA", options.common_name))?;
        let ca = issue(&ca_key, Profile::Root, &ca_name, spki(ca_key.verifying_key())?, options, &mut rng)?;

        let (public, key_pem) = match options.key {
            TestKey::EcdsaP256 => {
                let key = p256::SecretKey::random(&mut rng);
                (spki(&key.public_key())?, key.to_pkcs8_pem(LineEnding::LF).map_err(failed)?)
            }
            TestKey::EcdsaP384 => {
                let key = p384::SecretKey::random(&mut rng);
                (spki(&key.public_key())?, key.to_pkcs8_pem(LineEnding::LF).map_err(failed)?)
            }
            TestKey::Rsa(bits) if (2048..=4096).contains(&bits) => {
                let key = rsa::RsaPrivateKey::new(&mut rng, bits).map_err(failed)?;
                (spki(&key.to_public_key())?, key.to_pkcs8_pem(LineEnding::LF).map_err(failed)?)
            }
            TestKey::Rsa(bits) => {
                return Err(KeyError::Unsupported { what: format!("an RSA key of {bits} bits") });
            }
        };
        let leaf_profile =
            Profile::Leaf { issuer: ca_name, enable_key_agreement: false, enable_key_encipherment: false };
        let leaf = issue(&ca_key, leaf_profile, &name(options.common_name)?, public, options, &mut rng)?;
        Ok(Self { ca_pem: certificate_pem(&ca)?, certificate_pem: certificate_pem(&leaf)?, key_pem })
    }

    /// The identity as a signer.
    pub fn signer(&self) -> Result<Signer, KeyError> {
        Signer::from_pem(self.key_pem.as_bytes(), self.certificate_pem.as_bytes(), None)
    }

    /// The authority as trusted roots.
    pub fn roots(&self) -> Result<crate::Roots, KeyError> {
        crate::Roots::from_pem(self.ca_pem.as_bytes())
    }
}

impl fmt::Debug for TestIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TestIdentity").field("certificate_pem", &self.certificate_pem).finish_non_exhaustive()
    }
}

fn issue(
    ca_key: &p256::ecdsa::SigningKey,
    profile: Profile,
    subject: &Name,
    public: SubjectPublicKeyInfoOwned,
    options: &TestIdentityOptions<'_>,
    rng: &mut ChaCha20Rng,
) -> Result<Certificate, KeyError> {
    // Positive and without a leading zero, whatever the seed.
    let mut serial = [0; 16];
    rng.fill_bytes(&mut serial);
    serial[0] = serial[0] & 0x7F | 0x40;
    let validity = Validity { not_before: time(options.not_before)?, not_after: time(options.not_after)? };
    let is_leaf = matches!(profile, Profile::Leaf { .. });
    let mut builder = CertificateBuilder::new(
        profile,
        SerialNumber::new(&serial).map_err(failed)?,
        validity,
        subject.clone(),
        public,
        ca_key,
    )
    .map_err(failed)?;
    if is_leaf {
        builder.add_extension(&ExtendedKeyUsage(vec![oids::CODE_SIGNING])).map_err(failed)?;
    }
    builder.build::<DerSignature>().map_err(failed)
}

/// RFC 5280: UTCTime through 2049, GeneralizedTime after.
fn time(seconds: u64) -> Result<Time, KeyError> {
    let date = DateTime::from_unix_duration(Duration::from_secs(seconds)).map_err(failed)?;
    Ok(match UtcTime::from_date_time(date) {
        Ok(time) => Time::UtcTime(time),
        Err(_) => Time::GeneralTime(GeneralizedTime::from_date_time(date)),
    })
}

fn name(common_name: &str) -> Result<Name, KeyError> {
    // Characters that mean something in the text form of a name are escaped.
    let escaped: String = common_name
        .chars()
        .flat_map(|c| {
            let special = matches!(c, ',' | '+' | '"' | '\\' | '<' | '>' | ';' | '=' | '#');
            special.then_some('\\').into_iter().chain(std::iter::once(c))
        })
        .collect();
    Name::from_str(&format!("CN={escaped}")).map_err(failed)
}

fn spki(key: &impl EncodePublicKey) -> Result<SubjectPublicKeyInfoOwned, KeyError> {
    let document = key.to_public_key_der().map_err(failed)?;
    SubjectPublicKeyInfoOwned::try_from(document.as_bytes()).map_err(failed)
}

fn certificate_pem(certificate: &Certificate) -> Result<String, KeyError> {
    Ok(pem::encode("CERTIFICATE", &certificate.to_der().map_err(failed)?).to_string())
}

fn failed(error: impl fmt::Display) -> KeyError {
    KeyError::Malformed { what: "test identity", reason: error.to_string() }
}
