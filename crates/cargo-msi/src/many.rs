//! The same work on many files, several at a time.

use crate::report::{self, Failure};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// What is to be said of one file in words and as JSON, or why it could not be done.
pub type Outcome = Result<(String, Value), String>;

/// Works on every file, even where some fail, and says what became of each as soon as it is known. The results have the
/// order of the files. Ctrl-C lets the files finish that have begun and leaves the others as they are.
pub fn each(
    files: &[PathBuf],
    jobs: Option<usize>,
    work: impl Fn(&Path) -> Outcome + Sync,
) -> Result<Vec<Outcome>, Failure> {
    let same = |one: &PathBuf| std::fs::canonicalize(one).unwrap_or_else(|_| one.clone());
    let mut seen = std::collections::BTreeSet::new();
    if let Some(twice) = files.iter().find(|file| !seen.insert(same(file))) {
        return Err(Failure::new(format!("{} is named twice", twice.display())).exit(2));
    }
    let stop = Arc::new(AtomicBool::new(false));
    let asked = Arc::clone(&stop);
    // Where no handler can be set, the temporary file of an interrupted run stays behind, and nothing worse.
    let _ = ctrlc::set_handler(move || {
        if asked.swap(true, Ordering::Relaxed) {
            std::process::exit(130);
        }
        report::note("stopping when the files at hand are done; again stops at once");
    });
    let workers = jobs
        .unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from))
        .clamp(1, files.len().max(1));
    let next = AtomicUsize::new(0);
    let results: Mutex<Vec<Option<Outcome>>> = Mutex::new(files.iter().map(|_| None).collect());
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while !stop.load(Ordering::Relaxed) {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(file) = files.get(index) else { break };
                    let outcome = work(file);
                    match &outcome {
                        Ok((what, _)) => report::note(what),
                        Err(error) => report::warning(&format!("not done: {error}")),
                    }
                    let mut results = results.lock().unwrap_or_else(PoisonError::into_inner);
                    results[index] = Some(outcome);
                }
            });
        }
    });
    let results = results.into_inner().unwrap_or_else(PoisonError::into_inner);
    Ok(results
        .into_iter()
        .map(|result| result.unwrap_or_else(|| Err("interrupted before it began".into())))
        .collect())
}
