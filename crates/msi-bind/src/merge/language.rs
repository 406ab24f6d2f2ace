//! The language a module is merged in.

use msi_db::{Database, transform};
use wxs::ir::MergeSymbol;

/// Bits of a language that say which one, without the country.
const PRIMARY: i32 = 0x3ff;

/// The database in the language that the `Merge` asks for: as it is where that fits, otherwise after the embedded transform of
/// that language, of that language in general, or of none.
pub(super) fn choose(database: Database, symbol: &MergeSymbol) -> Result<Database, String> {
    let wanted: i32 = symbol
        .language
        .trim()
        .parse()
        .map_err(|_| format!("its language is '{}', which is no number", symbol.language))?;
    let own = super::rows(&database, "ModuleSignature").next().and_then(|row| row.int("Language"));
    let general = wanted & PRIMARY;
    if own.is_none_or(|own| wanted == 0 || [wanted, general, 0].contains(&own)) {
        return Ok(database);
    }
    for language in [wanted, general, 0] {
        let Some(storage) = database.storages.get(&language.to_string()) else { continue };
        return transform::apply(&database, storage)
            .map_err(|error| format!("its transform to language {language} is broken: {error}"));
    }
    let has = own.map(|own| own.to_string()).unwrap_or_default();
    let template = database.summary.template.as_deref().and_then(|template| template.split_once(';'));
    let has = template.map_or(has, |(_, languages)| languages.to_owned());
    Err(format!("it has no language {wanted}, only {has}"))
}
