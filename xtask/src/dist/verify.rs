//! Sealed package → verified package: read back from the finished file, trusting nothing that was known while building it.

use super::Plan;
use super::config::SHIPPED_NAME;
use super::inputs::{Binaries, LICENCES};
use super::package::Sources;
use super::sign::Sealed;
use crate::failure::{Context as _, Failure, Outcome};
use crate::signing::Identity;
use msi_db::value::Data;
use msi_db::{Database, Table, Value};
use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use std::path::Path;
use std::sync::Arc;

/// A package that counts, with the facts read from it.
#[derive(Debug, Clone)]
pub struct Verified {
    pub sealed: Sealed,
    pub product_code: String,
    pub upgrade_code: String,
    pub package_code: String,
}

/// The signature holds; the database reads back and is the product that was planned; every file of the File table comes out
/// of its cabinet with the bytes that went in, and the programs among them are signed.
pub fn verify(
    plan: &Plan,
    sealed: Sealed,
    identity: &Identity,
    binaries: &Binaries,
    sources: &Sources,
) -> Outcome<Verified> {
    let name = sealed.path.display().to_string();
    identity.verify(&sealed.path)?;
    let bytes = std::fs::read(&sealed.path).context(&name)?;
    let database = Database::open(Cursor::new(&bytes)).context(&name)?;
    let property = |key: &str| {
        property(&database, key).ok_or_else(|| Failure::Failed(format!("{name}: no property {key}")))
    };
    let configured = &sealed.validated.0.configured;
    let planned = [
        ("ProductCode", configured.variant.product_code.to_string()),
        ("UpgradeCode", plan.upgrade_code.to_string()),
        ("ProductVersion", plan.product_version.to_string()),
        ("ProductName", plan.product_name.clone()),
        ("Manufacturer", plan.manufacturer.clone()),
    ];
    for (key, planned) in &planned {
        let found = property(key)?;
        if found != *planned {
            return Err(Failure::Failed(format!("{name}: {key} is {found:?}, but {planned:?} was planned")));
        }
    }
    let package_code = database.summary.revision.clone().unwrap_or_default();
    if package_code.len() != 38 {
        return Err(Failure::Failed(format!("{name}: the summary information holds no package code")));
    }
    let mut expected = BTreeMap::new();
    for path in binaries.files() {
        expected.insert(file_name(&path), read(&path)?);
    }
    for licence in LICENCES {
        expected.insert(licence.to_owned(), read(&sources.licences.join(licence))?);
    }
    expected.insert(SHIPPED_NAME.to_owned(), configured.bytes.clone());
    check_files(&database, &expected).map_err(|what| Failure::Failed(format!("{name}: {what}")))?;
    check_actions(&database, &binaries.files()[1])
        .map_err(|what| Failure::Failed(format!("{name}: {what}")))?;
    for path in binaries.files() {
        identity.verify(&path)?;
    }
    Ok(Verified {
        product_code: property("ProductCode")?,
        upgrade_code: property("UpgradeCode")?,
        package_code,
        sealed,
    })
}

/// Every file row has its bytes in a cabinet, the bytes are those that were staged, and no cabinet holds anything else.
fn check_files(database: &Database, expected: &BTreeMap<String, Vec<u8>>) -> Result<(), String> {
    let mut packed = BTreeMap::new();
    for row in rows(database, "Media") {
        let Some(cabinet) = row.str("Cabinet") else { continue };
        let stream = cabinet
            .strip_prefix('#')
            .ok_or_else(|| format!("cabinet {cabinet} is not inside the package"))?;
        let data = database.streams.get(stream).ok_or_else(|| format!("cabinet {cabinet} is missing"))?;
        extract(bytes_of(data)?, &mut packed).map_err(|error| format!("cabinet {cabinet}: {error}"))?;
    }
    let mut files = 0;
    for row in rows(database, "File") {
        let id = row.str("File").unwrap_or_default();
        let names = row.str("FileName").unwrap_or_default();
        let long = names.split_once('|').map_or(names, |(_, long)| long);
        let bytes = packed.get(id).ok_or_else(|| format!("no cabinet holds file {id}"))?;
        let staged = expected.get(long).ok_or_else(|| format!("file {long} was never staged"))?;
        if bytes != staged {
            return Err(format!("file {long} comes out of its cabinet with other bytes than went in"));
        }
        if row.int("FileSize") != i32::try_from(bytes.len()).ok() {
            return Err(format!("file {long} has another size than the File table says"));
        }
        files += 1;
    }
    if files != packed.len() {
        return Err(format!("the cabinets hold {} files, the File table {files}", packed.len()));
    }
    Ok(())
}

/// The actions' DLL runs as SYSTEM: the one in the package has to be the one that was signed.
fn check_actions(database: &Database, dll: &Path) -> Result<(), String> {
    let staged = std::fs::read(dll).map_err(|error| error.to_string())?;
    for row in rows(database, "Binary") {
        if let Some(Value::Stream(data)) = row.get("Data")
            && bytes_of(data)? == &*staged
        {
            return Ok(());
        }
    }
    Err("the custom actions in the package are not the ones that were signed".into())
}

/// Reads with the `cab` crate, which shares no code with our writer.
fn extract(bytes: &[u8], into: &mut BTreeMap<String, Vec<u8>>) -> std::io::Result<()> {
    let mut cabinet = cab::Cabinet::new(Cursor::new(bytes))?;
    let names: Vec<String> = cabinet
        .folder_entries()
        .flat_map(|folder| folder.file_entries())
        .map(|file| file.name().to_owned())
        .collect();
    for name in names {
        let mut content = Vec::new();
        cabinet.read_file(&name)?.read_to_end(&mut content)?;
        into.insert(name, content);
    }
    Ok(())
}

fn rows<'a>(database: &'a Database, table: &str) -> impl Iterator<Item = msi_db::database::RowRef<'a>> {
    database.table(table).into_iter().flat_map(Table::iter)
}

fn property(database: &Database, key: &str) -> Option<String> {
    let row = rows(database, "Property").find(|row| row.str("Property") == Some(key))?;
    row.str("Value").map(str::to_owned)
}

fn bytes_of(data: &Data) -> Result<&[u8], String> {
    match data {
        Data::Bytes(bytes) => Ok(Arc::as_ref(bytes)),
        Data::File { .. } => Err("a database that was read holds its bytes in memory".into()),
    }
}

fn read(path: &Path) -> Outcome<Vec<u8>> {
    std::fs::read(path).context(path.display())
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
