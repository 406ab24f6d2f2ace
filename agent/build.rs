//! The Windows resources of `provisioning-agent.exe`: version, manifest, icon, event messages.
//!
//! The version comes from `PROVISIONING_AGENT_VERSION`, which `cargo xtask dist` sets to the release's, or else is the
//! crate's. The message table is made from `src/event_catalogue.rs`, so that the event log shows the agent's own sentences:
//! `EventMessageFile` under the source's registry key names the executable itself.

use std::path::{Path, PathBuf};
use std::{env, fs};

#[allow(dead_code, reason = "the agent uses all of it")]
mod event_catalogue {
    include!("src/event_catalogue.rs");
}

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=src/event_catalogue.rs");
    println!("cargo:rerun-if-env-changed=PROVISIONING_AGENT_VERSION");
    let version = match env::var("PROVISIONING_AGENT_VERSION") {
        Ok(version) if !version.is_empty() => version,
        _ => env::var("CARGO_PKG_VERSION").expect("cargo sets it"),
    };
    let numbers = version_numbers(&version).unwrap_or_else(|| {
        panic!("PROVISIONING_AGENT_VERSION is \"{version}\", not a version like 1.2.3");
    });
    println!("cargo:rustc-env=AGENT_VERSION={version}");
    if env::var("CARGO_CFG_TARGET_OS").as_deref() != Ok("windows") {
        return;
    }

    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));
    let icon = Path::new(env!("CARGO_MANIFEST_DIR")).join("../wix/art/agent.ico");
    println!("cargo:rerun-if-changed={}", icon.display());
    write(&out.join("agent.manifest"), manifest(numbers).as_bytes());
    write(&out.join("events.bin"), &message_table());
    fs::copy(&icon, out.join("agent.ico")).expect("the product's icon is in the sources");
    write(&out.join("agent.rc"), resource_script(&version, numbers).as_bytes());
    embed_resource::compile_for(out.join("agent.rc"), ["provisioning-agent"], embed_resource::NONE)
        .manifest_required()
        .expect("windres (package gcc-mingw-w64-x86-64) or rc.exe compiles the resources");
}

fn write(path: &Path, bytes: &[u8]) {
    fs::write(path, bytes).expect("cargo's output folder can be written");
}

/// Three or four numbers, whatever pre-release follows.
fn version_numbers(version: &str) -> Option<[u16; 4]> {
    let core = version.split(['-', '+']).next()?;
    let mut numbers = [0; 4];
    let mut count = 0;
    for part in core.split('.') {
        *numbers.get_mut(count)? = part.parse().ok()?;
        count += 1;
    }
    (count >= 3).then_some(numbers)
}

fn resource_script(version: &str, [a, b, c, d]: [u16; 4]) -> String {
    // 24: RT_MANIFEST, 11: RT_MESSAGETABLE. The files stand beside the script.
    format!(
        r#"LANGUAGE 9, 1
1 24 "agent.manifest"
1 11 "events.bin"
1 ICON "agent.ico"
1 VERSIONINFO
FILEVERSION {a},{b},{c},{d}
PRODUCTVERSION {a},{b},{c},{d}
FILEFLAGSMASK 0x3fL
FILEFLAGS 0x0L
FILEOS 0x40004L
FILETYPE 0x1L
FILESUBTYPE 0x0L
BEGIN
  BLOCK "StringFileInfo"
  BEGIN
    BLOCK "040904b0"
    BEGIN
      VALUE "CompanyName", "Provisioning Agent Project"
      VALUE "FileDescription", "Provisioning Agent"
      VALUE "FileVersion", "{version}"
      VALUE "InternalName", "provisioning-agent"
      VALUE "LegalCopyright", "Licensed under MIT or Apache-2.0"
      VALUE "OriginalFilename", "provisioning-agent.exe"
      VALUE "ProductName", "Provisioning Agent"
      VALUE "ProductVersion", "{version}"
    END
  END
  BLOCK "VarFileInfo"
  BEGIN
    VALUE "Translation", 0x0409, 1200
  END
END
"#
    )
}

fn manifest([a, b, c, d]: [u16; 4]) -> String {
    // The supportedOS ids: Windows 10 and 11 and Server 2016 and later; 8.1 and Server 2012 R2.
    format!(
        r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<assembly xmlns="urn:schemas-microsoft-com:asm.v1" manifestVersion="1.0">
  <assemblyIdentity type="win32" name="ProvisioningAgentProject.ProvisioningAgent" version="{a}.{b}.{c}.{d}" />
  <trustInfo xmlns="urn:schemas-microsoft-com:asm.v3">
    <security>
      <requestedPrivileges>
        <requestedExecutionLevel level="asInvoker" uiAccess="false" />
      </requestedPrivileges>
    </security>
  </trustInfo>
  <compatibility xmlns="urn:schemas-microsoft-com:compatibility.v1">
    <application>
      <supportedOS Id="{{8e0f7a12-bfb3-4fe8-b9a5-48fd50a15a9a}}" />
      <supportedOS Id="{{1f676c76-80e1-4239-95bb-83d0f6d0da78}}" />
    </application>
  </compatibility>
  <application xmlns="urn:schemas-microsoft-com:asm.v3">
    <windowsSettings>
      <activeCodePage xmlns="http://schemas.microsoft.com/SMI/2019/WindowsSettings">UTF-8</activeCodePage>
      <longPathAware xmlns="http://schemas.microsoft.com/SMI/2016/WindowsSettings">true</longPathAware>
    </windowsSettings>
  </application>
</assembly>
"#
    )
}

/// The message table resource: a count of blocks; per block the first id, the last id and where its entries start; per
/// entry its length, 1 for UTF-16, and the text, padded to four bytes.
fn message_table() -> Vec<u8> {
    let events = event_catalogue::ALL;
    let mut blocks = (events.len() as u32).to_le_bytes().to_vec();
    let first_entry = 4 + events.len() * 12;
    let mut entries = Vec::new();
    for event in events {
        let id = u32::from(event.id);
        for number in [id, id, (first_entry + entries.len()) as u32] {
            blocks.extend(number.to_le_bytes());
        }
        let text = format!("{}%r%n%r%n%1%r%n\0", event.title);
        let mut text: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        text.resize(text.len().next_multiple_of(4), 0);
        entries.extend((text.len() as u16 + 4).to_le_bytes());
        entries.extend(1_u16.to_le_bytes());
        entries.extend(text);
    }
    blocks.extend(entries);
    blocks
}
