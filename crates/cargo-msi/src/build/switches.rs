//! Switches of candle and light, which packages carry in `compiler-args` and `linker-args`.
//!
//! What has a meaning here is honoured. What steers a program that does not run here is passed over. What would make another
//! package than ours is refused, for a package that differs from what its author asked for is no package of his.

use super::args::{ArchName, bind_path, pair};
use super::sources::host_path;
use crate::report::{self, Failure};
use clap::ValueEnum;
use msi_bind::{BindPath, BuildRequest};
use std::path::PathBuf;

/// What switches ask for.
#[derive(Debug, Default)]
pub struct Switches {
    pub arch: Option<ArchName>,
    pub output: Option<PathBuf>,
    defines: Vec<(String, String)>,
    wix_variables: Vec<(String, String)>,
    includes: Vec<PathBuf>,
    bind_paths: Vec<BindPath>,
    extensions: Vec<String>,
    localizations: Vec<PathBuf>,
    pub cultures: Vec<String>,
    suppress_all: bool,
    warnings_are_errors: bool,
    pedantic: bool,
}

/// Reads switches of candle.
pub fn candle(args: &[String]) -> Result<Switches, Failure> {
    let mut read = Switches::default();
    let mut words = args.iter().map(String::as_str);
    while let Some(word) = words.next() {
        let switch = name(word, "candle")?;
        match switch {
            "arch" => {
                let value = value(&mut words, word)?;
                let arch = ArchName::from_str(value, true);
                read.arch =
                    Some(arch.map_err(|_| Failure::new(format!("candle's {word} {value} is not known")))?);
            }
            "ext" => read.extensions.push(extension(value(&mut words, word)?)),
            "o" | "out" => return Err(refused("candle", word, "object files are not made")),
            "p" => return Err(refused("candle", word, "pass -p to `cargo msi build`")),
            "pedantic" => read.pedantic = true,
            "sfdvital" => return Err(refused("candle", word, "set Vital='no' where it is meant")),
            _ if read.both(switch) => {}
            _ if switch.starts_with('d') => read.defines.push(pair_of(&switch[1..], word)?),
            _ if switch.starts_with('I') => read.includes.push(host_path(&switch[1..])),
            "nologo" | "v" | "fips" | "trace" | "ss" => {}
            _ => unknown("candle", word),
        }
    }
    Ok(read)
}

/// Switches of light that decide what a package holds, and that nothing here does.
const CHANGE_THE_PACKAGE: [&str; 13] =
    ["ad", "ai", "ap", "bf", "sadmin", "sadv", "sf", "sh", "sloc", "sma", "sui", "xo", "sts"];

/// Reads switches of light.
pub fn light(args: &[String]) -> Result<Switches, Failure> {
    let mut read = Switches::default();
    let mut words = args.iter().map(String::as_str);
    while let Some(word) = words.next() {
        let switch = name(word, "light")?;
        match switch {
            "ext" => read.extensions.push(extension(value(&mut words, word)?)),
            "loc" => read.localizations.push(host_path(value(&mut words, word)?)),
            "b" => read.bind_paths.extend(bind_path(value(&mut words, word)?)),
            "o" | "out" => read.output = Some(host_path(value(&mut words, word)?)),
            "pedantic" => read.pedantic = true,
            // Where caches and debugging files go, how many threads work, which checks run: nothing of that is in a package.
            "cc" | "ct" | "cub" | "pdbout" | "binder" => drop(value(&mut words, word)?),
            _ if CHANGE_THE_PACKAGE.contains(&switch) => {
                return Err(refused("light", word, "packages are always made whole"));
            }
            _ if read.both(switch) => {}
            _ => match switch.split_once(':') {
                Some(("cultures", cultures)) => {
                    read.cultures = cultures.split([';', ',']).map(str::to_owned).collect();
                }
                Some(("ice" | "sice", _)) => {}
                Some(("dcl", level)) => {
                    report::warning(&format!(
                        "light's -dcl:{level} is passed over; CompressionLevel of <Media> decides"
                    ));
                }
                _ if [
                    "nologo", "v", "sval", "spdb", "notidy", "reusecab", "sacl", "fv", "bcgg", "usf", "ts",
                    "dut",
                ]
                .contains(&switch) => {}
                _ if switch.starts_with('d') => read.wix_variables.push(pair_of(&switch[1..], word)?),
                _ => unknown("light", word),
            },
        }
    }
    Ok(read)
}

