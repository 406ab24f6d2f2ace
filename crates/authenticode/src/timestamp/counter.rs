//! The timestamp of Authenticode before RFC 3161: a SignerInfo over the signature value, its time a signed attribute, its
//! certificates among those of the signature. It is read in old files and never written.

use der::{Decode, Tag};
use x509_cert::time::Time;

use super::{Checked, Timestamp, TimestampKind, sort_faults};
use crate::cms::tlv::one;
use crate::cms::{SignerInfo, attributes, oids};
use crate::verify::{Certificate, Chain, Hash, Purpose, check_chain, check_signer};

/// Checks a countersignature over `value`, the value of the signature that carries it.
pub(crate) fn check(
    der: &[u8],
    value: &[u8],
    pool: &[Certificate],
    roots: &[Certificate],
) -> Result<Checked, String> {
    let signer = SignerInfo::read(one(der)?)?;
    let time = signing_time(&signer)?;
    let mut faults = Vec::new();
    let mut weak = Vec::new();
    let hash = Hash::of(signer.hash);
    let checked = check_signer(&signer, pool, Some(oids::DATA), |hash| hash.digest(value));
    sort_faults(checked.faults, &mut faults, &mut weak);
    let mut chain = Chain::default();
    if let Some(certificate) = checked.certificate {
        chain = check_chain(certificate, pool, roots, Purpose::TimeStamping, Some(time));
    }
    let timestamp = Timestamp {
        kind: TimestampKind::Countersignature,
        time,
        authority: checked.certificate.map(Certificate::subject).unwrap_or_default(),
        hash: hash.map_or("", Hash::name),
        serial: String::new(),
        policy: None,
        chain: Vec::new(),
    };
    Ok(Checked::new(timestamp, faults, weak, &chain))
}

fn signing_time(signer: &SignerInfo<'_>) -> Result<u64, String> {
    let attributes = attributes(signer.signed.ok_or("its signed attributes are missing")?)?;
    let value = attributes
        .iter()
        .find(|attribute| attribute.kind == oids::SIGNING_TIME)
        .and_then(|attribute| attribute.values.first())
        .ok_or("it does not say its time")?;
    if ![Tag::UtcTime, Tag::GeneralizedTime].map(u8::from).map(Some).contains(&value.first().copied()) {
        return Err("its time cannot be read".into());
    }
    Ok(Time::from_der(value).map_err(|error| error.to_string())?.to_unix_duration().as_secs())
}
