//! `status`, `verify`, `configure` and usage, as processes.
#![cfg(target_os = "linux")]

mod support;

use support::{Behaviour, Machine, ProxyServer};

#[test]
fn status_tells_stopped_failed_stale_and_missing_apart() {
    let proxy = ProxyServer::start(Behaviour::Open);
    let machine = Machine::behind(&proxy);
    let missing = machine.run(&["status"]);
    assert_eq!(missing.code, 50);
    assert!(missing.err.contains("the agent has not run yet"), "{}", missing.err);

    assert_eq!(machine.run(&["run", "--once"]).code, 0);
    let stopped = machine.run(&["status", "--json"]);
    assert_eq!(stopped.code, 51);
    let mut json: serde_json::Value = serde_json::from_str(&stopped.out).unwrap();
    assert_eq!(json["endpoints"].as_array().unwrap().len(), 7);

    json["state"] = "running".into();
    let file = machine.data_dir().join("status.json");
    std::fs::write(&file, json.to_string()).unwrap();
    assert_eq!(machine.run(&["status"]).code, 0);
    json["reachable"] = false.into();
    std::fs::write(&file, json.to_string()).unwrap();
    assert_eq!(machine.run(&["status"]).code, 40);
    json["updated_unix"] = (json["updated_unix"].as_u64().unwrap() - 2 * 600 - 61).into();
    std::fs::write(&file, json.to_string()).unwrap();
    let stale = machine.run(&["status"]);
    assert_eq!(stale.code, 52);
    assert!(stale.out.contains("not heard of"), "{}", stale.out);
    std::fs::write(&file, "{").unwrap();
    assert_eq!(machine.run(&["status"]).code, 1);
}

#[test]
fn verify_gives_a_line_per_finding_and_the_first_errors_code() {
    let proxy = ProxyServer::start(Behaviour::Open);
    let machine = Machine::behind(&proxy);
    let well = machine.run(&["verify"]);
    assert_eq!(well.code, 0, "{well:?}");
    assert_eq!(well.out.lines().count(), 4 + 7, "{}", well.out);
    assert!(well.out.lines().skip(1).all(|line| line.starts_with("ok        0  ")), "{}", well.out);
    assert!(well.out.starts_with("skipped   0  service: "), "{}", well.out);

    let refused = ProxyServer::start(Behaviour::Answer("HTTP/1.1 403 Forbidden\r\n\r\n"));
    let machine = Machine::behind(&refused);
    let json = machine.run(&["verify", "--json"]);
    assert_eq!(json.code, 40, "{json:?}");
    let report: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!(report["exit_code"], 40);
    let verdicts: Vec<_> =
        report["findings"].as_array().unwrap().iter().map(|f| (&f["verdict"], &f["code"])).collect();
    assert_eq!(verdicts.iter().filter(|(verdict, code)| *verdict == "error" && **code == 40).count(), 3);
    assert_eq!(
        verdicts.iter().filter(|(verdict, _)| *verdict == "ok").count(),
        3 + 4,
        "a 403 for a page is an answer"
    );
}

#[test]
fn verify_notices_that_the_running_agent_is_older() {
    let machine = Machine::new();
    std::fs::create_dir(machine.data_dir()).unwrap();
    let mut status = provisioning_agent::status::Status::starting(&machine.config(), 600);
    status.version = "0.9.0".to_owned();
    status.write(&machine.data_dir()).unwrap();
    let verify = machine.run(&["verify", "--no-endpoints"]);
    assert_eq!(verify.code, 36, "{verify:?}");
    assert!(verify.out.contains("the running agent is 0.9.0: restart the service"), "{}", verify.out);
}

#[test]
fn verify_warns_of_a_node_that_has_no_effect() {
    let machine = Machine::new();
    machine.write_config(
        "<configuration>\n<runtime><enforceFipsPolicy enabled='false'/></runtime>\n</configuration>",
    );
    let verify = machine.run(&["verify", "--no-endpoints"]);
    assert_eq!(verify.code, 0, "{verify:?}");
    let words = "warning  43  configuration: runtime/enforceFipsPolicy at line 2, column 10 has no effect; did you mean ";
    assert!(verify.out.contains(words), "{}", verify.out);
}

