//! A password that is wiped from memory when it is dropped and that no log can print.

use std::fmt;

use zeroize::Zeroizing;

/// The password of a private key or a PFX file.
///
/// Read it from where the signing profile says and hand it over; it never shows itself in `Debug` output.
pub struct Password(Zeroizing<String>);

impl Password {
    /// Takes the password as the user wrote it.
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// Takes the password from a file's content: a line end after it is not part of it.
    pub fn from_file_content(text: impl Into<String>) -> Self {
        let mut text = Zeroizing::new(text.into());
        let kept = text.trim_end_matches(['\r', '\n']).len();
        text.truncate(kept);
        Self(text)
    }

    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_output_keeps_the_secret() {
        assert_eq!(format!("{:?}", Password::new("hunter2")), "Password(…)");
    }

    #[test]
    fn line_end_of_a_password_file_is_dropped_and_spaces_are_kept() {
        assert_eq!(Password::from_file_content(" pass word \r\n").expose(), " pass word ");
    }
}
