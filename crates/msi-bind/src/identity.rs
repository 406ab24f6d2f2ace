//! Codes made from content: equal packages get equal codes, others get others.

use crate::instances::Instance;
use crate::package::Package;
use msi_db::{Data, SummaryInfo, Value};
use sha2::{Digest, Sha256};
use uuid::{Uuid, uuid};

/// Namespaces of our own, one per kind of code.
const PRODUCT_CODES: Uuid = uuid!("5d0f0a0e-6a55-5e1c-8f43-6a2b9b1f7c11");
const PACKAGE_CODES: Uuid = uuid!("c3f0b6c4-0f5e-5f0b-9d0a-2f7d7c1e8a52");

/// Fills in a `ProductCode` of `*`, the product's and its instances'.
pub(crate) fn product_code(package: &mut Package) {
    let own = package.property("ProductCode") == Some("*");
    if !own && package.instances.iter().all(|instance| instance.product_code != "*") {
        return;
    }
    let digest = digest(package, None);
    for instance in package.instances.iter_mut().filter(|instance| instance.product_code == "*") {
        let seed = [&digest[..], instance.id.as_bytes()].concat();
        instance.product_code = code(&PRODUCT_CODES, &seed);
    }
    if !own {
        return;
    }
    let code = code(&PRODUCT_CODES, &digest);
    for row in package.rows_mut("Property") {
        if row.values.first().and_then(Value::as_str) == Some("ProductCode") {
            row.values[1] = code.as_str().into();
        }
    }
}

/// The code of a package that is complete but for this.
pub(crate) fn package_code(package: &Package, summary: &SummaryInfo) -> String {
    code(&PACKAGE_CODES, &digest(package, Some(summary)))
}

fn code(namespace: &Uuid, digest: &[u8]) -> String {
    format!("{{{:X}}}", Uuid::new_v5(namespace, digest).hyphenated())
}

/// A digest over everything that a package says and holds. Lengths go before contents, so that nothing can shift.
fn digest(package: &Package, summary: Option<&SummaryInfo>) -> [u8; 32] {
    let mut hash = Sha256::new();
    let mut feed = |bytes: &[u8]| {
        hash.update((bytes.len() as u64).to_le_bytes());
        hash.update(bytes);
    };
    feed(&package.codepage.to_le_bytes());
    for (name, table) in &package.tables {
        feed(name.as_bytes());
        // The order of rows is not content: a database sorts them.
        let mut rows: Vec<&Vec<Value>> = table.rows.iter().map(|row| &row.values).collect();
        rows.sort();
        feed(&(rows.len() as u64).to_le_bytes());
        for value in rows.into_iter().flatten() {
            match value {
                Value::Null => feed(b"n"),
                Value::Int(number) => {
                    feed(b"i");
                    feed(&number.to_le_bytes());
                }
                Value::Str(text) => {
                    feed(b"s");
                    feed(text.as_bytes());
                }
                Value::Stream(Data::Bytes(bytes)) => {
                    feed(b"b");
                    feed(bytes);
                }
                Value::Stream(Data::File { path, .. }) => {
                    feed(b"f");
                    feed(package.stream_digests.get(path).map_or(&[][..], |digest| &digest[..]));
                }
            }
        }
    }
    for file in &package.files {
        feed(file.symbol.id.as_bytes());
        feed(&file.facts.sha256);
        feed(&[u8::from(file.compressed)]);
    }
    for instance in &package.instances {
        let Instance { id, property, product_code, product_name, upgrade_code, span: _ } = instance;
        for text in
            [Some(id), Some(property), Some(product_code), product_name.as_ref(), upgrade_code.as_ref()]
        {
            feed(text.map_or(b"", |text| text.as_bytes()));
        }
    }
    for media in &package.media {
        feed(format!("{:?}", media.compression).as_bytes());
    }
    match summary {
        Some(summary) => feed(format!("{summary:?}").as_bytes()),
        None => {
            for (number, (text, _)) in &package.summary {
                feed(&number.to_le_bytes());
                feed(text.as_bytes());
            }
        }
    }
    hash.finalize().into()
}
