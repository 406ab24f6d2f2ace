//! The client against an honest authority (OpenSSL's, on loopback) and against servers that are none.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use authenticode::{HashAlgorithm, Roots, TimestampError, Timestamper};
use testkit::tsa::{Answer, Server, Tsa};
use timestamp_client::{Client, Notice, Patience};

const HASH: HashAlgorithm = HashAlgorithm::Sha256;

fn impatient() -> Patience {
    Patience { timeout: Duration::from_secs(60), rounds: 2, pause: Duration::from_millis(1) }
}

fn client(servers: &[&Server]) -> Client {
    Client::new(servers.iter().map(|server| server.url()).collect(), impatient()).unwrap()
}

fn honest(tsa: &Arc<Tsa>) -> Server {
    let tsa = Arc::clone(tsa);
    Server::start(move |_, query| Answer::Reply(tsa.reply(query)))
}

#[test]
fn an_honest_authority_is_taken_and_named() {
    let tsa = Arc::new(Tsa::new());
    let server = honest(&tsa);
    let said = Arc::new(Mutex::new(Vec::new()));
    let heard = Arc::clone(&said);
    let roots = Roots::from_pem(&std::fs::read(tsa.root()).unwrap()).unwrap();
    let client = client(&[&server]).trusting(roots).telling(move |notice| {
        if let Notice::Got { server, timestamp } = notice {
            heard.lock().unwrap().push(format!("{server} {}", timestamp.authority));
        }
    });
    for hash in HashAlgorithm::ALL {
        client.timestamp(hash, &hash.digest(b"a signature")).unwrap();
    }
    assert_eq!(*said.lock().unwrap(), vec![format!("{} CN=Test TSA good", server.url()); 3]);
}

#[test]
fn servers_are_tried_in_turn_until_one_answers_well() {
    let tsa = Arc::new(Tsa::new());
    let wrong = Server::start(|_, _| Answer::Reply(b"<html>Welcome to the hotel</html>".to_vec()));
    let failing = Server::start(|_, _| Answer::Status(503));
    let closing = Server::start(|_, _| Answer::Close);
    let last = honest(&tsa);
    let client = client(&[&wrong, &failing, &closing, &last]);
    client.timestamp(HASH, &HASH.digest(b"a signature")).unwrap();
    assert_eq!([wrong.asked(), failing.asked(), closing.asked(), last.asked()], [1, 1, 1, 1]);
}

#[test]
fn a_server_that_was_away_is_asked_again_and_one_that_lied_is_not() {
    let tsa = Arc::new(Tsa::new());
    let back = Arc::clone(&tsa);
    let away = Server::start(move |number, query| match number {
        0 => Answer::Status(502),
        _ => Answer::Reply(back.reply(query)),
    });
    let liar = Arc::clone(&tsa);
    let lying = Server::start(move |_, query| Answer::Reply(liar.reply_by("code-signer", query)));
    let client = client(&[&lying, &away]);
    client.timestamp(HASH, &HASH.digest(b"a signature")).unwrap();
    assert_eq!((lying.asked(), away.asked()), (1, 2));
}

#[test]
fn every_failure_is_told_and_all_of_them_end_in_an_error() {
    let endless = Server::start(|_, _| Answer::Endless);
    let moved = Server::start(|_, _| Answer::Status(302));
    let nowhere = {
        let server = Server::start(|_, _| Answer::Close);
        server.url()
    };
    let mut servers: Vec<String> = [&endless, &moved].map(Server::url).into();
    servers.push(nowhere);
    let failures = Arc::new(Mutex::new(0));
    let count = Arc::clone(&failures);
    let client = Client::new(servers.clone(), impatient()).unwrap().telling(move |notice| {
        if matches!(notice, Notice::Failed { .. }) {
            *count.lock().unwrap() += 1;
        }
    });
    let error = client.timestamp(HASH, &HASH.digest(b"a signature")).unwrap_err();
    let TimestampError::AllFailed { reasons } = &error else { panic!("{error}") };
    assert_eq!(*failures.lock().unwrap(), 6, "{error}");
    for server in &servers {
        assert!(reasons.iter().any(|reason| reason.starts_with(server)), "{error}");
    }
}

#[test]
fn a_silent_server_costs_no_more_than_the_limit() {
    let silent = Server::start(|_, _| Answer::Silence(Duration::from_secs(2)));
    let patience = Patience { timeout: Duration::from_millis(200), rounds: 1, ..impatient() };
    let client = Client::new(vec![silent.url()], patience).unwrap();
    let error = client.timestamp(HASH, &HASH.digest(b"a signature")).unwrap_err();
    assert!(error.to_string().contains("timeout"), "{error}");
}

#[test]
fn a_stranger_is_refused_where_roots_are_given() {
    let tsa = Arc::new(Tsa::new());
    let server = honest(&tsa);
    let stranger = Roots::from_pem(&std::fs::read(Tsa::new().root()).unwrap()).unwrap();
    let error = client(&[&server]).trusting(stranger).timestamp(HASH, &HASH.digest(b"x")).unwrap_err();
    assert!(error.to_string().contains("cannot be trusted"), "{error}");
}

#[test]
fn what_is_no_address_is_refused_at_once() {
    for server in ["", "ftp://tsa.example", "http://", "tsa.example", "http://tsa.example/\r\nX: y"] {
        assert!(Client::new(vec![server.into()], Patience::default()).is_err(), "{server:?}");
    }
    assert!(Client::new(Vec::new(), Patience::default()).is_err());
}
