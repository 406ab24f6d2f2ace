//! A machine to run the agent on: a configuration, a data folder, and a proxy on this computer that stands for the whole
//! internet. It ends the tunnels that it opens itself, with a certificate for whatever host was asked for, so that nothing
//! ever leaves the machine.
#![allow(dead_code, reason = "each test file uses a part")]

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use openssl::asn1::Asn1Time;
use openssl::bn::BigNum;
use openssl::ec::{EcGroup, EcKey};
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{PKey, Private};
use openssl::ssl::{SslAcceptor, SslMethod};
use openssl::x509::extension::{BasicConstraints, SubjectAlternativeName};
use openssl::x509::{X509, X509Builder, X509NameBuilder};

pub struct Machine {
    pub folder: tempfile::TempDir,
}

impl Machine {
    /// A machine with the shipped configuration.
    pub fn new() -> Machine {
        let machine = Machine { folder: tempfile::tempdir().unwrap() };
        machine.write_config(app_config::TEMPLATE);
        machine
    }

    /// A machine whose only way out is this proxy.
    pub fn behind(proxy: &ProxyServer) -> Machine {
        let machine = Machine::new();
        let mut config = app_config::Config::parse(app_config::TEMPLATE).unwrap();
        config.set_proxy(Some(&app_config::Proxy::parse(&proxy.address).unwrap()));
        machine.write_config(&config.to_string());
        std::fs::write(machine.trust(), proxy.authority.certificate.to_pem().unwrap()).unwrap();
        machine
    }

    pub fn config(&self) -> PathBuf {
        self.folder.path().join("agent.config")
    }

