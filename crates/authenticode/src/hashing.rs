//! Hashing beside copying: large files are hashed in a thread of their own while the next piece is read and written.

use std::io;

use sha2::digest::DynDigest;

use crate::worker::{PIECE, Worker};

type Hasher = Box<dyn DynDigest + Send>;

/// One or more digests over the same bytes.
pub(crate) struct Hashing {
    /// Bytes that no hasher has seen yet.
    piece: Vec<u8>,
    place: Place,
}

enum Place {
    /// As long as one piece is enough, the work is done here.
    Here(Vec<Hasher>),
    Thread(Worker<Vec<Hasher>>),
}

impl Hashing {
    pub(crate) fn new(hashers: Vec<Hasher>) -> Self {
        Self { piece: Vec::new(), place: Place::Here(hashers) }
    }

    /// Takes the next bytes.
    pub(crate) fn update(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let (now, later) = bytes.split_at(bytes.len().min(PIECE - self.piece.len()));
            self.piece.extend_from_slice(now);
            bytes = later;
            if self.piece.len() == PIECE {
                self.hand_over();
            }
        }
    }

    fn hand_over(&mut self) {
        if let Place::Here(hashers) = &mut self.place {
            self.place = start(std::mem::take(hashers));
        }
        match &mut self.place {
            Place::Here(hashers) => {
                feed(hashers, &self.piece);
                self.piece.clear();
            }
            Place::Thread(worker) => {
                // A thread that is gone has panicked, which `finish` says.
                let _ = worker.give(&mut self.piece);
            }
        }
    }

    /// The digests, in the order of the hashers.
    pub(crate) fn finish(self) -> io::Result<Vec<Vec<u8>>> {
        let mut hashers = match self.place {
            Place::Here(hashers) => hashers,
            Place::Thread(worker) => worker.finish()?,
        };
        feed(&mut hashers, &self.piece);
        Ok(hashers.into_iter().map(|hasher| hasher.finalize().into_vec()).collect())
    }
}

fn start(mut hashers: Vec<Hasher>) -> Place {
    Place::Thread(Worker::start(move |next, back| {
        while let Some(piece) = next() {
            feed(&mut hashers, &piece);
            back(piece);
        }
        hashers
    }))
}

fn feed(hashers: &mut [Hasher], piece: &[u8]) {
    for hasher in hashers {
        hasher.update(piece);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::HashAlgorithm;

    #[test]
    fn pieces_of_any_length_give_the_digest_of_the_whole() {
        let bytes: Vec<u8> = (0..3 * PIECE + 77).map(|n| (n * 31 % 251) as u8).collect();
        for length in [0, 1, PIECE - 1, PIECE, PIECE + 1, bytes.len()] {
            for step in [1000, PIECE, 2 * PIECE + 5] {
                let algorithms = [HashAlgorithm::Sha256, HashAlgorithm::Sha512];
                let mut hashing = Hashing::new(algorithms.map(HashAlgorithm::hasher).into());
                bytes[..length].chunks(step).for_each(|piece| hashing.update(piece));
                assert_eq!(hashing.finish().unwrap(), algorithms.map(|hash| hash.digest(&bytes[..length])));
            }
        }
    }
}
