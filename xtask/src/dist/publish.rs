//! Deliveries → release: checksums and the manifest, then everything moves into place at once.

use super::Plan;
use super::archive;
use super::staging::Staging;
use super::verify::Verified;
use crate::failure::{Context as _, Outcome};
use crate::manifest::{Arch, CloudName, FipsVariant};
use crate::signing::Identity;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::fs;
use std::path::Path;

/// One variant, finished.
#[derive(Debug)]
pub struct Delivery {
    pub artifacts: [Artifact; 2],
}

/// One file of a release, as `manifest.json` lists it.
#[derive(Debug, Clone, Serialize)]
pub struct Artifact {
    pub file: String,
    pub size: u64,
    pub sha256: String,
    /// Of the same file built from the same inputs with nothing in it signed: equal in every clone, whoever's key signs.
    pub sha256_unsigned: String,
    pub cloud: CloudName,
    pub fips: FipsVariant,
    pub architecture: Arch,
    pub product_code: String,
    pub upgrade_code: String,
    pub package_code: String,
    pub signer: String,
    pub test_signed: bool,
}

#[derive(Debug, Serialize)]
struct Manifest<'a> {
    product: &'a str,
    manufacturer: &'a str,
    version: String,
    product_version: String,
    upgrade_code: String,
    /// Seconds since 1970 that everything is dated by.
    source_date_epoch: i64,
    signer: &'a str,
    test_signed: bool,
    artifacts: Vec<Artifact>,
}

/// Zips a verified package and describes both files. `unsigned` is the same package built from unsigned parts.
pub fn deliver(
    plan: &Plan,
    verified: &Verified,
    unsigned: &Path,
    identity: &Identity,
    licences: &Path,
    folder: &Path,
) -> Outcome<Delivery> {
    let configured = &verified.sealed.validated.0.configured;
    let variant = &configured.variant;
    let name = plan.name(variant, identity.test);
    let [msi_name, zip_name] = ["msi", "zip"].map(|extension| format!("{name}.{extension}"));
    let msi = &verified.sealed.path;
    let zipped = |msi| archive::zip(plan, configured, identity, msi, &msi_name, licences);
    let zip = zipped(msi)?;
    let unsigned_zip = zipped(unsigned)?;
    let path = folder.join(&zip_name);
    fs::write(&path, &zip).context(path.display())?;
    let artifact = |file: &str, bytes: &[u8], unsigned: &[u8]| Artifact {
        file: file.to_owned(),
        size: bytes.len() as u64,
        sha256: sha256(bytes),
        sha256_unsigned: sha256(unsigned),
        cloud: variant.cloud.clone(),
        fips: variant.fips,
        architecture: variant.arch,
        product_code: verified.product_code.clone(),
        upgrade_code: verified.upgrade_code.clone(),
        package_code: verified.package_code.clone(),
        signer: identity.subject.clone(),
        test_signed: identity.test,
    };
    let read = |path: &Path| fs::read(path).context(path.display());
    let bytes = read(msi)?;
    verified.sealed.seal.check_copy(&bytes)?;
    let msi_artifact = artifact(&msi_name, &bytes, &read(unsigned)?);
    Ok(Delivery { artifacts: [msi_artifact, artifact(&zip_name, &zip, &unsigned_zip)] })
}

/// Writes `manifest.json` and `SHA256SUMS` and moves the release into place. Gives what the manifest lists.
pub fn publish(
    plan: &Plan,
    deliveries: Vec<Delivery>,
    identity: &Identity,
    staging: Staging,
) -> Outcome<Vec<Artifact>> {
    let artifacts: Vec<Artifact> = deliveries.into_iter().flat_map(|delivery| delivery.artifacts).collect();
    let manifest = Manifest {
        product: &plan.product_name,
        manufacturer: &plan.manufacturer,
        version: plan.version.to_string(),
        product_version: plan.product_version.to_string(),
        upgrade_code: plan.upgrade_code.to_string(),
        source_date_epoch: plan.epoch,
        signer: &identity.subject,
        test_signed: identity.test,
        artifacts: artifacts.clone(),
    };
    let mut json = serde_json::to_string_pretty(&manifest).context("manifest.json")?;
    json.push('\n');
    let mut sums: Vec<(String, String)> =
        artifacts.iter().map(|artifact| (artifact.file.clone(), artifact.sha256.clone())).collect();
    sums.push(("manifest.json".into(), sha256(json.as_bytes())));
    sums.sort();
    let lines: String = sums.iter().map(|(file, sum)| format!("{sum}  {file}\n")).collect();
    let folder = staging.release();
    fs::write(folder.join("manifest.json"), json).context("manifest.json")?;
    fs::write(folder.join("SHA256SUMS"), lines).context("SHA256SUMS")?;
    staging.publish()?;
    Ok(artifacts)
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
