//! What to probe for a cloud: the hosts of its endpoints, and the hosts of its firewall list that have a full name.

use app_config::Cloud;

/// One host and port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    pub host: String,
    pub port: u16,
    /// Whether TLS is spoken there.
    pub tls: bool,
    /// Whether the agent cannot work without it.
    pub required: bool,
    pub purpose: String,
}

/// The targets of a cloud, each host and port once. Names with a wildcard cannot be probed: any of their hosts would be
/// a guess. The portal is opened by people, from other machines.
pub fn targets(cloud: &Cloud) -> Vec<Target> {
    let mut targets: Vec<Target> = Vec::new();
    let mut add = |target: Target| {
        if !targets.iter().any(|other| other.host == target.host && other.port == target.port) {
            targets.push(target);
        }
    };
    for (origin, purpose) in
        [(&cloud.endpoints.authority, "sign-in"), (&cloud.endpoints.graph, "Microsoft Graph")]
    {
        let host = origin.strip_prefix("https://").unwrap_or(origin).trim_end_matches('/');
        add(Target {
            host: host.to_owned(),
            port: 443,
            tls: true,
            required: true,
            purpose: purpose.to_owned(),
        });
    }
    // Hosts of other published readings of the same endpoint are for the firewall, not for the agent.
    let alternative = |host: &str| {
        cloud
            .endpoints
            .alternative_authorities
            .iter()
            .any(|origin| origin.strip_prefix("https://") == Some(host))
    };
    for outbound in &cloud.outbound {
        for host in outbound.hosts.iter().filter(|host| !host.starts_with("*.")) {
            add(Target {
                host: host.clone(),
                port: outbound.port,
                tls: outbound.port == 443,
                required: outbound.required && !alternative(host),
                purpose: outbound.purpose.clone(),
            });
        }
    }
    targets
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, expected: &[(&str, u16, bool)]) {
        let targets = targets(Cloud::by_name(name).unwrap());
        let got: Vec<_> = targets.iter().map(|t| (t.host.as_str(), t.port, t.required)).collect();
        assert_eq!(got, expected, "{name}");
        assert!(targets.iter().all(|target| target.tls == (target.port == 443)));
    }

    #[test]
    fn the_targets_of_the_clouds() {
        check(
            "commercial",
            &[
                ("login.microsoftonline.com", 443, true),
                ("graph.microsoft.com", 443, true),
                ("login.windows.net", 443, true),
                ("mscrl.microsoft.com", 80, false),
                ("crl.microsoft.com", 80, false),
                ("ocsp.msocsp.com", 80, false),
                ("www.microsoft.com", 80, false),
            ],
        );
        check(
            "usgov-dod",
            &[
                ("login.microsoftonline.us", 443, true),
                ("dod-graph.microsoft.us", 443, true),
                ("login.windows.us", 443, true),
                ("mscrl.microsoft.us", 80, false),
                ("crl.microsoft.us", 80, false),
                ("ocsp.msocsp.us", 80, false),
                ("www.microsoft.us", 80, false),
            ],
        );
        check(
            "china",
            &[
                ("login.partner.microsoftonline.cn", 443, true),
                ("microsoftgraph.chinacloudapi.cn", 443, true),
                ("login.chinacloudapi.cn", 443, false),
                ("mscrl.microsoft.com", 80, false),
                ("crl.microsoft.com", 80, false),
                ("ocsp.msocsp.com", 80, false),
                ("www.microsoft.com", 80, false),
            ],
        );
    }
}
