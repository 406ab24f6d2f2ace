//! `cargo xtask bench`: how fast the parts are, beside other programs that do the same, where they are installed.

use crate::Context;
use crate::failure::{Context as _, Failure, Outcome};
use crate::process::{self, find_program};
use diagnostics::render::{Colour, human};
use diagnostics::{Diagnostics, SourceMap};
use msi_bind::{BuildRequest, DiskWorld};
use serde_json::json;
use std::fmt::Write as _;
use std::fs;
use std::num::NonZeroUsize;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

/// Measure speed, beside other programs where they are installed
#[derive(Debug, clap::Args)]
pub struct Bench {
    /// What to measure
    #[arg(value_enum)]
    what: What,
    /// Packages with so many files (compile), cabinets of so many MiB (cabinet)
    #[arg(long, value_delimiter = ',', value_name = "N,…")]
    sizes: Vec<usize>,
    /// Print the result as JSON on standard output
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum What {
    /// MSZIP cabinets, beside gcab
    Cabinet,
    /// WiX source to package, beside wixl
    Compile,
}

/// One line of the result.
struct Row {
    size: usize,
    program: &'static str,
    seconds: f64,
    bytes: u64,
}

impl Bench {
    pub fn run(&self, context: &Context) -> Outcome {
        if cfg!(debug_assertions) {
            return self.again_optimised(context);
        }
        let sizes = match (self.sizes.as_slice(), self.what) {
            ([], What::Cabinet) => vec![16, 64],
            ([], What::Compile) => vec![1_000, 2_000, 4_000],
            (sizes, _) => sizes.to_vec(),
        };
        let mut rows = Vec::new();
        for size in sizes {
            let folder = tempfile::tempdir().context("temporary folder")?;
            match self.what {
                What::Cabinet => rows.extend(cabinet(size, folder.path())?),
                What::Compile => rows.extend(compile(context, size, folder.path())?),
            }
        }
        let unit = if self.what == What::Cabinet { "MiB" } else { "files" };
        if self.json {
            let rows: Vec<_> = rows
                .iter()
                .map(|row| json!({ unit: row.size, "program": row.program, "seconds": row.seconds, "bytes": row.bytes }))
                .collect();
            println!("{}", json!(rows));
            return Ok(());
        }
        println!("{unit:>8}  {:<24} {:>9}  {:>12}", "program", "seconds", "bytes");
        for Row { size, program, seconds, bytes } in rows {
            println!("{size:>8}  {program:<24} {seconds:>9.3}  {bytes:>12}");
        }
        Ok(())
    }

