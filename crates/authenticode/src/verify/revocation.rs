//! Certificate revocation lists that the caller gives.
//!
//! A list counts when the key of the certificate's issuer signed it. What it says about a certificate that it does not
//! name counts only within its scope, and only as a note: who leaves out a list hides a revocation, and no list says so.

use std::collections::HashMap;

use der::{Decode, Tag, Tagged};
use x509_cert::ext::pkix::KeyUsage;
use x509_cert::time::Time;

use super::certificate::Certificate;
use super::chain::signed_by;
use crate::cms::tlv::{Elements, elements, one};
use crate::cms::{algorithm, fields, octets, oid};
use crate::{KeyError, key};
use der::asn1::{BitStringRef, ObjectIdentifier};

/// The lists of a verifier; by default none.
#[derive(Clone, Debug, Default)]
pub struct RevocationLists {
    lists: Vec<List>,
}

#[derive(Clone, Debug)]
struct List {
    issuer: Vec<u8>,
    signed: Vec<u8>,
    algorithm: ObjectIdentifier,
    value: Vec<u8>,
    next_update: Option<u64>,
    /// Serial numbers (content bytes), each with the time from which its certificate must not be believed.
    revoked: HashMap<Vec<u8>, u64>,
}

/// What the lists say about one certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// It is revoked from this time on.
    Revoked(u64),
    /// A list of its issuer does not name it; the list is up to date or not.
    NotNamed { current: bool },
    /// No list of its issuer was given.
    Unknown,
}

impl RevocationLists {
    /// No lists: nothing is found to be revoked.
    pub fn none() -> Self {
        Self::default()
    }

    /// Adds one list in DER form, or those of a PEM text.
    pub fn add(&mut self, bytes: &[u8]) -> Result<(), KeyError> {
        let malformed = |reason| KeyError::Malformed { what: "revocation list", reason };
        if bytes.first() == Some(&0x30) {
            self.lists.push(List::read(bytes).map_err(malformed)?);
            return Ok(());
        }
        let before = self.lists.len();
        for block in key::pem::blocks(bytes, "revocation list")? {
            if block.label == "X509 CRL" {
                self.lists.push(List::read(&block.der).map_err(malformed)?);
            }
        }
        if self.lists.len() == before {
            return Err(malformed("neither DER nor a PEM block `X509 CRL`".into()));
        }
        Ok(())
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.lists.is_empty()
    }

    /// What the lists say about `certificate`, which `issuer` issued; `at` is now.
    pub(super) fn standing(
        &self,
        certificate: &Certificate,
        issuer: &Certificate,
        at: Option<u64>,
    ) -> Standing {
        let usage: Option<KeyUsage> = issuer.extension().ok().flatten();
        if usage.is_some_and(|usage| !usage.crl_sign()) {
            return Standing::Unknown;
        }
        let mut standing = Standing::Unknown;
        for list in self.lists.iter().filter(|list| list.issuer == certificate.issuer_bytes()) {
            if signed_by(issuer, list.algorithm, &list.signed, &list.value) != Ok(true) {
                continue;
            }
            if let Some(&from) = list.revoked.get(certificate.serial()) {
                return Standing::Revoked(from);
            }
            let current = at.is_none_or(|at| list.next_update.is_none_or(|next| at <= next));
            if standing != (Standing::NotNamed { current: true }) {
                standing = Standing::NotNamed { current };
            }
        }
        standing
    }
}

