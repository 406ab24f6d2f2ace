//! Single probes, with small limits: every way to be slow or wrong ends in time, with the step that failed.
#![cfg(target_os = "linux")]

mod support;

use std::net::TcpListener;
use std::time::{Duration, Instant};

use app_config::Proxy;
use provisioning_agent::probe::{Limits, Outcome, Step, probe};
use provisioning_agent::targets::Target;
use support::{Behaviour, ProxyServer};

const SMALL: Limits = Limits {
    lookup: Duration::from_secs(2),
    connect: Duration::from_millis(500),
    total: Duration::from_millis(1_000),
};

fn target(port: u16, tls: bool) -> Target {
    Target { host: "127.0.0.1".to_owned(), port, tls, required: true, purpose: "test".to_owned() }
}

fn timed(target: &Target, proxy: Option<&Proxy>) -> Outcome {
    let start = Instant::now();
    let outcome = probe(target, proxy, SMALL);
    assert!(start.elapsed() < Duration::from_secs(5), "{outcome:?}");
    outcome
}

#[test]
fn a_listener_is_reachable_without_tls_and_a_closed_port_is_not() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let open = timed(&target(port, false), None);
    assert!(open.reachable && open.step == Step::Done, "{open:?}");
    drop(listener);
    let closed = timed(&target(port, false), None);
    assert!(!closed.reachable && closed.step == Step::Connect, "{closed:?}");
    assert_eq!(closed.message, "no connection (refused)");
}

#[test]
fn a_server_that_never_answers_is_given_up() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let outcome = timed(&target(listener.local_addr().unwrap().port(), true), None);
    assert!(!outcome.reachable && outcome.step == Step::Tls, "{outcome:?}");
}

#[test]
fn proxies_that_hang_are_given_up() {
    for behaviour in [Behaviour::Silent, Behaviour::Trickle] {
        let proxy = Proxy::parse(&ProxyServer::start(behaviour).address).unwrap();
        for tls in [true, false] {
            let outcome = timed(&target(443, tls), Some(&proxy));
            assert!(!outcome.reachable && outcome.step == Step::Proxy, "{behaviour:?}: {outcome:?}");
            assert_eq!(outcome.message, "the proxy does not answer (no answer in time)");
        }
    }
}

#[test]
fn an_answer_without_an_end_is_given_up() {
    static ENDLESS: std::sync::OnceLock<String> = std::sync::OnceLock::new();
    let answer = ENDLESS.get_or_init(|| format!("HTTP/1.1 200 OK\r\n{}", "X: y\r\n".repeat(10_000)));
    let proxy = ProxyServer::start(Behaviour::Answer(answer.as_str()));
    let outcome = timed(&target(443, true), Some(&Proxy::parse(&proxy.address).unwrap()));
    assert!(!outcome.reachable && outcome.step == Step::Proxy, "{outcome:?}");
    assert_eq!(outcome.message, "the proxy's answer does not end");
}

#[test]
fn a_proxy_that_is_not_there_is_named() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let proxy = Proxy::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
    drop(listener);
    let outcome = timed(&target(443, true), Some(&proxy));
    assert_eq!(outcome.step, Step::Connect);
    assert_eq!(outcome.message, format!("no connection to the proxy 127.0.0.1:{} (refused)", proxy.port()));
}

/// The name is one that the standards reserve for never existing.
#[test]
fn a_name_that_does_not_exist_is_named() {
    let missing = Target { host: "agent.invalid".to_owned(), ..target(443, true) };
    let outcome = timed(&missing, None);
    assert!(!outcome.reachable && outcome.step == Step::Lookup, "{outcome:?}");
    assert!(outcome.message.starts_with("the name agent.invalid was not found in DNS"), "{outcome:?}");
}
