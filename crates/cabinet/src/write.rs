//! Writing a cabinet: tables first, then blocks from many threads in one order.

use crate::block::Packer;
use crate::error::Error;
use crate::header;
use crate::plan::{BLOCK_LEN, Entry, Folder, plan};
use std::collections::VecDeque;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::num::NonZeroUsize;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::thread;

/// Bytes that one thread compresses at a time.
const SEGMENT_LEN: usize = 32 * BLOCK_LEN;
/// Offsets are 32 bits wide, but readers take them as signed.
const CABINET_LIMIT: u64 = 0x7fff_ffff;

/// How to write a cabinet.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    pub compression: Compression,
    /// Threads that compress. Makes no difference to the bytes written.
    pub threads: NonZeroUsize,
    /// Number that all cabinets of a set share; for a cabinet by itself it says nothing.
    pub set_id: u16,
}

/// How data is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compression {
    Stored,
    Mszip(Level),
}

/// How hard MSZIP tries: 1 is fastest, 12 smallest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Level(u8);

impl Level {
    pub const FASTEST: Level = Level(1);
    pub const SMALLEST: Level = Level(12);

    /// The level of this number, clamped to 1…12.
    pub fn new(number: u8) -> Level {
        Level(number.clamp(1, 12))
    }

    /// From 1 to 12.
    pub fn number(self) -> u8 {
        self.0
    }
}

impl Default for Level {
    /// 6: a higher one takes more than twice the time for less than a hundredth of the size.
    fn default() -> Level {
        Level(6)
    }
}

impl Default for Options {
    /// MSZIP on one thread.
    fn default() -> Options {
        Options { compression: Compression::Mszip(Level::default()), threads: NonZeroUsize::MIN, set_id: 0 }
    }
}

/// What was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Report {
    /// Bytes of the cabinet.
    pub len: u64,
    /// Bytes of all files together.
    pub uncompressed: u64,
    pub folders: usize,
    pub blocks: u64,
}

/// Writes a cabinet with these files, in this order, from the writer's present position. Each source is opened once. After
/// an error `out` holds part of a cabinet.
pub fn write(
    out: &mut (impl Write + Seek),
    entries: &[Entry<'_>],
    options: &Options,
) -> Result<Report, Error> {
    let folders = plan(entries)?;
    let files_at = header::HEADER_LEN + folders.len() as u64 * header::FOLDER_LEN;
    let data_at = files_at + header::files_len(entries);
    if options.compression == Compression::Stored {
        let data: u64 =
            folders.iter().map(|folder| folder.len + header::BLOCK_HEADER_LEN * folder.blocks()).sum();
        check_len(data_at + data)?;
    }
    let start = out.stream_position()?;
    out.write_all(&vec![0; files_at as usize])?;
    let mut folder_entries = entries;
    for (number, folder) in folders.iter().enumerate() {
        let (these, rest) = folder_entries.split_at(folder.entries);
        folder_entries = rest;
        let mut at = 0;
        for entry in these {
            out.write_all(&header::file(entry, at as u32, number as u16))?;
            at += entry.len;
        }
    }

    let mut output = Output { out, len: data_at };
    let offsets = thread::scope(|scope| write_folders(scope, &mut output, entries, &folders, options))?;

    let len = output.len;
    out.seek(SeekFrom::Start(start))?;
    out.write_all(&header::header(
        len as u32,
        files_at as u32,
        folders.len() as u16,
        entries.len() as u16,
        options.set_id,
    ))?;
    for (folder, offset) in folders.iter().zip(offsets) {
        out.write_all(&header::folder(offset as u32, folder, options.compression))?;
    }
    out.seek(SeekFrom::Start(start + len))?;
    out.flush()?;
    Ok(Report {
        len,
        uncompressed: folders.iter().map(|folder| folder.len).sum(),
        folders: folders.len(),
        blocks: folders.iter().map(Folder::blocks).sum(),
    })
}

fn check_len(len: u64) -> Result<(), Error> {
    if len > CABINET_LIMIT { Err(Error::TooLarge { limit: CABINET_LIMIT }) } else { Ok(()) }
}

/// Compresses all folders and returns where the data of each begins.
fn write_folders<'scope>(
    scope: &'scope thread::Scope<'scope, '_>,
    output: &mut Output<'_, impl Write>,
    entries: &[Entry<'_>],
    folders: &[Folder],
    options: &Options,
) -> Result<Vec<u64>, Error> {
    let mut pool = Pool::start(scope, options);
    let mut offsets = Vec::with_capacity(folders.len());
    let mut folder_entries = entries;
    for folder in folders {
        let (these, rest) = folder_entries.split_at(folder.entries);
        folder_entries = rest;
        offsets.push(output.len);
        let mut segment = Vec::with_capacity(SEGMENT_LEN.min(folder.len as usize));
        for entry in these {
            read_entry(entry, &mut segment, |full| pool.pack(full, output))?;
        }
        if !segment.is_empty() {
            pool.pack(segment, output)?;
        }
        pool.drain(output)?;
    }
    Ok(offsets)
}

/// Appends an entry's bytes to the segment; hands it on whenever it is full.
fn read_entry(
    entry: &Entry<'_>,
    segment: &mut Vec<u8>,
    mut full: impl FnMut(Vec<u8>) -> Result<(), Error>,
) -> Result<(), Error> {
    let source_error = |error| Error::Source { name: entry.name.to_owned(), error };
    let length_error =
        |found| Error::SourceLength { name: entry.name.to_owned(), announced: entry.len, found };
    let mut reader = entry.source.open().map_err(source_error)?;
    let mut missing = entry.len;
    while missing > 0 {
        let wanted = missing.min((SEGMENT_LEN - segment.len()) as u64);
        let read = reader.by_ref().take(wanted).read_to_end(segment).map_err(source_error)? as u64;
        missing -= read;
        if read < wanted {
            return Err(length_error(entry.len - missing));
        }
        if segment.len() == SEGMENT_LEN {
            full(std::mem::replace(segment, Vec::with_capacity(SEGMENT_LEN)))?;
        }
    }
    match reader.take(1).read_to_end(&mut Vec::new()).map_err(source_error)? {
        0 => Ok(()),
        _ => Err(length_error(entry.len + 1)),
    }
}

/// The cabinet's data so far.
struct Output<'o, W> {
    out: &'o mut W,
    /// Bytes of the cabinet that have been written.
    len: u64,
}