impl List {
    fn read(der: &[u8]) -> Result<Self, String> {
        let mut outer = fields(one(der)?, "revocation list")?;
        let signed = outer.raw().ok_or("the list is empty")??;
        let algorithm_outside = algorithm(outer.need("signature algorithm")?)?;
        let value: BitStringRef<'_> =
            outer.need("signature")?.decode_as().map_err(|error| error.to_string())?;
        let value = value.as_bytes().ok_or("the signature has odd bits")?.to_vec();
        outer.end("signature")?;

        let mut list = fields(one(signed)?, "revocation list")?;
        if list.peek() == Some(u8::from(Tag::Integer)) {
            list.need("version")?;
        }
        if algorithm(list.need("signature algorithm")?)? != algorithm_outside {
            return Err("it names two signature algorithms".into());
        }
        let issuer = list.raw().ok_or("the issuer is missing")??.to_vec();
        time(&mut list)?.ok_or("its date is missing")?;
        let next_update = time(&mut list)?;
        let mut revoked = HashMap::new();
        if list.peek() == Some(u8::from(Tag::Sequence)) {
            for entry in elements(list.need("revoked certificates")?.value()) {
                let mut entry = fields(entry?, "revoked certificate")?;
                let serial = entry.take_tagged(Tag::Integer, "serial number")?.value();
                let date = time(&mut entry)?.ok_or("the date of a revocation is missing")?;
                if let Some(from) = entry_date(date, entry.next().transpose()?)? {
                    let known = revoked.entry(serial.to_vec()).or_insert(from);
                    *known = from.min(*known);
                }
            }
        }
        if let Some(extensions) = list.take_context(0)? {
            check_scope(extensions.value())?;
        }
        list.end("extensions")?;
        Ok(Self {
            issuer,
            signed: signed.to_vec(),
            algorithm: algorithm_outside,
            value,
            next_update,
            revoked,
        })
    }
}

/// From when the certificate of an entry must not be believed: the date of its revocation, or an earlier one at which
/// its key is known to have been lost. `None` where the entry takes a revocation back.
fn entry_date(date: u64, extensions: Option<der::asn1::AnyRef<'_>>) -> Result<Option<u64>, String> {
    const REASON: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.21");
    const INVALIDITY_DATE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.24");
    const REMOVE_FROM_LIST: [u8; 3] = [0x0A, 1, 8];
    let mut from = date;
    let Some(extensions) = extensions else { return Ok(Some(from)) };
    for extension in elements(extensions.value()) {
        let (kind, critical, value) = read_extension(extension?)?;
        match kind {
            REASON if value == REMOVE_FROM_LIST => return Ok(None),
            REASON => {}
            INVALIDITY_DATE => from = from.min(time(&mut elements(value))?.unwrap_or(from)),
            kind if critical => return Err(format!("an entry has the critical extension {kind}")),
            _ => {}
        }
    }
    Ok(Some(from))
}

/// Lists that leave something out, or speak for other issuers, are refused: they cannot be read as whole ones.
fn check_scope(extensions: &[u8]) -> Result<(), String> {
    const DISTRIBUTION_POINT: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.28");
    for list in elements(extensions) {
        for extension in elements(list?.value()) {
            let (kind, critical, value) = read_extension(extension?)?;
            if kind == DISTRIBUTION_POINT {
                for part in elements(one(value)?.value()) {
                    // [0] where it is published, [1] user certificates alone, [2] authorities alone.
                    if !matches!(u8::from(part?.tag()) & 0x1F, 0..=2) {
                        return Err("it covers some reasons, or some other issuers, alone".into());
                    }
                }
            } else if critical {
                return Err(format!("it has the critical extension {kind}, which is not supported"));
            }
        }
    }
    Ok(())
}

fn read_extension(extension: der::asn1::AnyRef<'_>) -> Result<(ObjectIdentifier, bool, &[u8]), String> {
    let mut parts = fields(extension, "extension")?;
    let kind = oid(parts.need("type of an extension")?)?;
    let mut critical = false;
    if parts.peek() == Some(u8::from(Tag::Boolean)) {
        critical = parts.need("criticality")?.value() != [0];
    }
    let value = octets(parts.raw().ok_or("the value of an extension is missing")??)?;
    Ok((kind, critical, value))
}

/// Takes a time where one comes next.
fn time(parts: &mut Elements<'_>) -> Result<Option<u64>, String> {
    if ![Tag::UtcTime, Tag::GeneralizedTime].map(u8::from).map(Some).contains(&parts.peek()) {
        return Ok(None);
    }
    let bytes = parts.raw().ok_or("a date is missing")??;
    let time = Time::from_der(bytes).map_err(|error| error.to_string())?;
    Ok(Some(time.to_unix_duration().as_secs()))
}
