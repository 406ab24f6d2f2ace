//! The grammar of conditions ("Conditional Statement Syntax" in the Windows Installer reference).
//!
//! A condition is read for three reasons: to know whether the engine will accept it, what it refers to, and what it comes
//! out as under given facts.

use std::borrow::Cow;

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

/// What a condition is evaluated under. States are those of the engine: -1 unknown, 2 absent, 3 installed locally, ….
pub trait Facts {
    /// A property's value; `None` and the empty text are the same.
    fn property(&self, name: &str) -> Option<Cow<'_, str>>;
    /// An environment variable's value.
    fn environment(&self, _name: &str) -> Option<Cow<'_, str>> {
        None
    }
    /// The state that a component is in (`action` false) or will be in (`action` true).
    fn component(&self, _name: &str, _action: bool) -> i32 {
        -1
    }
    /// The state that a feature is in (`action` false) or will be in (`action` true).
    fn feature(&self, _name: &str, _action: bool) -> i32 {
        -1
    }
}

/// Reads a condition. The references stand in the order of the text; the error says what is wrong.
pub fn parse(text: &str) -> Result<Vec<Reference<'_>>, String> {
    struct Nothing;
    impl Facts for Nothing {
        fn property(&self, _: &str) -> Option<Cow<'_, str>> {
            None
        }
    }
    Ok(read(text, &Nothing)?.1)
}

/// What a condition comes out as. An empty one holds.
pub fn evaluate(text: &str, facts: &dyn Facts) -> Result<bool, String> {
    Ok(read(text, facts)?.0)
}

fn read<'a>(text: &'a str, facts: &dyn Facts) -> Result<(bool, Vec<Reference<'a>>), String> {
    let mut parser = Parser { tokens: tokens(text)?, at: 0, references: Vec::new(), facts };
    if parser.tokens.is_empty() {
        return Ok((true, Vec::new()));
    }
    let holds = parser.expression(0, 0)?;
    match parser.tokens.get(parser.at) {
        None => Ok((holds, parser.references)),
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
    /// A reference; `action` says that a state to come is meant.
    Symbol {
        reference: Reference<'a>,
        action: bool,
    },
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
            Token::Symbol { reference, .. } => match reference {
                Reference::Property(name)
                | Reference::Environment(name)
                | Reference::Component(name)
                | Reference::Feature(name) => format!("`{name}`"),
            },
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
                push(
                    &mut tokens,
                    Token::Symbol { reference, action: matches!(first, '$' | '&') },
                    1 + name.len(),
                )
            }
            '0'..='9' => number(rest, &mut tokens),
            '-' if rest[1..].starts_with(|next: char| next.is_ascii_digit()) => number(rest, &mut tokens),
            first if first.is_ascii_alphabetic() || first == '_' => {
                let name = identifier(rest);
                let token = match name.to_ascii_uppercase().as_str() {
                    "NOT" => Token::Not,
                    "AND" | "OR" | "XOR" | "EQV" | "IMP" => Token::Logical(name),
                    _ => Token::Symbol { reference: Reference::Property(name), action: false },
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

struct Parser<'a, 'f> {
    tokens: Vec<Token<'a>>,
    at: usize,
    references: Vec<Reference<'a>>,
    facts: &'f dyn Facts,
}

/// Logical operators, those that bind least first.
const LOGICAL: [&str; 5] = ["IMP", "EQV", "XOR", "OR", "AND"];

/// One side of a comparison.
struct Operand<'f> {
    value: Option<Cow<'f, str>>,
    /// Whether it may stand alone, and what it then says.
    alone: Option<bool>,
    number: bool,
}

impl<'a, 'f> Parser<'a, 'f> {
    fn expression(&mut self, depth: usize, level: usize) -> Result<bool, String> {
        if depth > DEPTH {
            return Err("it nests too deeply".into());
        }
        let Some(operator) = LOGICAL.get(level) else { return self.term(depth) };
        let mut holds = self.expression(depth, level + 1)?;
        while matches!(self.tokens.get(self.at), Some(Token::Logical(name)) if name.eq_ignore_ascii_case(operator))
        {
            self.at += 1;
            let other = self.expression(depth, level + 1)?;
            holds = match *operator {
                "AND" => holds && other,
                "OR" => holds || other,
                "XOR" => holds != other,
                "EQV" => holds == other,
                _ => !holds || other,
            };
        }
        Ok(holds)
    }

    fn term(&mut self, depth: usize) -> Result<bool, String> {
        let mut turned = false;
        while matches!(self.tokens.get(self.at), Some(Token::Not)) {
            self.at += 1;
            turned = !turned;
        }
        if matches!(self.tokens.get(self.at), Some(Token::Open)) {
            self.at += 1;
            let holds = self.expression(depth + 1, 0)?;
            if !matches!(self.tokens.get(self.at), Some(Token::Close)) {
                return Err("a parenthesis is not closed".into());
            }
            self.at += 1;
            return Ok(holds != turned);
        }
        let left = self.value()?;
        if let Some(Token::Comparison(operator)) = self.tokens.get(self.at).cloned() {
            self.at += 1;
            let right = self.value()?;
            return Ok(compare(&left, operator, &right) != turned);
        }
        let alone = left.alone.ok_or("a literal stands where a property or a comparison is expected")?;
        Ok(alone != turned)
    }

    fn value(&mut self) -> Result<Operand<'f>, String> {
        let token = self.tokens.get(self.at).cloned();
        self.at += 1;
        match token {
            Some(Token::Symbol { reference, action }) => {
                let state = |state: i32| (Some(Cow::Owned(state.to_string())), state != -1);
                let text = |text: Option<Cow<'f, str>>| {
                    let set = text.as_deref().is_some_and(|text| !text.is_empty());
                    (text, set)
                };
                let (value, alone) = match &reference {
                    Reference::Property(name) => text(self.facts.property(name)),
                    Reference::Environment(name) => text(self.facts.environment(name)),
                    Reference::Component(name) => state(self.facts.component(name, action)),
                    Reference::Feature(name) => state(self.facts.feature(name, action)),
                };
                self.references.push(reference);
                Ok(Operand { value, alone: Some(alone), number: false })
            }
            // A number alone is a condition that authors use: 1 is true, 0 is false.
            Some(Token::Number(number)) => Ok(Operand {
                value: Some(Cow::Owned(number.to_owned())),
                alone: Some(number.bytes().any(|digit| matches!(digit, b'1'..=b'9'))),
                number: true,
            }),
            Some(Token::Text(text)) => {
                let value = Cow::Owned(text[1..text.len() - 1].to_owned());
                Ok(Operand { value: Some(value), alone: None, number: false })
            }
            Some(token) => Err(format!("{} stands where a value is expected", token.describe())),
            None => Err("a value is missing at the end".into()),
        }
    }
}