impl<W: Write> Output<'_, W> {
    fn put(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.len += bytes.len() as u64;
        check_len(self.len)?;
        self.out.write_all(bytes)?;
        Ok(())
    }
}

/// Threads that pack segments, and the results not yet written, in order.
enum Pool {
    /// With one thread the work is done where it arises.
    Here(Packer),
    Threads {
        jobs: SyncSender<Job>,
        results: VecDeque<Receiver<Vec<u8>>>,
        limit: usize,
    },
}

struct Job {
    segment: Vec<u8>,
    done: Sender<Vec<u8>>,
}

impl Pool {
    fn start<'scope>(scope: &'scope thread::Scope<'scope, '_>, options: &Options) -> Pool {
        let (threads, compression) = (options.threads.get(), options.compression);
        if threads == 1 || compression == Compression::Stored {
            return Pool::Here(Packer::new(compression));
        }
        let limit = 2 * threads;
        let (jobs, queue) = sync_channel::<Job>(limit);
        let queue = std::sync::Arc::new(Mutex::new(queue));
        for _ in 0..threads {
            let queue = std::sync::Arc::clone(&queue);
            scope.spawn(move || {
                let mut packer = Packer::new(compression);
                loop {
                    let job = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
                    let Ok(Job { segment, done }) = job else { break };
                    // Nobody waits any more once writing has failed.
                    let _ = done.send(packer.pack(&segment));
                }
            });
        }
        Pool::Threads { jobs, results: VecDeque::new(), limit }
    }

    fn pack(&mut self, segment: Vec<u8>, output: &mut Output<'_, impl Write>) -> Result<(), Error> {
        match self {
            Pool::Here(packer) => output.put(&packer.pack(&segment)),
            Pool::Threads { jobs, results, limit } => {
                let (done, result) = channel();
                jobs.send(Job { segment, done }).map_err(|_| lost_thread())?;
                results.push_back(result);
                if results.len() >= *limit { write_oldest(results, output) } else { Ok(()) }
            }
        }
    }

    fn drain(&mut self, output: &mut Output<'_, impl Write>) -> Result<(), Error> {
        if let Pool::Threads { results, .. } = self {
            while !results.is_empty() {
                write_oldest(results, output)?;
            }
        }
        Ok(())
    }
}

fn write_oldest(
    results: &mut VecDeque<Receiver<Vec<u8>>>,
    output: &mut Output<'_, impl Write>,
) -> Result<(), Error> {
    match results.pop_front() {
        Some(result) => output.put(&result.recv().map_err(|_| lost_thread())?),
        None => Ok(()),
    }
}

fn lost_thread() -> Error {
    Error::Io(io::Error::other("a compressing thread ended early"))
}
