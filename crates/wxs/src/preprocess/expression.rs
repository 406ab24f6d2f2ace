//! Conditions of `<?if?>` and `<?elseif?>`.
//!
//! ```text
//! condition = ["not"] (group | comparison) [("and" | "or") condition]
//! group     = "(" condition ")"
//! comparison = operand [("=" | "!=" | "~=" | "<" | "<=" | ">" | ">=") operand]
//! operand   = "…" | $(…) | bare word
//! ```
//!
//! `and` and `or` bind alike, from left to right; `not` reaches over everything after it up to the end of its group,
//! beginning with its operand. That is how WiX 3 reads conditions, and sources depend on it.

use diagnostics::Diagnostic;

/// Why a condition has no value.
pub(super) enum Failure {
    /// A reference in it can't be resolved.
    Variable(Box<Diagnostic>),
    /// What is wrong, as the rest of a sentence that begins with the condition.
    Grammar(String),
}

type Substitute<'a> = &'a mut dyn FnMut(&str) -> Result<String, Box<Diagnostic>>;

/// Parentheses and chains may nest this deep.
const MAX_DEPTH: usize = 128;

/// The condition's value; `substitute` resolves references in a text. WiX 4 and later, `newer`, also write `==`.
pub(super) fn evaluate(text: &str, newer: bool, substitute: Substitute) -> Result<bool, Failure> {
    let mut rest = text;
    condition(&mut rest, Previous::None, newer, substitute, 0)
}

/// What joins a condition to what stands before it.
enum Previous {
    None,
    And(bool),
    Or(bool),
    Not,
}

fn condition(
    rest: &mut &str,
    mut previous: Previous,
    newer: bool,
    substitute: Substitute,
    depth: usize,
) -> Result<bool, Failure> {
    if depth > MAX_DEPTH {
        return Err(grammar("nests too deep"));
    }
    loop {
        *rest = rest.trim();
        if rest.is_empty() {
            return Err(grammar("is empty, or ends where something is expected"));
        }
        let value = if rest.starts_with('(') {
            let end = closing(rest).ok_or_else(|| grammar("has unmatched parentheses"))?;
            let mut inner = &rest[1..end];
            *rest = &rest[end + 1..];
            condition(&mut inner, Previous::None, newer, substitute, depth + 1)?
        } else if let Some(after) = keyword(rest, "NOT") {
            *rest = after;
            condition(rest, Previous::Not, newer, substitute, depth + 1)?
        } else {
            comparison(rest, newer, substitute)?
        };
        let value = match previous {
            Previous::None => value,
            Previous::And(before) => value && before,
            Previous::Or(before) => value || before,
            Previous::Not => !value,
        };
        *rest = rest.trim();
        if rest.is_empty() {
            return Ok(value);
        }
        if let Some(after) = keyword(rest, "AND") {
            *rest = after;
            previous = Previous::And(value);
        } else if let Some(after) = keyword(rest, "OR") {
            *rest = after;
            previous = Previous::Or(value);
        } else {
            return Err(Failure::Grammar(format!("has '{rest}' where 'and' or 'or' is expected")));
        }
    }
}

fn comparison(rest: &mut &str, newer: bool, substitute: Substitute) -> Result<bool, Failure> {
    let starts_with_variable = rest.starts_with("$(");
    let left = operand(rest, substitute)?;
    let Some(operator) = operator(rest) else {
        return if starts_with_variable {
            Ok(true)
        } else {
            Err(Failure::Grammar(format!("has the bare word '{left}' where a comparison is expected")))
        };
    };
    *rest = &rest[operator.len()..];
    if newer && operator == "=" {
        *rest = rest.strip_prefix('=').unwrap_or(rest);
    }
    *rest = rest.trim_start();
    let right = operand(rest, substitute)?;
    let (left, right) = (left.trim(), right.trim());
    Ok(match operator {
        "=" => left == right,
        "!=" => left != right,
        "~=" => left.to_lowercase() == right.to_lowercase(),
        _ => {
            let number = |text: &str| {
                text.parse::<i32>()
                    .map_err(|_| Failure::Grammar(format!("compares '{text}', which is no whole number")))
            };
            let (left, right) = (number(left)?, number(right)?);
            match operator {
                "<" => left < right,
                "<=" => left <= right,
                ">" => left > right,
                _ => left >= right,
            }
        }
    })
}

fn operator(rest: &str) -> Option<&'static str> {
    ["!=", "~=", "<=", ">=", "=", "<", ">"].into_iter().find(|operator| rest.starts_with(operator))
}

/// Takes one operand off the text and gives its value.
fn operand(rest: &mut &str, substitute: Substitute) -> Result<String, Failure> {
    let text = rest.trim_start();
    if let Some(inner) = text.strip_prefix('"') {
        let end = inner.find('"').ok_or_else(|| grammar("has an unmatched quote"))?;
        *rest = inner[end + 1..].trim_start();
        return substitute(&inner[..end]).map_err(Failure::Variable);
    }
    if text.starts_with("$(") {
        let end = closing(&text[1..]).ok_or_else(|| grammar("has unmatched parentheses"))? + 2;
        *rest = text[end..].trim_start();
        return substitute(&text[..end]).map_err(Failure::Variable);
    }
    let end = text
        .char_indices()
        .find(|&(at, c)| c.is_whitespace() || operator(&text[at..]).is_some())
        .map_or(text.len(), |(at, _)| at);
    let word = &text[..end];
    if word.contains(['(', ')']) {
        return Err(grammar("has unmatched parentheses"));
    }
    if word.contains('"') {
        return Err(grammar("has an unmatched quote"));
    }
    *rest = text[end..].trim_start();
    Ok(word.to_owned())
}

/// What follows a keyword, which must stand apart from it or open a group.
fn keyword<'t>(text: &'t str, word: &str) -> Option<&'t str> {
    let head = text.get(..word.len())?;
    let tail = &text[word.len()..];
    (head.eq_ignore_ascii_case(word) && tail.starts_with(|c: char| c == '(' || c.is_whitespace()))
        .then_some(tail)
}

/// Where the parenthesis that begins the text closes; those in quotes don't count.
fn closing(text: &str) -> Option<usize> {
    let (mut depth, mut quoted) = (0usize, false);
    for (at, c) in text.char_indices() {
        match c {
            '"' => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted => {
                depth -= 1;
                if depth == 0 {
                    return Some(at);
                }
            }
            _ => {}
        }
    }
    None
}

fn grammar(message: &str) -> Failure {
    Failure::Grammar(message.to_owned())
}
