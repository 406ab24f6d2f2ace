//! The four settings: the exact nodes that are written, read back, and cleared.

use app_config::edit::{ProxyChange, Settings, Texts, apply};
use app_config::{Cloud, Config, FipsPolicy, Proxy, TEMPLATE, TraceLevel};

const BARE: &str = "<configuration>\n</configuration>\n";

fn wrap(inner: &str) -> String {
    format!("<configuration>\n{inner}\n</configuration>\n")
}

#[test]
fn fips_writes_the_documented_node() {
    let exempt = wrap("  <runtime>\n    <enforceFIPSPolicy enabled=\"false\" />\n  </runtime>");
    let enforce = exempt.replace("false", "true");
    for (from, policy, to) in [
        (BARE, FipsPolicy::Inherit, BARE),
        (BARE, FipsPolicy::Exempt, exempt.as_str()),
        (BARE, FipsPolicy::Enforce, enforce.as_str()),
        (exempt.as_str(), FipsPolicy::Enforce, enforce.as_str()),
        (exempt.as_str(), FipsPolicy::Inherit, BARE),
    ] {
        let mut config = Config::parse(from).unwrap();
        config.set_fips(policy);
        assert_eq!(config.to_string(), to, "{policy}");
        assert_eq!(config.fips().unwrap(), policy);
        let once = config.to_string();
        config.set_fips(policy);
        assert_eq!(config.to_string(), once, "twice {policy}");
    }
}

#[test]
fn the_proxy_has_the_documented_shape() {
    let proxy = Proxy::parse("http://proxy.example.com:8080").unwrap();
    let expected = wrap(
        "  <system.net>\n    <defaultProxy enabled=\"true\" useDefaultCredentials=\"true\">\n      \
         <proxy usesystemdefault=\"true\" proxyaddress=\"http://proxy.example.com:8080\" bypassonlocal=\"true\" />\n    \
         </defaultProxy>\n  </system.net>",
    );
    let mut config = Config::parse(BARE).unwrap();
    config.set_proxy(Some(&proxy));
    assert_eq!(config.to_string(), expected);
    assert_eq!(config.proxy().unwrap(), Some(proxy));
    config.set_proxy(None);
    assert_eq!(config.to_string(), BARE);
}

/// The section stands right before `</configuration>`, as the documentation tells administrators to put it.
#[test]
fn the_proxy_goes_to_the_end_of_the_template() {
    let mut config = Config::parse(TEMPLATE).unwrap();
    config.set_proxy(Some(&Proxy::parse("http://p:1").unwrap()));
    assert!(config.to_string().ends_with("    </defaultProxy>\n  </system.net>\n</configuration>\n"));
}

#[test]
fn an_administrators_bypass_list_stays() {
    let text = wrap(
        "  <system.net>\n    <defaultProxy>\n      <proxy proxyaddress=\"http://old:1\"/>\n      \
         <bypasslist><add address=\"x\"/></bypasslist>\n    </defaultProxy>\n  </system.net>",
    );
    let mut config = Config::parse(&text).unwrap();
    config.set_proxy(Some(&Proxy::parse("http://new:2").unwrap()));
    let written = config.to_string();
    assert!(written.contains("<bypasslist><add address=\"x\"/></bypasslist>"), "{written}");
    assert!(written.contains("proxyaddress=\"http://new:2\"") && !written.contains("old"), "{written}");
}

#[test]
fn every_cloud_and_level_is_read_back_from_the_template() {
    for cloud in Cloud::all() {
        let mut config = Config::parse(TEMPLATE).unwrap();
        config.set_environment(cloud);
        let text = config.to_string();
        assert_eq!(text, TEMPLATE.replace("value=\"AzureCloud\"", &format!("value=\"{cloud}\"")));
        assert_eq!(Config::parse(&text).unwrap().environment().unwrap(), cloud);
    }
    for level in TraceLevel::ALL {
        let mut config = Config::parse(TEMPLATE).unwrap();
        config.set_trace_level(level);
        let text = config.to_string();
        assert_eq!(text, TEMPLATE.replace("value=\"Information\"", &format!("value=\"{level}\"")));
        assert_eq!(Config::parse(&text).unwrap().trace_level().unwrap(), level);
    }
}

#[test]
fn the_template_and_an_empty_file_mean_the_defaults() {
    for text in [TEMPLATE, BARE] {
        let config = Config::parse(text).unwrap();
        assert_eq!(config.fips().unwrap(), FipsPolicy::Inherit);
        assert_eq!(config.environment().unwrap().name, "commercial");
        assert_eq!(config.proxy().unwrap(), None);
        assert_eq!(config.trace_level().unwrap(), TraceLevel::Information);
    }
    assert_eq!(Config::parse(TEMPLATE).unwrap().trace_file(), Some("provisioning-agent.log"));
}

fn check_value(inner: &str, read: impl Fn(&Config) -> Option<String>, expected: &str) {
    let config = Config::parse(&wrap(inner)).unwrap();
    assert_eq!(read(&config).as_deref(), Some(expected), "{inner}");
}

