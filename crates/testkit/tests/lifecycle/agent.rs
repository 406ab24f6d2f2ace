//! The installed agent as the tests look at it: its files, settings, service and entry in "Programs and Features".

use std::path::PathBuf;
use std::time::Duration;
use testkit::{Artifact, Fixtures, Machine, RegistryDump, State};

pub const INSTALL_DIR: &str = "C:\\Program Files\\Provisioning Agent";
pub const DATA_DIR: &str = "C:\\ProgramData\\Provisioning Agent";
pub const CONFIG: &str = "C:\\Program Files\\Provisioning Agent\\provisioning-agent.exe.config";
pub const SERVICE: &str = "ProvisioningAgent";
pub const KEY: &str = "HKLM\\SOFTWARE\\Provisioning Agent";

/// The version that is installed first, and the one that replaces it.
pub const OLD: &str = "1.0.0";
pub const NEW: &str = "1.1.0";

/// What a package for a cloud installs.
pub struct Release {
    pub msi: PathBuf,
    pub artifact: Artifact,
    pub version: &'static str,
}

/// The package of a version for a cloud.
pub fn release(version: &'static str, cloud: &str) -> Release {
    variant(version, cloud, "inherit")
}

/// The package of a version for a cloud, with a FIPS policy of its own.
pub fn variant(version: &'static str, cloud: &str, fips: &str) -> Release {
    let fixtures = Fixtures::version(version);
    let artifact = fixtures.artifact(cloud, fips).clone();
    Release { msi: fixtures.path(&artifact), artifact, version }
}

impl Release {
    pub fn product_code(&self) -> &str {
        self.artifact.product_code.as_deref().expect("the manifest gives an MSI's ProductCode")
    }
}

/// Fails the test unless the service runs, by the service control manager's word and by the agent's own.
#[track_caller]
pub fn runs(machine: &Machine) {
    machine.wait_for_service(SERVICE, State::Running).unwrap_or_else(|message| {
        let trace = format!("{DATA_DIR}\\Trace\\provisioning-agent.log");
        let trace = if machine.exists(&trace) { machine.read(&trace) } else { "(no trace log)".into() };
        panic!("{message}\n{trace}");
    });
    let service = machine.service(SERVICE).expect("a running service exists");
    assert_ne!(service.process, 0, "a running service has a process");
    // The agent's own word, which it writes as soon as its configuration is read.
    let status = format!("{DATA_DIR}\\status.json");
    let written = testkit::wait_until(Duration::from_secs(30), || {
        machine.exists(&status).then(|| machine.read(&status))
    });
    let written = written.unwrap_or_else(|| panic!("the service runs and wrote no {status}"));
    assert!(written.contains("\"running\""), "{written}");
}

/// The environment that the live configuration names.
#[track_caller]
pub fn environment(machine: &Machine) -> String {
    app_setting(&machine.read(CONFIG), "EnvironmentName")
}

/// The value of an `appSettings` entry, read without any code of ours.
#[track_caller]
pub fn app_setting(config: &str, key: &str) -> String {
    let entry = format!("<add key=\"{key}\" value=\"");
    let after = config.split(&entry).nth(1).unwrap_or_else(|| panic!("no {key} in {config}"));
    after.split('"').next().unwrap_or_default().to_owned()
}

/// Elements of the configuration that are no comments, one a line, so that tests can look for them.
pub fn without_comments(config: &str) -> String {
    let mut text = String::new();
    let mut rest = config;
    while let Some((before, after)) = rest.split_once("<!--") {
        text.push_str(before);
        rest = after.split_once("-->").map_or("", |(_, after)| after);
    }
    text + rest
}

/// The keys of the product's entries in "Programs and Features".
pub fn arp_entries(machine: &Machine) -> (RegistryDump, Vec<String>) {
    let uninstall = "HKLM\\Software\\Microsoft\\Windows\\CurrentVersion\\Uninstall";
    let dump = machine.registry(uninstall);
    let ours: Vec<String> = dump
        .key_paths()
        .filter(|key| dump.text(key, "DisplayName") == Some("Provisioning Agent"))
        .map(str::to_owned)
        .collect();
    (dump, ours)
}

/// Names of the files below the product's folder.
pub fn installed_files(machine: &Machine) -> Vec<String> {
    let Ok(folder) = std::fs::read_dir(machine.path(INSTALL_DIR)) else { return Vec::new() };
    let mut names: Vec<String> = folder
        .map(|entry| entry.expect("the folder can be read").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

/// Edits the live configuration by hand, as the documentation tells administrators to: a comment, a FIPS exemption, a setting of
/// their own and another trace level. Gives the edited text.
pub fn edit_by_hand(machine: &Machine) -> String {
    let config = machine.read(CONFIG);
    let edited = config
        .replacen(
            "</runtime>",
            "  <!-- ticket 4711 -->\r\n    <enforceFIPSPolicy enabled=\"false\"/>\r\n  </runtime>",
            1,
        )
        .replacen(
            "</appSettings>",
            "  <add key=\"SiteSetting\" value=\"Ma\u{df}e &amp; mehr\"/>\r\n  </appSettings>",
            1,
        )
        .replacen("value=\"Information\"", "value=\"Verbose\"", 1);
    assert_ne!(config, edited, "the shipped configuration has the nodes that are edited");
    machine.write(CONFIG, &edited);
    edited
}

/// Fails the test unless everything that [`edit_by_hand`] wrote is still there, once.
#[track_caller]
pub fn edits_survived(machine: &Machine) {
    let config = machine.read(CONFIG);
    for kept in [
        "ticket 4711",
        "<enforceFIPSPolicy enabled=\"false\"",
        "key=\"SiteSetting\" value=\"Ma\u{df}e &amp; mehr\"",
        "value=\"Verbose\"",
    ] {
        let count = without_comments(&config).matches(kept).count()
            + usize::from(kept.starts_with("ticket")) * config.matches(kept).count();
        assert_eq!(count, 1, "{kept} stands {count} times in\n{config}");
    }
}

/// What the agent wrote while it ran, and the folders it lies in.
pub fn is_log(name: &str) -> bool {
    let trace = format!("{DATA_DIR}\\Trace");
    name == DATA_DIR || name.starts_with(&trace)
}
