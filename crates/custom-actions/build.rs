//! Gives the DLL its version information, where Windows Installer and administrators look for it.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var_os("CARGO_CFG_WINDOWS").is_none() {
        return;
    }
    let mut resource = winresource::WindowsResource::new();
    resource
        .set("ProductName", "Provisioning Agent")
        .set("CompanyName", "Provisioning Agent Project")
        .set("FileDescription", "Custom actions of the Provisioning Agent's installer")
        .set("OriginalFilename", "custom_actions.dll")
        .set("InternalName", "custom_actions")
        .set("LegalCopyright", "MIT OR Apache-2.0");
    if let Err(error) = resource.compile() {
        println!(
            "cargo::error=the version resource of custom_actions.dll: {error} (is windres of MinGW-w64 installed?)"
        );
    }
}
