//! Detached signatures: PKCS#7 SignedData over the bytes of any file, in a file of its own.
//!
//! That is no Authenticode: the content is plain data and not there, and the message digest is that of the whole file.
//! `openssl cms -verify -binary -inform DER -content FILE` and everything else that knows PKCS#7 reads it.

use std::fs::File;
use std::io::Write;
use std::path::Path;

use crate::hashing::Hashing;
use crate::sign::AttachError;
use crate::{Error, FileError, HashAlgorithm, Signer, cms, output};

/// Writes a detached signature over the file at `input` to `output`, as DER. Gives its size.
pub fn sign_detached(
    input: &Path,
    output: &Path,
    signer: &Signer,
    hash: HashAlgorithm,
) -> Result<usize, Error> {
    let mut source = File::open(input).map_err(Error::io("open", input))?;
    let mut hashing = Sink(Hashing::new(vec![hash.hasher()]));
    output::copy(&mut source, &mut hashing).map_err(|error| error.into_error(input))?;
    let digests = hashing.0.finish().map_err(FileError::Read).map_err(Error::file(input))?;
    let signature = cms::sign_data(&digests.concat(), signer, hash)?;
    output::replace(input, output, |target| {
        target.write_all(&signature).map_err(AttachError::Write).map_err(|error| error.into_error(output))?;
        Ok(signature.len())
    })
}

/// Takes bytes and keeps none.
struct Sink(Hashing);

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
