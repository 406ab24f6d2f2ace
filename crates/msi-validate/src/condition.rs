//! The grammar of conditions ("Conditional Statement Syntax" in the Windows Installer reference).
//!
//! A condition is read for two reasons: to know whether the engine will accept it, and to know what it refers to.

/// What a condition refers to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reference<'a> {
    Property(&'a str),
    /// `%NAME`
    Environment(&'a str),
    /// `$component` or `?component`
    Component(&'a str),
    /// `&feature` or `!feature`
    Feature(&'a str),
}

/// Reads a condition. The references stand in the order of the text; the error says what is wrong.
pub fn parse(text: &str) -> Result<Vec<Reference<'_>>, String> {
    let mut parser = Parser { tokens: tokens(text)?, at: 0, references: Vec::new() };
    if parser.tokens.is_empty() {
        return Ok(Vec::new());
    }
    parser.expression(0)?;
    match parser.tokens.get(parser.at) {
        None => Ok(parser.references),
        Some(token) => Err(format!("{} is not expected there", token.describe())),
    }
}

#[derive(Debug, Clone, PartialEq)]
enum Token<'a> {
    Open,
    Close,
    Not,
    /// `And`, `Or`, `Xor`, `Eqv`, `Imp` in any case.
    Logical(&'a str),
    Comparison(&'a str),
    Text(&'a str),
    Number(&'a str),
    Symbol(Reference<'a>),
}

impl Token<'_> {
    fn describe(&self) -> String {
        match self {
            Token::Open => "`(`".into(),
            Token::Close => "`)`".into(),
            Token::Not => "NOT".into(),
            Token::Logical(text) | Token::Comparison(text) | Token::Text(text) | Token::Number(text) => {
                format!("`{text}`")
            }
            Token::Symbol(
                Reference::Property(name)
                | Reference::Environment(name)
                | Reference::Component(name)
                | Reference::Feature(name),
            ) => format!("`{name}`"),
        }
    }
}

/// Operators, longest first so that the first that fits is the right one.
const COMPARISONS: [&str; 14] =
    ["~<<", "~>>", "~><", "~<=", "~>=", "~<>", "<<", ">>", "><", "<=", ">=", "<>", "~=", "~<"];
const SHORT_COMPARISONS: [&str; 4] = ["~>", "=", "<", ">"];

/// How deep parentheses and NOTs may nest; nobody writes this and a hostile package shall not exhaust the stack.
const DEPTH: usize = 200;

fn tokens(text: &str) -> Result<Vec<Token<'_>>, String> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let len = match first {
            '(' => push(&mut tokens, Token::Open, 1),
            ')' => push(&mut tokens, Token::Close, 1),
            '"' => {
                let end = rest[1..].find('"').ok_or("a quotation mark is not closed")?;
                push(&mut tokens, Token::Text(&rest[..end + 2]), end + 2)
            }
            '$' | '?' | '&' | '!' | '%' => {
                let name = identifier(&rest[1..]);
                if name.is_empty() {
                    return Err(format!("`{first}` is not followed by a name"));
                }
                let reference = match first {
                    '$' | '?' => Reference::Component(name),
                    '&' | '!' => Reference::Feature(name),
                    _ => Reference::Environment(name),
                };
                push(&mut tokens, Token::Symbol(reference), 1 + name.len())
            }
            '0'..='9' => number(rest, &mut tokens),
            '-' if rest[1..].starts_with(|next: char| next.is_ascii_digit()) => number(rest, &mut tokens),
            first if first.is_ascii_alphabetic() || first == '_' => {
                let name = identifier(rest);
                let token = match name.to_ascii_uppercase().as_str() {
                    "NOT" => Token::Not,
                    "AND" | "OR" | "XOR" | "EQV" | "IMP" => Token::Logical(name),
                    _ => Token::Symbol(Reference::Property(name)),
                };
                push(&mut tokens, token, name.len())
            }
            first => {
                let operators = COMPARISONS.iter().chain(&SHORT_COMPARISONS);
                let Some(operator) = operators.into_iter().find(|operator| rest.starts_with(**operator))
                else {
                    return Err(format!("`{first}` belongs to no operator"));
                };
                push(&mut tokens, Token::Comparison(operator), operator.len())
            }
        };
        rest = rest[len..].trim_start();
    }
    Ok(tokens)
}

fn push<'a>(tokens: &mut Vec<Token<'a>>, token: Token<'a>, len: usize) -> usize {
    tokens.push(token);
    len
}

fn number<'a>(rest: &'a str, tokens: &mut Vec<Token<'a>>) -> usize {
    let digits =
        rest[1..].find(|character: char| !character.is_ascii_digit()).map_or(rest.len(), |at| at + 1);
    push(tokens, Token::Number(&rest[..digits]), digits)
}

