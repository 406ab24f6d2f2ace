//! The loop on a console, as a process: what it reaches, tells and writes, and how it ends.
#![cfg(target_os = "linux")]

mod support;

use std::time::Duration;

use support::{Behaviour, Machine, ProxyServer};

/// The whole way: every target is asked for through the proxy, TLS is verified, the status says so, Ctrl-C ends it.
#[test]
fn the_cloud_is_reached_through_the_proxy_until_ctrl_c() {
    let proxy = ProxyServer::start(Behaviour::Open);
    let machine = Machine::behind(&proxy);
    let agent = machine.start(&["run"]);
    let status = machine.wait_for("reachable cloud", |status| status["reachable"] == true);
    assert_eq!(status["state"], "running");
    assert_eq!(status["cloud"]["environment"], "AzureCloud");
    assert_eq!(status["proxy"], proxy.address);
    assert_eq!(status["fips"]["md5"], "allowed");
    let running = machine.run(&["status"]);
    assert_eq!(running.code, 0, "{running:?}");
    assert!(running.out.contains("State:         running"), "{}", running.out);

    let (end, took) = agent.stop("INT");
    assert_eq!(end.code, 0, "{end:?}");
    assert!(took < Duration::from_secs(2), "{took:?}");
    assert_eq!(machine.status().unwrap()["state"], "stopped");
    let mut requests = proxy.requests.lock().unwrap().clone();
    requests.sort();
    assert_eq!(
        requests,
        [
            "CONNECT graph.microsoft.com:443 HTTP/1.1",
            "CONNECT login.microsoftonline.com:443 HTTP/1.1",
            "CONNECT login.windows.net:443 HTTP/1.1",
            "HEAD http://crl.microsoft.com/ HTTP/1.1",
            "HEAD http://mscrl.microsoft.com/ HTTP/1.1",
            "HEAD http://ocsp.msocsp.com/ HTTP/1.1",
            "HEAD http://www.microsoft.com/ HTTP/1.1",
        ]
    );
    for id in [" 1000 ", " 1010 ", " 1020 ", " 1001 "] {
        assert!(machine.trace().contains(id), "event{id}is missing in\n{}", machine.trace());
        assert!(end.out.contains(id), "event{id}is missing on the console");
    }
}

#[test]
fn the_configured_cloud_decides_the_hosts() {
    let proxy = ProxyServer::start(Behaviour::Open);
    let machine = Machine::behind(&proxy);
    assert_eq!(machine.run(&["configure", "--environment", "azureusgovernmentdod"]).code, 0);
    let end = machine.run(&["run", "--once"]);
    assert_eq!(end.code, 0, "{end:?}");
    let requests = proxy.requests.lock().unwrap().join("\n");
    assert!(requests.contains("CONNECT dod-graph.microsoft.us:443 "), "{requests}");
    assert!(!requests.contains("microsoft.com"), "{requests}");
}

/// A service must stop at once, whatever a probe is waiting for.
#[test]
fn a_stop_does_not_wait_for_a_silent_proxy() {
    let proxy = ProxyServer::start(Behaviour::Silent);
    let machine = Machine::behind(&proxy);
    let agent = machine.start(&["run"]);
    machine.wait_for("running agent", |status| status["state"] == "running");
    let (end, took) = agent.stop("TERM");
    assert_eq!(end.code, 0, "{end:?}");
    assert!(took < Duration::from_secs(2), "{took:?}");
    assert!(machine.status().unwrap()["reachable"].is_null());
}

fn check_unreachable(behaviour: Behaviour, step: &str, words: &str) {
    let proxy = ProxyServer::start(behaviour);
    let machine = Machine::behind(&proxy);
    let end = machine.run(&["run", "--once"]);
    assert_eq!(end.code, 40, "{behaviour:?}: {end:?}");
    let status = machine.status().unwrap();
    let first = &status["endpoints"][0];
    assert_eq!(
        (&first["reachable"], &first["step"]),
        (&false.into(), &step.into()),
        "{behaviour:?}: {first}"
    );
    assert!(first["message"].as_str().unwrap().contains(words), "{behaviour:?}: {first}");
    assert!(
        end.out.contains(" 1021 Endpoints that the agent needs are not reachable. login."),
        "{}",
        end.out
    );
}

#[test]
fn what_stands_in_the_way_is_named() {
    check_unreachable(
        Behaviour::Answer("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n"),
        "proxy",
        "credentials (407)",
    );
    check_unreachable(
        Behaviour::Answer("HTTP/1.1 403 Forbidden\r\n\r\n"),
        "proxy",
        "does not allow it (403)",
    );
    check_unreachable(
        Behaviour::Answer("HTTP/1.1 503 Unavailable\r\n\r\n"),
        "proxy",
        "cannot reach it (503)",
    );
    check_unreachable(Behaviour::Answer("SSH-2.0-OpenSSH\r\n\r\n\r\n"), "proxy", "no HTTP proxy");
    check_unreachable(Behaviour::Answer(""), "proxy", "without an answer");
    check_unreachable(Behaviour::CloseTunnel, "tls", "the TLS handshake failed: ");
    check_unreachable(Behaviour::WrongHost, "tls", "the certificate is not trusted by this server (");
}

