//! PFX files as OpenSSL writes them, in every encryption and MAC, and hostile ones.

use std::fs;
use std::path::Path;

use authenticode::{KeyError, Password, Signer};
use tempfile::TempDir;

use crate::support::{keys, openssl};

/// What `openssl pkcs12 -export` is told, and whether the old algorithms come from its legacy provider.
const FORMS: &[(&str, &[&str])] = &[
    ("modern", &[]),
    ("AES-128, SHA-384", &["-certpbe", "AES-128-CBC", "-keypbe", "AES-192-CBC", "-macalg", "sha384"]),
    ("SHA-512", &["-macalg", "sha512", "-iter", "10000"]),
    ("SHA-224", &["-macalg", "sha224"]),
    ("legacy", &["-legacy"]),
    ("RC2-128", &["-legacy", "-certpbe", "PBE-SHA1-RC2-128", "-keypbe", "PBE-SHA1-RC2-128"]),
    ("RC2-40", &["-legacy", "-certpbe", "PBE-SHA1-RC2-40", "-keypbe", "PBE-SHA1-RC2-40"]),
    ("3DES", &["-legacy", "-certpbe", "PBE-SHA1-3DES", "-keypbe", "PBE-SHA1-3DES"]),
    ("two-key 3DES", &["-legacy", "-certpbe", "PBE-SHA1-2DES", "-keypbe", "PBE-SHA1-2DES"]),
    ("plain certificates", &["-certpbe", "NONE"]),
    ("plain key", &["-keypbe", "NONE"]),
    ("no MAC", &["-nomac"]),
];

/// Has OpenSSL export the key `name` with its chain; gives the file.
fn export(folder: &Path, name: &str, password: &str, more: &[&str]) -> Vec<u8> {
    let key = keys::path(&format!("{name}.key.pem"));
    let chain = keys::path(&format!("{name}.chain.pem"));
    let password = format!("pass:{password}");
    let mut arguments = vec!["pkcs12", "-export", "-inkey", key.to_str().unwrap(), "-in"];
    arguments.extend([chain.to_str().unwrap(), "-passout", &password, "-name", "Grüße", "-out", "out.pfx"]);
    arguments.extend(more);
    openssl::run(folder, &arguments);
    fs::read(folder.join("out.pfx")).unwrap()
}

#[test]
fn every_form_that_openssl_writes_opens_with_its_password_only() {
    let folder = TempDir::new().unwrap();
    for (form, arguments) in FORMS {
        for (name, password) in [("rsa-2048", "pass word"), ("p384", "pässwörd – 密码 🔑"), ("p256", "")]
        {
            // Checking an RSA key takes its time; the container is the same.
            if name == "rsa-2048" && !["modern", "legacy"].contains(form) {
                continue;
            }
            let file = export(folder.path(), name, password, arguments);
            let signer = Signer::from_pfx(&file, &Password::new(password))
                .unwrap_or_else(|error| panic!("{form}, {name}: {error}"));
            assert_eq!(signer.subject(), keys::signer(name).subject(), "{form}, {name}");
            let error = Signer::from_pfx(&file, &Password::new("wrong")).unwrap_err();
            assert!(matches!(error, KeyError::WrongPassword { .. }), "{form}, {name}: {error}");
        }
    }
}

#[test]
fn the_chain_is_taken_and_strangers_are_not() {
    let folder = TempDir::new().unwrap();
    let stranger = keys::path("p384.chain.pem");
    let file = export(folder.path(), "p256", "x", &["-certfile", stranger.to_str().unwrap()]);
    let signer = Signer::from_pfx(&file, &Password::new("x")).unwrap();
    // The signing certificate and the intermediate: neither the root nor the other signing certificate.
    assert_eq!(signer.certificates().count(), 2);
}

#[test]
fn files_without_a_usable_key_say_so() {
    let folder = TempDir::new().unwrap();
    let chain = keys::path("p256.chain.pem");
    let only = [
        "pkcs12",
        "-export",
        "-nokeys",
        "-in",
        chain.to_str().unwrap(),
        "-passout",
        "pass:x",
        "-out",
        "c.pfx",
    ];
    openssl::run(folder.path(), &only);
    let open = |file: &[u8]| Signer::from_pfx(file, &Password::new("x")).unwrap_err();
    assert!(matches!(open(&fs::read(folder.path().join("c.pfx")).unwrap()), KeyError::NoPrivateKey { .. }));
    let key = keys::path("p256.key.pem");
    let only = [
        "pkcs12",
        "-export",
        "-nocerts",
        "-inkey",
        key.to_str().unwrap(),
        "-passout",
        "pass:x",
        "-out",
        "k.pfx",
    ];
    openssl::run(folder.path(), &only);
    assert!(matches!(open(&fs::read(folder.path().join("k.pfx")).unwrap()), KeyError::NoCertificate { .. }));
}

