//! Golden files: text that a test's result must equal, renewed by setting `UPDATE_GOLDENS=1`.

use std::env;
use std::fs;
use std::path::Path;

/// Compares `actual` with the file's text and fails the test with the first differing line. With `UPDATE_GOLDENS=1` in the
/// environment the file is written instead; the change then shows in the version control's diff.
#[track_caller]
pub fn check(golden: &Path, actual: &str) {
    if env::var_os("UPDATE_GOLDENS").is_some_and(|value| value == "1") {
        let folder = golden.parent().expect("a golden file has a folder");
        fs::create_dir_all(folder)
            .and_then(|()| fs::write(golden, actual))
            .unwrap_or_else(|error| panic!("cannot write {}: {error}", golden.display()));
        return;
    }
    let expected = fs::read_to_string(golden).unwrap_or_else(|error| {
        panic!("cannot read {}: {error}; UPDATE_GOLDENS=1 makes it", golden.display())
    });
    if let Some(difference) = first_difference(&expected, actual) {
        panic!("{} differs; UPDATE_GOLDENS=1 renews it\n{difference}", golden.display());
    }
}

/// The first line that differs with a little of what stands around it, or `None`. Line ends may be of either kind.
pub fn first_difference(expected: &str, actual: &str) -> Option<String> {
    const AROUND: usize = 3;
    let expected: Vec<&str> = expected.lines().collect();
    let actual: Vec<&str> = actual.lines().collect();
    let longest = expected.len().max(actual.len());
    let at = (0..longest).find(|&at| expected.get(at) != actual.get(at))?;
    let mut out = format!("line {}:\n", at + 1);
    for line in &expected[at.saturating_sub(AROUND).min(expected.len())..at.min(expected.len())] {
        out.push_str(&format!("  {line}\n"));
    }
    for line in expected.iter().skip(at).take(AROUND) {
        out.push_str(&format!("- {line}\n"));
    }
    for line in actual.iter().skip(at).take(AROUND) {
        out.push_str(&format!("+ {line}\n"));
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_differing_line_is_shown_and_line_ends_do_not_count() {
        assert_eq!(first_difference("a\r\nb\r\n", "a\nb\n"), None);
        assert_eq!(first_difference("a\nb\nc", "a\nx\nc").unwrap(), "line 2:\n  a\n- b\n- c\n+ x\n+ c\n");
        assert_eq!(first_difference("a", "a\nb").unwrap(), "line 2:\n  a\n+ b\n");
    }
}
