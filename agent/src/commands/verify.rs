//! `verify`: is the installation as it should be? One line and one code per finding.
//!
//! The exit code is that of the first error, in the order of the checks; warnings and checks that cannot be made here
//! leave it at 0.

use std::path::Path;

use serde::Serialize;

use super::{config_path, data_dir, print};
use crate::cli::{Places, VerifyArgs};
use crate::cycle::describe;
use crate::effective::{self, Failure};
use crate::exit::Code;
use crate::fips::{self, Md5};
use crate::platform::{self, ServiceError, ServiceFacts};
use crate::probe::{self, Limits};
use crate::status::{State, Status};
use crate::targets::targets;
use crate::{SERVICE_KEY, VERSION};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Verdict {
    Ok,
    Warning,
    Error,
    /// The check cannot be made on this system.
    Skipped,
}

#[derive(Debug, Serialize)]
struct Finding {
    check: &'static str,
    verdict: Verdict,
    code: u8,
    message: String,
}

#[derive(Debug, Serialize)]
struct Report<'a> {
    version: &'static str,
    exit_code: u8,
    findings: &'a [Finding],
}

pub(super) fn run(places: &Places, args: &VerifyArgs) -> Result<Code, Failure> {
    let config = config_path(places)?;
    let data_dir = data_dir(places)?;
    let mut checks = Checks { findings: Vec::new(), exit: Code::Ok };
    checks.service(args.account.as_deref());
    checks.version(&data_dir);
    checks.configuration(&config, &data_dir, !args.no_endpoints);
    let Checks { findings, exit } = checks;
    if args.output.json {
        let report = Report { version: VERSION, exit_code: exit.number(), findings: &findings };
        let text = serde_json::to_string_pretty(&report);
        print(&(text.map_err(|error| Failure::new(Code::Failed, error.to_string()))? + "\n"));
    } else {
        for finding in &findings {
            let mark = match finding.verdict {
                Verdict::Ok => "ok",
                Verdict::Warning => "warning",
                Verdict::Error => "ERROR",
                Verdict::Skipped => "skipped",
            };
            print(&format!("{mark:<8}{:>3}  {}: {}\n", finding.code, finding.check, finding.message));
        }
    }
    if args.wait {
        print("\nPress Return to close this window.\n");
        // Whatever ends the wait, a closed window included, is the answer.
        std::io::stdin().read_line(&mut String::new()).ok();
    }
    Ok(exit)
}

struct Checks {
    findings: Vec<Finding>,
    exit: Code,
}

impl Checks {
    fn add(&mut self, check: &'static str, verdict: Verdict, code: Code, message: impl Into<String>) {
        if verdict == Verdict::Error && self.exit == Code::Ok {
            self.exit = code;
        }
        self.findings.push(Finding { check, verdict, code: code.number(), message: message.into() });
    }

    fn ok(&mut self, check: &'static str, message: impl Into<String>) {
        self.add(check, Verdict::Ok, Code::Ok, message);
    }

    fn error(&mut self, check: &'static str, code: Code, message: impl Into<String>) {
        self.add(check, Verdict::Error, code, message);
    }

    fn service(&mut self, account: Option<&str>) {
        let facts = match platform::service_facts(SERVICE_KEY) {
            Ok(facts) => facts,
            Err(ServiceError::Unsupported) => {
                let words = "this system has no Windows service manager";
                return self.add("service", Verdict::Skipped, Code::Ok, words);
            }
            Err(ServiceError::NotInstalled) => {
                let words = format!("{SERVICE_KEY} is not installed");
                return self.error("service", Code::ServiceMissing, words);
            }
            Err(ServiceError::Denied(error)) => {
                let words = format!("{SERVICE_KEY} cannot be asked about: {error}");
                return self.error("service", Code::ServiceUnknown, words);
            }
        };
        self.ok("service", format!("{SERVICE_KEY} is installed"));
        if facts.running {
            self.ok("service state", "running");
        } else {
            self.error("service state", Code::ServiceNotRunning, facts.state.clone());
        }
        if facts.automatic {
            self.ok("service start", "automatic");
        } else {
            self.error(
                "service start",
                Code::ServiceStart,
                "not automatic: it will not run after a restart of the server",
            );
        }
        match judge_account(&facts.account, account) {
            Ok(words) => self.ok("service account", words),
            Err(words) => self.error("service account", Code::ServiceAccount, words),
        }
        self.path(&facts);
    }

    fn path(&mut self, facts: &ServiceFacts) {
        let own = std::env::current_exe().map(|path| path.display().to_string()).unwrap_or_default();
        if command_is(&facts.command, &own) {
            self.ok("service path", own);
        } else {
            let words = format!("the service starts {}, not this executable ({own})", facts.command);
            self.error("service path", Code::ServicePath, words);
        }
    }

