//! `configure`: change settings in the configuration file.

use std::path::{Path, PathBuf};

use app_config::edit::{Settings, Texts, apply};

use super::{config_path, print};
use crate::cli::{ConfigureArgs, Places};
use crate::effective::{Failure, load_config};
use crate::exit::Code;

pub(super) fn run(places: &Places, args: &ConfigureArgs) -> Result<Code, Failure> {
    let path = config_path(places)?;
    let texts = Texts {
        environment: args.environment.as_deref(),
        fips: args.fips.as_deref(),
        proxy: args.proxy.as_deref(),
        trace: args.trace.as_deref(),
    };
    let settings = Settings::parse(texts).map_err(|errors| {
        let lines: Vec<_> = errors.iter().map(ToString::to_string).collect();
        Failure::new(Code::Usage, format!("nothing was changed: {}", lines.join("\nprovisioning-agent: ")))
    })?;
    if settings.is_empty() {
        return Err(Failure::new(Code::Usage, "nothing was changed: every value is empty"));
    }
    let mut config = load_config(&path)?;
    let changes = apply(&mut config, &settings);
    let backup = backup_of(&path);
    let written = config.save(&path, Some(&backup)).map_err(|error| {
        Failure::new(Code::ConfigurationNotWritten, format!("nothing was changed: {error}"))
    })?;
    if !written {
        print(&format!("{} has these settings already.\n", path.display()));
        return Ok(Code::Ok);
    }
    for change in &changes {
        print(&format!("{change}\n"));
    }
    print(&format!(
        "{} was written; the file before it is {}.\nRestart the service to apply it: Restart-Service {}\n",
        path.display(),
        backup.display(),
        crate::SERVICE_KEY
    ));
    Ok(Code::Ok)
}

/// `provisioning-agent.exe.config.bak`, beside the file.
fn backup_of(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".bak");
    PathBuf::from(name)
}
