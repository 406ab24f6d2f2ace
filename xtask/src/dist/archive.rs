//! Verified package → delivery: the zip that an administrator downloads, dated by the release so that it is reproducible.

use super::Plan;
use super::config::{Configured, LIVE_NAME};
use super::inputs::LICENCES;
use super::readme;
use crate::failure::{Context as _, Outcome};
use crate::signing::Identity;
use cabinet::DosDateTime;
use std::fs;
use std::io::{Cursor, Write};
use std::path::Path;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

/// The zip's bytes: package, configuration, licences, README, in this order.
pub fn zip(
    plan: &Plan,
    configured: &Configured,
    identity: &Identity,
    msi: &Path,
    msi_name: &str,
    licences: &Path,
) -> Outcome<Vec<u8>> {
    let moment = DosDateTime::from_unix_seconds(plan.epoch);
    let time = DateTime::try_from_msdos(moment.date, moment.time).context("the release's time")?;
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(time)
        .unix_permissions(0o644);
    let mut parts = vec![
        (msi_name.to_owned(), fs::read(msi).context(msi.display())?),
        (LIVE_NAME.to_owned(), configured.bytes.clone()),
    ];
    for name in LICENCES {
        parts.push((name.to_owned(), fs::read(licences.join(name)).context(name)?));
    }
    parts.push(("README.txt".to_owned(), readme::text(plan, configured, identity, msi_name).into_bytes()));
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        writer.start_file(name.as_str(), options).context(&name)?;
        writer.write_all(&bytes).context(&name)?;
    }
    Ok(writer.finish().context("zip")?.into_inner())
}