    fn version(&mut self, data_dir: &Path) {
        match Status::read(data_dir) {
            Ok(Some(status)) if status.state == State::Running && status.version != VERSION => {
                let words = format!(
                    "this is {VERSION}, the running agent is {}: restart the service",
                    status.version
                );
                self.error("version", Code::Version, words);
            }
            _ => self.ok("version", VERSION),
        }
    }

    fn configuration(&mut self, config: &Path, data_dir: &Path, endpoints: bool) {
        let effective = match effective::load(config, data_dir) {
            Ok(effective) => effective,
            Err(failure) => return self.error("configuration", failure.code, failure.message),
        };
        let proxy = effective.proxy.as_ref().map_or("none".to_owned(), ToString::to_string);
        self.ok(
            "configuration",
            format!(
                "{}: cloud {}, FIPS {}, proxy {proxy}",
                config.display(),
                effective.cloud,
                effective.fips
            ),
        );
        for suspicion in effective.suspicions {
            self.add("configuration", Verdict::Warning, Code::ConfigurationSuspicious, suspicion);
        }
        let decision = fips::decide(platform::machine_policy(), effective.fips);
        match decision.md5 {
            Md5::Allowed => self.ok("FIPS", decision.words),
            Md5::Blocked => self.add("FIPS", Verdict::Warning, Code::Md5Blocked, decision.words),
        }
        if !endpoints {
            return;
        }
        for outcome in
            probe::probe_all(&targets(effective.cloud), effective.proxy.as_ref(), Limits::default())
        {
            let words = describe(&outcome);
            match (outcome.reachable, outcome.required) {
                (true, _) => self.ok("endpoint", words),
                (false, true) => self.error("endpoint", Code::EndpointRequired, words),
                (false, false) => self.add("endpoint", Verdict::Warning, Code::EndpointOptional, words),
            }
        }
    }
}

/// Whether the service runs under an account that it should: the one that was asked for; or else its virtual account or
/// a group managed service account, whose names end with `$`. Accounts of the system have more rights than the agent may
/// have, and accounts of people have passwords that expire.
fn judge_account(actual: &str, wanted: Option<&str>) -> Result<String, String> {
    let virtual_account = format!("NT SERVICE\\{SERVICE_KEY}");
    match wanted {
        Some(wanted) if wanted.eq_ignore_ascii_case(actual) => Ok(actual.to_owned()),
        Some(wanted) => Err(format!("{actual}, not {wanted}")),
        None if actual.eq_ignore_ascii_case(&virtual_account) => Ok(format!("{actual}, its virtual account")),
        None if actual.ends_with('$') => Ok(format!("{actual}, a group managed service account")),
        None => Err(format!("{actual}; it should be {virtual_account} or a group managed service account")),
    }
}

/// Whether the service's command line starts this executable, quoted or not, ignoring case as Windows does.
fn command_is(command: &str, executable: &str) -> bool {
    let (command, executable) = (command.trim().to_lowercase(), executable.to_lowercase());
    let rest = match command.strip_prefix('"') {
        Some(quoted) => quoted.strip_prefix(&executable).and_then(|rest| rest.strip_prefix('"')),
        None => command.strip_prefix(&executable),
    };
    !executable.is_empty() && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accounts_with_too_many_rights_are_findings() {
        for account in
            ["NT SERVICE\\ProvisioningAgent", "nt service\\provisioningagent", "CONTOSO\\provAgentgMSA$"]
        {
            assert!(judge_account(account, None).is_ok(), "{account}");
        }
        for account in ["LocalSystem", "NT AUTHORITY\\NetworkService", "CONTOSO\\alice", ""] {
            assert!(judge_account(account, None).is_err(), "{account}");
        }
        assert!(judge_account("CONTOSO\\svc", Some("contoso\\SVC")).is_ok());
        assert!(judge_account("CONTOSO\\gmsa$", Some("CONTOSO\\other$")).is_err());
    }

    #[test]
    fn the_services_command_line_is_compared_as_windows_reads_it() {
        let own = r"C:\Program Files\Provisioning Agent\provisioning-agent.exe";
        assert!(command_is(&format!("\"{own}\" service"), own));
        assert!(command_is(&format!("{} service", own.to_uppercase()), own));
        assert!(command_is(&format!("\"{own}\""), own));
        assert!(!command_is(&format!("{own}2 service"), own));
        assert!(!command_is(r#""C:\Other\provisioning-agent.exe" service"#, own));
        assert!(!command_is("service", ""));
    }
}
