//! Localization files (`.wxl`): strings and control placements for one culture.

use crate::codes;
use crate::document::{Document, Element};
use crate::{NAMESPACE_LOCALIZATION_V3, NAMESPACE_LOCALIZATION_V4, schema};
use diagnostics::{Diagnostic, Diagnostics, FileId, Span};
use std::collections::BTreeMap;

/// One `.wxl` file.
#[derive(Debug, Clone)]
pub struct Localization {
    /// Lower case, such as `de-de`; `None` is the neutral culture.
    pub culture: Option<String>,
    /// Text of `@Codepage`.
    pub codepage: Option<String>,
    /// The file is of WiX 4 or later, whose code page counts only where the package names none.
    pub is_v4: bool,
    pub strings: BTreeMap<String, LocalizedString>,
    /// Placement and text of dialogs (control is empty) and controls.
    pub controls: BTreeMap<(String, String), LocalizedControl>,
    pub span: Span,
}

#[derive(Debug, Clone)]
pub struct LocalizedString {
    pub value: String,
    /// Another file may give the string another value.
    pub overridable: bool,
    pub span: Span,
}

/// What a `<UI>` element of a localization file says of a dialog or control.
#[derive(Debug, Clone, Default)]
pub struct LocalizedControl {
    pub x: Option<i32>,
    pub y: Option<i32>,
    pub width: Option<i32>,
    pub height: Option<i32>,
    pub right_to_left: bool,
    pub right_aligned: bool,
    pub left_scroll: bool,
    pub text: Option<String>,
}

/// Reads a localization file's text, already taken into the source map as `file`.
pub fn parse(file: FileId, text: &str, diagnostics: &mut Diagnostics) -> Option<Localization> {
    let document = Document::parse(file, text, diagnostics)?;
    let root = document.root();
    let is_v4 = &*root.name().namespace == NAMESPACE_LOCALIZATION_V4;
    if root.local() != "WixLocalization" || (&*root.name().namespace != NAMESPACE_LOCALIZATION_V3 && !is_v4) {
        let message =
            format!("a localization file's root element is <WixLocalization>, not <{}>", root.local());
        let hint = format!("its namespace is {NAMESPACE_LOCALIZATION_V3}");
        diagnostics.push(Diagnostic::error(codes::MISPLACED_ELEMENT, message).at(root.span()).hint(hint));
        return None;
    }
    let mut reader = Reader { diagnostics, failed: false, is_v4 };
    let [culture, codepage, summary_codepage, ..] = reader.attributes(
        root,
        [
            "Culture",
            "Codepage",
            "SummaryInformationCodepage",
            "Language",
            if is_v4 { "ExtensionDefaultCulture" } else { "" },
        ],
    );
    let mut localization = Localization {
        culture: culture.filter(|culture| !culture.is_empty()).map(|culture| culture.to_lowercase()),
        codepage: codepage.filter(|codepage| !codepage.is_empty()),
        is_v4,
        strings: BTreeMap::new(),
        controls: BTreeMap::new(),
        span: root.span(),
    };
    if is_v4 {
        let culture = localization.culture.as_deref();
        for (name, value) in crate::v4::cultures::strings(
            culture,
            localization.codepage.as_deref(),
            summary_codepage.as_deref(),
        ) {
            let string = LocalizedString { value, overridable: true, span: root.span() };
            localization.strings.insert(name, string);
        }
    }
    for child in root.children() {
        match child.local() {
            "String" => reader.string(child, &mut localization),
            "UI" => reader.control(child, &mut localization),
            other => reader.fail(codes::UNKNOWN_ELEMENT, child.span(), format!("unknown element <{other}>")),
        }
    }
    (!reader.failed).then_some(localization)
}

struct Reader<'a> {
    diagnostics: &'a mut Diagnostics,
    failed: bool,
    /// The file is of WiX 4 or later: values are attributes.
    is_v4: bool,
}

