//! The command line, declared once: flags, their help, their defaults.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::exit;

/// Provisioning Agent: the service, and the tools to look after it.
#[derive(Debug, Parser)]
#[command(name = "provisioning-agent", version = crate::VERSION, after_long_help = exit::table(), max_term_width = 110)]
pub struct Cli {
    #[command(flatten)]
    pub places: Places,
    #[command(subcommand)]
    pub command: Command,
}

/// Where things lie.
#[derive(Clone, Debug, Args)]
pub struct Places {
    /// The configuration file [default: provisioning-agent.exe.config beside the executable]
    #[arg(
        long,
        value_name = "FILE",
        global = true,
        env = "PROVISIONING_AGENT_CONFIG",
        hide_env_values = true
    )]
    pub config: Option<PathBuf>,
    /// The folder of status.json and Trace [default on Windows: Provisioning Agent under ProgramData; elsewhere it must be
    /// given]
    #[arg(
        long,
        value_name = "DIR",
        global = true,
        env = "PROVISIONING_AGENT_DATA_DIR",
        hide_env_values = true
    )]
    pub data_dir: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run under the service manager, which alone may start this
    Service,
    /// Run the service's loop on a console until Ctrl-C
    Run(RunArgs),
    /// Show how the agent is, from its status.json
    Status(OutputArgs),
    /// Check the installation: service, account, version, configuration, FIPS, endpoints
    Verify(VerifyArgs),
    /// Change settings in the configuration file: all of those given, or none
    Configure(ConfigureArgs),
}

#[derive(Debug, Args)]
pub struct RunArgs {
    /// Seconds between two probes of the cloud
    #[arg(long, value_name = "SECONDS", default_value_t = 600, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    pub interval: u64,
    /// Probe once and stop; the exit code says whether the cloud is reachable
    #[arg(long)]
    pub once: bool,
}

#[derive(Debug, Args)]
pub struct OutputArgs {
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct VerifyArgs {
    #[command(flatten)]
    pub output: OutputArgs,
    /// The account that the service must run under [default: the virtual account NT SERVICE\ProvisioningAgent, or any
    /// group managed service account]
    #[arg(long, value_name = "ACCOUNT")]
    pub account: Option<String>,
    /// Do not probe the cloud's endpoints
    #[arg(long)]
    pub no_endpoints: bool,
    /// Wait for Return at the end, for a window that would close
    #[arg(long)]
    pub wait: bool,
}

#[derive(Debug, Args)]
#[group(id = "changes", required = true, multiple = true, args = ["environment", "fips", "proxy", "trace"])]
pub struct ConfigureArgs {
    /// The cloud: AzureCloud, AzureUSGovernment, AzureUSGovernmentDoD (this product's own name for the DoD cloud, which has
    /// no published one) or AzureChinaCloud
    #[arg(long, value_name = "NAME")]
    pub environment: Option<String>,
    /// What the agent's process makes of the server's FIPS mode: inherit (follow it), exempt (do not, so that MD5 works;
    /// the server stays in FIPS mode) or enforce (follow it, stated explicitly)
    #[arg(long, value_name = "POLICY")]
    pub fips: Option<String>,
    /// The outbound proxy, http://HOST:PORT without a user name or password, or none
    #[arg(long, value_name = "ADDRESS")]
    pub proxy: Option<String>,
    /// How much goes to the trace log: Off, Critical, Error, Warning, Information or Verbose
    #[arg(long, value_name = "LEVEL")]
    pub trace: Option<String>,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_declaration_is_consistent() {
        Cli::command().debug_assert();
    }
}