#[test]
fn configure_writes_all_or_nothing_and_keeps_a_backup() {
    let machine = Machine::new();
    let done = machine.run(&[
        "configure",
        "--environment",
        "azureusgovernment",
        "--fips",
        "exempt",
        "--proxy",
        "http://p:8080",
    ]);
    assert_eq!(done.code, 0, "{done:?}");
    assert!(
        done.out
            .starts_with("environment: AzureCloud -> AzureUSGovernment\nFIPS policy: inherit -> exempt\n"),
        "{}",
        done.out
    );
    assert!(done.out.contains("Restart-Service ProvisioningAgent"), "{}", done.out);
    let written = std::fs::read_to_string(machine.config()).unwrap();
    assert!(
        written.contains("<enforceFIPSPolicy enabled=\"false\" />") && written.contains("\"http://p:8080\""),
        "{written}"
    );
    let backup = machine.config().with_extension("config.bak");
    assert_eq!(std::fs::read_to_string(&backup).unwrap(), app_config::TEMPLATE);

    let again = machine.run(&["configure", "--fips", "EXEMPT"]);
    assert!(again.code == 0 && again.out.contains("has these settings already"), "{again:?}");
    assert_eq!(
        std::fs::read_to_string(&backup).unwrap(),
        app_config::TEMPLATE,
        "nothing was written, the backup neither"
    );

    let refused =
        machine.run(&["configure", "--trace", "Verbose", "--fips", "on", "--proxy", "http://me:hunter2@p:1"]);
    assert_eq!(refused.code, 2, "{refused:?}");
    assert!(
        refused.err.contains("unknown FIPS policy \"on\"; known are inherit, exempt, enforce"),
        "{}",
        refused.err
    );
    assert!(
        refused.err.contains("user name or a password") && !refused.err.contains("hunter2"),
        "{}",
        refused.err
    );
    assert_eq!(std::fs::read_to_string(machine.config()).unwrap(), written);

    let cleared =
        machine.run(&["configure", "--fips", "inherit", "--proxy", "none", "--environment", "AzureCloud"]);
    assert_eq!(cleared.code, 0, "{cleared:?}");
    assert_eq!(std::fs::read_to_string(machine.config()).unwrap(), app_config::TEMPLATE);
}

#[test]
fn configure_needs_a_configuration_and_something_to_change() {
    let machine = Machine::new();
    assert_eq!(machine.run(&["configure"]).code, 2);
    assert_eq!(machine.run(&["configure", "--fips", ""]).code, 2);
    std::fs::remove_file(machine.config()).unwrap();
    assert_eq!(machine.run(&["configure", "--fips", "exempt"]).code, 10);
    assert!(!machine.config().exists());
    machine.write_config("<configuration>");
    assert_eq!(machine.run(&["configure", "--fips", "exempt"]).code, 12);
    assert_eq!(std::fs::read_to_string(machine.config()).unwrap(), "<configuration>");
}

#[test]
fn usage_is_documented() {
    let machine = Machine::new();
    let help = machine.run(&["--help"]);
    assert_eq!(help.code, 0);
    for (code, meaning) in provisioning_agent::exit::TABLE {
        assert!(help.out.contains(&format!("{:>4}  {meaning}\n", code.number())), "{meaning}");
    }
    let configure = machine.run(&["configure", "--help"]).out;
    for cloud in app_config::Cloud::all() {
        assert!(configure.contains(&cloud.environment), "{cloud}");
    }
    assert_eq!(
        machine.run(&["--version"]).out,
        format!("provisioning-agent {}\n", provisioning_agent::VERSION)
    );
    assert_eq!(machine.run(&["frobnicate"]).code, 2);
    let service = machine.run(&["service"]);
    assert_eq!(service.code, 3);
    assert!(service.err.contains("`run` is the same loop"), "{}", service.err);
}
