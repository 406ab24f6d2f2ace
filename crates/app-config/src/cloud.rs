//! The clouds that the agent knows, from `config-templates/clouds/`, embedded at compile time.

use std::fmt;
use std::sync::OnceLock;

use serde::Deserialize;

use crate::Error;

/// One cloud: its names, its endpoints, and what a firewall must let through.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cloud {
    /// The name in `dist.toml` and in file names: `commercial`, `usgov`, …
    pub name: String,
    /// The name for people.
    pub title: String,
    /// The value of `ENVIRONMENTNAME` and of the `EnvironmentName` setting.
    pub environment: String,
    pub endpoints: Endpoints,
    /// Hosts by port, as the firewall lists publish them.
    pub outbound: Vec<Outbound>,
}

/// Where the cloud's services answer, as `https` origins without a path.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Endpoints {
    /// Where tokens come from.
    pub authority: String,
    /// Authorities that other public pages name for the same cloud; not used, stated for whoever compares.
    #[serde(default)]
    pub alternative_authorities: Vec<String>,
    /// Microsoft Graph.
    pub graph: String,
    /// The administrators' portal: opened by people, not by the agent.
    pub portal: String,
}

/// A port, and the hosts that must be reachable on it. A host that starts with `*.` stands for every name below it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outbound {
    pub port: u16,
    /// Whether the agent cannot work without it.
    pub required: bool,
    pub purpose: String,
    pub hosts: Vec<String>,
}

/// In the order in which they are listed to people; the first is the default.
const SOURCES: [&str; 4] = [
    include_str!("../../../config-templates/clouds/commercial.toml"),
    include_str!("../../../config-templates/clouds/usgov.toml"),
    include_str!("../../../config-templates/clouds/usgov-dod.toml"),
    include_str!("../../../config-templates/clouds/china.toml"),
];

impl Cloud {
    /// Every cloud, the default one first.
    pub fn all() -> &'static [Cloud] {
        static ALL: OnceLock<Vec<Cloud>> = OnceLock::new();
        ALL.get_or_init(|| {
            let parse = |text| toml::from_str(text).expect("a test parses every embedded cloud");
            SOURCES.into_iter().map(parse).collect()
        })
    }

    /// The cloud that a configuration without an environment means.
    pub fn default_cloud() -> &'static Cloud {
        &Cloud::all()[0]
    }

    /// By the short name (`usgov`), ignoring case. The error lists the short names.
    pub fn by_name(name: &str) -> Result<&'static Cloud, Error> {
        find(name, |cloud| &cloud.name)
    }

    /// By the environment name (`AzureUSGovernment`), ignoring case. The error lists the environment names.
    pub fn by_environment(environment: &str) -> Result<&'static Cloud, Error> {
        find(environment, |cloud| &cloud.environment)
    }
}

impl fmt::Display for Cloud {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.environment)
    }
}

fn find(value: &str, name_of: impl Fn(&Cloud) -> &String) -> Result<&'static Cloud, Error> {
    let found = Cloud::all().iter().find(|cloud| name_of(cloud).eq_ignore_ascii_case(value));
    found.ok_or_else(|| Error::UnknownCloud {
        value: value.to_owned(),
        known: Cloud::all().iter().map(|cloud| name_of(cloud).clone()).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_embedded_cloud_parses_and_is_complete() {
        let names: Vec<_> = Cloud::all().iter().map(|cloud| cloud.name.as_str()).collect();
        assert_eq!(names, ["commercial", "usgov", "usgov-dod", "china"]);
        for cloud in Cloud::all() {
            for origin in [&cloud.endpoints.authority, &cloud.endpoints.graph, &cloud.endpoints.portal] {
                let host = origin.strip_prefix("https://").expect("an https origin");
                assert!(!host.contains('/') && host.contains('.'), "{origin}");
            }
            let ports: Vec<_> = cloud.outbound.iter().map(|outbound| outbound.port).collect();
            assert!(ports.starts_with(&[443, 80]), "{}: {ports:?}", cloud.name);
            assert!(cloud.outbound.iter().all(|outbound| !outbound.hosts.is_empty()));
        }
    }

    #[test]
    fn no_two_clouds_share_a_graph_or_a_name() {
        for (at, one) in Cloud::all().iter().enumerate() {
            for other in &Cloud::all()[at + 1..] {
                assert_ne!(one.endpoints.graph, other.endpoints.graph);
                assert_ne!(one.environment, other.environment);
            }
        }
    }

    #[test]
    fn names_ignore_case_and_unknown_ones_list_the_known() {
        assert_eq!(Cloud::by_environment("azureusGOVERNMENT").unwrap().name, "usgov");
        assert_eq!(Cloud::by_name("USGov-DoD").unwrap().environment, "AzureUSGovernmentDoD");
        let message = Cloud::by_environment("AzureMars").unwrap_err().to_string();
        assert_eq!(
            message,
            "unknown environment \"AzureMars\"; known are AzureCloud, AzureUSGovernment, AzureUSGovernmentDoD, AzureChinaCloud"
        );
    }

    #[test]
    fn a_misspelt_key_in_a_cloud_file_is_refused() {
        let text = SOURCES[0].replace("title =", "titel =");
        let error = toml::from_str::<Cloud>(&text).unwrap_err().to_string();
        assert!(error.contains("titel"), "{error}");
    }
}
