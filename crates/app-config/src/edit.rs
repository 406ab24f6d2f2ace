//! A patch of the settings: all of it or nothing.
//!
//! The values come as text from flags (`configure`), from `dist.toml` (`xtask`) or from Windows Installer properties (the
//! custom actions). [`Settings::parse`] judges all of them before anything is changed, and [`apply`] says what it changed.

use std::fmt;

use crate::{Cloud, Config, Error, FipsPolicy, Proxy, TraceLevel};

/// What to change. `None` leaves a setting as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    pub environment: Option<&'static Cloud>,
    pub fips: Option<FipsPolicy>,
    pub proxy: Option<ProxyChange>,
    pub trace: Option<TraceLevel>,
}

/// A new value for the proxy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProxyChange {
    /// No proxy: the word `none`, because empty equals absent in Windows Installer.
    Clear,
    Set(Proxy),
}

impl ProxyChange {
    /// `none` in any case, or a proxy address.
    pub fn parse(text: &str) -> Result<ProxyChange, Error> {
        if text.eq_ignore_ascii_case("none") {
            return Ok(ProxyChange::Clear);
        }
        Ok(ProxyChange::Set(Proxy::parse(text)?))
    }
}

/// The texts of the settings, as flags or properties carry them. An empty text is the same as none.
#[derive(Clone, Copy, Debug, Default)]
pub struct Texts<'a> {
    pub environment: Option<&'a str>,
    pub fips: Option<&'a str>,
    pub proxy: Option<&'a str>,
    pub trace: Option<&'a str>,
}

impl Settings {
    /// Judges all texts, and gives every error, not the first alone.
    pub fn parse(texts: Texts<'_>) -> Result<Settings, Vec<Error>> {
        let mut errors = Vec::new();
        fn take<T>(
            text: Option<&str>,
            parse: impl FnOnce(&str) -> Result<T, Error>,
            errors: &mut Vec<Error>,
        ) -> Option<T> {
            let text = text.filter(|text| !text.is_empty())?;
            parse(text).map_err(|error| errors.push(error)).ok()
        }
        let settings = Settings {
            environment: take(texts.environment, Cloud::by_environment, &mut errors),
            fips: take(texts.fips, str::parse, &mut errors),
            proxy: take(texts.proxy, ProxyChange::parse, &mut errors),
            trace: take(texts.trace, str::parse, &mut errors),
        };
        if errors.is_empty() { Ok(settings) } else { Err(errors) }
    }

    /// Whether nothing is to change.
    pub fn is_empty(&self) -> bool {
        *self == Settings::default()
    }
}

/// One setting that an [`apply`] changed, in words for a log: no value that it holds is secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub setting: &'static str,
    pub from: String,
    pub to: String,
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} -> {}", self.setting, self.from, self.to)
    }
}

/// Applies a patch. What was unreadable before (an unknown environment, say) may be replaced; it stands as `(unreadable)`
/// in the change. Settings that have the wanted value already are not touched, so applying twice changes nothing.
pub fn apply(config: &mut Config, settings: &Settings) -> Vec<Change> {
    let mut changes = Vec::new();
    if let Some(cloud) = settings.environment {
        let from = name_of(config.environment().map(ToString::to_string));
        if note(&mut changes, "environment", from, cloud.to_string()) {
            config.set_environment(cloud);
        }
    }
    if let Some(policy) = settings.fips {
        let from = name_of(config.fips().map(|policy| policy.to_string()));
        if note(&mut changes, "FIPS policy", from, policy.to_string()) {
            config.set_fips(policy);
        }
    }
    if let Some(change) = &settings.proxy {
        let shown = |proxy: Option<Proxy>| proxy.map_or("none".to_owned(), |proxy| proxy.to_string());
        let from = name_of(config.proxy().map(shown));
        let wanted = match change {
            ProxyChange::Clear => None,
            ProxyChange::Set(proxy) => Some(proxy),
        };
        if note(&mut changes, "proxy", from, shown(wanted.cloned())) {
            config.set_proxy(wanted);
        }
    }
    if let Some(level) = settings.trace {
        let from = name_of(config.trace_level().map(|level| level.to_string()));
        if note(&mut changes, "trace level", from, level.to_string()) {
            config.set_trace_level(level);
        }
    }
    changes
}

fn name_of(value: Result<String, Error>) -> String {
    value.unwrap_or_else(|_| "(unreadable)".to_owned())
}

/// Notes a change; says whether it is one.
fn note(changes: &mut Vec<Change>, setting: &'static str, from: String, to: String) -> bool {
    let differs = from != to;
    if differs {
        changes.push(Change { setting, from, to });
    }
    differs
}
