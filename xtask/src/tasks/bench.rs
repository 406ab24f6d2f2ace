//! `cargo xtask bench`: how fast the parts are, beside other programs that do the same, where they are installed.

use super::bench_sign;
use crate::Context;
use crate::failure::{Context as _, Failure, Outcome};
use crate::measure::{self, Cost};
use crate::process::{self, find_program};
use serde_json::json;
use std::fmt::Write as _;
use std::fs;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

/// Measure speed, beside other programs where they are installed
#[derive(Debug, clap::Args)]
pub struct Bench {
    /// What to measure
    #[arg(value_enum)]
    what: What,
    /// Packages with so many files (compile), cabinets or packages of so many MiB (cabinet, sign)
    #[arg(long, value_delimiter = ',', value_name = "N,…")]
    sizes: Vec<usize>,
    /// compile: a folder with candle.exe and light.exe of WiX 3, run through mono where this is not Windows
    #[arg(long, value_name = "DIR")]
    wix: Option<PathBuf>,
    /// compile, sign: fail where a limit is broken
    #[arg(long)]
    check: bool,
    /// Print the result as JSON on standard output
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum What {
    /// MSZIP cabinets, beside gcab
    Cabinet,
    /// WiX source to package, beside candle and wixl
    Compile,
    /// Signatures of packages, beside osslsigncode and a plain SHA-256
    Sign,
}

/// One line of the result.
pub struct Row {
    pub size: usize,
    pub program: &'static str,
    pub cost: Cost,
    pub bytes: u64,
}

/// How much longer 16,000 files may take than 8,000: linear, and a tenth for the weather.
const MOST_GROWTH: f64 = 2.2;
/// The most memory that 16,000 files may take.
const MOST_MEMORY: u64 = 150 << 20;

impl Bench {
    pub fn run(&self, context: &Context) -> Outcome {
        // Cabinets are written in this process; packages by a program that is built for the purpose.
        if cfg!(debug_assertions) && self.what == What::Cabinet {
            return self.again_optimised(context);
        }
        let sizes = match (self.sizes.as_slice(), self.what) {
            ([], What::Cabinet) => vec![16, 64],
            ([], What::Compile) => vec![1_000, 2_000, 4_000, 8_000, 10_000, 16_000],
            ([], What::Sign) => vec![100, 1024],
            (sizes, _) => sizes.to_vec(),
        };
        let ours = match self.what {
            What::Compile | What::Sign => Some(cargo_msi(context)?),
            What::Cabinet => None,
        };
        let mut rows = Vec::new();
        for size in sizes {
            let folder = tempfile::tempdir().context("temporary folder")?;
            match &ours {
                None => rows.extend(cabinet(size, folder.path())?),
                Some(ours) if self.what == What::Sign => {
                    rows.extend(bench_sign::rows(ours, size, folder.path())?);
                }
                Some(ours) => rows.extend(self.compile(context, ours, size, folder.path())?),
            }
        }
        self.show(&rows);
        let broken = match self.what {
            What::Sign => bench_sign::limits(&rows),
            What::Cabinet | What::Compile => limits(&rows),
        };
        for limit in &broken {
            context.reporter.warn(limit);
        }
        if self.check && !broken.is_empty() {
            return Err(Failure::failed("it is slower, or takes more memory, than it may"));
        }
        Ok(())
    }

