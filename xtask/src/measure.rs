//! What a program costs: time, processor time, memory.
//!
//! Linux keeps the account of a process that has ended until its parent asks for it, so both figures are read from `/proc` without
//! any program beside. Other hosts tell the time alone.

use crate::failure::{Context as _, Failure, Outcome};
use crate::process::shown;
use std::fs;
use std::io::{Read, Seek};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// What one run took.
#[derive(Debug, Clone, Copy)]
pub struct Cost {
    pub seconds: f64,
    /// Seconds of processors, those of the program's own children included.
    pub cpu: Option<f64>,
    /// The most memory that it held, in bytes.
    pub memory: Option<u64>,
}

/// Clock ticks a second in `/proc`: 100 on every Linux, whatever its kernel counts in.
const TICKS: f64 = 100.0;

/// Runs a program to its end; fails with what it said where it fails.
pub fn run(command: &mut Command) -> Outcome<Cost> {
    let shown = shown(command);
    let mut log = tempfile::tempfile().context("a temporary file")?;
    let also = log.try_clone().context("a temporary file")?;
    let started = Instant::now();
    let mut child = command
        .stdin(Stdio::null())
        .stdout(log.try_clone().context("a temporary file")?)
        .stderr(also)
        .spawn()
        .context(format!("could not start `{shown}`"))?;
    let folder = format!("/proc/{}", child.id());
    let mut cost = Cost { seconds: 0.0, cpu: None, memory: None };
    // Until it is a zombie: then its account is complete, and the next wait closes it.
    while let Some((state, cpu)) = stat(&folder) {
        cost.cpu = Some(cpu);
        if state == 'Z' {
            break;
        }
        cost.memory = peak(&folder).max(cost.memory);
        thread::sleep(Duration::from_millis(2));
    }
    let seconds = started.elapsed().as_secs_f64();
    let status = child.wait().context(&shown)?;
    cost.seconds = if cost.cpu.is_some() { seconds } else { started.elapsed().as_secs_f64() };
    if !status.success() {
        let mut said = String::new();
        log.rewind().and_then(|()| log.read_to_string(&mut said)).context(&shown)?;
        let tail: Vec<&str> = said.lines().rev().take(5).collect();
        let tail = tail.into_iter().rev().collect::<Vec<_>>().join("\n");
        return Err(Failure::Failed(format!("`{shown}` ended with {status}\n{tail}")));
    }
    Ok(cost)
}

/// A process's state, and what it and its children have taken of the processors.
fn stat(folder: &str) -> Option<(char, f64)> {
    let text = fs::read_to_string(format!("{folder}/stat")).ok()?;
    // The program's name stands in parentheses and may hold anything, so fields are counted behind the last one.
    let mut fields = text.rsplit_once(')')?.1.split_whitespace();
    let state = fields.next()?.chars().next()?;
    let ticks = fields.skip(10).take(4).map(|field| field.parse::<f64>().unwrap_or(0.0)).sum::<f64>();
    Some((state, ticks / TICKS))
}

fn peak(folder: &str) -> Option<u64> {
    let text = fs::read_to_string(format!("{folder}/status")).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_works_costs_processor_time_and_memory() {
        let cost = run(Command::new("sh").args(["-c", "i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done"]))
            .expect("runs");
        assert!(cost.cpu.expect("Linux tells") > 0.0);
        assert!(cost.memory.expect("Linux tells") > 100_000);
        let said =
            run(Command::new("sh").args(["-c", "echo why >&2; exit 3"])).expect_err("fails").to_string();
        assert!(said.contains("why"), "{said}");
    }
}