impl Reader<'_> {
    fn string(&mut self, element: Element<'_>, localization: &mut Localization) {
        let value = if self.is_v4 { "Value" } else { "" };
        let [id, overridable, _, value] =
            self.attributes(element, ["Id", "Overridable", "Localizable", value]);
        let Some(id) = id.filter(|id| !id.is_empty()) else {
            return self.fail(codes::MISSING, element.span(), "<String> needs the attribute Id".into());
        };
        let overridable = self.yes_no(element, overridable);
        let value = self.text(element, value).unwrap_or_default();
        let string = LocalizedString { value, overridable, span: element.span() };
        match localization.strings.get_mut(&id) {
            None => {
                localization.strings.insert(id, string);
            }
            Some(known) if known.overridable && !string.overridable => *known = string,
            Some(_) if string.overridable => {}
            Some(known) => {
                let first = known.span;
                self.failed = true;
                self.diagnostics.push(
                    Diagnostic::error(codes::CONFLICT, format!("the string '{id}' is given twice"))
                        .at(element.span())
                        .label(first, "first given here")
                        .hint("leave one out, or set Overridable=\"yes\" at the one that gives way"),
                );
            }
        }
    }

    fn control(&mut self, element: Element<'_>, localization: &mut Localization) {
        let text = if self.is_v4 { "Text" } else { "" };
        let [dialog, control, x, y, width, height, rtl, right, scroll, text] = self.attributes(
            element,
            [
                "Dialog",
                "Control",
                "X",
                "Y",
                "Width",
                "Height",
                "RightToLeft",
                "RightAligned",
                "LeftScroll",
                text,
            ],
        );
        if dialog.is_none() && control.is_none() {
            let message = "<UI> needs the attribute Dialog or Control".to_owned();
            return self.fail(codes::MISSING, element.span(), message);
        }
        let entry = LocalizedControl {
            x: self.integer(element, x),
            y: self.integer(element, y),
            width: self.integer(element, width),
            height: self.integer(element, height),
            right_to_left: self.yes_no(element, rtl),
            right_aligned: self.yes_no(element, right),
            left_scroll: self.yes_no(element, scroll),
            text: self.text(element, text),
        };
        let key = (dialog.unwrap_or_default(), control.unwrap_or_default());
        localization.controls.insert(key, entry);
    }

    /// The values of the named attributes; any other is an error.
    fn attributes<const N: usize>(&mut self, element: Element<'_>, names: [&str; N]) -> [Option<String>; N] {
        let mut values = [const { None }; N];
        for attribute in element.attributes().iter().filter(|attribute| attribute.name.namespace.is_empty()) {
            match names.iter().position(|name| *name == &*attribute.name.local) {
                Some(index) => values[index] = Some(attribute.value.clone()),
                None => {
                    let local = &attribute.name.local;
                    let message = format!("<{}> has no attribute '{local}'", element.local());
                    let mut diagnostic =
                        Diagnostic::error(codes::UNKNOWN_ATTRIBUTE, message).at(attribute.name_span);
                    if let Some(near) = schema::nearest(local, names) {
                        diagnostic = diagnostic.hint(format!("did you mean '{near}'?"));
                    }
                    self.failed = true;
                    self.diagnostics.push(diagnostic);
                }
            }
        }
        values
    }

    /// The value of an element: its attribute with WiX 4, its text before.
    fn text(&mut self, element: Element<'_>, attribute: Option<String>) -> Option<String> {
        match element.text() {
            Some(text) if self.is_v4 => {
                let message = format!("<{}> can't hold text; its value is an attribute", element.local());
                self.fail(codes::TEXT, text.span, message);
                attribute
            }
            text => text.map(|text| text.text.clone()).or(attribute),
        }
    }

    fn yes_no(&mut self, element: Element<'_>, value: Option<String>) -> bool {
        match value.as_deref() {
            Some("yes") => true,
            None | Some("no") => false,
            Some(other) => {
                let message = format!("'{other}' is neither 'yes' nor 'no'");
                self.fail(codes::BAD_VALUE, element.span(), message);
                false
            }
        }
    }

    fn integer(&mut self, element: Element<'_>, value: Option<String>) -> Option<i32> {
        let value = value?;
        let parsed = value.parse().ok();
        if parsed.is_none() {
            self.fail(codes::BAD_VALUE, element.span(), format!("'{value}' is no whole number"));
        }
        parsed
    }

    fn fail(&mut self, code: diagnostics::Code, at: Span, message: String) {
        self.failed = true;
        let hint = match code {
            codes::MISSING => "a <String> has an 'Id', a <UI> names a 'Dialog' or a 'Control'",
            codes::TEXT => "write it as the attribute 'Value', or 'Text' of a <UI>",
            _ => "positions and sizes are whole numbers, switches are 'yes' or 'no'",
        };
        self.diagnostics.push(Diagnostic::error(code, message).at(at).hint(hint));
    }
}
