//! Reading and writing: what is kept, and what is refused with which words.

use app_config::{Config, Error, FipsPolicy, MAX_LEN, TEMPLATE};

#[test]
fn an_unchanged_document_is_the_same_bytes() {
    let documents = [
        TEMPLATE.to_owned(),
        format!("\u{FEFF}{}", TEMPLATE.replace('\n', "\r\n")),
        "<configuration/>".to_owned(),
        "<?xml version='1.0'?>\n<!-- a -->\n<configuration\n  a = '1'\n  b=\"&#65;\"  >\n</configuration >\n<!-- z -->\n"
            .to_owned(),
        "<configuration><x><![CDATA[ <&> ]]></x><?pi some data?><y>a &gt; b > c</y></configuration>".to_owned(),
        "<configuration xmlns:x=\"urn:x\"><add x:key=\"1\" key=\"2\"/><x:add xmlns=\"urn:y\"/></configuration>\r\n"
            .to_owned(),
    ];
    for document in documents {
        let config = Config::parse(&document).unwrap();
        assert_eq!(config.to_string(), document);
        assert_eq!(Config::from_bytes(document.as_bytes()).unwrap().to_bytes(), document.as_bytes());
    }
}

/// Everything the administrator wrote stays as it was spelled while one setting changes.
#[test]
fn a_change_touches_nothing_else() {
    let before = "\u{FEFF}<?xml version='1.0' encoding='UTF-8' ?>\r\n<!-- head -->\r\n<configuration>\r\n\t<runtime>\r\n\
                  \t\t<gcServer enabled='true'/> <!-- ours, don't touch -->\r\n\t</runtime>\r\n\t<appSettings>\r\n\
                  \t\t<add value = \"a &#38; 'b'\"\r\n\t\t     key='Mine' />\r\n\t\t<add xdt:Locator='x' \
                  xmlns:xdt='urn:t' key=\"EnvironmentName\" value=\"AzureCloud\"></add>\r\n\t</appSettings>\r\n\
                  </configuration>\r\n<!-- tail -->";
    let mut config = Config::parse(before).unwrap();
    config.set_fips(FipsPolicy::Exempt);
    let expected =
        before.replace("\r\n\t</runtime>", "\r\n\t\t<enforceFIPSPolicy enabled=\"false\"/>\r\n\t</runtime>");
    assert_eq!(config.to_string(), expected);
    config.set_fips(FipsPolicy::Inherit);
    assert_eq!(config.to_string(), before);
}

#[test]
fn utf16_stays_utf16() {
    let text = "<?xml version=\"1.0\" encoding=\"utf-16\"?>\r\n<configuration>\r\n</configuration>\n";
    let bytes: Vec<u8> =
        std::iter::once(0xFEFF).chain(text.encode_utf16()).flat_map(|unit: u16| unit.to_le_bytes()).collect();
    let mut config = Config::from_bytes(&bytes).unwrap();
    assert_eq!(config.to_bytes(), bytes);
    config.set_fips(FipsPolicy::Enforce);
    let written = config.to_bytes();
    assert!(written.starts_with(&[0xFF, 0xFE, b'<', 0]));
    assert_eq!(Config::from_bytes(&written).unwrap().fips().unwrap(), FipsPolicy::Enforce);
}

fn check_refused(text: &str, expected: &str) {
    let message = Config::parse(text).expect_err(text).to_string();
    assert_eq!(message, expected, "{text}");
}

#[test]
fn what_is_no_configuration_is_refused_with_its_place() {
    check_refused(
        "",
        "not well-formed XML at line 1, column 1: Unexpected end of stream: no root element found",
    );
    check_refused(
        "<configuration>\n  <runtime>\n</configuration>",
        "not well-formed XML at line 3, column 16: Unexpected closing tag: configuration != runtime",
    );
    check_refused(
        "<Configuration/>",
        "the root element at line 1, column 1 is <Configuration>, not <configuration>",
    );
    check_refused(
        "<?xml version=\"1.0\"?>\n<x:configuration xmlns:x='u'/>",
        "the root element at line 2, column 1 is <x:configuration>, not <configuration>",
    );
    check_refused(
        "<!DOCTYPE configuration>\n<configuration/>",
        "a document type declaration (<!DOCTYPE ...>) at line 1, column 1 is not allowed in a configuration file",
    );
    check_refused(
        "<?xml version=\"1.0\" encoding=\"windows-1252\"?><configuration/>",
        "the XML declaration names the encoding \"windows-1252\", but the file is stored as UTF-8",
    );
    check_refused(
        "<configuration>\n  <runtime/>\n  <runtime/>\n</configuration>",
        "runtime stands twice, at line 2, column 3 and at line 3, column 3; remove one of them",
    );
    check_refused(
        "<configuration><appSettings>\n<add key='EnvironmentName' value='a'/>\n<add key='environmentname' value='b'/>\n\
         </appSettings></configuration>",
        "appSettings/add[environmentname] stands twice, at line 2, column 1 and at line 3, column 1; remove one of them",
    );
}

