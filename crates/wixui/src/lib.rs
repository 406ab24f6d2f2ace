//! The dialog library: `WixUI_Minimal`, `WixUI_InstallDir`, `WixUI_FeatureTree`, `WixUI_Mondo` and `WixUI_Advanced`.
//!
//! Nothing but data. Names, structure and behaviour are those that packages made with the WiX Toolset rely on and change; layout,
//! words and pictures are our own. The compiler takes [`SOURCES`] as it takes an author's files, answers `!(loc.X)` from
//! [`STRINGS`], and finds [`FILES`] where the sources name them.
//!
//! The sources expect these preprocessor variables:
//!
//! | variable | value |
//! |---|---|
//! | `Wix4` | `yes` for packages written for WiX 4 or later, whose sets differ in how a folder is checked; else `no` |
//! | `Files` | where the pictures and the licence are, to be put before their names |
//! | `Actions` | where the library's DLLs are, to be put before `PLATFORM/wixui.dll` |
//! | `Platform` | `x86`, `x64` or `arm64` |

#![forbid(unsafe_code)]

macro_rules! texts {
    ($folder:literal: $($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../", $folder, "/", $name)))),*]
    };
}

/// Every source and include file by its path.
pub const SOURCES: &[(&str, &str)] = texts! { "source":
    "actions.wxi",
    "common.wxs",
    "error-progress.wxs",
    "dialogs/banner.wxi",
    "dialogs/end.wxs",
    "dialogs/features.wxs",
    "dialogs/folder.wxs",
    "dialogs/heading.wxi",
    "dialogs/in-use.wxs",
    "dialogs/license.wxs",
    "dialogs/maintenance.wxs",
    "dialogs/print.wxi",
    "dialogs/progress.wxs",
    "dialogs/questions.wxs",
    "dialogs/ready.wxs",
    "dialogs/resume.wxs",
    "dialogs/scope.wxs",
    "dialogs/setup-type.wxs",
    "dialogs/side.wxi",
    "dialogs/space.wxs",
    "dialogs/start.wxi",
    "dialogs/welcome.wxs",
    "sets/advanced.wxs",
    "sets/browse.wxi",
    "sets/check-folder.wxi",
    "sets/default-folders.wxi",
    "sets/feature-tree.wxs",
    "sets/install-dir.wxs",
    "sets/minimal.wxs",
    "sets/mondo.wxs",
    "sets/set.wxi",
};

macro_rules! strings {
    ($($culture:literal),* $(,)?) => {
        &[$(($culture, include_str!(concat!("../strings/", $culture, ".wxl")))),*]
    };
}

/// The texts, a localization file for each culture. The first is complete and answers where another has no answer.
pub const STRINGS: &[(&str, &str)] = strings![
    "en-us", "ar-sa", "cs-cz", "de-de", "es-es", "fr-fr", "he-il", "it-it", "ja-jp", "ko-kr", "nl-nl",
    "pl-pl", "pt-br", "ru-ru", "sv-se", "tr-tr", "zh-cn", "zh-tw",
];

macro_rules! files {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_bytes!(concat!("../files/", $name)))),*]
    };
}

/// Pictures, and the licence that stands in for the author's.
pub const FILES: &[(&str, &[u8])] = files! {
    "banner.bmp",
    "dialog.bmp",
    "exclamation.ico",
    "info.ico",
    "license.rtf",
    "new.ico",
    "up.ico",
};

/// One of [`FILES`].
pub fn file(name: &str) -> Option<&'static [u8]> {
    FILES.iter().find(|(known, _)| *known == name).map(|(_, bytes)| *bytes)
}
