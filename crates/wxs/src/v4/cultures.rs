//! Languages of Windows: what a localization file's culture says of a package that names no language.

/// Cultures with their language identifier and the code page of their summary information.
const CULTURES: &[(&str, u16, u16)] = &[
    ("ar-sa", 1025, 1256),
    ("bg-bg", 1026, 1251),
    ("ca-es", 1027, 1252),
    ("cs-cz", 1029, 1250),
    ("da-dk", 1030, 1252),
    ("de-at", 3079, 1252),
    ("de-ch", 2055, 1252),
    ("de-de", 1031, 1252),
    ("el-gr", 1032, 1253),
    ("en-au", 3081, 1252),
    ("en-ca", 4105, 1252),
    ("en-gb", 2057, 1252),
    ("en-us", 1033, 1252),
    ("es-es", 3082, 1252),
    ("es-mx", 2058, 1252),
    ("et-ee", 1061, 1257),
    ("fa-ir", 1065, 1256),
    ("fi-fi", 1035, 1252),
    ("fr-be", 2060, 1252),
    ("fr-ca", 3084, 1252),
    ("fr-fr", 1036, 1252),
    ("he-il", 1037, 1255),
    ("hr-hr", 1050, 1250),
    ("hu-hu", 1038, 1250),
    ("id-id", 1057, 1252),
    ("is-is", 1039, 1252),
    ("it-it", 1040, 1252),
    ("ja-jp", 1041, 932),
    ("ko-kr", 1042, 949),
    ("lt-lt", 1063, 1257),
    ("lv-lv", 1062, 1257),
    ("nb-no", 1044, 1252),
    ("nl-be", 2067, 1252),
    ("nl-nl", 1043, 1252),
    ("pl-pl", 1045, 1250),
    ("pt-br", 1046, 1252),
    ("pt-pt", 2070, 1252),
    ("ro-ro", 1048, 1250),
    ("ru-ru", 1049, 1251),
    ("sk-sk", 1051, 1250),
    ("sl-si", 1060, 1250),
    ("sr-latn-cs", 2074, 1250),
    ("sv-se", 1053, 1252),
    ("th-th", 1054, 874),
    ("tr-tr", 1055, 1254),
    ("uk-ua", 1058, 1251),
    ("vi-vn", 1066, 1258),
    ("zh-cn", 2052, 936),
    ("zh-hk", 3076, 950),
    ("zh-tw", 1028, 950),
];

/// The language identifier of a culture, in any case.
pub fn language(culture: &str) -> Option<u16> {
    language_and_codepage(culture).map(|(language, _)| language)
}

/// Strings that a rewritten package asks for its language, the code page of its summary information and its own one, with what
/// they are where no localization file says more.
pub(super) const STRINGS: [[&str; 2]; 3] =
    [["WixPackageLanguage", "0"], ["WixSummaryCodepage", "1252"], ["WixPackageCodepage", "65001"]];

/// The language identifier of a culture and its code page; the case of the name does not matter.
pub fn language_and_codepage(culture: &str) -> Option<(u16, u16)> {
    let known = CULTURES.iter().find(|(known, ..)| known.eq_ignore_ascii_case(culture))?;
    Some((known.1, known.2))
}

/// The same strings as a localization file of WiX 4 gives them: by its culture, and by the code pages that it names.
pub(crate) fn strings(
    culture: Option<&str>,
    codepage: Option<&str>,
    summary: Option<&str>,
) -> Vec<(String, String)> {
    let known = culture.and_then(|culture| CULTURES.iter().find(|(known, ..)| *known == culture));
    let language = known.map(|(_, language, _)| language.to_string());
    let usual = known.map(|(.., codepage)| codepage.to_string());
    // Summary information has no code page past the numbers of 15 bits, such as UTF-8's.
    let fits = |text: &&str| crate::resolve::parse_codepage(text).is_none_or(|page| page <= 0x7FFF);
    let summary = summary.or(codepage.filter(fits)).map(str::to_owned).or_else(|| usual.clone());
    let codepage = codepage.map(str::to_owned).or(usual);
    let values = [language, summary, codepage];
    STRINGS.iter().zip(values).filter_map(|([name, _], value)| Some(((*name).to_owned(), value?))).collect()
}
