//! The names that WiX 4 and later give the tables and custom actions of extensions.
//!
//! A handler compiles an element for both generations under the older names; the compiler takes the newer ones for a source of
//! WiX 4. What is not a matter of names is told apart by [`crate::compile::Compiler::is_v4`] where it is compiled.

use crate::compile::Arch;

/// Tables of WiX 3's extensions and those that took their places.
const TABLES: &[(&str, &str)] = &[
    ("Certificate", "Wix4Certificate"),
    ("CertificateHash", "Wix4CertificateHash"),
    ("EventManifest", "Wix4EventManifest"),
    ("FileShare", "Wix4FileShare"),
    ("FileSharePermissions", "Wix4FileSharePermissions"),
    ("Group", "Wix4Group"),
    ("IIsAppPool", "Wix4IIsAppPool"),
    ("IIsFilter", "Wix4IIsFilter"),
    ("IIsHttpHeader", "Wix4IIsHttpHeader"),
    ("IIsMimeMap", "Wix4IIsMimeMap"),
    ("IIsProperty", "Wix4IIsProperty"),
    ("IIsWebAddress", "Wix4IIsWebAddress"),
    ("IIsWebApplication", "Wix4IIsWebApplication"),
    ("IIsWebApplicationExtension", "Wix4IIsWebApplicationExtension"),
    ("IIsWebDir", "Wix4IIsWebDir"),
    ("IIsWebDirProperties", "Wix4IIsWebDirProperties"),
    ("IIsWebError", "Wix4IIsWebError"),
    ("IIsWebLog", "Wix4IIsWebLog"),
    ("IIsWebServiceExtension", "Wix4IIsWebServiceExtension"),
    ("IIsWebSite", "Wix4IIsWebSite"),
    ("IIsWebSiteCertificates", "Wix4IIsWebSiteCertificates"),
    ("IIsWebVirtualDir", "Wix4IIsWebVirtualDir"),
    ("NetFxNativeImage", "Wix4NetFxNativeImage"),
    ("Perfmon", "Wix4Perfmon"),
    ("PerfmonManifest", "Wix4PerfmonManifest"),
    ("PerformanceCategory", "Wix4PerformanceCategory"),
    ("SecureObjects", "Wix4SecureObject"),
    ("ServiceConfig", "Wix4ServiceConfig"),
    ("SqlDatabase", "Wix4SqlDatabase"),
    ("SqlFileSpec", "Wix4SqlFileSpec"),
    ("SqlScript", "Wix4SqlScript"),
    ("SqlString", "Wix4SqlString"),
    ("User", "Wix4User"),
    ("UserGroup", "Wix4UserGroup"),
    ("WixCloseApplication", "Wix4CloseApplication"),
    ("WixDependency", "Wix4Dependency"),
    ("WixDependencyProvider", "Wix4DependencyProvider"),
    ("WixDependencyRef", "Wix4DependencyRef"),
    ("WixFirewallException", "Wix5FirewallException"),
    ("WixHttpUrlAce", "Wix4HttpUrlAce"),
    ("WixHttpUrlReservation", "Wix4HttpUrlReservation"),
    ("WixInternetShortcut", "Wix4InternetShortcut"),
    ("WixRemoveFolderEx", "Wix4RemoveFolderEx"),
    ("WixRestartResource", "Wix4RestartResource"),
    ("XmlConfig", "Wix4XmlConfig"),
    ("XmlFile", "Wix4XmlFile"),
];

/// Actions whose rows changed after WiX 4: how their older names begin, and the release that the newer ones name.
const LATER: &[(&str, &str)] = &[
    ("WixSchedFirewall", "Wix5"),
    ("ConfigureGroups", "Wix6"),
    ("AddGroupMembership", "Wix6"),
    ("SchedHttpCertificates", "Wix6"),
];

/// The newer name of an older table.
pub(crate) fn table(older: &str) -> Option<&'static str> {
    TABLES.binary_search_by_key(&older, |(name, _)| name).ok().map(|at| TABLES[at].1)
}

/// Pairs of older and newer tables.
pub(super) fn tables() -> impl Iterator<Item = (&'static str, &'static str)> {
    TABLES.iter().copied()
}

/// The newer name of an older action, for a platform.
pub(super) fn action(older: &str, arch: Arch) -> String {
    let release = LATER.iter().find(|(start, _)| older.starts_with(start)).map_or("Wix4", |(_, to)| to);
    format!("{release}{}{}", older.strip_prefix("Wix").unwrap_or(older), mark(arch))
}

/// What the names of a platform's actions and DLLs end with.
pub(super) fn mark(arch: Arch) -> &'static str {
    match arch {
        Arch::X86 | Arch::Ia64 => "_X86",
        Arch::X64 => "_X64",
        Arch::Arm => "_A32",
        Arch::Arm64 => "_A64",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_and_say_their_release() {
        assert!(TABLES.is_sorted());
        assert_eq!(table("XmlFile"), Some("Wix4XmlFile"));
        assert_eq!(table("File"), None);
        assert_eq!(action("WixSchedInternetShortcuts", Arch::X64), "Wix4SchedInternetShortcuts_X64");
        assert_eq!(
            action("WixSchedFirewallExceptionsInstall", Arch::X86),
            "Wix5SchedFirewallExceptionsInstall_X86"
        );
    }
}