#[test]
fn certificates_that_name_each_other_as_issuer_do_no_harm() {
    let folder = TempDir::new().unwrap();
    let run = |line: &str| openssl::run(folder.path(), &line.split(' ').collect::<Vec<_>>());
    for name in ["a", "b", "leaf"] {
        run(&format!(
            "req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout {name}.key -subj /CN={name} -out {name}.csr"
        ));
    }
    run("req -x509 -key a.key -subj /CN=a -out a.self");
    run("x509 -req -in b.csr -CA a.self -CAkey a.key -set_serial 1 -out b.pem");
    run("x509 -req -in a.csr -CA b.pem -CAkey b.key -set_serial 2 -out a.pem");
    run("x509 -req -in leaf.csr -CA a.pem -CAkey a.key -set_serial 3 -out leaf.pem");
    let all: Vec<u8> =
        ["a.pem", "b.pem"].iter().flat_map(|name| fs::read(folder.path().join(name)).unwrap()).collect();
    fs::write(folder.path().join("all.pem"), all).unwrap();
    run("pkcs12 -export -inkey leaf.key -in leaf.pem -certfile all.pem -passout pass:x -out out.pfx");
    let file = fs::read(folder.path().join("out.pfx")).unwrap();
    let signer = Signer::from_pfx(&file, &Password::new("x")).unwrap();
    assert_eq!(signer.certificates().count(), 3);
}

#[test]
fn iterations_and_memory_without_end_are_refused() {
    let folder = TempDir::new().unwrap();
    // A number as OpenSSL writes it, raised in place: the file stays well formed.
    let refused = |file: &[u8], from: [u8; 5], to: [u8; 5], hint: &str| {
        let places: Vec<usize> = (0..=file.len() - 5).filter(|at| file[*at..at + 5] == from).collect();
        assert!(!places.is_empty());
        for at in &places {
            let mut file = file.to_vec();
            file[*at..at + 5].copy_from_slice(&to);
            let chain = keys::read("p256.chain.pem");
            let password = Password::new("x");
            let error = match Signer::from_pfx(&file, &password) {
                Err(KeyError::Malformed { what: "PFX file", reason }) if reason.contains(hint) => continue,
                // Where the MAC covers the number, it is what tells first.
                Err(KeyError::WrongPassword { .. }) if *at + 5 < file.len() => continue,
                _ => Signer::from_pem(&file, &chain, Some(&password)).unwrap_err(),
            };
            assert!(error.to_string().contains(hint), "{error}");
        }
        places.len()
    };
    let (iterations, too_many) = ([0x02, 0x03, 0x01, 0x11, 0x70], [0x02, 0x03, 0x7F, 0xFF, 0xFF]);
    let file = export(folder.path(), "p256", "x", &["-iter", "70000"]);
    assert_eq!(refused(&file, iterations, too_many, "5,000,000"), 3, "certificates, key, MAC");
    let key = keys::path("p256.key.pem");
    let convert = [
        "pkcs8",
        "-topk8",
        "-in",
        key.to_str().unwrap(),
        "-passout",
        "pass:x",
        "-outform",
        "DER",
        "-out",
        "k",
    ];
    openssl::run(folder.path(), &[&convert[..], &["-iter", "70000"]].concat());
    refused(&fs::read(folder.path().join("k")).unwrap(), iterations, too_many, "5,000,000");
    openssl::run(
        folder.path(),
        &[&convert[..], &["-scrypt", "-scrypt_N", "65536", "-scrypt_r", "2"]].concat(),
    );
    let (cost, too_much) = ([0x02, 0x03, 0x01, 0x00, 0x00], [0x02, 0x03, 0x40, 0x00, 0x00]);
    refused(&fs::read(folder.path().join("k")).unwrap(), cost, too_much, "256 MiB");
}

