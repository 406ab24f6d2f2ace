//! `$(var.X)`, `$(env.X)`, `$(sys.X)`, `$(fun.F(…))` and `$$` in a text.

use super::{PreprocessOptions, projects};
use crate::codes;
use crate::world::World;
use diagnostics::{Diagnostic, Diagnostics, Span};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// What a reference can be answered from at one place of a source.
pub(super) struct Context<'a> {
    pub(super) world: &'a dyn World,
    pub(super) options: &'a PreprocessOptions,
    pub(super) variables: &'a BTreeMap<String, String>,
    /// The file that the reference stands in.
    pub(super) file: Option<&'a Path>,
    /// A name without a prefix is a variable's.
    pub(super) is_v4: bool,
    pub(super) undefined: &'a mut BTreeSet<String>,
    pub(super) diagnostics: &'a mut Diagnostics,
}

/// Arguments of functions may hold references, this deep.
const MAX_NESTING: usize = 32;
/// Bytes of one text with its references replaced. A few definitions that hold each other twice double with each line.
const MAX_TEXT: usize = 4 << 20;

impl Context<'_> {
    /// The text with every reference replaced and every `$$` halved before a `(`.
    pub(super) fn substitute(&mut self, text: &str, at: Span) -> Result<String, Diagnostic> {
        self.substitute_nested(text, at, 0)
    }

    /// Whether a name of `<?ifdef?>` is defined; the `var.` may be left out.
    pub(super) fn is_defined(&mut self, name: &str, at: Span) -> Result<bool, Diagnostic> {
        let name = name.strip_prefix("$(").map_or(name, |rest| rest.strip_suffix(')').unwrap_or(rest));
        if name.is_empty() {
            return Err(bad("a variable's name is missing".to_owned(), at));
        }
        Ok(match name.split_once('.') {
            Some((_, "")) => return Err(bad(format!("'{name}' is not a variable's name"), at)),
            Some((prefix, rest)) => {
                self.value(prefix, rest, at).is_some() || self.variables.contains_key(name)
            }
            None => self.variables.contains_key(name),
        })
    }

    fn substitute_nested(&mut self, text: &str, at: Span, depth: usize) -> Result<String, Diagnostic> {
        if !text.contains('$') {
            return Ok(text.to_owned());
        }
        if depth > MAX_NESTING {
            return Err(Diagnostic::error(codes::LIMIT, "references nest too deep")
                .at(at)
                .hint("does a variable refer to itself?"));
        }
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(dollar) = rest.find('$') {
            out.push_str(&rest[..dollar]);
            let after = &rest[dollar + 1..];
            if let Some(escaped) = after.strip_prefix('$') {
                out.push('$');
                rest = escaped;
            } else if after.starts_with("(loc.") {
                // The old spelling of a localized string is left for whoever resolves those.
                out.push('$');
                rest = after;
            } else if let Some(inner) = after.strip_prefix('(') {
                let Some(end) = closing(inner) else {
                    return Err(bad(format!("'${after}' has no closing parenthesis"), at));
                };
                let reference = &inner[..end];
                let value = if reference.contains('(') {
                    self.function(reference, at, depth)?
                } else {
                    self.variable(reference, at)?
                };
                if out.len() + value.len() > MAX_TEXT {
                    let message = "a text grows past 4 MiB by its references";
                    let finding = Diagnostic::error(codes::LIMIT, message).at(at);
                    return Err(finding.hint("does a variable hold itself several times?"));
                }
                out.push_str(&value);
                rest = &inner[end + 1..];
            } else {
                out.push('$');
                rest = after;
            }
        }
        out.push_str(rest);
        Ok(out)
    }

    fn variable(&mut self, reference: &str, at: Span) -> Result<String, Diagnostic> {
        if self.is_v4
            && let Some(value) = self.variables.get(reference)
        {
            return Ok(value.clone());
        }
        let known = |prefix: &str| !self.is_v4 || matches!(prefix, "var" | "env" | "sys" | "fun");
        let parts = reference.split_once('.').filter(|(prefix, name)| !name.is_empty() && known(prefix));
        let Some((prefix, name)) = parts.or(self.is_v4.then_some(("var", reference))) else {
            return Err(bad(format!("'$({reference})' is not of the form $(prefix.name)"), at)
                .hint(format!("a variable of the source or of -d is written $(var.{reference})")));
        };
        if let Some(value) = self.value(prefix, name, at) {
            return Ok(value);
        }
        let diagnostic = bad(format!("'$({reference})' is not defined"), at);
        let diagnostic =
            match prefix {
                "var" => match crate::schema::nearest(name, self.variables.keys().map(String::as_str)) {
                    Some(near) => diagnostic.hint(format!("did you mean '$(var.{near})'?")),
                    None => diagnostic.hint(projects::hint(name).unwrap_or_else(|| {
                        format!("define it with -d {name}=VALUE or <?define {name}=VALUE?>")
                    })),
                },
                "env" => diagnostic.hint(format!("the environment variable {name} is not set")),
                "sys" => diagnostic
                    .hint("known: sys.CURRENTDIR, sys.SOURCEFILEDIR, sys.SOURCEFILEPATH, sys.BUILDARCH"),
                _ => diagnostic.hint("known prefixes: var, env, sys, fun"),
            };
        let beside = |file: &Path| projects::defined_beside(self.world, file, name);
        let diagnostic = match self.file.filter(|_| prefix == "var").and_then(beside) {
            Some((project, value)) => diagnostic.hint(format!("{project} defines it as {value}")),
            None => diagnostic,
        };
        // Whoever has to define variables wants to know all of them at once, so the run goes on, to fail at its end.
        if self.undefined.insert(reference.to_owned()) {
            self.diagnostics.push(diagnostic);
        }
        Ok(String::new())
    }

    fn value(&mut self, prefix: &str, name: &str, at: Span) -> Option<String> {
        match prefix {
            "var" => self.variables.get(name).cloned(),
            "env" => self.world.env(name),
            "sys" => match name {
                "CURRENTDIR" => Some(folder_text(&self.options.current_dir)),
                "SOURCEFILEDIR" => Some(folder_text(&self.absolute(self.file?.parent()?))),
                "SOURCEFILEPATH" => Some(self.absolute(self.file?)),
                "BUILDARCH" => Some(self.options.arch.clone()),
                "BUILDARCHSHORT" if self.is_v4 => Some(match self.options.arch.as_str() {
                    "arm64" => "A64".to_owned(),
                    arch => arch.to_uppercase(),
                }),
                // The language that is spoken here is that of WiX 7.
                "WIXMAJORVERSION" if self.is_v4 => Some("7".to_owned()),
                "WIXVERSION" if self.is_v4 => Some("7.0.0.0".to_owned()),
                "PLATFORM" => {
                    let warning = Diagnostic::warning(codes::DEPRECATED, "$(sys.PLATFORM) is deprecated");
                    self.diagnostics.push(warning.at(at).hint("write $(sys.BUILDARCH)"));
                    Some(self.options.arch.clone())
                }
                _ => None,
            },
            _ => None,
        }
    }

    fn absolute(&self, path: &Path) -> String {
        let path = Path::new(&self.options.current_dir).join(path);
        path.to_string_lossy().trim_end_matches('/').to_owned()
    }

    fn function(&mut self, reference: &str, at: Span, depth: usize) -> Result<String, Diagnostic> {
        let parsed = reference.split_once('.').and_then(|(prefix, rest)| {
            let (name, arguments) = rest.split_once('(')?;
            Some((prefix, name, arguments.strip_suffix(')')?))
        });
        let Some((prefix, name, arguments)) = parsed else {
            return Err(bad(
                format!("'$({reference})' is not of the form $(prefix.function(arguments))"),
                at,
            ));
        };
        let mut values = Vec::new();
        for argument in arguments.split(',') {
            values.push(self.substitute_nested(argument.trim(), at, depth + 1)?);
        }
        match (prefix, name) {
            ("fun", "AutoVersion") => {
                let base = values.first().filter(|value| !value.is_empty());
                let Some(base) = base else {
                    return Err(bad("$(fun.AutoVersion(X.Y)) needs the version's beginning".to_owned(), at));
                };
                // Days since 2000-01-01, and half the seconds since midnight.
                let days = (self.options.now - 946_684_800).div_euclid(86_400);
                let seconds = self.options.now.rem_euclid(86_400);
                Ok(format!("{base}.{days}.{}", seconds / 2))
            }
            _ => Err(bad(format!("the function '{prefix}.{name}' is unknown"), at)
                .hint("known functions: fun.AutoVersion")),
        }
    }
}

/// Where the parenthesis opened just before the text closes.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0usize;
    for (at, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' if depth == 0 => return Some(at),
            ')' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// A folder as the system variables give it: with a separator at its end.
fn folder_text(folder: &str) -> String {
    let separator = if folder.contains('\\') && !folder.contains('/') { '\\' } else { '/' };
    if folder.ends_with(['/', '\\']) { folder.to_owned() } else { format!("{folder}{separator}") }
}

fn bad(message: String, at: Span) -> Diagnostic {
    Diagnostic::error(codes::PREPROCESSOR_VARIABLE, message).at(at)
}
