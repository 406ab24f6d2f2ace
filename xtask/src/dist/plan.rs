//! dist.toml and flags → selection → plan: what will be built, decided before anything is compiled.

use super::staging::refuse_foreign;
use super::wix_backend;
use crate::Context;
use crate::failure::{Context as _, Failure, Outcome};
use crate::manifest::{
    Arch, Backend, CloudName, FipsVariant, Guid, Manifest, NamePattern, ProductVersion, product_code,
};
use crate::process::output;
use crate::repo::Repo;
use std::path::PathBuf;
use std::process::Command;

/// What the command line may change about a release.
#[derive(Debug, Clone, Default)]
pub struct Choices {
    pub clouds: Vec<CloudName>,
    pub fips: Vec<FipsVariant>,
    pub architectures: Vec<Arch>,
    pub backend: Option<Backend>,
    pub version: Option<semver::Version>,
    pub out: Option<PathBuf>,
    pub jobs: Option<usize>,
    pub offline: bool,
}

/// Choices that fit the manifest.
#[derive(Debug, Clone)]
pub struct Selection {
    pub architectures: Vec<Arch>,
    version: semver::Version,
    product_version: ProductVersion,
    backend: Backend,
    clouds: Vec<CloudName>,
    fips: Vec<FipsVariant>,
    jobs: usize,
    offline: bool,
    out: PathBuf,
}

/// Everything that is known before work begins.
#[derive(Debug, Clone)]
pub struct Plan {
    pub product_name: String,
    pub manufacturer: String,
    pub upgrade_code: Guid,
    pub cultures: Vec<String>,
    pub multilingual: bool,
    pub version: semver::Version,
    pub product_version: ProductVersion,
    pub backend: Backend,
    pub variants: Vec<Variant>,
    /// Seconds since 1970 that date everything.
    pub epoch: i64,
    pub jobs: usize,
    pub offline: bool,
    /// The folder that the finished release is moved to.
    pub out: PathBuf,
    names: NamePattern,
}

/// One package of the matrix.
#[derive(Debug, Clone)]
pub struct Variant {
    pub cloud: CloudName,
    pub fips: FipsVariant,
    pub arch: Arch,
    pub product_code: Guid,
}

impl Choices {
    /// Checks the choices against the manifest, before anything is installed or compiled for them.
    pub fn select(&self, context: &Context, manifest: &Manifest) -> Outcome<Selection> {
        let version = manifest.version(&context.repo, self.version.as_ref())?;
        let product_version = ProductVersion::from_semver(&version).map_err(Failure::input)?;
        let backend = self.backend.unwrap_or(manifest.build.backend);
        if backend == Backend::Wix {
            wix_backend::check()?;
        }
        let out = match &self.out {
            Some(folder) => std::path::absolute(folder).context(format!("--out {}", folder.display()))?,
            None => context.repo.target().join("dist").join(version.to_string()),
        };
        refuse_foreign(&out)?;
        Ok(Selection {
            version,
            product_version,
            backend,
            clouds: chosen("--cloud", &self.clouds, &manifest.matrix.clouds)?,
            fips: chosen("--fips", &self.fips, &manifest.matrix.fips)?,
            architectures: chosen("--arch", &self.architectures, &manifest.matrix.architectures)?,
            jobs: self.jobs.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from)),
            offline: self.offline,
            out,
        })
    }
}

impl Plan {
    pub fn new(context: &Context, manifest: &Manifest, selection: Selection) -> Outcome<Plan> {
        let Selection { version, product_version, backend, clouds, fips, architectures, jobs, offline, out } =
            selection;
        let product = &manifest.product;
        let mut variants = Vec::new();
        for &arch in &architectures {
            for cloud in &clouds {
                for &fips in &fips {
                    let code =
                        product_code(product.upgrade_code, &version, arch, cloud, fips, product.language);
                    variants.push(Variant { cloud: cloud.clone(), fips, arch, product_code: code });
                }
            }
        }
        Ok(Plan {
            product_name: product.name.clone(),
            manufacturer: product.manufacturer.clone(),
            upgrade_code: product.upgrade_code,
            cultures: product.cultures.clone(),
            multilingual: product.multilingual,
            version,
            product_version,
            backend,
            variants,
            epoch: epoch(&context.repo)?,
            jobs,
            offline,
            out,
            names: manifest.output.name.clone(),
        })
    }

    /// The output name of a variant, without extension.
    pub fn name(&self, variant: &Variant, test_signed: bool) -> String {
        let Variant { cloud, arch, fips, .. } = variant;
        self.names.fill(&self.version.to_string(), cloud, *arch, *fips, test_signed)
    }
}

/// The asked-for part of an axis, in the manifest's order; all of it where nothing was asked for.
fn chosen<T: Clone + PartialEq + std::fmt::Display>(
    flag: &str,
    asked: &[T],
    offered: &[T],
) -> Outcome<Vec<T>> {
    if let Some(unknown) = asked.iter().find(|item| !offered.contains(item)) {
        let list = offered.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        return Err(Failure::input(format!("{flag} {unknown}: dist.toml builds {list}")));
    }
    Ok(offered.iter().filter(|item| asked.is_empty() || asked.contains(item)).cloned().collect())
}

/// `SOURCE_DATE_EPOCH`, or the time of the commit.
fn epoch(repo: &Repo) -> Outcome<i64> {
    if let Ok(text) = std::env::var("SOURCE_DATE_EPOCH") {
        return text.parse().map_err(|_| {
            Failure::input(format!("SOURCE_DATE_EPOCH={text:?} is no number of seconds since 1970"))
        });
    }
    let mut git = Command::new("git");
    git.arg("-C").arg(repo.root()).args(["log", "-1", "--format=%ct"]);
    let hint = "everything is dated by the commit; outside a git checkout set SOURCE_DATE_EPOCH (seconds since 1970)";
    let text = output(&mut git).map_err(|error| Failure::Failed(format!("{error}\n{hint}")))?;
    text.trim().parse().map_err(|_| Failure::failed(hint))
}

#[cfg(test)]
mod tests {
    use super::chosen;

    #[test]
    fn a_choice_narrows_and_never_widens() {
        let offered = ["a", "b", "c"];
        assert_eq!(chosen("--x", &[], &offered).expect("all"), offered);
        assert_eq!(chosen("--x", &["c", "a"], &offered).expect("two"), ["a", "c"]);
        let message = chosen("--x", &["d"], &offered).expect_err("unknown").to_string();
        assert_eq!(message, "--x d: dist.toml builds a, b, c");
    }
}
