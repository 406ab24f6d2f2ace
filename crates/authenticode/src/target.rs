//! The new file while it is written: large ones beside the reading and hashing, and on their way to the disk meanwhile.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::sync::mpsc::{TrySendError, sync_channel};

use crate::worker::{Ended, PIECE, Worker};

/// After so many bytes the disk is told to begin. What is left for the end is about as much, whatever the file's size.
const DUE: usize = 16 * 1024 * 1024;

/// A file that is written by a thread of its own from its second piece on.
pub(crate) struct Target {
    file: File,
    /// Bytes that are still here.
    piece: Vec<u8>,
    writer: Option<Worker<io::Result<()>>>,
}

impl Target {
    /// Writes to `file` from where it stands.
    pub(crate) fn new(file: File) -> Self {
        Self { file, piece: Vec::new(), writer: None }
    }

    /// Everything is on the disk when this returns.
    pub(crate) fn sync(&mut self) -> io::Result<()> {
        self.flush()?;
        self.file.sync_all()
    }

    fn hand_over(&mut self) -> io::Result<()> {
        if self.writer.is_none() {
            self.writer = Some(start(self.file.try_clone()?));
        }
        let Some(writer) = &self.writer else { return Ok(()) };
        match writer.give(&mut self.piece) {
            Ok(()) => Ok(()),
            Err(Ended) => self.join().and(Err(io::ErrorKind::BrokenPipe.into())),
        }
    }

    /// Waits until the thread has written what it was given.
    fn join(&mut self) -> io::Result<()> {
        self.writer.take().map_or(Ok(()), |writer| writer.finish()?)
    }
}

impl Drop for Target {
    /// A file that is given up is no longer written to when it is removed.
    fn drop(&mut self) {
        // Whoever wants to know how it went has called `sync`.
        let _ = self.join();
    }
}

impl Write for Target {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let taken = bytes.len().min(PIECE - self.piece.len());
        self.piece.extend_from_slice(&bytes[..taken]);
        if self.piece.len() == PIECE {
            self.hand_over()?;
        }
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.join()?;
        self.file.write_all(&self.piece)?;
        self.piece.clear();
        Ok(())
    }
}

impl Seek for Target {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.flush()?;
        self.file.seek(to)
    }
}

impl Read for Target {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.flush()?;
        self.file.read(buffer)
    }
}

fn start(mut file: File) -> Worker<io::Result<()>> {
    Worker::start(move |next, back| {
        let disk = file.try_clone()?;
        let (due, dues) = sync_channel::<()>(1);
        let syncing = std::thread::spawn(move || dues.into_iter().try_for_each(|()| disk.sync_data()));
        let mut unsynced = 0;
        while let Some(piece) = next() {
            file.write_all(&piece)?;
            unsynced += piece.len();
            // A disk that is still busy with the last time is told later.
            if unsynced >= DUE && !matches!(due.try_send(()), Err(TrySendError::Full(()))) {
                unsynced = 0;
            }
            back(piece);
        }
        drop(due);
        syncing.join().map_err(|_| io::Error::other("the thread that writes has failed"))?
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_in_any_pieces_stands_in_the_file_and_can_be_patched() {
        let bytes: Vec<u8> = (0..DUE + 3 * PIECE + 77).map(|n| (n * 31 % 251) as u8).collect();
        for length in [0, 1, PIECE - 1, PIECE, PIECE + 1, bytes.len()] {
            for step in [1000, PIECE, 2 * PIECE + 5] {
                let mut target = Target::new(tempfile::tempfile().unwrap());
                bytes[..length].chunks(step).for_each(|piece| target.write_all(piece).unwrap());
                target.seek(SeekFrom::Start(1)).unwrap();
                target.write_all(b"patch").unwrap();
                target.sync().unwrap();
                target.rewind().unwrap();
                let mut found = Vec::new();
                target.read_to_end(&mut found).unwrap();
                let mut expected = bytes[..length].to_vec();
                expected.resize(length.max(6), 0);
                expected[1..6].copy_from_slice(b"patch");
                assert!(found == expected, "{length} bytes in pieces of {step}");
            }
        }
    }

    #[test]
    fn a_failure_of_the_thread_reaches_the_writer() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        std::fs::write(&path, b"").unwrap();
        // Opened for reading only: the first write fails, in the thread.
        let mut target = Target::new(File::open(&path).unwrap());
        let written = target.write_all(&vec![1; 32 * PIECE]).and_then(|()| target.flush());
        assert_ne!(written.unwrap_err().kind(), io::ErrorKind::BrokenPipe);
    }
}
