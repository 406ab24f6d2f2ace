//! Puts a timestamp into a signature that has none.

use super::{TimestampError, Timestamper};
use crate::HashAlgorithm;
use crate::cms::{self, oids};

/// Gets a timestamp for the signature `der` and adds it. Nothing that is signed changes.
pub(crate) fn attach(
    der: &[u8],
    hash: HashAlgorithm,
    timestamper: &dyn Timestamper,
) -> Result<Vec<u8>, TimestampError> {
    let signature = |reason| TimestampError::Signature { reason };
    let imprint = hash.digest(cms::SignedData::read(der).map_err(signature)?.signer.value);
    let token = timestamper.timestamp(hash, &imprint)?;
    cms::add_unsigned(der, oids::TIMESTAMP_TOKEN, &token).map_err(signature)
}
