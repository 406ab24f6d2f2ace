//! CustomActionData: all that a deferred action is told.

use std::collections::BTreeMap;

use crate::failure::Failure;
use crate::machine::Secret;

/// The part that every deferred action gets, and what one of them gets beyond it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Context {
    /// ProductCode of the running installation; names the backup's folder.
    pub transaction: String,
    /// Where the product goes, or is.
    pub install: String,
    /// The agent's folder under ProgramData.
    pub data: String,
    /// Program Files, 64-bit.
    pub programs: String,
    /// Whether the product is being removed.
    pub removing: bool,
    more: BTreeMap<String, String>,
    password: Option<Secret>,
}

impl Context {
    /// Reads `NAME=VALUE|NAME=VALUE|…`. `Password` takes all the rest, whatever is in it.
    pub fn parse(data: &str) -> Result<Self, Failure> {
        let mut fields = BTreeMap::new();
        let mut password = None;
        let mut rest = data;
        while !rest.is_empty() {
            if let Some(text) = rest.strip_prefix("Password=") {
                password = (!text.is_empty()).then(|| Secret::new(text));
                break;
            }
            let (field, after) = rest.split_once('|').unwrap_or((rest, ""));
            rest = after;
            // The field itself is not repeated: it might be part of a secret.
            let (name, value) = field.split_once('=').ok_or_else(|| malformed("a field has no name"))?;
            if fields.insert(name.to_owned(), value.to_owned()).is_some() {
                return Err(malformed(&format!("{name} stands twice")));
            }
        }

        let mut take =
            |name: &str| fields.remove(name).ok_or_else(|| malformed(&format!("{name} is missing")));
        let transaction = take("Transaction")?;
        if !is_guid(&transaction) {
            return Err(malformed("Transaction is no GUID"));
        }
        let install = folder("Install", &take("Install")?)?;
        let data = folder("Data", &take("Data")?)?;
        let programs = folder("Programs", &take("Programs")?)?;
        let removing = take("Removing")?.eq_ignore_ascii_case("ALL");
        Ok(Self { transaction, install, data, programs, removing, more: fields, password })
    }

    /// A field of one action, empty where the property was empty.
    pub fn field(&self, name: &str) -> Result<&str, Failure> {
        self.more.get(name).map(String::as_str).ok_or_else(|| malformed(&format!("{name} is missing")))
    }

    pub fn password(&self) -> Option<&Secret> {
        self.password.as_ref()
    }

    /// Whether the product's folder lies below Program Files, which protects it already.
    pub fn below_programs(&self) -> bool {
        is_below(&self.install, &self.programs)
    }
}

/// Whether `path` is below `folder`; Windows paths, case does not count.
pub fn is_below(path: &str, folder: &str) -> bool {
    let folder = folder.to_lowercase();
    path.to_lowercase().strip_prefix(&folder).is_some_and(|rest| rest.starts_with('\\') && rest.len() > 1)
}

/// A path below a folder.
pub fn join(folder: &str, name: &str) -> String {
    format!("{folder}\\{name}")
}

/// The folder of a path, if it has one.
pub fn parent(path: &str) -> Option<&str> {
    path.rsplit_once('\\').map(|(folder, _)| folder)
}

/// A path without trailing backslashes, for comparing and joining.
pub fn trimmed(path: &str) -> &str {
    path.trim().trim_end_matches('\\')
}

fn folder(name: &str, value: &str) -> Result<String, Failure> {
    let path = trimmed(value);
    let mut chars = path.chars();
    let drive = chars.next().is_some_and(|c| c.is_ascii_alphabetic()) && chars.next() == Some(':');
    if drive && chars.next() == Some('\\') {
        Ok(path.to_owned())
    } else {
        Err(malformed(&format!("{name} is not a folder on a drive")))
    }
}

fn is_guid(text: &str) -> bool {
    text.len() == 38
        && text.bytes().enumerate().all(|(i, b)| match i {
            0 => b == b'{',
            37 => b == b'}',
            9 | 14 | 19 | 24 => b == b'-',
            _ => b.is_ascii_hexdigit(),
        })
}

fn malformed(why: &str) -> Failure {
    Failure::step("Reading CustomActionData", why)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: &str = r"Transaction={12345678-1234-4234-8234-123456789ABC}|Install=C:\Program Files\Provisioning Agent\|Data=C:\ProgramData\Provisioning Agent\|Programs=C:\Program Files\|Removing=";

    #[test]
    fn reads_the_common_part_and_an_actions_own_fields() {
        let context = Context::parse(&format!("{BASE}|Environment=|Fips=exempt")).unwrap();
        assert_eq!(context.install, r"C:\Program Files\Provisioning Agent");
        assert!(context.below_programs());
        assert!(!context.removing);
        assert_eq!(context.field("Environment").unwrap(), "");
        assert_eq!(context.field("Fips").unwrap(), "exempt");
        assert!(context.field("Proxy").is_err());
        assert!(Context::parse(&BASE.replace("Removing=", "Removing=ALL")).unwrap().removing);
    }

    #[test]
    fn a_password_may_hold_anything_and_is_never_shown() {
        let context =
            Context::parse(&format!(r"{BASE}|Account=CORP\svc|Password=a|b=c|Removing=ALL")).unwrap();
        assert_eq!(context.password().unwrap().expose(), "a|b=c|Removing=ALL");
        assert!(!context.removing);
        assert!(!format!("{context:?}").contains("b=c"));
        assert!(Context::parse(&format!("{BASE}|Account=x$|Password=")).unwrap().password().is_none());
    }

    #[test]
    fn refuses_what_it_cannot_trust() {
        for bad in [
            String::new(),
            BASE.replace("{1", "{g"),
            BASE.replace("{12345678-1234-4234-8234-123456789ABC}", r"..\..\x"),
            BASE.replace(r"Data=C:\", r"Data=\"),
            format!("{BASE}|Fips=a|Fips=b"),
            format!("{BASE}|nonsense"),
        ] {
            assert!(Context::parse(&bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_neighbour_of_program_files_is_not_below_it() {
        assert!(is_below(r"c:\program files\x", r"C:\Program Files"));
        assert!(!is_below(r"C:\Program Files (x86)\x", r"C:\Program Files"));
        assert!(!is_below(r"C:\Program Files", r"C:\Program Files"));
    }
}