/// Compares as numbers where both sides are numbers, else as texts. A number and a text that is none only ever differ.
fn compare(one: &Operand<'_>, operator: &str, other: &Operand<'_>) -> bool {
    let left = one.value.as_deref().unwrap_or_default();
    let right = other.value.as_deref().unwrap_or_default();
    if let (Ok(left), Ok(right)) = (left.parse::<i32>(), right.parse::<i32>()) {
        return match operator.trim_start_matches('~') {
            "=" => left == right,
            "<>" => left != right,
            "<" => left < right,
            ">" => left > right,
            "<=" => left <= right,
            ">=" => left >= right,
            "><" => left & right != 0,
            "<<" => (left >> 16) & 0xffff == right,
            _ => left & 0xffff == right,
        };
    }
    if one.number || other.number {
        return operator.ends_with("<>");
    }
    let fold = |text: &str| if operator.starts_with('~') { text.to_lowercase() } else { text.to_owned() };
    let (left, right) = (fold(left), fold(right));
    match operator.trim_start_matches('~') {
        "=" => left == right,
        "<>" => left != right,
        "<" => left < right,
        ">" => left > right,
        "<=" => left <= right,
        ">=" => left >= right,
        "><" => left.contains(&right),
        "<<" => left.starts_with(&right),
        _ => left.ends_with(&right),
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

    struct Given(&'static [(&'static str, &'static str)]);

    impl Facts for Given {
        fn property(&self, name: &str) -> Option<Cow<'_, str>> {
            self.0.iter().find(|(known, _)| *known == name).map(|(_, value)| Cow::Borrowed(*value))
        }

        fn feature(&self, name: &str, action: bool) -> i32 {
            match (name, action) {
                ("New", true) => 3,
                ("New", false) => 2,
                _ => -1,
            }
        }
    }

    #[test]
    fn conditions_come_out_as_the_engine_says() {
        let facts = Given(&[("A", "1"), ("Zero", "0"), ("Name", "Some Text"), ("Bits", "65538")]);
        let holding = [
            "",
            "A",
            "Zero",
            "1",
            "NOT Missing",
            "A = 1",
            "A <> 2",
            "Name = \"Some Text\"",
            "Name ~= \"some text\"",
            "Name >< \"e T\"",
            "Name << \"Some\"",
            "Name ~>> \"TEXT\"",
            "Bits << 1",
            "Bits >> 2",
            "Bits >< 3",
            "Missing IMP A",
            "A XOR Missing",
            "A EQV Zero",
            "A OR A AND Missing",
            "(A OR A) AND NOT Missing",
            "&New = 3",
            "!New <> 3",
            "&New = 3 AND !New = 2",
            "Missing = \"\"",
            "Name > \"R\"",
            "Missing <> 5",
        ];
        for text in holding {
            assert_eq!(evaluate(text, &facts), Ok(true), "{text}");
        }
        let failing = [
            "Missing",
            "0",
            "NOT A",
            "A = 2",
            "Name = \"some text\"",
            "A AND Missing",
            "&Other = 3",
            "A > 1",
            "NOT (A OR Missing)",
            "Name << \"Text\"",
            "A IMP Missing",
            "Missing < 5",
        ];
        for text in failing {
            assert_eq!(evaluate(text, &facts), Ok(false), "{text}");
        }
        assert!(evaluate("A AND", &facts).is_err());
    }
}
