//! Hashing beside copying: large files are hashed in a thread of their own while the next piece is read and written.

use std::io;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

use sha2::digest::DynDigest;

/// Bytes that a thread takes at once.
const PIECE: usize = 512 * 1024;
/// Pieces on their way, so that neither side waits for the other for long.
const PIECES: usize = 4;

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
    Thread {
        full: SyncSender<Vec<u8>>,
        empty: Receiver<Vec<u8>>,
        handle: JoinHandle<Vec<Hasher>>,
    },
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
            Place::Thread { full, empty, .. } => {
                // A thread that is gone has panicked, which `finish` says.
                let mut next = empty.try_recv().unwrap_or_else(|_| Vec::with_capacity(PIECE));
                next.clear();
                let _ = full.send(std::mem::replace(&mut self.piece, next));
            }
        }
    }

    /// The digests, in the order of the hashers.
    pub(crate) fn finish(self) -> io::Result<Vec<Vec<u8>>> {
        let mut hashers = match self.place {
            Place::Here(hashers) => hashers,
            Place::Thread { full, handle, .. } => {
                drop(full);
                handle.join().map_err(|_| io::Error::other("the thread that hashes has failed"))?
            }
        };
        feed(&mut hashers, &self.piece);
        Ok(hashers.into_iter().map(|hasher| hasher.finalize().into_vec()).collect())
    }
}

fn start(mut hashers: Vec<Hasher>) -> Place {
    let (full, pieces) = sync_channel::<Vec<u8>>(PIECES);
    let (back, empty) = sync_channel::<Vec<u8>>(PIECES);
    let handle = std::thread::spawn(move || {
        for piece in pieces {
            feed(&mut hashers, &piece);
            // Whoever does not want it back has buffers enough.
            let _ = back.try_send(piece);
        }
        hashers
    });
    Place::Thread { full, empty, handle }
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