impl Switches {
    /// What both programs understand alike. Says whether it was such a switch.
    fn both(&mut self, switch: &str) -> bool {
        if let Some(number) = switch.strip_prefix("sw") {
            // A number names a message of WiX, which is not one of ours.
            self.suppress_all |= number.is_empty();
            return number.chars().all(|c| c.is_ascii_digit());
        }
        if let Some(number) = switch.strip_prefix("wx") {
            self.warnings_are_errors |= number.is_empty();
            return number.chars().all(|c| c.is_ascii_digit());
        }
        switch == "wn"
    }

    /// Joins the switches of light to those of candle.
    pub fn add(&mut self, other: Switches) {
        self.arch = self.arch.or(other.arch);
        self.output = self.output.take().or(other.output);
        self.defines.extend(other.defines);
        self.wix_variables.extend(other.wix_variables);
        self.includes.extend(other.includes);
        self.bind_paths.extend(other.bind_paths);
        self.extensions.extend(other.extensions);
        self.localizations.extend(other.localizations);
        self.cultures.extend(other.cultures);
        self.suppress_all |= other.suppress_all;
        self.warnings_are_errors |= other.warnings_are_errors;
        self.pedantic |= other.pedantic;
    }

    /// Adds what the switches say to a request. Flags of ours, which stand there already, win.
    pub fn apply(self, request: &mut BuildRequest) {
        for (name, value) in self.defines {
            request.defines.entry(name).or_insert(value);
        }
        for (name, value) in self.wix_variables {
            request.wix_variables.entry(name).or_insert(value);
        }
        request.include_dirs.extend(self.includes);
        request.bind_paths.extend(self.bind_paths);
        request.extensions.extend(self.extensions);
        request.localizations.extend(self.localizations);
        if request.cultures.is_empty() {
            request.cultures = self.cultures;
        }
        request.warnings.suppress_all |= self.suppress_all;
        request.warnings.as_errors |= self.warnings_are_errors;
        request.pedantic |= self.pedantic;
    }
}

fn name<'a>(word: &'a str, program: &str) -> Result<&'a str, Failure> {
    match word.strip_prefix(['-', '/']) {
        Some(switch) if !switch.is_empty() => Ok(switch),
        _ if word.starts_with('@') => Err(refused(program, word, "write the switches out")),
        _ => Err(Failure::new(format!("'{word}' is no switch of {program}"))
            .hint("a switch with a value is two entries: \"-ext\", \"WixUtilExtension\"")),
    }
}

fn value<'a>(words: &mut impl Iterator<Item = &'a str>, switch: &str) -> Result<&'a str, Failure> {
    words.next().ok_or_else(|| Failure::new(format!("the switch {switch} lacks its value")))
}

fn pair_of(text: &str, word: &str) -> Result<(String, String), Failure> {
    pair(text).map_err(|error| Failure::new(format!("'{word}': {error}")))
}

/// `-ext` takes a DLL's path as well as its name.
fn extension(text: &str) -> String {
    let file = text.rsplit(['/', '\\']).next().unwrap_or(text);
    file.strip_suffix(".dll").unwrap_or(file).to_owned()
}

fn refused(program: &str, word: &str, why: &str) -> Failure {
    Failure::new(format!("{program}'s {word} can't be done here: {why}"))
}

fn unknown(program: &str, word: &str) {
    report::warning(&format!("the switch {word} of {program} is not known and passed over"));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        text.split(' ').map(str::to_owned).collect()
    }

    #[test]
    fn switches_with_a_meaning_are_honoured() {
        let mut read =
            candle(&words("-nologo -dColour=blue -ext WixUtilExtension -Iwix -arch x64 -sw1044 -wn"))
                .unwrap();
        read.add(
            light(&words("-cultures:de-de;en-us -loc wix\\de.wxl -dBanner=a.bmp -b files -sval -wx -spdb"))
                .unwrap(),
        );
        assert_eq!(read.arch, Some(ArchName::X64));
        let mut request = BuildRequest::default();
        request.defines.insert("Colour".into(), "red".into());
        read.apply(&mut request);
        assert_eq!(request.defines["Colour"], "red", "a flag wins over a switch");
        assert_eq!(request.wix_variables["Banner"], "a.bmp");
        assert_eq!(request.cultures, ["de-de", "en-us"]);
        assert_eq!(request.extensions, ["WixUtilExtension"]);
        assert_eq!(request.localizations, [host_path("wix\\de.wxl")]);
        assert!(request.warnings.as_errors && !request.warnings.suppress_all);
    }

    #[test]
    fn switches_that_would_make_another_package_are_refused() {
        for switch in ["-sui", "-xo", "-bf"] {
            assert!(light(&words(switch)).is_err(), "{switch}");
        }
        assert!(candle(&words("-sfdvital")).is_err());
        assert!(candle(&words("-ext")).is_err());
        assert!(candle(&words("main.wxs")).is_err());
    }
}
