//! A folder to work in, and runs of the program there.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// A small package: two folders, two files, one registry value.
pub const SOURCE: &str = r#"<Wix xmlns="http://schemas.microsoft.com/wix/2006/wi">
  <Product Id="*" Name="Small" Manufacturer="Tests" Language="1033" Version="$(var.Version)"
           UpgradeCode="0F9D1F0A-5C39-4A53-8B7E-4D6B4C7B0001">
    <Package InstallerVersion="500" Compressed="yes" InstallScope="perMachine"/>
    <MediaTemplate EmbedCab="yes"/>
    <Directory Id="TARGETDIR" Name="SourceDir">
      <Directory Id="ProgramFilesFolder">
        <Directory Id="INSTALLDIR" Name="Small">
          <Component Id="One" Guid="*"><File Id="One" Source="sub\one.txt" KeyPath="yes"/></Component>
          <Directory Id="Deep" Name="deep">
            <Component Id="Two" Guid="*">
              <File Id="Two" Name="two.txt" Source="sub\one.txt" KeyPath="yes"/>
              <RegistryValue Root="HKLM" Key="Software\Small" Name="Version" Type="string" Value="[ProductVersion]"/>
            </Component>
          </Directory>
        </Directory>
      </Directory>
    </Directory>
    <Feature Id="Main" Level="1"><ComponentRef Id="One"/><ComponentRef Id="Two"/></Feature>
  </Product>
</Wix>
"#;

/// A folder of a test's own.
pub struct Desk {
    folder: TempDir,
}

/// What one run printed, and how it ended.
#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Desk {
    pub fn new() -> Desk {
        Desk { folder: tempfile::tempdir().unwrap() }
    }

    /// A desk with [`SOURCE`] as `main.wxs` and its file.
    pub fn with_source() -> Desk {
        let desk = Desk::new();
        desk.write("main.wxs", SOURCE);
        desk.write("sub/one.txt", "one");
        desk
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        path
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    pub fn run(&self, args: &[&str]) -> Ran {
        self.run_in("", args)
    }

    pub fn run_in(&self, folder: &str, args: &[&str]) -> Ran {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-msi"));
        // As cargo runs it: with its own name in front.
        command.arg("msi").args(args).current_dir(self.path(folder)).env("SOURCE_DATE_EPOCH", "1700000000");
        command.env_remove("CARGO_TARGET_DIR").env_remove("CARGO_BUILD_TARGET_DIR");
        let output = command.output().unwrap();
        Ran {
            code: output.status.code().unwrap(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Runs what must succeed.
    #[track_caller]
    pub fn does(&self, args: &[&str]) -> Ran {
        let ran = self.run(args);
        assert_eq!(ran.code, 0, "{args:?}: {}{}", ran.out, ran.err);
        ran
    }

    /// Runs what must end with another code.
    #[track_caller]
    pub fn fails(&self, code: i32, args: &[&str]) -> Ran {
        let ran = self.run(args);
        assert_eq!(ran.code, code, "{args:?}: {}{}", ran.out, ran.err);
        ran
    }
}

/// All files below a folder, relative to it, sorted.
pub fn files_below(folder: &Path) -> Vec<String> {
    let mut files = Vec::new();
    let mut pending = vec![folder.to_owned()];
    while let Some(at) = pending.pop() {
        for entry in fs::read_dir(&at).unwrap().flatten() {
            if entry.file_type().unwrap().is_dir() {
                pending.push(entry.path());
            } else {
                let path = entry.path();
                files.push(path.strip_prefix(folder).unwrap().to_string_lossy().replace('\\', "/"));
            }
        }
    }
    files.sort();
    files
}
