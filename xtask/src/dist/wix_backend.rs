//! The second backend: the WiX Toolset, driven through the cargo-wix library, from the same sources.

use crate::failure::{Failure, Outcome};
use msi_bind::BuildRequest;

/// Compiles with candle and light.
#[cfg(windows)]
pub fn build(request: &BuildRequest) -> Outcome {
    use std::sync::Mutex;
    if request.is_multilingual() {
        return Err(Failure::failed(
            "the WiX Toolset makes packages of one language; take multilingual out of dist.toml",
        ));
    }
    // cargo-wix keeps its object files in one folder of target/, so that two packages at a time would mix them up.
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _guard = ONE_AT_A_TIME.lock().map_err(|_| Failure::failed("an earlier package failed"))?;

    let text = |path: &std::path::Path| path.display().to_string();
    let sources: Vec<String> = request.sources.iter().map(|path| text(path)).collect();
    let mut compiler: Vec<String> = request
        .defines
        .iter()
        .filter(|(name, _)| *name != "Version" && *name != "Platform")
        .map(|(name, value)| format!("-d{name}={value}"))
        .collect();
    compiler.extend(request.include_dirs.iter().map(|folder| format!("-I{}", folder.display())));
    let mut linker = vec!["-sval".to_owned()];
    for folder in &request.bind_paths {
        linker.extend(["-b".to_owned(), text(&folder.folder)]);
    }
    for file in &request.localizations {
        linker.extend(["-loc".to_owned(), text(file)]);
    }
    let output = text(&request.output);
    let cultures = request.cultures.join(";");
    let version = request.defines.get("Version").map(String::as_str);
    let mut builder = wix::create::Builder::new();
    builder
        .package(Some("provisioning-agent"))
        .no_build(true)
        .target(Some(match request.arch {
            msi_bind::Arch::X86 => "i686-pc-windows-msvc",
            msi_bind::Arch::X64 => "x86_64-pc-windows-msvc",
            msi_bind::Arch::Arm64 => "aarch64-pc-windows-msvc",
        }))
        .version(version)
        .includes(Some(sources.iter().map(String::as_str).collect()))
        .compiler_args(Some(compiler.iter().map(String::as_str).collect()))
        .linker_args(Some(linker.iter().map(String::as_str).collect()))
        .culture((!cultures.is_empty()).then_some(cultures.as_str()))
        .output(Some(&output));
    builder.build().run().map_err(|error| Failure::Failed(format!("the WiX Toolset: {error}")))
}

/// Says what is wrong and what to do instead.
#[cfg(not(windows))]
pub fn build(_request: &BuildRequest) -> Outcome {
    Err(refusal())
}

/// Before anything is compiled: the backend that was asked for has to exist here.
pub fn check() -> Outcome {
    if cfg!(windows) { Ok(()) } else { Err(refusal()) }
}

fn refusal() -> Failure {
    Failure::input(
        "--backend wix drives the WiX Toolset, which needs Windows; this host has the native backend (--backend native), \
         which builds the same packages",
    )
}