/// Proxies that open TLS to look inside present a certificate that the server does not trust.
#[test]
fn an_untrusted_certificate_is_unreachable() {
    let proxy = ProxyServer::start(Behaviour::Open);
    let machine = Machine::behind(&proxy);
    std::fs::write(machine.trust(), support::Authority::new().certificate.to_pem().unwrap()).unwrap();
    let end = machine.run(&["run", "--once"]);
    assert_eq!(end.code, 40, "{end:?}");
    assert_eq!(machine.status().unwrap()["endpoints"][0]["step"], "tls");
    assert!(end.out.contains("certificate verify failed"), "{}", end.out);
}

#[test]
fn an_edit_while_it_runs_is_noticed_once_and_applied_at_the_next_start() {
    let proxy = ProxyServer::start(Behaviour::Open);
    let machine = Machine::behind(&proxy);
    let agent = machine.start(&["run", "--interval", "1"]);
    machine.wait_for("first round", |status| status["reachable"] == true);
    assert_eq!(machine.run(&["configure", "--environment", "AzureUSGovernment"]).code, 0);
    let status = machine.wait_for("note of the edit", |status| status["restart_needed"] == true);
    assert_eq!(status["cloud"]["environment"], "AzureCloud");
    let updated = status["updated_unix"].as_u64().unwrap();
    machine.wait_for("another round", |status| status["updated_unix"].as_u64().unwrap() > updated + 1);
    let (end, _) = agent.stop("TERM");
    assert_eq!(end.out.matches(" 1002 ").count(), 1, "{}", end.out);
    assert_eq!(end.out.matches(" 1020 ").count(), 1, "only changes are events\n{}", end.out);
}

fn check_failure(config: Option<&str>, code: i32, words: &str) {
    let machine = Machine::new();
    match config {
        Some(text) => machine.write_config(text),
        None => std::fs::remove_file(machine.config()).unwrap(),
    }
    let end = machine.run(&["run"]);
    assert_eq!(end.code, code, "{config:?}: {end:?}");
    assert!(end.out.contains(" 1100 ") && end.out.contains(words), "{config:?}: {}", end.out);
    let status = machine.status().unwrap();
    assert_eq!((&status["state"], &status["failure"]["code"]), (&"failed".into(), &code.into()), "{status}");
    assert!(machine.trace().contains(words), "{}", machine.trace());
    for text in [&end.out, &end.err, &status.to_string(), &machine.trace()] {
        assert!(!text.contains("hunter2"), "a secret in {text}");
    }
    let verify = machine.run(&["verify", "--no-endpoints"]);
    assert_eq!(verify.code, code, "{config:?}: {verify:?}");
    assert!(verify.out.contains(words) && !verify.out.contains("hunter2"), "{}", verify.out);
}

#[test]
fn a_broken_configuration_stops_it_with_a_code_an_event_and_a_line() {
    let inside = |inner: &str| format!("<configuration>\n{inner}\n</configuration>");
    check_failure(None, 10, "is missing; repair the installation");
    check_failure(Some(""), 12, "no root element");
    check_failure(Some("<configuration><runtime></configuration>"), 12, "line 1, column ");
    check_failure(
        Some(&inside("<runtime/>\n<runtime/>")),
        12,
        "runtime stands twice, at line 2, column 1 and at line 3",
    );
    check_failure(Some("<!DOCTYPE c [<!ENTITY a 'b'>]><configuration/>"), 12, "document type");
    check_failure(
        Some(&inside("<appSettings><add key='EnvironmentName' value='Azure'/></appSettings>")),
        13,
        "unknown environment \"Azure\"; known are AzureCloud, ",
    );
    check_failure(
        Some(&inside("<runtime><enforceFIPSPolicy enabled='no'/></runtime>")),
        14,
        "must be \"true\" or \"false\"",
    );
    check_failure(
        Some(&inside(
            "<system.net><defaultProxy><proxy proxyaddress='http://me:hunter2@p:1'/></defaultProxy></system.net>",
        )),
        15,
        "a user name or a password",
    );
    check_failure(
        Some(&inside(
            "<system.diagnostics><switches><add name='ProvisioningAgentTrace' value='Loud'/></switches></system.diagnostics>",
        )),
        16,
        "unknown trace level \"Loud\"",
    );
}

#[test]
fn a_configuration_that_is_a_folder_cannot_be_read() {
    let machine = Machine::new();
    std::fs::remove_file(machine.config()).unwrap();
    std::fs::create_dir(machine.config()).unwrap();
    assert_eq!(machine.run(&["run"]).code, 11);
}

#[test]
fn a_data_folder_that_is_a_file_stops_it() {
    let machine = Machine::new();
    std::fs::write(machine.data_dir(), "").unwrap();
    let end = machine.run(&["run"]);
    assert_eq!(end.code, 20, "{end:?}");
    assert!(end.out.contains(" 1101 ") && end.out.contains("cannot be written"), "{}", end.out);
}

#[test]
fn the_trace_level_is_respected() {
    let proxy = ProxyServer::start(Behaviour::Open);
    let machine = Machine::behind(&proxy);
    for (level, lines) in [("Off", false), ("Verbose", true)] {
        assert_eq!(machine.run(&["configure", "--trace", level]).code, 0);
        assert_eq!(machine.run(&["run", "--once"]).code, 0);
        assert_eq!(machine.trace().contains("TLS established"), lines, "{level}: {}", machine.trace());
        assert_eq!(machine.trace().is_empty(), !lines);
    }
}
