//! A thread that takes the bytes of a large file piece by piece, beside what else is done with them.

use std::io;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

/// Bytes that a thread takes at once.
pub(crate) const PIECE: usize = 512 * 1024;
/// Pieces on their way, so that neither side waits for the other for long.
const PIECES: usize = 4;

/// The thread, seen from whoever gives it pieces.
pub(crate) struct Worker<T> {
    full: SyncSender<Vec<u8>>,
    empty: Receiver<Vec<u8>>,
    handle: JoinHandle<T>,
}

/// The thread has ended before its time; [`Worker::finish`] says why.
pub(crate) struct Ended;

impl<T: Send + 'static> Worker<T> {
    /// Lets `work` take pieces with the function that it gets, which gives `None` after the last one.
    pub(crate) fn start(
        work: impl FnOnce(&mut dyn FnMut() -> Option<Vec<u8>>, &dyn Fn(Vec<u8>)) -> T + Send + 'static,
    ) -> Self {
        let (full, pieces) = sync_channel::<Vec<u8>>(PIECES);
        let (back, empty) = sync_channel::<Vec<u8>>(PIECES);
        let handle = std::thread::spawn(move || {
            work(&mut || pieces.recv().ok(), &|piece| {
                // Whoever does not want it back has buffers enough.
                let _ = back.try_send(piece);
            })
        });
        Self { full, empty, handle }
    }

    /// Hands the piece over and puts an empty one in its place.
    pub(crate) fn give(&self, piece: &mut Vec<u8>) -> Result<(), Ended> {
        let mut next = self.empty.try_recv().unwrap_or_else(|_| Vec::with_capacity(PIECE));
        next.clear();
        self.full.send(std::mem::replace(piece, next)).map_err(|_| Ended)
    }

    /// Waits until the thread has done what it was given.
    pub(crate) fn finish(self) -> io::Result<T> {
        drop(self.full);
        self.handle.join().map_err(|_| io::Error::other("a thread that works on the file has failed"))
    }
}
