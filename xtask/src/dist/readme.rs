//! The README in each zip, for the administrator who installs it.

use super::Plan;
use super::config::Configured;
use crate::manifest::FipsVariant;
use crate::signing::Identity;

/// Plain text with Windows line ends, so that every editor there shows it right.
pub fn text(plan: &Plan, configured: &Configured, identity: &Identity, msi: &str) -> String {
    let fips = match configured.variant.fips {
        FipsVariant::Inherit => "inherit: the machine's FIPS policy holds for the agent",
        FipsVariant::Exempt => {
            "exempt: the agent's process is exempt from the machine's FIPS policy, which password hash sync needs on a server \
             locked to FIPS; the machine itself stays in FIPS mode"
        }
        FipsVariant::Enforce => "enforce: the machine's FIPS policy is enforced for the agent",
    };
    let signed = if identity.test {
        "a TEST certificate that no machine trusts: for trying out only, never for production"
    } else {
        &identity.subject
    };
    include_str!("admin-readme.txt")
        .replace("{product}", &plan.product_name)
        .replace("{version}", &plan.version.to_string())
        .replace("{product-version}", &plan.product_version.to_string())
        .replace("{cloud}", &configured.cloud.title)
        .replace("{environment}", &configured.cloud.environment)
        .replace("{fips}", fips)
        .replace("{signer}", signed)
        .replace("{msi}", msi)
        .lines()
        .map(|line| format!("{line}\r\n"))
        .collect()
}
