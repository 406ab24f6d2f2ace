//! Whole installations on a machine of plain values, in the order of `wix/actions.wxs`.

mod lifecycle;
mod places;
mod properties;
mod wizard;

use crate::access::{KEY, SERVICE};
use crate::configuration::{self, SHIPPED};
use crate::context::Context;
use crate::failure::Failure;
use crate::fake::Fake;
use crate::machine::{Files, Machine, Recovery, Registry, RegistryValue, ServiceState, Services};
use crate::{data, folders, service, settings, state};

pub const INSTALL: &str = r"C:\Program Files\Provisioning Agent";
pub const DATA: &str = r"C:\ProgramData\Provisioning Agent";

/// One package and how it is run.
#[derive(Clone)]
pub struct Run {
    pub code: char,
    pub install: String,
    pub cloud: &'static str,
    pub environment: &'static str,
    pub fips: &'static str,
    pub shipped: String,
    /// Fields that the command line fills in: Environment, Fips, Proxy.
    pub given: Vec<(&'static str, &'static str)>,
    /// The old product's removal sees UPGRADINGPRODUCTCODE, as on Windows.
    pub nested_knows: bool,
}

impl Run {
    /// A package of a cloud, its shipped configuration patched as a build does.
    pub fn new(code: char, cloud: &'static str, fips: &'static str) -> Self {
        let known = app_config::Cloud::by_name(cloud).unwrap();
        let mut config = app_config::Config::parse(app_config::TEMPLATE).unwrap();
        config.set_environment(known);
        config.set_fips(fips.parse().unwrap());
        Self {
            code,
            install: INSTALL.to_owned(),
            cloud,
            environment: &known.environment,
            fips,
            shipped: config.to_string(),
            given: Vec::new(),
            nested_knows: true,
        }
    }

    pub fn given(mut self, name: &'static str, value: &'static str) -> Self {
        self.given.push((name, value));
        self
    }

    pub fn context(&self, removing: bool, more: &str) -> Context {
        let transaction = "{12345678-1234-4234-8234-12345678900X}".replace('X', &self.code.to_string());
        let removing = if removing { "ALL" } else { "" };
        let install = &self.install;
        Context::parse(&format!(
            r"Transaction={transaction}|Install={install}\|Data={DATA}\|Programs=C:\Program Files\|Removing={removing}{more}"
        ))
        .unwrap()
    }

    fn apply_context(&self) -> Context {
        let value =
            |name: &str| self.given.iter().find(|(given, _)| *given == name).map_or("", |(_, value)| value);
        self.context(
            false,
            &format!(
                "|Cloud={}|DefaultEnvironment={}|DefaultFips={}|Environment={}|Fips={}|Proxy={}",
                self.cloud,
                self.environment,
                self.fips,
                value("Environment"),
                value("Fips"),
                value("Proxy")
            ),
        )
    }

    /// Installs, over `old` if there is one. `fail` stops it at that step, as the installer does, and rolls back.
    pub fn install(&self, fake: &Fake, old: Option<&Run>, fail: Option<&str>) -> Result<(), Failure> {
        let context = self.context(false, "");
        let mut undo: Vec<(&str, Undo)> = Vec::new();
        let result = self.steps(fake, old, fail, &context, &mut undo);
        if result.is_err() {
            for (_, step) in undo.iter().rev() {
                step(fake, &context)?;
            }
            // What Windows Installer itself rolls back: its rows, and the old product.
            match old {
                Some(old) => old.rows(fake),
                None => {
                    fake.delete(&format!(r"{}\{SHIPPED}", self.install)).unwrap();
                    for fact in ["InstallDir", "Cloud"] {
                        fake.delete_value(KEY, fact).unwrap();
                    }
                    fake.delete_empty_key(KEY).unwrap();
                    fake.services.borrow_mut().remove(SERVICE);
                    fake.remove_folder(&self.install).unwrap();
                }
            }
        } else {
            state::discard(fake, &context)?;
        }
        result
    }

    fn steps(
        &self,
        fake: &Fake,
        old: Option<&Run>,
        fail: Option<&str>,
        context: &Context,
        undo: &mut Vec<(&str, Undo)>,
    ) -> Result<(), Failure> {
        let stop = |at: &str| {
            if fail == Some(at) { Err(Failure::step(at, "stopped by the test")) } else { Ok(()) }
        };
        undo.push(("PrepareFolders", folders::restore));
        folders::prepare(fake, context)?;
        undo.push(("SaveState", state::restore));
        state::save(fake, context)?;
        if let Some(old) = old {
            old.remove(fake, self.nested_knows)?;
        }
        stop("RemoveExistingProducts")?;
        self.rows(fake);
        undo.push(("ApplyConfiguration", configuration::restore));
        configuration::apply(fake, &self.apply_context())?;
        undo.push(("ApplySettings", settings::restore));
        settings::apply(fake, context)?;
        fake.services.borrow_mut().entry(SERVICE.to_owned()).or_insert_with(|| ServiceState {
            // As Windows Installer writes it, unquoted.
            command_line: format!(r"{}\provisioning-agent.exe service", self.install),
            account: service::VIRTUAL_ACCOUNT.to_owned(),
            start: 2,
            delayed: false,
            sid_type: 0,
            recovery: Recovery::default(),
        });
        undo.push(("ConfigureService", service::restore));
        service::configure(fake, context)?;
        stop("StartServices")
    }

    /// What the tables do: the shipped file and the facts.
    fn rows(&self, fake: &Fake) {
        if fake.names(&self.install).unwrap().is_empty() {
            fake.remove_folder(&self.install).unwrap();
            fake.create_folder(&self.install, "").unwrap();
        }
        fake.write(&format!(r"{}\{SHIPPED}", self.install), self.shipped.as_bytes()).unwrap();
        fake.set_value(KEY, &RegistryValue::text("InstallDir", &format!(r"{}\", self.install))).unwrap();
        fake.set_value(KEY, &RegistryValue::text("Cloud", self.cloud)).unwrap();
    }

    /// Removes. In an upgrade on Windows (`upgrading`) none of our actions runs and the service stays.
    pub fn remove(&self, fake: &Fake, upgrading: bool) -> Result<(), Failure> {
        let context = self.context(true, "");
        if !upgrading {
            folders::prepare(fake, &context)?;
            state::save(fake, &context)?;
            fake.services.borrow_mut().remove(SERVICE);
            settings::remove(fake, &context)?;
            configuration::remove(fake, &context)?;
            data::remove(fake, &context)?;
        }
        fake.delete(&format!(r"{}\{SHIPPED}", self.install)).unwrap();
        for fact in ["InstallDir", "Cloud"] {
            fake.delete_value(KEY, fact).unwrap();
        }
        fake.delete_empty_key(KEY).unwrap();
        fake.remove_folder(&self.install).unwrap();
        if !upgrading {
            state::discard(fake, &context)?;
        }
        Ok(())
    }
}

type Undo = fn(&dyn Machine, &Context) -> Result<(), Failure>;

/// The live configuration.
pub fn live(fake: &Fake) -> app_config::Config {
    app_config::Config::parse(&fake.text(&format!(r"{INSTALL}\provisioning-agent.exe.config")).unwrap())
        .unwrap()
}

/// Everything on the machine, to be compared before and after.
pub fn everything(fake: &Fake) -> impl PartialEq + std::fmt::Debug + use<> {
    (fake.nodes.borrow().clone(), fake.keys.borrow().clone(), fake.services.borrow().clone())
}

pub fn service_of(fake: &Fake) -> ServiceState {
    fake.service(SERVICE).unwrap().unwrap()
}
