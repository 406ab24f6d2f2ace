//! A timestamp authority for tests: OpenSSL's, with a root of its own, and an HTTP server on loopback around it.
//!
//! Its certificates are made anew for each test, in moments, on P-256. Authorities that must not be believed sign the same
//! statements with other certificates.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use tempfile::TempDir;

/// An authority. `openssl` has to be installed, which `cargo xtask setup` does.
pub struct Tsa {
    folder: TempDir,
    /// The serial number file of OpenSSL is not made for several at once.
    turn: Mutex<()>,
}

/// The certificates that an authority has, good and bad, all by one root.
pub const CERTIFICATES: [(&str, &str); 5] = [
    ("good", "extendedKeyUsage=critical,timeStamping\nkeyUsage=critical,digitalSignature"),
    ("not-critical", "extendedKeyUsage=timeStamping\nkeyUsage=critical,digitalSignature"),
    (
        "two-purposes",
        "extendedKeyUsage=critical,timeStamping,codeSigning\nkeyUsage=critical,digitalSignature",
    ),
    ("code-signer", "extendedKeyUsage=critical,codeSigning\nkeyUsage=critical,digitalSignature"),
    ("no-purpose", "keyUsage=critical,digitalSignature"),
];

const CONFIG: &str = "
[tsa]
serial = serial
signer_cert = good.pem
signer_key = good.key
certs = good.pem
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha1, sha256, sha384, sha512
accuracy = secs:1
ess_cert_id_chain = no
ess_cert_id_alg = sha256
";

impl Tsa {
    /// Makes the root, the certificates and the configuration.
    #[expect(clippy::new_without_default, reason = "making one runs programs")]
    pub fn new() -> Self {
        let folder = TempDir::new().expect("a folder for the authority");
        let tsa = Self { folder, turn: Mutex::new(()) };
        tsa.write("tsa.conf", CONFIG);
        tsa.write("serial", "01\n");
        let key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
        let root = ["req", "-x509", "-days", "10000", "-subj", "/CN=Test TSA root"];
        let extension = ["-addext", "keyUsage=critical,keyCertSign,cRLSign"];
        let files = ["-keyout", "root.key", "-out", "root.pem"];
        tsa.openssl(&[&root[..], &key, &extension, &files].concat());
        for (serial, (name, extensions)) in CERTIFICATES.iter().enumerate() {
            tsa.write("extensions", extensions);
            let request = format!("{name}.csr");
            let subject = format!("/CN=Test TSA {name}");
            let files = ["-keyout", &format!("{name}.key"), "-out", &request];
            tsa.openssl(&[&["req", "-new", "-subj", &subject][..], &key, &files].concat());
            let serial = (serial + 2).to_string();
            let certificate = format!("{name}.pem");
            tsa.openssl(&[
                "x509",
                "-req",
                "-in",
                &request,
                "-CA",
                "root.pem",
                "-CAkey",
                "root.key",
                "-days",
                "10000",
                "-set_serial",
                &serial,
                "-extfile",
                "extensions",
                "-out",
                &certificate,
            ]);
        }
        tsa
    }

    /// The root certificate (PEM).
    pub fn root(&self) -> PathBuf {
        self.path("root.pem")
    }

    /// The answer of an honest authority.
    pub fn reply(&self, query: &[u8]) -> Vec<u8> {
        let _turn = self.turn.lock().expect("no panic in another test");
        self.write("query", query);
        self.openssl(&[
            "ts",
            "-reply",
            "-queryfile",
            "query",
            "-out",
            "reply",
            "-config",
            "tsa.conf",
            "-section",
            "tsa",
        ]);
        self.read("reply")
    }

    /// The statement of an honest authority, signed with another certificate of [`CERTIFICATES`].
    pub fn reply_by(&self, certificate: &str, query: &[u8]) -> Vec<u8> {
        self.reply(query);
        let _turn = self.turn.lock().expect("no panic in another test");
        self.openssl(&["ts", "-reply", "-in", "reply", "-token_out", "-out", "token"]);
        self.openssl(&["cms", "-verify", "-noverify", "-inform", "DER", "-in", "token", "-out", "statement"]);
        let (signer, key) = (format!("{certificate}.pem"), format!("{certificate}.key"));
        self.openssl(&[
            "cms",
            "-sign",
            "-binary",
            "-in",
            "statement",
            "-outform",
            "DER",
            "-out",
            "token",
            "-signer",
            &signer,
            "-inkey",
            &key,
            "-nodetach",
            "-cades",
            "-econtent_type",
            "1.2.840.113549.1.9.16.1.4",
        ]);
        granted(&self.read("token"))
    }

