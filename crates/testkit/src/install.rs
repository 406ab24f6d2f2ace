//! Windows Installer runs on a machine: install, repair, uninstall, each with its whole exit code and verbose log.

use crate::machine::{Machine, decode};
use std::fs;
use std::path::Path;
use std::time::Duration;

/// An installation that takes longer than this hangs.
const LIMIT: Duration = Duration::from_secs(180);

/// `ERROR_SUCCESS`.
pub const SUCCESS: u32 = 0;
/// What a failed installation that was rolled back ends with: `ERROR_INSTALL_FAILURE`, or in Wine, where the failing action was
/// an executable, `ERROR_FUNCTION_FAILED`.
const FAILURES: [u32; 2] = [1603, 1627];

/// What one run of msiexec left behind.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The whole exit code.
    pub code: u32,
    /// The verbose log, decoded.
    pub log: String,
    /// What was asked, for messages.
    pub command_line: String,
}

impl Machine {
    /// `msiexec /i` without a user interface. The package is staged on drive C first, as a download would be.
    pub fn install(&self, msi: &Path, properties: &[(&str, &str)]) -> Outcome {
        let staged = self.stage(msi);
        self.msiexec(&format!("/i \"{staged}\""), properties)
    }

    /// `msiexec /x` by product code.
    pub fn uninstall(&self, product_code: &str, properties: &[(&str, &str)]) -> Outcome {
        self.msiexec(&format!("/x {product_code}"), properties)
    }

    /// Repairs an installed product. Wine answers `/fa` with 1605, so the properties that `/famus` stands for are set.
    pub fn repair(&self, product_code: &str, properties: &[(&str, &str)]) -> Outcome {
        let repair = [("REINSTALL", "ALL"), ("REINSTALLMODE", "amus")];
        self.msiexec(&format!("/i {product_code}"), &[&repair, properties].concat())
    }

    /// Any other msiexec run: what to do, then public properties; always silent and with a verbose log.
    pub fn msiexec(&self, what: &str, properties: &[(&str, &str)]) -> Outcome {
        let number = self.logs.get() + 1;
        self.logs.set(number);
        let log = format!("C:\\logs\\{number:02}.log");
        fs::create_dir_all(self.path("C:\\logs"))
            .unwrap_or_else(|error| panic!("cannot make C:\\logs: {error}"));
        let mut command_line = format!("msiexec {what} /qn /l*v \"{log}\"");
        for (name, value) in properties {
            command_line.push_str(&format!(" {name}=\"{}\"", value.replace('"', "\"\"")));
        }
        let ran = self.run_within(&command_line, LIMIT);
        let log = fs::read(self.path(&log)).map(|bytes| decode(&bytes)).unwrap_or_default();
        Outcome { code: ran.code, log, command_line }
    }

    /// Puts a package into `C:\packages` and gives its Windows path.
    pub fn stage(&self, msi: &Path) -> String {
        let name = msi.file_name().unwrap_or_else(|| panic!("{} names no file", msi.display()));
        let staged = format!("C:\\packages\\{}", name.to_string_lossy());
        let bytes = fs::read(msi).unwrap_or_else(|error| panic!("cannot read {}: {error}", msi.display()));
        self.write(&staged, bytes);
        staged
    }
}

impl Outcome {
    /// Fails the test with the log's telling lines unless the run ended with this code.
    #[track_caller]
    pub fn expect(self, code: u32) -> Outcome {
        assert!(
            self.code == code,
            "`{}` ended with {}, expected {code}\n{}",
            self.command_line,
            self.code,
            self.telling_lines()
        );
        self
    }

    /// [`Outcome::expect`] success.
    #[track_caller]
    pub fn succeeded(self) -> Outcome {
        self.expect(SUCCESS)
    }

    /// Fails the test unless the installation failed and was rolled back.
    #[track_caller]
    pub fn failed(self) -> Outcome {
        let code = self.code;
        if FAILURES.contains(&code) { self } else { self.expect(FAILURES[0]) }
    }

    /// Fails the test unless the log has a line that contains this text.
    #[track_caller]
    pub fn logged(self, text: &str) -> Outcome {
        assert!(
            self.log.contains(text),
            "the log of `{}` lacks {text:?}\n{}",
            self.command_line,
            self.telling_lines()
        );
        self
    }

    /// The log without the dump of all properties, which Windows leaves hidden ones out of and Wine does not.
    pub fn log_without_properties(&self) -> String {
        self.log.lines().filter(|line| !is_property_dump(line)).collect::<Vec<_>>().join("\n")
    }

    /// Lines that say why a run failed: errors and failed actions with what stands before them, and the end.
    pub fn telling_lines(&self) -> String {
        const BEFORE: usize = 12;
        let lines: Vec<&str> = self.log.lines().filter(|line| !is_property_dump(line)).collect();
        let telling = |line: &str| {
            let line = line.to_lowercase();
            line.contains("return value 3") || line.contains("error") || line.contains("rollback")
        };
        let mut kept = vec![false; lines.len()];
        for (at, _) in lines.iter().enumerate().filter(|(_, line)| telling(line)) {
            kept[at.saturating_sub(BEFORE)..=at].fill(true);
        }
        let tail = lines.len().saturating_sub(20);
        kept[tail..].fill(true);
        let chosen: Vec<&str> =
            lines.iter().zip(kept).filter(|(_, kept)| *kept).map(|(line, _)| *line).collect();
        let skip = chosen.len().saturating_sub(150);
        chosen[skip..].join("\n")
    }
}

fn is_property_dump(line: &str) -> bool {
    line.starts_with("Property(") || line.contains(": Property(")
}