    /// Unoptimised figures mean nothing, so that the release build of this task measures.
    fn again_optimised(&self, context: &Context) -> Outcome {
        let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command.current_dir(context.repo.root()).args([
            "run",
            "--quiet",
            "--release",
            "--package",
            "xtask",
            "--",
        ]);
        command.args(std::env::args_os().skip(1));
        let status = context.reporter.suspend(|| command.status()).context("cargo")?;
        if status.success() {
            Ok(())
        } else {
            Err(Failure::Failed(format!("the optimised build ended with {status}")))
        }
    }
}

fn cabinet(mebibytes: usize, folder: &Path) -> Outcome<Vec<Row>> {
    use cabinet::{Attributes, Compression, Entry, Level, Options};
    let names: Vec<String> = (0..mebibytes).map(|number| format!("file{number:05}.bin")).collect();
    let mut contents = Vec::new();
    for (number, name) in names.iter().enumerate() {
        let bytes = sample(number as u64, 1 << 20);
        fs::write(folder.join(name), &bytes).context(name)?;
        contents.push(bytes);
    }
    let mut rows = Vec::new();
    let all = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    for (program, threads) in [("ours, 1 thread", NonZeroUsize::MIN), ("ours, all threads", all)] {
        let entries: Vec<Entry> = names
            .iter()
            .zip(&contents)
            .map(|(name, bytes)| Entry {
                name,
                len: bytes.len() as u64,
                modified: 0,
                attributes: Attributes::default(),
                source: bytes,
            })
            .collect();
        let out = folder.join("ours.cab");
        let started = Instant::now();
        let mut file = fs::File::create(&out).context(out.display())?;
        let options = Options { compression: Compression::Mszip(Level::default()), threads, set_id: 0 };
        cabinet::write(&mut file, &entries, &options).context("cabinet")?;
        rows.push(row(mebibytes, program, started, &out)?);
    }
    if let Some(gcab) = find_program(&["gcab"]) {
        let out = folder.join("gcab.cab");
        let mut command = Command::new(gcab);
        command.current_dir(folder).args(["-c", "-z", "gcab.cab"]).args(&names);
        let started = Instant::now();
        process::output(&mut command)?;
        rows.push(row(mebibytes, "gcab", started, &out)?);
    }
    Ok(rows)
}

fn compile(context: &Context, files: usize, folder: &Path) -> Outcome<Vec<Row>> {
    let source = folder.join("main.wxs");
    fs::write(&source, product(files)).context(source.display())?;
    for number in 0..files {
        let path = folder.join(format!("file{number:05}.txt"));
        fs::write(&path, format!("file {number}\n")).context(path.display())?;
    }
    let out = folder.join("ours.msi");
    let request = BuildRequest {
        sources: vec![source.clone()],
        bind_paths: vec![msi_bind::BindPath { name: None, folder: folder.to_owned() }],
        output: out.clone(),
        threads: std::thread::available_parallelism().map_or(1, usize::from),
        ..BuildRequest::default()
    };
    let (mut texts, mut found) = (SourceMap::new(), Diagnostics::new());
    let started = Instant::now();
    if msi_bind::build(&request, &DiskWorld, &mut texts, &mut found).is_none() {
        context.reporter.say(human(&found, &texts, Colour::Never));
        return Err(Failure::failed("the benchmark's own source does not compile"));
    }
    let mut rows = vec![row(files, "ours", started, &out)?];
    if let Some(wixl) = find_program(&["wixl"]) {
        let out = folder.join("wixl.msi");
        let mut command = Command::new(wixl);
        command.current_dir(folder).args(["--arch", "x64", "-o", "wixl.msi", "main.wxs"]);
        let started = Instant::now();
        process::output(&mut command)?;
        rows.push(row(files, "wixl", started, &out)?);
    }
    Ok(rows)
}

fn row(size: usize, program: &'static str, started: Instant, out: &Path) -> Outcome<Row> {
    let seconds = started.elapsed().as_secs_f64();
    let bytes = fs::metadata(out).context(out.display())?.len();
    Ok(Row { size, program, seconds, bytes })
}

/// A package of one component for each file, in the language that wixl understands too.
fn product(files: usize) -> String {
    let mut components = String::new();
    let mut references = String::new();
    for number in 0..files {
        let guid = format!("{:08X}-0000-4000-8000-{number:012X}", 0x1000_0000 + number);
        // Writing to a string cannot fail.
        let _ = writeln!(
            components,
            "<Component Id='c{number}' Guid='{guid}'><File Id='f{number}' Source='file{number:05}.txt' KeyPath='yes'/></Component>"
        );
        let _ = writeln!(references, "<ComponentRef Id='c{number}'/>");
    }
    format!(
        "<Wix xmlns='http://schemas.microsoft.com/wix/2006/wi'>\n\
         <Product Id='7A1F4C60-5D0C-4C9B-9E0B-0C4B1B1E0001' Name='Bench' Manufacturer='Bench' Version='1.0.0' Language='1033' \
         UpgradeCode='7A1F4C60-5D0C-4C9B-9E0B-0C4B1B1E0002'>\n\
         <Package InstallerVersion='500' Compressed='yes' InstallScope='perMachine'/>\n\
         <Media Id='1' Cabinet='files.cab' EmbedCab='yes'/>\n\
         <Directory Id='TARGETDIR' Name='SourceDir'><Directory Id='ProgramFiles64Folder'><Directory Id='INSTALLDIR' Name='Bench'>\n\
         {components}</Directory></Directory></Directory>\n\
         <Feature Id='Main' Level='1'>{references}</Feature>\n</Product></Wix>\n"
    )
}

/// Text-like bytes that compress to about a third, the same every time.
fn sample(seed: u64, len: usize) -> Vec<u8> {
    let words = [
        "service", "config", "install", "Windows", "agent", "0x7f", "cloud ", "\r\n", "policy=", "\0\0\0\0",
        "endpoint",
    ];
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut bytes = Vec::with_capacity(len + 16);
    while bytes.len() < len {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        bytes.extend_from_slice(words[(state % words.len() as u64) as usize].as_bytes());
        bytes.push((state >> 32) as u8);
    }
    bytes.truncate(len);
    bytes
}
