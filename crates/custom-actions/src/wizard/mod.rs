//! What the wizard's pages ask: what is installed, whether an answer will do, the agent's own check at the end.
//!
//! These actions run at the screen, with the rights of the person there and no more. A page's answers live in properties
//! of their own (`Wizard…`), so that a command line can be told from what a page showed; only what differs from what
//! holds anyway goes on into the properties that the installation knows. Words come from the package's `Text…`
//! properties, so that they follow its language.

mod answers;
mod read;
mod verify;

pub use answers::{check_account, check_folder, check_options};
pub use read::read_installation;
pub use verify::verify_installation;

use crate::check::Properties;
use crate::failure::Failure;

/// A text of the package, `{0}` and `{1}` filled in. A missing one shows its name: a problem without words must not pass
/// for no problem.
fn text(properties: &dyn Properties, name: &str, filled: [&str; 2]) -> Result<String, Failure> {
    let name = format!("Text{name}");
    let pattern = properties.get(&name)?;
    if pattern.is_empty() {
        return Ok(name);
    }
    // In one pass, so that an answer with braces stays as it is.
    let mut made = String::new();
    let mut rest = pattern.as_str();
    while let Some((before, after)) = rest.split_once('{') {
        made.push_str(before);
        let (word, behind) = match after.as_bytes() {
            [b'0', b'}', ..] => (filled[0], &after[2..]),
            [b'1', b'}', ..] => (filled[1], &after[2..]),
            _ => ("{", after),
        };
        made.push_str(word);
        rest = behind;
    }
    Ok(made + rest)
}

/// What holds from now on and, where that differs, what held until now.
fn until_now(properties: &dyn Properties, now: &str, before: &str) -> Result<String, Failure> {
    if before.is_empty() || before.eq_ignore_ascii_case(now) {
        return Ok(now.to_owned());
    }
    text(properties, "UntilNow", [now, before])
}

/// A FIPS policy in words.
fn fips_in_words(properties: &dyn Properties, policy: &str) -> Result<String, Failure> {
    let name = match policy {
        "exempt" => "Exempt",
        "enforce" => "Enforce",
        _ => "Inherit",
    };
    text(properties, name, ["", ""])
}
