//! From dist.toml to a finished release, one phase per file.
//!
//! ```text
//! plan ─► agent ─► config ─► sign binaries ─► package ─► validate ─► sign package ─► verify ─► deliver ─► publish
//! ```
//!
//! Each arrow is one type; nothing flows back. The agent is compiled and signed once for each architecture; everything after
//! that happens for each variant, several at a time.

mod agent;
mod archive;
mod config;
mod inputs;
mod linker;
mod package;
mod plan;
mod publish;
mod readme;
mod seal;
mod sign;
mod staging;
mod validate;
mod verify;
mod wix_backend;

pub use plan::{Choices, Plan, Variant};
pub use publish::Artifact;

use crate::Context;
use crate::failure::{Failure, Outcome};
use crate::manifest::Arch;
use crate::signing::Identity;
use crate::tools::WindowsTarget;
use inputs::Binaries;
use package::Sources;
use publish::Delivery;
use seal::Seal;
use staging::Staging;
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// The binaries of one architecture, without and with signatures.
struct Parts {
    unsigned: Binaries,
    signed: Binaries,
    seals: Vec<Seal>,
}

/// What all variants share.
struct Line<'a> {
    context: &'a Context,
    plan: &'a Plan,
    identity: &'a Identity,
    staging: &'a Staging,
    parts: &'a [Parts],
    sources: &'a Sources,
    /// Findings that were shown already.
    shown: Mutex<BTreeSet<String>>,
}

/// Builds everything of the plan and puts it into `plan.out`, or leaves that folder as it was.
pub fn release(
    context: &Context,
    plan: &Plan,
    targets: &[(Arch, WindowsTarget)],
    identity: &Identity,
) -> Outcome<Vec<Artifact>> {
    let staging = Staging::beside(&plan.out)?;
    let mut parts = Vec::new();
    for (arch, target) in targets {
        let step = context.reporter.step(format!("compile the agent for {arch}"));
        let agent = agent::compile(context, plan, *arch, target)?;
        let unsigned = Binaries::stage(&agent, &staging.work(&format!("unsigned-{arch}"))?, plan)?;
        let folder = staging.work(&format!("signed-{arch}"))?;
        let (signed, seals) = sign::binaries(&unsigned, identity, plan, &folder)?;
        parts.push(Parts { unsigned, signed, seals });
        step.done(format!("signed by {}", identity.subject));
    }
    let workers = plan.jobs.min(plan.variants.len()).max(1);
    let sources = Sources {
        licences: staging.work("licences")?,
        cabinets: staging.work("cabinets")?,
        threads: (plan.jobs / workers).max(1),
    };
    inputs::stage_licences(&context.repo, &sources.licences, plan)?;
    let line = Line {
        context,
        plan,
        identity,
        staging: &staging,
        parts: &parts,
        sources: &sources,
        shown: Mutex::default(),
    };
    let step = context.reporter.count("packages", plan.variants.len());
    let deliveries = in_parallel(&plan.variants, workers, |variant| {
        let delivery = line.run(variant)?;
        step.advance(&delivery.artifacts[0].file);
        Ok(delivery)
    })?;
    step.done(plan.variants.len().to_string());
    publish::publish(plan, deliveries, identity, staging)
}

impl Line<'_> {
    /// One variant, from its configuration to its zip.
    fn run(&self, variant: &Variant) -> Outcome<Delivery> {
        let Line { context, plan, identity, staging, sources, .. } = self;
        let parts = self
            .parts
            .iter()
            .find(|parts| parts.signed.arch == variant.arch)
            .ok_or_else(|| Failure::Failed(format!("no binaries for {}", variant.arch)))?;
        let name = plan.name(variant, false);
        let configured = config::configure(plan, variant, &staging.work(&format!("{name}/config"))?)?;
        let folder = staging.work(&name)?;
        let compile = |binaries, file: &str| {
            package::compile(context, plan, &configured, binaries, sources, &folder.join(file))
        };
        let unsigned = compile(&parts.unsigned, "unsigned.msi")?;
        let package = compile(&parts.signed, "package.msi")?;
        let validated = validate::validate(context, package, &self.shown)?;
        let output = staging.release().join(format!("{}.msi", plan.name(variant, identity.test)));
        let sealed = sign::package(validated, identity, plan, &output)?;
        let verified = verify::verify(plan, sealed, identity, &parts.signed, sources)?;
        // What went into the package is still what was signed.
        parts.seals.iter().try_for_each(Seal::check)?;
        publish::deliver(plan, &verified, &unsigned.path, identity, &sources.licences, &staging.release())
    }
}

/// Results in the order of `items`; the first failure ends the work, what has begun is finished.
fn in_parallel<T: Sync, R: Send>(
    items: &[T],
    workers: usize,
    work: impl Fn(&T) -> Outcome<R> + Sync,
) -> Outcome<Vec<R>> {
    let next = AtomicUsize::new(0);
    let results: Mutex<Vec<(usize, Outcome<R>)>> = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(item) = items.get(index) else { break };
                    let result = work(item);
                    if result.is_err() {
                        next.store(items.len(), Ordering::Relaxed);
                    }
                    // A worker that panicked has poisoned nothing that the others' results depend on.
                    results.lock().unwrap_or_else(PoisonError::into_inner).push((index, result));
                }
            });
        }
    });
    let mut results = results.into_inner().unwrap_or_else(PoisonError::into_inner);
    results.sort_by_key(|(index, _)| *index);
    results.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::in_parallel;
    use crate::failure::Failure;

    #[test]
    fn results_keep_their_order_for_any_number_of_workers() {
        let items: Vec<u32> = (0..100).collect();
        for workers in [1, 2, 7] {
            let doubled = in_parallel(&items, workers, |item| Ok(item * 2)).expect("no failure");
            assert_eq!(doubled, items.iter().map(|item| item * 2).collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_failure_is_what_comes_back() {
        let items: Vec<u32> = (0..100).collect();
        let result =
            in_parallel(&items, 3, |&item| if item == 40 { Err(Failure::failed("forty")) } else { Ok(item) });
        assert_eq!(result.expect_err("must fail").to_string(), "forty");
    }
}
