//! Code pages by number or by name.

use super::{CODEPAGE, Localizer};
use crate::ir::Product;
use diagnostics::{Diagnostic, Diagnostics};

/// Names that stand for code pages in sources, beside the numbers.
const NAMES: &[(&str, u16)] = &[
    ("windows-874", 874),
    ("shift_jis", 932),
    ("gb2312", 936),
    ("gbk", 936),
    ("ks_c_5601-1987", 949),
    ("euc-kr", 949),
    ("big5", 950),
    ("windows-1250", 1250),
    ("windows-1251", 1251),
    ("windows-1252", 1252),
    ("windows-1253", 1253),
    ("windows-1254", 1254),
    ("windows-1255", 1255),
    ("windows-1256", 1256),
    ("windows-1257", 1257),
    ("windows-1258", 1258),
    ("us-ascii", 20127),
    ("koi8-r", 20866),
    ("iso-8859-1", 28591),
    ("iso-8859-2", 28592),
    ("iso-8859-15", 28605),
    ("utf-7", 65000),
    ("utf-8", 65001),
];

/// The database's code page: the localization's, else the product's, else that of the libraries' texts, else neutral.
pub(super) fn of(product: &Product, localizer: &Localizer, diagnostics: &mut Diagnostics) -> Option<u16> {
    let own = product.codepage.as_deref().map(|text| (text, product.span));
    let Some((text, span)) = localizer.codepage().or(own).or(localizer.library_codepage()) else {
        return Some(0);
    };
    let found = parse(text);
    if found.is_none() {
        diagnostics.push(
            Diagnostic::error(CODEPAGE, format!("\"{text}\" is no code page"))
                .at(span)
                .hint("use a number such as 1252 or 65001, or a name such as windows-1252"),
        );
    }
    found
}

/// The number of a code page that is written as a number or a name.
pub fn parse(text: &str) -> Option<u16> {
    let text = text.trim();
    text.parse().ok().or_else(|| {
        let named = NAMES.iter().find(|(name, _)| name.eq_ignore_ascii_case(text));
        named.map(|&(_, number)| number)
    })
}