fn identifier(text: &str) -> &str {
    let end = text.find(|character: char| !(character.is_ascii_alphanumeric() || "_.".contains(character)));
    &text[..end.unwrap_or(text.len())]
}

struct Parser<'a> {
    tokens: Vec<Token<'a>>,
    at: usize,
    references: Vec<Reference<'a>>,
}

impl Parser<'_> {
    fn expression(&mut self, depth: usize) -> Result<(), String> {
        if depth > DEPTH {
            return Err("it nests too deeply".into());
        }
        self.term(depth)?;
        while matches!(self.tokens.get(self.at), Some(Token::Logical(_))) {
            self.at += 1;
            self.term(depth)?;
        }
        Ok(())
    }

    fn term(&mut self, depth: usize) -> Result<(), String> {
        while matches!(self.tokens.get(self.at), Some(Token::Not)) {
            self.at += 1;
        }
        if matches!(self.tokens.get(self.at), Some(Token::Open)) {
            self.at += 1;
            self.expression(depth + 1)?;
            if !matches!(self.tokens.get(self.at), Some(Token::Close)) {
                return Err("a parenthesis is not closed".into());
            }
            self.at += 1;
            return Ok(());
        }
        let symbol = self.value()?;
        if matches!(self.tokens.get(self.at), Some(Token::Comparison(_))) {
            self.at += 1;
            self.value()?;
        } else if !symbol {
            return Err("a literal stands where a property or a comparison is expected".into());
        }
        Ok(())
    }

    /// Takes a value and says whether it is one that may stand alone.
    fn value(&mut self) -> Result<bool, String> {
        let token = self.tokens.get(self.at).cloned();
        self.at += 1;
        match token {
            Some(Token::Symbol(reference)) => {
                self.references.push(reference);
                Ok(true)
            }
            // A number alone is a condition that authors use: 1 is true, 0 is false.
            Some(Token::Number(_)) => Ok(true),
            Some(Token::Text(_)) => Ok(false),
            Some(token) => Err(format!("{} stands where a value is expected", token.describe())),
            None => Err("a value is missing at the end".into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_found_and_literals_are_none() {
        use Reference::{Component, Environment, Feature, Property};
        let text = r#"NOT (A ~<< "b C" And $comp=3) OR &feat >= 2 AND %PATH >< "x" AND x.Y_1 = -7"#;
        let expected =
            [Property("A"), Component("comp"), Feature("feat"), Environment("PATH"), Property("x.Y_1")];
        assert_eq!(parse(text).unwrap(), expected);
        assert_eq!(parse("").unwrap(), []);
        assert_eq!(parse("1").unwrap(), []);
        assert_eq!(parse("VersionNT>=603").unwrap(), [Property("VersionNT")]);
        assert_eq!(parse("NOT NOT A").unwrap(), [Property("A")]);
    }

    #[test]
    fn what_the_engine_refuses_is_refused() {
        let faults = [
            "A AND", "(A", "A)", "A B", "= 1", "A = ", "A == B", "\"x\"", "A = \"x", "$ = 3", "A # B",
            "AND A", "A NOT B",
        ];
        for text in faults {
            assert!(parse(text).is_err(), "{text}");
        }
        assert!(parse(&"(".repeat(100_000)).is_err());
    }
}