#[test]
fn malformed_xml_is_refused() {
    for text in [
        "text",
        "<configuration",
        "<configuration>",
        "<configuration></configuration",
        "<configuration/><configuration/>",
        "<configuration/>text",
        "<configuration a=\"1\" a=\"2\"/>",
        "<configuration a=1/>",
        "<configuration a=\"<\"/>",
        "<configuration>&nbsp;</configuration>",
        "<configuration>&#0;</configuration>",
        "<configuration><a:b/></configuration>",
        "<configuration><!-- -- </configuration>",
        "<?xml version=\"1.0\"<configuration/>",
        "<?xml?><configuration/>",
        "<?xml version=\"2.0\"?><configuration/>",
        "<?xml encoding=\"utf-8\"?><configuration/>",
        "<?xml version=\"1.0\" encoding=utf-8?><configuration/>",
        "<configuration><![CDATA[</configuration>",
        "<configuration></configuration></configuration>",
    ] {
        let error = Config::parse(text).expect_err(text);
        assert!(matches!(error, Error::Malformed { .. }), "{text}: {error}");
    }
}

#[test]
fn bombs_are_refused_before_they_go_off() {
    let entities = "<!DOCTYPE c [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\">]>\
                    <configuration>&b;</configuration>";
    assert!(matches!(Config::parse(entities), Err(Error::Doctype { .. })));
    let hidden =
        "<?xml version='1.0'?>\n<!-- x -->\n<!DOCTYPE c SYSTEM 'file:///etc/passwd'><configuration/>";
    let message = Config::parse(hidden).unwrap_err().to_string();
    assert!(message.contains("line 3, column 1"), "{message}");

    let deep = format!("<configuration>{}{}</configuration>", "<a>".repeat(100_000), "</a>".repeat(100_000));
    let message = Config::parse(&deep).unwrap_err().to_string();
    assert!(message.starts_with("elements are nested deeper than 64 levels at line 1, column "), "{message}");

    let long = format!("<configuration>{}</configuration>", " ".repeat(MAX_LEN));
    assert!(matches!(Config::parse(&long), Err(Error::TooLarge { .. })));
}

/// A long file made of nothing but elements: every step over them must be linear, or this
/// test takes minutes.
#[test]
fn a_file_full_of_elements_is_read_patched_and_merged() {
    let text = format!("<configuration>\n{}</configuration>\n", "<a/>\n".repeat(60_000));
    let mut config = Config::parse(&text).unwrap();
    config.set_fips(FipsPolicy::Exempt);
    let patched = config.to_string();
    assert_eq!(patched.matches("<a/>").count(), 60_000);
    assert_eq!(Config::parse(&patched).unwrap().fips().unwrap(), FipsPolicy::Exempt);
    let merged = app_config::merge::three_way(Some("<configuration/>"), TEMPLATE, &text).unwrap();
    assert_eq!(merged.text.matches("<a />").count(), 60_000);
}

/// Cutting a document or changing one byte of it, at places all over it, gives a configuration or an error, never a panic; and
/// what is a configuration is written as it was read.
#[test]
fn damaged_documents_never_panic() {
    let text = TEMPLATE.replace(
        "<!--\n      Windows",
        "<enforceFIPSPolicy a='&amp;' enabled=\"false\"/><!--\n      Windows",
    );
    for cut in (0..text.len()).step_by(5) {
        if let Some(part) = text.get(..cut) {
            let _ = Config::parse(part);
        }
    }
    for at in (0..text.len()).step_by(11) {
        for byte in [b'<', b'>', b'"', b'&', b'/', b'!', b' ', 0, 0xFF] {
            let mut bytes = text.clone().into_bytes();
            bytes[at] = byte;
            if let Ok(config) = Config::from_bytes(&bytes) {
                assert_eq!(config.to_bytes(), bytes);
                let _ = (config.fips(), config.environment(), config.proxy(), config.trace_level());
            }
        }
    }
}
