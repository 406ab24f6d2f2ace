//! Tokens, as SoftHSM makes them. The module reads its configuration from the environment, so the key is opened by a process of its
//! own: the program that checks keys.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::{path, run};

const PIN: &str = "5678";

struct Token {
    folder: tempfile::TempDir,
    module: PathBuf,
}

impl Token {
    /// A token `release` with keys of every kind; the certificates of two of them are on it.
    fn make() -> Self {
        let module = [
            "/usr/lib/softhsm/libsofthsm2.so",
            "/usr/lib64/pkcs11/libsofthsm2.so",
            "/opt/homebrew/lib/softhsm/libsofthsm2.so",
        ]
        .iter()
        .map(PathBuf::from)
        .find(|path| path.is_file())
        .expect("SoftHSM is not here: `cargo xtask setup` installs it");
        let token = Self { folder: tempfile::tempdir().unwrap(), module };
        let storage = token.folder.path().join("tokens");
        std::fs::create_dir(&storage).unwrap();
        std::fs::write(
            token.config(),
            format!("directories.tokendir = {}\nlog.level = ERROR\n", storage.display()),
        )
        .unwrap();
        token.util(&["--init-token", "--free", "--label", "release", "--so-pin", "1234", "--pin", PIN]);
        for (id, name) in [("01", "rsa-2048"), ("02", "p256"), ("03", "p384"), ("04", "rsa-4096")] {
            let key = path(&format!("{name}.key.pem"));
            let key = key.to_str().unwrap();
            token.util(&["--import", key, "--token", "release", "--label", name, "--id", id, "--pin", PIN]);
        }
        token
    }

    fn config(&self) -> PathBuf {
        self.folder.path().join("softhsm2.conf")
    }

    fn util(&self, arguments: &[&str]) {
        self.command("softhsm2-util", arguments);
    }

    fn command(&self, program: &str, arguments: &[&str]) {
        let config = format!("SOFTHSM2_CONF={}", self.config().display());
        run(self.folder.path(), "env", &[&[config.as_str(), program][..], arguments].concat());
    }

    /// Opens a key with these flags; what the program said, and whether it went well.
    fn check(&self, pin: &str, flags: &[&str]) -> (bool, String) {
        let output = Command::new(env!("CARGO_BIN_EXE_check-signing-key"))
            .env("SOFTHSM2_CONF", self.config())
            .env("TOKEN_PIN", pin)
            .arg("--pkcs11")
            .arg(&self.module)
            .args(["--pin-env", "TOKEN_PIN"])
            .args(flags)
            .output()
            .unwrap();
        let text = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8(text).unwrap())
    }
}

fn chain(name: &str) -> String {
    path(&format!("{name}.chain.pem")).to_str().unwrap().to_owned()
}

#[test]
fn keys_on_a_token_sign_many_digests_in_one_session() {
    let token = Token::make();
    for name in ["rsa-2048", "rsa-4096", "p256", "p384"] {
        for hash in ["sha256", "sha384", "sha512"] {
            let chain = chain(name);
            let flags = [
                "--token",
                "release",
                "--key-label",
                name,
                "--cert",
                &chain,
                "--hash",
                hash,
                "--count",
                "20",
            ];
            let (good, text) = token.check(PIN, &flags);
            assert!(good && text.contains("signed 20 digests"), "{name}, {hash}: {text}");
        }
    }
}

#[test]
fn certificates_on_the_token_are_used() {
    let token = Token::make();
    let put = |file: &Path, id: &str| {
        let module = token.module.to_str().unwrap();
        let file = file.to_str().unwrap();
        let arguments =
            ["--module", module, "--login", "--pin", PIN, "--token-label", "release", "--write-object", file];
        token.command(
            "pkcs11-tool",
            &[&arguments[..], &["--type", "cert", "--id", id, "--label", id]].concat(),
        );
    };
    for (index, der) in crate::support::chain("p256").iter().enumerate() {
        let file = token.folder.path().join(format!("{index}.der"));
        std::fs::write(&file, der).unwrap();
        put(&file, if index == 0 { "02" } else { "77" });
    }
    let (good, text) = token.check(PIN, &["--key-id", "02"]);
    assert!(good && text.contains("chain: 2 certificates"), "{text}");
    let (good, text) = token.check(PIN, &["--key-id", "01"]);
    assert!(!good && text.contains("give it with --cert"), "{text}");
}

#[test]
fn what_is_wrong_with_token_pin_or_key_is_said_with_what_to_do() {
    let token = Token::make();
    let cert = chain("p256");
    for (pin, flags, reason) in [
        ("0000", &["--key-label", "p256"][..], "the PIN of token `release` is wrong"),
        ("", &["--key-label", "p256"], "the environment variable TOKEN_PIN is not set"),
        (
            PIN,
            &["--token", "other", "--key-label", "p256"],
            "no token `other`: the module sees `release` in slot",
        ),
        (PIN, &["--slot", "4242", "--key-label", "p256"], "no token in slot 4242: the module sees `release`"),
        (PIN, &["--key-label", "nobody"], "holds no such key; it holds"),
        (PIN, &[], "several keys fit"),
        (PIN, &["--key-id", "xy"], "hexadecimal"),
        (PIN, &["--key-label", "rsa-2048"], "of another kind than the certificate's"),
    ] {
        let (good, text) = token.check(pin, &[flags, &["--cert", &cert]].concat());
        assert!(!good && text.contains(reason), "{flags:?}: {text}");
        assert!(pin.is_empty() || !text.contains(pin), "the PIN shows in {text}");
    }
    // A key of the same kind that is not the certificate's is found out by the signature.
    let (good, text) = token.check(PIN, &["--key-label", "rsa-4096", "--cert", &chain("rsa-2048")]);
    assert!(!good && text.contains("is not a signature by the certificate"), "{text}");
    let output = Command::new(env!("CARGO_BIN_EXE_check-signing-key"))
        .args(["--pkcs11", "/no/such/module.so"])
        .output()
        .unwrap();
    assert!(String::from_utf8_lossy(&output.stderr).contains("the module cannot be loaded"));
}