    /// A file of the authority's folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs OpenSSL in the authority's folder.
    pub fn openssl(&self, arguments: &[&str]) {
        openssl(self.folder.path(), arguments);
    }

    fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        std::fs::write(self.path(name), content).expect("written");
    }

    fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path(name)).expect("read")
    }
}

/// Runs OpenSSL in a folder and fails with its words where it fails.
pub fn openssl(folder: &Path, arguments: &[&str]) {
    let output = Command::new("openssl")
        .current_dir(folder)
        .args(arguments)
        .output()
        .expect("openssl cannot be run: `cargo xtask setup` installs it");
    let words = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "openssl {}: {words}", arguments.join(" "));
}

/// An answer that grants this token.
pub fn granted(token: &[u8]) -> Vec<u8> {
    let mut content = vec![0x30, 0x03, 0x02, 0x01, 0x00];
    content.extend(token);
    let mut answer = vec![0x30, 0x82];
    answer.extend(u16::try_from(content.len()).expect("a small token").to_be_bytes());
    answer.extend(content);
    answer
}

/// What a server does with a question.
pub enum Answer {
    /// Answers with these bytes.
    Reply(Vec<u8>),
    /// Answers with these bytes as authorities did before RFC 3161.
    Old(Vec<u8>),
    /// Answers with this status.
    Status(u16),
    /// Sends bytes without end.
    Endless,
    /// Says nothing for this long.
    Silence(Duration),
    /// Closes the connection.
    Close,
}

/// An HTTP server on loopback that lives as long as the value.
pub struct Server {
    port: u16,
    asked: Arc<AtomicUsize>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Starts a server that does with each question what `answer` says; questions come with their number.
    pub fn start(answer: impl Fn(usize, &[u8]) -> Answer + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port on loopback");
        let port = listener.local_addr().expect("bound").port();
        let asked = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&asked);
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(mut stream) = stream else { return };
                let Some(body) = read_request(&mut stream) else { return };
                let number = count.fetch_add(1, Ordering::SeqCst);
                // The client may go away in the middle; that is its right.
                let _ = respond(&mut stream, answer(number, &body));
            }
        });
        Self { port, asked, thread: Some(thread) }
    }

    /// Its address.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}/tsa", self.port)
    }

    /// How often it was asked.
    pub fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // A connection without a request ends the loop.
        drop(TcpStream::connect(("127.0.0.1", self.port)));
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// The body of one request; `None` where the connection brings none.
fn read_request(stream: &mut TcpStream) -> Option<Vec<u8>> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).ok()?;
        head.push(byte[0]);
    }
    let head = String::from_utf8_lossy(&head).to_ascii_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length:"));
    let mut body = vec![0; length?.trim().parse().ok()?];
    stream.read_exact(&mut body).ok()?;
    Some(body)
}

fn respond(stream: &mut TcpStream, answer: Answer) -> std::io::Result<()> {
    let kind = match answer {
        Answer::Old(_) => "octet-stream",
        _ => "timestamp-reply",
    };
    let head = |stream: &mut TcpStream, status: u16, length: &str| {
        write!(
            stream,
            "HTTP/1.1 {status} Said\r\nContent-Type: application/{kind}\r\nConnection: close\r\n{length}\r\n"
        )
    };
    match answer {
        Answer::Reply(bytes) | Answer::Old(bytes) => {
            head(stream, 200, &format!("Content-Length: {}\r\n", bytes.len()))?;
            stream.write_all(&bytes)
        }
        Answer::Status(status) => head(stream, status, "Content-Length: 0\r\n"),
        Answer::Endless => {
            head(stream, 200, "")?;
            loop {
                stream.write_all(&[0x30; 4096])?;
            }
        }
        Answer::Silence(time) => {
            std::thread::sleep(time);
            Ok(())
        }
        Answer::Close => Ok(()),
    }
}