    fn show(&self, rows: &[Row]) {
        let unit = if self.what == What::Compile { "files" } else { "MiB" };
        if self.json {
            let rows: Vec<_> = rows
                .iter()
                .map(|Row { size, program, cost, bytes }| {
                    json!({ unit: size, "program": program, "seconds": cost.seconds, "cpu": cost.cpu, "memory": cost.memory, "bytes": bytes })
                })
                .collect();
            println!("{}", json!(rows));
            return;
        }
        println!(
            "{unit:>8}  {:<24} {:>9}  {:>9}  {:>10}  {:>12}",
            "program", "seconds", "CPU", "memory MiB", "bytes"
        );
        for Row { size, program, cost, bytes } in rows {
            let cpu = cost.cpu.map_or("-".into(), |cpu| format!("{cpu:.2}"));
            let memory =
                cost.memory.map_or("-".into(), |bytes| format!("{:.0}", bytes as f64 / f64::from(1 << 20)));
            println!("{size:>8}  {program:<24} {:>9.3}  {cpu:>9}  {memory:>10}  {bytes:>12}", cost.seconds);
        }
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

/// The program that users run, optimised.
fn cargo_msi(context: &Context) -> Outcome<PathBuf> {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(context.repo.root()).args([
        "build",
        "--quiet",
        "--release",
        "--package",
        "cargo-msi",
    ]);
    context.reporter.suspend(|| process::run(&mut command))?;
    let program =
        context.repo.target().join("release").join(format!("cargo-msi{}", std::env::consts::EXE_SUFFIX));
    std::path::absolute(&program).context(program.display())
}

impl Bench {
    fn compile(&self, context: &Context, ours: &Path, files: usize, folder: &Path) -> Outcome<Vec<Row>> {
        let source = folder.join("main.wxs");
        fs::write(&source, product(files)).context(source.display())?;
        for number in 0..files {
            let path = folder.join(format!("file{number:05}.txt"));
            fs::write(&path, format!("file {number}\n")).context(path.display())?;
        }
        let mut rows = Vec::new();
        let mut add = |program: &'static str, command: &mut Command, out: &str| -> Outcome {
            let cost = measure::run(command.current_dir(folder))?;
            let out = folder.join(out);
            let bytes = fs::metadata(&out).context(out.display())?.len();
            rows.push(Row { size: files, program, cost, bytes });
            Ok(())
        };
        add(
            OURS,
            Command::new(ours).args(["build", "main.wxs", "--arch", "x64", "-o", "ours.msi"]),
            "ours.msi",
        )?;
        let installed = self.wix.clone().or_else(|| std::env::var_os("WIX_BIN").map(PathBuf::from));
        if let Some(wix) = installed {
            let mut candle = wix_program(&wix, "candle.exe");
            candle.args(["-nologo", "-arch", "x64", "-out", "main.wixobj", "main.wxs"]);
            add(CANDLE, &mut candle, "main.wixobj")?;
            let mut light = wix_program(&wix, "light.exe");
            light.args(["-nologo", "-sval", "-spdb", "-out", "light.msi", "main.wixobj"]);
            // Without Windows' own libraries light can link, but not write.
            if let Err(failure) = add("light", &mut light, "light.msi") {
                context.reporter.say(format!("light is left out: {failure}"));
            }
        }
        if let Some(wixl) = find_program(&["wixl"]) {
            add(WIXL, Command::new(wixl).args(["--arch", "x64", "-o", "wixl.msi", "main.wxs"]), "wixl.msi")?;
        }
        Ok(rows)
    }
}

const OURS: &str = "cargo msi";
const CANDLE: &str = "candle";
const WIXL: &str = "wixl";

/// A program of WiX: .NET, which other hosts run through mono.
fn wix_program(folder: &Path, name: &str) -> Command {
    let program = folder.join(name);
    if cfg!(windows) {
        return Command::new(program);
    }
    let mut command = Command::new("mono");
    command.arg(program);
    command
}

/// The limits that the figures break, in words.
fn limits(rows: &[Row]) -> Vec<String> {
    let row = |size: usize, program: &str| rows.iter().find(|row| row.size == size && row.program == program);
    let cpu = |size: usize, program: &str| row(size, program).and_then(|row| row.cost.cpu);
    let mut broken = Vec::new();
    if let (Some(half), Some(whole)) = (cpu(8_000, OURS), cpu(16_000, OURS))
        && whole > half * MOST_GROWTH
    {
        broken.push(format!(
            "16,000 files take {:.2} times the CPU of 8,000; {MOST_GROWTH} is the limit",
            whole / half
        ));
    }
    if let (Some(ours), Some(wixl)) = (cpu(10_000, OURS), cpu(10_000, WIXL))
        && ours > wixl / 10.0
    {
        broken.push(format!("10,000 files take {ours:.2} s of CPU, more than a tenth of wixl's {wixl:.2} s"));
    }
    for row in rows.iter().filter(|row| row.program == OURS) {
        if let (Some(ours), Some(candle)) = (row.cost.cpu, cpu(row.size, CANDLE))
            && ours > candle
        {
            broken.push(format!(
                "{} files take {ours:.2} s of CPU, more than candle's {candle:.2} s",
                row.size
            ));
        }
        if row.cost.memory.is_some_and(|memory| memory > MOST_MEMORY) {
            broken.push(format!("{} files take more than {} MiB", row.size, MOST_MEMORY >> 20));
        }
    }
    broken
}

fn row(size: usize, program: &'static str, started: Instant, out: &Path) -> Outcome<Row> {
    let cost = Cost { seconds: started.elapsed().as_secs_f64(), cpu: None, memory: None };
    let bytes = fs::metadata(out).context(out.display())?.len();
    Ok(Row { size, program, cost, bytes })
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