    pub fn data_dir(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    pub fn trust(&self) -> PathBuf {
        self.folder.path().join("trust.pem")
    }

    pub fn write_config(&self, text: &str) {
        std::fs::write(self.config(), text).unwrap();
    }

    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_provisioning-agent"));
        command.args(args).arg("--config").arg(self.config()).arg("--data-dir").arg(self.data_dir());
        command.env("SSL_CERT_FILE", self.trust()).env("SSL_CERT_DIR", self.folder.path());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    pub fn run(&self, args: &[&str]) -> Finished {
        Finished::from(self.command(args).output().unwrap())
    }

    pub fn start(&self, args: &[&str]) -> Running {
        Running(Some(self.command(args).spawn().unwrap()))
    }

    /// `status.json`, if it is there.
    pub fn status(&self) -> Option<serde_json::Value> {
        let text = std::fs::read(self.data_dir().join("status.json")).ok()?;
        Some(serde_json::from_slice(&text).expect("status.json is whole whenever it is read"))
    }

    /// Waits until the status is as wanted.
    pub fn wait_for(&self, what: &str, wanted: impl Fn(&serde_json::Value) -> bool) -> serde_json::Value {
        let end = Instant::now() + Duration::from_secs(30);
        loop {
            if let Some(status) = self.status().filter(|status| wanted(status)) {
                return status;
            }
            assert!(Instant::now() < end, "no {what} within 30 s; the status is {:?}", self.status());
            thread::sleep(Duration::from_millis(20));
        }
    }

    pub fn trace(&self) -> String {
        std::fs::read_to_string(self.data_dir().join("Trace").join("provisioning-agent.log"))
            .unwrap_or_default()
    }
}

/// A process that has ended.
#[derive(Debug)]
pub struct Finished {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl From<Output> for Finished {
    fn from(output: Output) -> Finished {
        Finished {
            code: output.status.code().expect("the agent ends by itself, never by a signal"),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

/// A process that runs; it is ended with the test.
pub struct Running(Option<Child>);

impl Running {
    /// Sends a signal and gives the end, and how long it took.
    pub fn stop(mut self, signal: &str) -> (Finished, Duration) {
        let child = self.0.take().unwrap();
        let start = Instant::now();
        let sent =
            Command::new("sh").arg("-c").arg(format!("kill -{signal} {}", child.id())).status().unwrap();
        assert!(sent.success());
        (Finished::from(child.wait_with_output().unwrap()), start.elapsed())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(child) = &mut self.0 {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// A certificate authority of the test's own.
pub struct Authority {
    pub certificate: X509,
    key: PKey<Private>,
}

impl Authority {
    pub fn new() -> Authority {
        let key = new_key();
        let mut builder = certificate_builder("Test authority", &key);
        builder.set_issuer_name(&name("Test authority")).unwrap();
        builder.append_extension(BasicConstraints::new().critical().ca().build().unwrap()).unwrap();
        builder.sign(&key, MessageDigest::sha256()).unwrap();
        Authority { certificate: builder.build(), key }
    }

    /// A server for one host.
    fn acceptor(&self, host: &str) -> SslAcceptor {
        let key = new_key();
        let mut builder = certificate_builder(host, &key);
        builder.set_issuer_name(self.certificate.subject_name()).unwrap();
        let names = SubjectAlternativeName::new()
            .dns(host)
            .build(&builder.x509v3_context(Some(&self.certificate), None));
        builder.append_extension(names.unwrap()).unwrap();
        builder.sign(&self.key, MessageDigest::sha256()).unwrap();
        let mut acceptor = SslAcceptor::mozilla_intermediate_v5(SslMethod::tls()).unwrap();
        acceptor.set_private_key(&key).unwrap();
        acceptor.set_certificate(&builder.build()).unwrap();
        acceptor.build()
    }
}

fn new_key() -> PKey<Private> {
    let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).unwrap();
    PKey::from_ec_key(EcKey::generate(&group).unwrap()).unwrap()
}

fn name(text: &str) -> openssl::x509::X509Name {
    let mut name = X509NameBuilder::new().unwrap();
    name.append_entry_by_nid(Nid::COMMONNAME, text).unwrap();
    name.build()
}

fn certificate_builder(subject: &str, key: &PKey<Private>) -> X509Builder {
    let mut serial = BigNum::new().unwrap();
    serial.rand(127, openssl::bn::MsbOption::MAYBE_ZERO, false).unwrap();
    let mut builder = X509Builder::new().unwrap();
    builder.set_version(2).unwrap();
    builder.set_serial_number(&serial.to_asn1_integer().unwrap()).unwrap();
    builder.set_subject_name(&name(subject)).unwrap();
    builder.set_not_before(&Asn1Time::days_from_now(0).unwrap()).unwrap();
    builder.set_not_after(&Asn1Time::days_from_now(2).unwrap()).unwrap();
    builder.set_pubkey(key).unwrap();
    builder
}

/// How the proxy behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Behaviour {
    /// Opens every tunnel and speaks TLS at its end as the host.
    Open,
    /// Speaks TLS at the end of every tunnel as another host.
    WrongHost,
    /// Answers every request with these bytes and closes.
    Answer(&'static str),
    /// Opens the tunnel and closes it.
    CloseTunnel,
    /// Takes connections and never says a word.
    Silent,
    /// Sends a byte now and then, for ever.
    Trickle,
}

pub struct ProxyServer {
    pub address: String,
    pub authority: Arc<Authority>,
    /// The first line of each request.
    pub requests: Arc<Mutex<Vec<String>>>,
}

impl ProxyServer {
    pub fn start(behaviour: Behaviour) -> ProxyServer {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let authority = Arc::new(Authority::new());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let server = (authority.clone(), requests.clone());
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (authority, requests) = server.clone();
                thread::spawn(move || serve(stream.unwrap(), behaviour, &authority, &requests));
            }
        });
        ProxyServer { address, authority, requests }
    }
}

fn serve(mut stream: TcpStream, behaviour: Behaviour, authority: &Authority, requests: &Mutex<Vec<String>>) {
    match behaviour {
        Behaviour::Silent => thread::sleep(Duration::from_secs(60)),
        Behaviour::Trickle => {
            for _ in 0..600 {
                if stream.write_all(b"x").is_err() {
                    return;
                }
                thread::sleep(Duration::from_millis(100));
            }
        }
        _ => {}
    }
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).is_ok_and(|len| len == 1) {
        head.push(byte[0]);
    }
    let head = String::from_utf8(head).unwrap();
    let line = head.lines().next().unwrap_or_default().to_owned();
    requests.lock().unwrap().push(line.clone());
    let host = line.strip_prefix("CONNECT ").and_then(|rest| rest.split(':').next());
    if let Behaviour::Answer(answer) = behaviour {
        let _ = stream.write_all(answer.as_bytes());
        return;
    }
    let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nVia: 1.1 test\r\n\r\n");
    let Some(host) = host else { return };
    let host = match behaviour {
        Behaviour::CloseTunnel => return,
        Behaviour::WrongHost => "other.example.com",
        _ => host,
    };
    if let Ok(mut tls) = authority.acceptor(host).accept(stream) {
        let _ = tls.read(&mut byte);
    }
}
