//! Puts a timestamp into a signature that has none.

use super::request::check_new;
use super::{Timestamp, TimestampError, Timestamper};
use crate::HashAlgorithm;
use crate::cms::{self, oids};

/// Gets a timestamp for the signature `der`, checks that it is one, and adds it. Nothing that is signed changes.
pub(crate) fn attach(
    der: &[u8],
    hash: HashAlgorithm,
    timestamper: &dyn Timestamper,
) -> Result<(Vec<u8>, Timestamp), TimestampError> {
    let signature = |reason| TimestampError::Signature { reason };
    let imprint = hash.digest(cms::SignedData::read(der).map_err(signature)?.signer.value);
    let token = timestamper.timestamp(hash, &imprint)?;
    // Whoever got it has checked it against its question; that it is for this signature is checked here for all.
    let timestamp = check_new(&token, hash, &imprint, None)?;
    Ok((cms::add_unsigned(der, oids::TIMESTAMP_TOKEN, &token).map_err(signature)?, timestamp))
}

/// Adds a timestamp to every signature that has none, the nested ones included; with `replace` to all of them, in place of
/// the ones that are there. Fails where there is nothing to add.
pub(crate) fn attach_to_all(
    der: &[u8],
    hash: HashAlgorithm,
    timestamper: &dyn Timestamper,
    replace: bool,
) -> Result<(Vec<u8>, Vec<Timestamp>), TimestampError> {
    let signature = |reason| TimestampError::Signature { reason };
    let mut timestamps = Vec::new();
    let nested = cms::nested(der).map_err(signature)?;
    let mut one = |der: &[u8]| -> Result<Vec<u8>, TimestampError> {
        let mut der = der.to_vec();
        if is_timestamped(&der).map_err(signature)? {
            if !replace {
                return Ok(der);
            }
            for kind in KINDS {
                der = cms::remove_unsigned(&der, kind).map_err(signature)?;
            }
        }
        let (stamped, timestamp) = attach(&der, hash, timestamper)?;
        timestamps.push(timestamp);
        Ok(stamped)
    };
    let mut outer = one(der)?;
    let stamped: Vec<Vec<u8>> = nested.iter().map(|der| one(der)).collect::<Result<_, _>>()?;
    if timestamps.is_empty() {
        return Err(signature("it has a timestamp already; a new one would only say a later time".into()));
    }
    if !stamped.is_empty() {
        outer = cms::remove_unsigned(&outer, oids::NESTED_SIGNATURE).map_err(signature)?;
        for der in stamped {
            outer = cms::add_nested(&outer, &der).map_err(signature)?;
        }
    }
    Ok((outer, timestamps))
}

/// Adds a timestamp to a signature that stands alone, such as a detached one (PKCS#7 in DER form).
pub fn timestamp_signature(
    der: &[u8],
    hash: HashAlgorithm,
    timestamper: &dyn Timestamper,
    replace: bool,
) -> Result<(Vec<u8>, Vec<Timestamp>), TimestampError> {
    attach_to_all(der, hash, timestamper, replace)
}

/// The attributes that hold timestamps.
const KINDS: [der::asn1::ObjectIdentifier; 2] = [oids::TIMESTAMP_TOKEN, oids::COUNTER_SIGNATURE];

fn is_timestamped(der: &[u8]) -> Result<bool, String> {
    let Some(unsigned) = cms::SignedData::read(der)?.signer.unsigned else { return Ok(false) };
    Ok(cms::attributes(unsigned)?.iter().any(|attribute| KINDS.contains(&attribute.kind)))
}
