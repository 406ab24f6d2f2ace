//! GUIDs in the registry's spelling.

use serde::Deserialize;
use std::fmt;
use uuid::Uuid;

/// Shown as `{XXXXXXXX-XXXX-XXXX-XXXX-XXXXXXXXXXXX}`, upper case: the one spelling Windows Installer accepts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Guid(pub Uuid);

impl TryFrom<String> for Guid {
    type Error = String;

    fn try_from(text: String) -> Result<Guid, String> {
        match Uuid::try_parse(&text) {
            Ok(uuid) if !uuid.is_nil() => Ok(Guid(uuid)),
            Ok(_) => Err("the GUID is all zeroes".into()),
            Err(error) => Err(format!("{text:?} is not a GUID: {error}")),
        }
    }
}

impl fmt::Display for Guid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{{{:X}}}", self.0.hyphenated())
    }
}
