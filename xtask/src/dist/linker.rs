//! The linker that keeps the clone's path out of the binaries.
//!
//! GNU ld sorts import tables by the path of the archive they come from. The archives of crates lie in the clone, those of
//! mingw-w64 in the system: whether the first sort before the second depends on where the clone lies, and with it the order of
//! the imports. This wrapper makes all paths below the target folder relative, so that they sort alike everywhere.

use crate::failure::{Context as _, Outcome};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Names the folder that paths are made relative to; read by the wrapper.
const BASE: &str = "XTASK_LINK_BASE";

const WRAPPER: &str = r#"#!/bin/sh
# Written by `cargo xtask dist`: makes the linker's inputs relative to the target folder. Why: xtask/src/dist/linker.rs.
cd "$XTASK_LINK_BASE" || exit 1
left=$#
while [ "$left" -gt 0 ]; do
    argument=$1
    shift
    set -- "$@" "${argument#"$XTASK_LINK_BASE"/}"
    left=$((left - 1))
done
exec x86_64-w64-mingw32-gcc "$@"
"#;

/// Makes a cargo command link through the wrapper. `target_dir` is the command's own target folder.
pub fn use_relative_paths(command: &mut Command, target_dir: &Path) -> Outcome {
    let wrapper = write(target_dir)?;
    // rustc's own temporary files are inputs too: inside the folder they are made relative like the others.
    let temporary = target_dir.join("tmp");
    fs::create_dir_all(&temporary).context(temporary.display())?;
    command
        .env("CARGO_TARGET_X86_64_PC_WINDOWS_GNU_LINKER", wrapper)
        .env(BASE, target_dir)
        .env("TMPDIR", temporary);
    Ok(())
}

/// Named like a gcc, because rustc tells the kind of a linker by its name.
fn write(target_dir: &Path) -> Outcome<PathBuf> {
    let path = target_dir.join("linker").join("mingw-gcc");
    if fs::read_to_string(&path).is_ok_and(|text| text == WRAPPER) {
        return Ok(path);
    }
    let folder = target_dir.join("linker");
    fs::create_dir_all(&folder).context(folder.display())?;
    let temporary = tempfile::NamedTempFile::new_in(&folder).context(folder.display())?;
    fs::write(temporary.path(), WRAPPER).context(path.display())?;
    make_executable(temporary.path())?;
    temporary.persist(&path).context(path.display())?;
    Ok(path)
}

#[cfg(unix)]
fn make_executable(path: &Path) -> Outcome {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).context(path.display())
}

#[cfg(not(unix))]
fn make_executable(_path: &Path) -> Outcome {
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn the_wrapper_strips_the_folder_and_keeps_the_rest() {
        let home = tempfile::tempdir().expect("folder");
        let base = home.path().join("a target's folder");
        let path = write(&base).expect("written");
        // A stand-in for gcc, found first, shows what it is given.
        let gcc = home.path().join("x86_64-w64-mingw32-gcc");
        fs::write(&gcc, "#!/bin/sh\npwd\nfor a in \"$@\"; do echo \"[$a]\"; done\n").expect("written");
        make_executable(&gcc).expect("executable");
        let search = format!("{}:{}", home.path().display(), std::env::var("PATH").expect("PATH"));
        let inside = base.join("deps/lib a.rlib");
        let output = Command::new(path)
            .args(["-o", inside.to_str().expect("UTF-8"), "/usr/lib/x.a", "", "-Wl,--gc"])
            .env("PATH", search)
            .env(BASE, &base)
            .output()
            .expect("runs");
        let text = String::from_utf8(output.stdout).expect("UTF-8");
        let lines: Vec<&str> = text.lines().skip(1).collect();
        assert_eq!(lines, ["[-o]", "[deps/lib a.rlib]", "[/usr/lib/x.a]", "[]", "[-Wl,--gc]"]);
    }
}
