//! The three-way merge: cases as files, and properties over generated documents.
//!
//! A case in `merge/` has the sections base (or "no base"), ours, theirs, expected and report. With the environment variable
//! `UPDATE_GOLDENS` set the last two are written from what the merge gives.

use std::fmt::Write as _;
use std::path::Path;

use app_config::merge::{Merged, Outcome, three_way};
use app_config::{Config, TEMPLATE};

fn sections(text: &str) -> Vec<(&str, &str)> {
    let parts = text.split("=== ").skip(1);
    parts.map(|part| part.split_once('\n').expect("a section has a title line")).collect()
}

fn report(merged: &Merged) -> String {
    merged.report.iter().fold(String::new(), |mut out, note| {
        writeln!(out, "{note}").expect("a string takes everything");
        out
    })
}

#[test]
fn the_cases() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/merge");
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        let sections = sections(&text);
        let get = |name: &str| sections.iter().find(|(title, _)| *title == name).map(|(_, body)| *body);
        let (ours, theirs) = (get("ours").unwrap(), get("theirs").unwrap());
        let merged = three_way(get("base"), ours, theirs).unwrap();
        count += 1;
        if std::env::var_os("UPDATE_GOLDENS").is_some() {
            let head = &text[..text.find("=== expected\n").unwrap_or(text.len())];
            let golden = format!("{head}=== expected\n{}=== report\n{}", merged.text, report(&merged));
            std::fs::write(&path, golden).unwrap();
            continue;
        }
        assert_eq!(merged.text, get("expected").unwrap(), "{}", path.display());
        assert_eq!(report(&merged), get("report").unwrap(), "{}", path.display());
    }
    assert!(count >= 8, "{count} cases found");
}

#[test]
fn a_file_that_does_not_parse_is_refused() {
    assert!(three_way(Some("<x/>"), TEMPLATE, TEMPLATE).is_err());
    assert!(three_way(Some(TEMPLATE), "<configuration>", TEMPLATE).is_err());
    assert!(three_way(None, TEMPLATE, "").is_err());
}

/// Byte order mark, line endings and encoding are the administrator's.
#[test]
fn the_live_files_bytes_keep_their_form() {
    let ours = format!("\u{FEFF}{}", TEMPLATE.replace('\n', "\r\n"));
    let theirs = TEMPLATE.replace("<appSettings>", "<appSettings>\n    <add key=\"New\" value=\"1\" />");
    let merged = three_way(Some(TEMPLATE), &ours, &theirs).unwrap();
    assert_eq!(merged.text, format!("\u{FEFF}{}", theirs.replace('\n', "\r\n")));
}

/// A small deterministic generator: the same cases on every machine.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }
}

/// Settings as a list of lines, so that a mutation is one on a list.
type Lines = Vec<(u64, u64)>;

fn render(lines: &Lines, random: &mut Random) -> String {
    let mut out = String::from("<configuration>\n  <appSettings>\n");
    for (key, value) in lines {
        let slash = if random.below(2) == 0 { " />" } else { "/>" };
        writeln!(out, "    <!-- about {key} -->\n    <add key=\"K{key}\" value='{value}'{slash}").unwrap();
    }
    out.push_str("  </appSettings>\n</configuration>\n");
    out
}

fn mutate(lines: &Lines, random: &mut Random, fresh: u64) -> Lines {
    let mut lines = lines.clone();
    for step in 0..random.below(4) {
        let at = random.below(lines.len() as u64 + 1) as usize;
        match random.below(3) {
            0 => lines.insert(at, (fresh + step, random.below(9))),
            1 if at < lines.len() => drop(lines.remove(at)),
            _ if at < lines.len() => lines[at].1 = 10 + random.below(9),
            _ => {}
        }
    }
    lines
}

fn settings(text: &str) -> Vec<(u64, u64)> {
    let mut found: Vec<_> = text
        .lines()
        .filter_map(|line| {
            let (_, rest) = line.split_once("key=\"K")?;
            let (key, rest) = rest.split_once('"')?;
            let value = rest.trim_start_matches(" value=").trim_end_matches(['/', '>', ' ']);
            Some((key.parse().ok()?, value.trim_matches(['"', '\'']).parse().ok()?))
        })
        .collect();
    found.sort_unstable();
    found
}

/// What the table in the module's documentation says, worked out on the lists.
fn expected(base: &Lines, ours: &Lines, theirs: &Lines) -> (Vec<(u64, u64)>, usize) {
    let get = |lines: &Lines, key: u64| lines.iter().find(|(k, _)| *k == key).map(|(_, value)| *value);
    let mut keys: Vec<u64> = base.iter().chain(ours).chain(theirs).map(|(key, _)| *key).collect();
    keys.sort_unstable();
    keys.dedup();
    let (mut out, mut conflicts) = (Vec::new(), 0);
    for key in keys {
        let (b, o, t) = (get(base, key), get(ours, key), get(theirs, key));
        let value = if b == o { t } else { o };
        conflicts += usize::from(b != o && b != t && o != t);
        out.extend(value.map(|value| (key, value)));
    }
    (out, conflicts)
}

#[test]
fn generated_merges_follow_the_table() {
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    for round in 0..500 {
        let base: Lines = (0..random.below(6)).map(|key| (key, random.below(9))).collect();
        let ours = mutate(&base, &mut random, 100);
        let theirs = mutate(&base, &mut random, 200);
        let [b, o, t] = [&base, &ours, &theirs].map(|lines| render(lines, &mut random));
        let merged = three_way(Some(&b), &o, &t).unwrap();
        let (wanted, conflicts) = expected(&base, &ours, &theirs);
        assert_eq!(settings(&merged.text), wanted, "round {round}\n{b}{o}{t}{}", merged.text);
        let told = merged.report.iter().filter(|note| note.outcome == Outcome::Conflict).count();
        assert_eq!(told, conflicts, "round {round}\n{b}{o}{t}");

        Config::parse(&merged.text).unwrap();
        assert_eq!(three_way(Some(&b), &o, &b).unwrap().text, o, "nothing new: ours stays, byte for byte");
        let again = three_way(Some(&t), &merged.text, &t).unwrap();
        assert_eq!(again.text, merged.text, "the next run changes nothing");
    }
}
