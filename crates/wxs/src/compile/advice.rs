//! What to do about an error whose message says it all but that: most follow from the message and the element.

use crate::codes;
use crate::schema::{self, ElementDef};
use diagnostics::Code;

/// Advice about an element, or about an attribute of it.
pub(super) fn advice(def: &ElementDef, code: Code, attribute: Option<&str>, message: &str) -> Option<String> {
    let says = |words: &[&str]| words.iter().any(|word| message.contains(word));
    match (code, attribute) {
        (codes::ATTRIBUTE_COMBINATION, Some(attribute)) if says(&[" needs ", " is needed"]) => {
            Some(format!("give what it needs, or leave '{attribute}' out"))
        }
        (codes::ATTRIBUTE_COMBINATION, Some(attribute)) => Some(format!("leave '{attribute}' out here")),
        (codes::MISSING, None) => missing(def, message),
        (codes::CONFLICT, None) if says(&["a second ", " has one ", " at most"]) => {
            Some("leave one of them out".to_owned())
        }
        (codes::CONFLICT | codes::MISPLACED_ELEMENT, None)
            if says(&["can't stand", "stand inside", "nest"]) =>
        {
            Some("move it to where it can stand, or leave it out".to_owned())
        }
        (codes::TEXT, None) if says(&["empty"]) => Some("write a text, or leave the element out".to_owned()),
        (codes::BAD_VALUE, Some(_)) if says(&["longer than", "at most"]) => Some("shorten it".to_owned()),
        (codes::BAD_VALUE, Some(_)) if says(&["twice"]) => Some("give one of them another name".to_owned()),
        (codes::BAD_VALUE, Some(attribute)) if says(&["white space", "is empty"]) => {
            Some(format!("give it a text, or leave '{attribute}' out"))
        }
        _ => None,
    }
}

/// What is missing is the first attribute or element that the message names beside the element itself.
fn missing(def: &ElementDef, message: &str) -> Option<String> {
    let attribute = message.split('\'').nth(1);
    if let Some(attribute) = attribute.filter(|name| def.attribute(name).is_some()) {
        return Some(format!("write <{} {attribute}=\"…\" …>", def.name));
    }
    let elements = message.split('<').skip(1).filter_map(|rest| rest.split('>').next());
    let element = elements.into_iter().find(|name| *name != def.name)?;
    if def.children.contains(&element) {
        return Some(format!("put a <{element} … /> into it"));
    }
    let other = schema::v3().element(element)?;
    Some(match attribute.filter(|name| other.attribute(name).is_some()) {
        Some(attribute) => format!("write <{element} {attribute}=\"…\" …>"),
        None => format!("put it into a <{element}>"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::v3;

    #[test]
    fn advice_names_what_is_missing() {
        let told = |element: &str, code, attribute: Option<&str>, message: &str| {
            advice(v3().element(element).unwrap(), code, attribute, message).unwrap_or_default()
        };
        let missing = |element: &str, message: &str| told(element, codes::MISSING, None, message);
        assert_eq!(
            missing("Publish", "<Publish> needs 'Event' or 'Property'"),
            "write <Publish Event=\"…\" …>"
        );
        assert_eq!(
            missing("MajorUpgrade", "<MajorUpgrade> needs 'UpgradeCode' of its <Product>"),
            "write <Product UpgradeCode=\"…\" …>"
        );
        assert_eq!(missing("Wix", "it needs a <Product>"), "put a <Product … /> into it");
        let combination =
            |message: &str| told("Publish", codes::ATTRIBUTE_COMBINATION, Some("Event"), message);
        assert_eq!(combination("'Event' needs 'Value'"), "give what it needs, or leave 'Event' out");
        assert_eq!(combination("'Event' can't stand there"), "leave 'Event' out here");
    }
}
