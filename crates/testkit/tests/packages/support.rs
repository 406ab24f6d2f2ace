//! Compiling a source of this folder, and the machine that its package is installed on.

use diagnostics::render::{Colour, human};
use diagnostics::{Diagnostics, SourceMap};
use msi_bind::{Arch, BindPath, BuildRequest, DiskWorld};
use std::path::{Path, PathBuf};
use std::process::Command;
use testkit::{Host, Machine, Snapshot};

/// A package of `sources/NAME.wxs`, with its variables.
pub fn build(name: &str, defines: &[(&str, &str)]) -> Built {
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/packages");
    let folder = folder(name);
    let label: String = defines.iter().map(|(_, value)| format!("-{value}")).collect();
    let label: String =
        label.chars().map(|c| if c.is_alphanumeric() || c == '.' { c } else { '-' }).collect();
    let request = BuildRequest {
        sources: vec![here.join("sources").join(format!("{name}.wxs"))],
        bind_paths: vec![
            BindPath { name: None, folder: here.join("files") },
            BindPath { name: None, folder: folder.clone() },
        ],
        defines: defines.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
        arch: Arch::X64,
        output: folder.join(format!("{name}{label}.msi")),
        timestamp: 1_700_000_000,
        threads: 1,
        ..BuildRequest::default()
    };
    let (mut sources, mut found) = (SourceMap::new(), Diagnostics::new());
    let built = msi_bind::build(&request, &DiskWorld, &mut sources, &mut found)
        .unwrap_or_else(|| panic!("{name} does not compile:\n{}", human(&found, &sources, Colour::Never)));
    Built { msi: built.path, product: built.product_code, beside: built.beside }
}

/// A package, and how to remove it.
pub struct Built {
    pub msi: PathBuf,
    pub product: String,
    /// Cabinets and files that belong to it.
    pub beside: Vec<PathBuf>,
}

/// A folder that tests of one source may put files into, for its package.
pub fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("packages").join(name);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// Compiles a Windows DLL from C, with a version of its own where one is given.
pub fn dll(folder: &Path, name: &str, source: &str, version: Option<[u16; 4]>) -> PathBuf {
    let host = Host::discover().unwrap_or_else(|message| panic!("{message}"));
    let dll = folder.join(name);
    let code = folder.join(format!("{name}.c"));
    std::fs::write(&code, source).unwrap();
    let mut compile = Command::new(&host.windows_cc);
    compile.args(["-shared", "-s", "-o"]).arg(&dll).arg(&code);
    if let Some([a, b, c, d]) = version {
        let (script, object) = (folder.join(format!("{name}.rc")), folder.join(format!("{name}.res.o")));
        std::fs::write(&script, format!("1 VERSIONINFO FILEVERSION {a},{b},{c},{d} BEGIN END\n")).unwrap();
        run(Command::new("x86_64-w64-mingw32-windres").arg(&script).arg(&object));
        compile.arg(&object);
    }
    run(compile.arg("-lmsi"));
    dll
}

fn run(command: &mut Command) {
    let output = command
        .output()
        .unwrap_or_else(|error| panic!("{command:?}: {error} (`cargo xtask setup` installs it)"));
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// What a removal has left behind of a product, by a word that all its names hold.
pub fn left_behind(machine: &Machine, before: &Snapshot, word: &str) -> Vec<String> {
    let differences = before.differences(&machine.snapshot());
    differences
        .iter()
        .map(|difference| format!("{difference:?}"))
        .filter(|name| name.contains(word))
        .collect()
}