#[test]
fn the_mac_of_rfc_9579_is_checked() {
    // OpenSSL 3.0 does not write it, but computes its parts.
    let folder = TempDir::new().unwrap();
    let file = export(folder.path(), "p256", "x", &["-nomac"]);
    let content = &file[30..];
    fs::write(folder.path().join("content"), content).unwrap();
    let salt = "000102030405060708090a0b0c0d0e0f";
    let kdf = ["kdf", "-keylen", "32", "-kdfopt", "digest:SHA256", "-kdfopt", "pass:x", "-kdfopt"];
    let salt_option = format!("hexsalt:{salt}");
    openssl::run(
        folder.path(),
        &[&kdf[..], &[&salt_option, "-kdfopt", "iter:2048", "-binary", "-out", "key", "PBKDF2"]].concat(),
    );
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let key = format!("hexkey:{}", hex(&fs::read(folder.path().join("key")).unwrap()));
    let mac = ["dgst", "-sha256", "-mac", "HMAC", "-macopt", &key, "-binary", "-out", "mac", "content"];
    openssl::run(folder.path(), &mac);
    let mac = fs::read(folder.path().join("mac")).unwrap();

    let hmac_sha256 = [0x30, 12, 0x06, 8, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 2, 9, 0x05, 0];
    let salt = [&[0x04, 16][..], &(0..16).collect::<Vec<u8>>()].concat();
    let pkcs5 = |last| [0x06, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 5, last];
    let parameters = sequence(&[&salt, &[0x02, 2, 8, 0, 0x02, 1, 32], &hmac_sha256]);
    let algorithm =
        sequence(&[&pkcs5(14), &sequence(&[&sequence(&[&pkcs5(12), &parameters]), &hmac_sha256])]);
    let mac_data = sequence(&[&sequence(&[&algorithm, &[0x04, 32], &mac]), &[0x04, 1, 0], &[0x02, 1, 1]]);
    let whole = [&file[4..], &mac_data].concat();
    let length = u16::try_from(whole.len()).unwrap().to_be_bytes();
    let mut file = [&[0x30, 0x82][..], &length, &whole].concat();
    Signer::from_pfx(&file, &Password::new("x")).unwrap();
    let error = Signer::from_pfx(&file, &Password::new("y")).unwrap_err();
    assert!(matches!(error, KeyError::WrongPassword { .. }), "{error}");
    // The last byte of the MAC.
    let end = file.len() - 7;
    file[end] ^= 1;
    assert!(matches!(Signer::from_pfx(&file, &Password::new("x")), Err(KeyError::WrongPassword { .. })));
}

fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    let length = u8::try_from(content.len()).unwrap();
    let head = if length < 0x80 { vec![0x30, length] } else { vec![0x30, 0x81, length] };
    [head, content].concat()
}

#[test]
fn damaged_files_give_errors_and_no_panic() {
    let folder = TempDir::new().unwrap();
    let password = Password::new("x");
    for form in [&["-iter", "1"][..], &["-iter", "1", "-nomac"], &["-iter", "1", "-nomac", "-keypbe", "NONE"]]
    {
        let file = export(folder.path(), "p256", "x", form);
        for end in (0..file.len()).step_by(7) {
            assert!(Signer::from_pfx(&file[..end], &password).is_err(), "cut at {end}");
        }
        let mut changed = file.clone();
        for at in (0..file.len()).step_by(5) {
            for bit in [0x01, 0x80] {
                changed[at] ^= bit;
                // Without a MAC some changes, in names say, change nothing that matters.
                let _ = Signer::from_pfx(&changed, &password);
                changed[at] ^= bit;
            }
        }
    }
}

#[test]
fn ber_as_other_programs_write_it_opens() {
    let folder = TempDir::new().unwrap();
    for form in [&[][..], &["-legacy"], &["-nomac"]] {
        let mut ber = Vec::new();
        to_ber(&export(folder.path(), "p256", "x", form), &mut ber);
        assert!(ber.starts_with(&[0x30, 0x80]));
        let signer = Signer::from_pfx(&ber, &Password::new("x")).unwrap();
        assert_eq!(signer.subject(), keys::signer("p256").subject(), "{form:?}");
    }
}

/// The same structure with indefinite lengths and octet strings in pieces, as Bouncy Castle streams it.
fn to_ber(der: &[u8], out: &mut Vec<u8>) {
    let mut rest = der;
    while let Some((&tag, after)) = rest.split_first() {
        let (length, start) = match after[0] {
            short if short < 0x80 => (usize::from(short), 1),
            long => {
                let digits = usize::from(long & 0x7F);
                (after[1..=digits].iter().fold(0, |sum, byte| sum << 8 | usize::from(*byte)), 1 + digits)
            }
        };
        let content = &after[start..start + length];
        rest = &after[start + length..];
        // An octet string, or the encrypted content, which is one under another tag.
        if (tag == 0x04 || tag == 0x80) && length > 50 {
            out.extend([tag | 0x20, 0x80]);
            for piece in content.chunks(100) {
                out.extend([0x04, piece.len() as u8]);
                out.extend_from_slice(piece);
            }
            out.extend([0, 0]);
        } else if tag & 0x20 != 0 {
            out.extend([tag, 0x80]);
            to_ber(content, out);
            out.extend([0, 0]);
        } else {
            out.push(tag);
            out.extend_from_slice(&after[..start + length]);
        }
    }
}
