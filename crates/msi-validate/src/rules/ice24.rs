//! ICE24: the product's identity has the forms that the engine reads.

use crate::category;
use crate::package::Package;
use crate::rule::{Report, Rule, Severity};

pub const RULE: Rule = Rule {
    id: "ICE24",
    what: "ProductCode is a GUID, ProductVersion at most 255.255.65535, ProductLanguage one language's number.",
    why: "The engine compares versions by these limits and cannot upgrade what lies past them.",
    source: "https://learn.microsoft.com/windows/win32/msi/productversion",
    severity: Severity::Error,
    check,
};

fn check(package: &Package, report: &mut Report) {
    let forms: [(&str, Form, &str); 3] = [
        ("ProductCode", category::is_guid, "a GUID in braces and upper case"),
        ("ProductVersion", is_product_version, "a product version, at most 255.255.65535"),
        ("ProductLanguage", |text| text.parse::<u16>().is_ok(), "a language's number"),
    ];
    for (name, fits, form) in forms {
        if let Some(property) = package.find("Property", name)
            && !fits(property.text("Value"))
        {
            report.at(&property, "Value", format!("`{}` is not {form}", property.text("Value")));
        }
    }
}

type Form = fn(&str) -> bool;

/// `major.minor.build` within the engine's limits; it ignores a fourth number.
pub fn is_product_version(text: &str) -> bool {
    let limits = [255, 255, 65_535];
    let parts: Vec<&str> = text.split('.').collect();
    let is_number = |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let in_limit = |(part, limit): (&&str, u32)| part.parse::<u32>().is_ok_and(|number| number <= limit);
    parts.len() <= 4 && parts.iter().all(is_number) && parts.iter().zip(limits).all(in_limit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::planted_one;

    #[test]
    fn the_fourth_number_of_a_version_is_free() {
        assert!(is_product_version("255.255.65535.99999") && is_product_version("1"));
        assert!(
            !is_product_version("1.2.3.x")
                && !is_product_version("1.2.65536")
                && !is_product_version("1.2.3.4.5")
        );
    }

    #[test]
    fn each_form_is_checked() {
        for (name, value) in [
            ("ProductCode", "{x}"),
            ("ProductVersion", "256.0.0"),
            ("ProductVersion", "1.2-rc"),
            ("ProductLanguage", "en"),
        ] {
            let place = planted_one(&RULE, |fixture| fixture.set("Property", name, "Value", value));
            assert_eq!(place, format!("error Property.Value {name}"));
        }
    }
}
