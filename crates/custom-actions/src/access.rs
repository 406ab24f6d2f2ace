//! Names and access lists that `wix/` and the actions share.

use sha1::{Digest, Sha1};

/// The service's key.
pub const SERVICE: &str = "ProvisioningAgent";
/// The registry key under HKEY_LOCAL_MACHINE.
pub const KEY: &str = r"SOFTWARE\Provisioning Agent";
/// The product's folder under Program Files, unless somebody chose another.
pub const FOLDER: &str = "Provisioning Agent";
/// The agent's program.
pub const EXE: &str = "provisioning-agent.exe";

/// SYSTEM and the Administrators group.
pub const TRUSTED_OWNERS: [&str; 2] = ["S-1-5-18", "S-1-5-32-544"];

/// Only SYSTEM and Administrators; backups.
pub const BACKUP_SDDL: &str = "O:BAD:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)";
/// As Program Files: users may read and run.
pub const INSTALL_SDDL: &str = "O:BAD:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;0x1200a9;;;BU)";

/// The data folder: besides SYSTEM and Administrators the service may modify; nobody else may read.
pub fn data_sddl() -> String {
    format!("O:BAD:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;0x1301bf;;;{})", service_sid(SERVICE))
}

/// The SID that Windows gives every service: S-1-5-80 and the five little-endian words of the SHA-1 of the upper-case
/// name in UTF-16LE.
pub fn service_sid(name: &str) -> String {
    let bytes: Vec<u8> = name.to_uppercase().encode_utf16().flat_map(u16::to_le_bytes).collect();
    let digest = Sha1::digest(&bytes);
    let mut sid = String::from("S-1-5-80");
    for word in digest.chunks_exact(4) {
        let word = u32::from_le_bytes([word[0], word[1], word[2], word[3]]);
        sid.push_str(&format!("-{word}"));
    }
    sid
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sid_is_the_one_that_windows_computes() {
        // The owner of Windows' own files, the same on every machine.
        assert_eq!(
            service_sid("TrustedInstaller"),
            "S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464"
        );
        assert_eq!(service_sid("trustedinstaller"), service_sid("TRUSTEDINSTALLER"));
    }

    #[test]
    fn the_package_protects_its_folders_as_the_actions_do() {
        let source = include_str!("../../../wix/folders.wxs");
        let without_owner = |sddl: &str| sddl.trim_start_matches("O:BA").to_owned();
        assert!(source.contains(&without_owner(&data_sddl())));
        assert!(source.contains(&without_owner(INSTALL_SDDL)));
    }
}
