//! The FIPS question: may this process use MD5?
//!
//! Password hash synchronization needs MD5 to open the domain controller's replication envelope. A Windows server in FIPS
//! mode blocks MD5 in every process that follows the policy. The configuration can exempt this process, and it alone: the
//! server stays in FIPS mode.

use app_config::FipsPolicy;
use serde::{Deserialize, Serialize};

/// What the machine's policy says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MachinePolicy {
    /// The machine is in FIPS mode.
    Enforced,
    NotEnforced,
    /// It could not be read.
    Unknown,
}

/// The answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Md5 {
    Allowed,
    Blocked,
}

/// The answer with its reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    pub machine: MachinePolicy,
    pub configured: FipsPolicy,
    pub md5: Md5,
    /// Why, and what an administrator can do about it.
    pub words: &'static str,
}

/// Decides. `enforce` means what no node means, stated explicitly: it follows the machine and cannot put a process into
/// FIPS mode on a machine that is not. A machine whose policy cannot be read is taken for one in FIPS mode, because the
/// other error would show as a failing synchronization without a reason.
pub fn decide(machine: MachinePolicy, configured: FipsPolicy) -> Decision {
    use FipsPolicy::{Enforce, Exempt, Inherit};
    use MachinePolicy::{Enforced, NotEnforced, Unknown};
    let (md5, words) = match (machine, configured) {
        (NotEnforced, Inherit | Enforce) => {
            (Md5::Allowed, "This server is not in FIPS mode, so MD5 is allowed in the agent's process.")
        }
        (NotEnforced, Exempt) => (
            Md5::Allowed,
            "This server is not in FIPS mode, so MD5 is allowed; the exemption in the configuration has no effect here.",
        ),
        (Enforced, Exempt) => (
            Md5::Allowed,
            "This server is in FIPS mode and stays in it; the configuration exempts the agent's process alone, so MD5 is \
             allowed there.",
        ),
        (Enforced, Inherit) => (
            Md5::Blocked,
            "This server is in FIPS mode and the agent follows it, so MD5 is blocked and password hash synchronization \
             cannot run. To exempt the agent's process (the server stays in FIPS mode), run \"provisioning-agent configure \
             --fips exempt\" and restart the service.",
        ),
        (Enforced, Enforce) => (
            Md5::Blocked,
            "This server is in FIPS mode and the configuration tells the agent to follow it, so MD5 is blocked and password \
             hash synchronization cannot run. To exempt the agent's process (the server stays in FIPS mode), run \
             \"provisioning-agent configure --fips exempt\" and restart the service.",
        ),
        (Unknown, Exempt) => (
            Md5::Allowed,
            "The server's FIPS policy could not be read; the configuration exempts the agent's process, so MD5 is allowed \
             either way.",
        ),
        (Unknown, Inherit | Enforce) => (
            Md5::Blocked,
            "The server's FIPS policy could not be read and the agent follows it, so MD5 is taken to be blocked. Check \
             HKLM\\SYSTEM\\CurrentControlSet\\Control\\Lsa\\FipsAlgorithmPolicy, value Enabled.",
        ),
    };
    Decision { machine, configured, md5, words }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn md5_is_blocked_exactly_where_the_process_follows_a_fips_machine() {
        for machine in [MachinePolicy::Enforced, MachinePolicy::NotEnforced, MachinePolicy::Unknown] {
            for configured in FipsPolicy::ALL {
                let decision = decide(machine, configured);
                let follows = configured != FipsPolicy::Exempt && machine != MachinePolicy::NotEnforced;
                assert_eq!(decision.md5 == Md5::Blocked, follows, "{machine:?} {configured}");
                assert_eq!(decision.words.contains("MD5 is allowed"), !follows, "{}", decision.words);
            }
        }
    }

    /// The exemption is about one process; nothing may read as if it switched the server's mode.
    #[test]
    fn no_sentence_claims_that_the_servers_mode_changes() {
        for configured in FipsPolicy::ALL {
            let words = decide(MachinePolicy::Enforced, configured).words;
            assert!(words.contains("This server is in FIPS mode") && words.contains("stays in"), "{words}");
        }
    }
}