#[test]
fn values_that_cannot_be_are_refused_with_their_place() {
    let fips = |config: &Config| config.fips().err().map(|error| error.to_string());
    check_value(
        "<runtime>\n<enforceFIPSPolicy enabled='maybe'/></runtime>",
        fips,
        "runtime/enforceFIPSPolicy at line 3, column 1: enabled must be \"true\" or \"false\"",
    );
    check_value(
        "<runtime>\n<enforceFIPSPolicy/></runtime>",
        fips,
        "runtime/enforceFIPSPolicy at line 3, column 1: the attribute enabled is missing",
    );
    check_value(
        "<appSettings><add key='ENVIRONMENTNAME' value='Azure'/></appSettings>",
        |config| config.environment().err().map(|error| error.to_string()),
        "appSettings/add[environmentname] at line 2, column 14: unknown environment \"Azure\"; known are AzureCloud, \
         AzureUSGovernment, AzureUSGovernmentDoD, AzureChinaCloud",
    );
    check_value(
        "<system.net><defaultProxy>\n<proxy proxyaddress='http://me:hunter2@p:1'/></defaultProxy></system.net>",
        |config| config.proxy().err().map(|error| error.to_string()),
        "system.net/defaultProxy/proxy at line 3, column 1: proxyaddress: it contains a user name or a password, which \
         must never stand in a configuration; write http://HOST:PORT",
    );
    check_value(
        "<system.diagnostics><switches>\n<add name='provisioningagenttrace' value='Loud'/></switches></system.diagnostics>",
        |config| config.trace_level().err().map(|error| error.to_string()),
        "system.diagnostics/switches/add[provisioningagenttrace] at line 3, column 1: unknown trace level \"Loud\"; \
         known are Off, Critical, Error, Warning, Information, Verbose",
    );
}

#[test]
fn a_proxy_that_is_switched_off_or_left_to_the_system_is_none() {
    for inner in [
        "<system.net><defaultProxy enabled='false'><proxy proxyaddress='http://p:1'/></defaultProxy></system.net>",
        "<system.net><defaultProxy><proxy usesystemdefault='true'/></defaultProxy></system.net>",
        "<system.net/>",
    ] {
        assert_eq!(Config::parse(&wrap(inner)).unwrap().proxy().unwrap(), None, "{inner}");
    }
}

#[test]
fn a_patch_is_all_or_nothing_and_says_what_it_did() {
    let errors = Settings::parse(Texts {
        environment: Some("AzureMars"),
        fips: Some("on"),
        proxy: Some("http://u:p@h:1"),
        trace: Some("Verbose"),
    })
    .unwrap_err();
    assert_eq!(errors.len(), 3);

    let settings = Settings::parse(Texts {
        environment: Some("azureusgovernment"),
        fips: Some("EXEMPT"),
        proxy: Some("http://proxy:3128/"),
        trace: Some(""),
    })
    .unwrap();
    let mut config = Config::parse(TEMPLATE).unwrap();
    let changes: Vec<_> = apply(&mut config, &settings).iter().map(ToString::to_string).collect();
    assert_eq!(
        changes,
        [
            "environment: AzureCloud -> AzureUSGovernment",
            "FIPS policy: inherit -> exempt",
            "proxy: none -> http://proxy:3128"
        ]
    );
    let text = config.to_string();
    assert!(apply(&mut config, &settings).is_empty());
    assert_eq!(config.to_string(), text);

    let none = Settings::parse(Texts { proxy: Some("NONE"), ..Texts::default() }).unwrap();
    assert_eq!(none.proxy, Some(ProxyChange::Clear));
    apply(&mut config, &none);
    assert_eq!(config.proxy().unwrap(), None);
}

/// A damaged value is no reason to refuse a patch that replaces it.
#[test]
fn a_patch_repairs_an_unreadable_value() {
    let text = wrap("  <appSettings>\n    <add key=\"EnvironmentName\" value=\"?\" />\n  </appSettings>");
    let mut config = Config::parse(&text).unwrap();
    let settings = Settings { environment: Some(Cloud::by_name("china").unwrap()), ..Settings::default() };
    let changes = apply(&mut config, &settings);
    assert_eq!(changes[0].to_string(), "environment: (unreadable) -> AzureChinaCloud");
    assert_eq!(config.to_string(), text.replace('?', "AzureChinaCloud"));
}

#[test]
fn a_file_on_one_line_stays_on_one_line() {
    let mut config = Config::parse("<configuration><runtime/></configuration>").unwrap();
    config.set_fips(FipsPolicy::Exempt);
    assert_eq!(
        config.to_string(),
        "<configuration><runtime><enforceFIPSPolicy enabled=\"false\"/></runtime></configuration>"
    );
}

#[test]
fn slips_that_dot_net_would_pass_over_are_noticed() {
    let text = wrap(
        "  <Runtime>\n    <enforceFipsPolicy enabled=\"false\"/>\n  </Runtime>\n  <enforceFIPSPolicy enabled=\"false\"/>\n  \
         <runtime>\n    <system.net/>\n    <gcServer enabled=\"true\"/>\n  </runtime>\n  <appSettings><Add \
         key=\"environmentname\" value=\"AzureCloud\"/></appSettings>",
    );
    let config = Config::parse(&text).unwrap();
    assert_eq!(config.fips().unwrap(), FipsPolicy::Inherit);
    let found: Vec<_> = config.suspicions().iter().map(ToString::to_string).collect();
    assert_eq!(
        found,
        [
            "Runtime at line 2, column 3 has no effect; did you mean configuration/runtime?",
            "Runtime/enforceFipsPolicy at line 3, column 5 has no effect; did you mean \
             configuration/runtime/enforceFIPSPolicy?",
            "enforceFIPSPolicy at line 5, column 3 has no effect; did you mean configuration/runtime/enforceFIPSPolicy?",
            "runtime/system.net at line 7, column 5 has no effect; did you mean configuration/system.net?",
            "appSettings/Add[environmentname] at line 10, column 16 has no effect; did you mean \
             configuration/appSettings/add?",
        ]
    );
    assert!(Config::parse(TEMPLATE).unwrap().suspicions().is_empty());
}
