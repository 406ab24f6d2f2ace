//! The five sequences: which actions stand in them, and at which number.
//!
//! Actions with a number of their own are the fixed points. Every other action hangs before or after another one, and gets the
//! numbers next to the fixed point that its chain ends at, counting away from it.

use super::order::compare;
use super::standard_actions::{self, SEQUENCES};
use super::{codes, required};
use crate::ir::{ActionPlace, ActionSymbol, Product, Section, SequenceTable, SourceRow};
use diagnostics::{Diagnostic, Diagnostics, Span};
use msi_db::Value;
use std::collections::{BTreeMap, BTreeSet};

/// `msidbUpgradeAttributesMigrateFeatures`.
const MIGRATE_FEATURES: i32 = 1;
/// Position of `Attributes` in the Upgrade table.
const UPGRADE_ATTRIBUTES: usize = 4;

/// Fills the product's sequence tables. `present` holds the tables that the product has, with rows or without.
pub(super) fn schedule(
    scope: &[&Section],
    present: &BTreeSet<String>,
    product: &mut Product,
    diagnostics: &mut Diagnostics,
) {
    let migrates = product.tables.get("Upgrade").is_some_and(|rows| {
        rows.iter().any(|row| {
            row.values.get(UPGRADE_ATTRIBUTES).and_then(Value::as_int).unwrap_or(0) & MIGRATE_FEATURES != 0
        })
    });
    let needed = required::actions(|table| present.contains(table), migrates);
    for sequence in SEQUENCES {
        let standard = needed.iter().filter(|(of, _)| *of == sequence).map(|&(_, action)| action);
        let mut actions = collect(sequence, scope, standard, diagnostics);
        actions.suppress(scope, diagnostics);
        actions.attach(diagnostics);
        actions.number(diagnostics);
        let rows = actions.rows(product.span);
        if !rows.is_empty() {
            product.tables.insert(sequence.name().into(), rows);
        }
    }
}

/// One action of the sequence that is being made.
struct Action {
    name: String,
    condition: Option<String>,
    /// The number, once known.
    number: Option<i32>,
    hangs: Option<Hook>,
    overridable: bool,
    span: Option<Span>,
    before: Vec<usize>,
    after: Vec<usize>,
}

/// The action that another one hangs on.
enum Hook {
    Before(String),
    After(String),
}

struct Actions {
    sequence: SequenceTable,
    list: Vec<Action>,
    /// Positions by name.
    by_name: BTreeMap<String, usize>,
}

/// Authored actions over overridable ones over the standard ones that the tables need.
fn collect(
    sequence: SequenceTable,
    scope: &[&Section],
    standard: impl Iterator<Item = &'static str>,
    diagnostics: &mut Diagnostics,
) -> Actions {
    let mut overridable: BTreeMap<&str, Action> = BTreeMap::new();
    for name in standard {
        overridable.extend(standard_action(sequence, name).map(|action| (name, action)));
    }
    let mut actions = Actions { sequence, list: Vec::new(), by_name: BTreeMap::new() };
    let authored =
        || scope.iter().flat_map(|section| &section.actions).filter(|action| action.sequence == sequence);
    for symbol in authored().filter(|symbol| symbol.overridable) {
        if let Some(first) = overridable.get(symbol.action.as_str()) {
            diagnostics.push(collision(symbol, first.span));
        } else if let Some(action) = authored_action(symbol, diagnostics) {
            overridable.insert(&symbol.action, action);
        }
    }
    for symbol in authored().filter(|symbol| !symbol.overridable) {
        if let Some(&first) = actions.by_name.get(&symbol.action) {
            diagnostics.push(collision(symbol, actions.list[first].span));
        } else if let Some(action) = authored_action(symbol, diagnostics) {
            actions.add(action);
        }
    }
    for (name, action) in overridable {
        if !actions.by_name.contains_key(name) {
            actions.add(action);
        }
    }
    actions
}

fn standard_action(sequence: SequenceTable, name: &str) -> Option<Action> {
    standard_actions::find(sequence, name).map(|standard| Action {
        name: standard.name.into(),
        condition: standard.condition.map(Into::into),
        number: Some(standard.sequence.into()),
        hangs: None,
        overridable: true,
        span: None,
        before: Vec::new(),
        after: Vec::new(),
    })
}

fn authored_action(symbol: &ActionSymbol, diagnostics: &mut Diagnostics) -> Option<Action> {
    let (number, hangs) = match &symbol.place {
        ActionPlace::At(number) => (Some(i32::from(*number)), None),
        ActionPlace::Before(other) => (None, Some(Hook::Before(other.clone()))),
        ActionPlace::After(other) => (None, Some(Hook::After(other.clone()))),
        ActionPlace::Default => match standard_actions::find(symbol.sequence, &symbol.action) {
            Some(standard) => (Some(standard.sequence.into()), None),
            None => {
                let message = format!(
                    "action \"{}\" has no standard place in {}",
                    symbol.action,
                    symbol.sequence.name()
                );
                diagnostics.push(
                    Diagnostic::error(codes::ACTION_ORDER, message)
                        .at(symbol.span)
                        .hint("say where it runs with Before, After or Sequence"),
                );
                return None;
            }
        },
    };
    Some(Action {
        name: symbol.action.clone(),
        condition: symbol.condition.clone(),
        number,
        hangs,
        overridable: symbol.overridable,
        span: Some(symbol.span),
        before: Vec::new(),
        after: Vec::new(),
    })
}

fn collision(symbol: &ActionSymbol, first: Option<Span>) -> Diagnostic {
    let kind = if symbol.overridable { "overridable action" } else { "action" };
    let message = format!("{kind} \"{}\" already stands in {}", symbol.action, symbol.sequence.name());
    let finding = Diagnostic::error(codes::ACTION_COLLISION, message).at(symbol.span);
    match first {
        Some(first) => finding.label(first, "scheduled here"),
        None => finding.hint(
            "the package needs this standard action anyway; leave Overridable out to place it elsewhere",
        ),
    }
}

impl Actions {
    fn add(&mut self, action: Action) -> usize {
        let at = self.list.len();
        self.by_name.insert(action.name.clone(), at);
        self.list.push(action);
        at
    }

    /// Takes out what `Suppress="yes"` names.
    fn suppress(&mut self, scope: &[&Section], diagnostics: &mut Diagnostics) {
        let suppressed = scope.iter().flat_map(|section| &section.suppressed_actions);
        for (_, name, span) in suppressed.filter(|(sequence, _, _)| *sequence == self.sequence) {
            let Some(&at) = self.by_name.get(name) else { continue };
            if self.list[at].overridable {
                self.by_name.remove(name);
                continue;
            }
            let message = format!(
                "action \"{name}\" of {} is scheduled without Overridable, so it cannot be suppressed",
                self.sequence.name()
            );
            let finding = Diagnostic::error(codes::SUPPRESSED_ACTION, message).at(*span);
            let finding = finding.hint("set Overridable=\"yes\" where it is scheduled");
            diagnostics.push(match self.list[at].span {
                Some(scheduled) => finding.label(scheduled, "scheduled here"),
                None => finding,
            });
        }
    }

    /// Hangs every relative action on the one it names, brings in standard actions that are only named, and reports circles.
    fn attach(&mut self, diagnostics: &mut Diagnostics) {
        let mut waiting: Vec<usize> = self.by_name.values().copied().collect();
        waiting.sort_by(|&a, &b| compare(&self.list[a].name, &self.list[b].name));
        for at in waiting {
            let (other, is_after) = match &self.list[at].hangs {
                Some(Hook::Before(other)) => (other.clone(), false),
                Some(Hook::After(other)) => (other.clone(), true),
                None => continue,
            };
            let parent = match self.by_name.get(&other) {
                Some(&parent) => parent,
                None => match standard_action(self.sequence, &other) {
                    Some(standard) => self.add(standard),
                    None => {
                        let message = format!(
                            "action \"{}\" is scheduled relative to \"{other}\", which does not stand in {}",
                            self.list[at].name,
                            self.sequence.name()
                        );
                        let finding = Diagnostic::error(codes::ACTION_ORDER, message).at(self.list[at].span);
                        diagnostics.push(finding.hint(self.instead_of(&other)));
                        continue;
                    }
                },
            };
            let relatives =
                if is_after { &mut self.list[parent].after } else { &mut self.list[parent].before };
            relatives.push(at);
        }
        self.report_circles(diagnostics);
        // Duplicated files are copies of installed ones, so the one action never runs without the other.
        if self.sequence == SequenceTable::InstallExecuteSequence
            && self.by_name.contains_key("DuplicateFiles")
            && !self.by_name.contains_key("InstallFiles")
        {
            self.list.extend(standard_action(self.sequence, "InstallFiles"));
            self.by_name.insert("InstallFiles".into(), self.list.len() - 1);
        }
    }

    /// An action whose chain never ends at a number hangs in a circle.
    fn report_circles(&self, diagnostics: &mut Diagnostics) {
        let mut state = vec![0u8; self.list.len()];
        for &start in self.by_name.values() {
            let mut path = Vec::new();
            let mut at = start;
            while state[at] == 0 {
                state[at] = 1;
                path.push(at);
                let next = match &self.list[at].hangs {
                    Some(Hook::Before(other) | Hook::After(other)) => self.by_name.get(other),
                    None => None,
                };
                match next {
                    Some(&next) if state[next] == 1 => {
                        let from = path.iter().position(|&seen| seen == next).unwrap_or(0);
                        let names: Vec<&str> = path[from..]
                            .iter()
                            .chain([&next])
                            .map(|&at| self.list[at].name.as_str())
                            .collect();
                        let message = format!(
                            "actions of {} wait for each other: {}",
                            self.sequence.name(),
                            names.join(" → ")
                        );
                        let finding =
                            Diagnostic::error(codes::ACTION_ORDER, message).at(self.list[next].span);
                        diagnostics
                            .push(finding.hint("place one of them next to an action outside of this circle"));
                    }
                    Some(&next) => at = next,
                    None => {}
                }
            }
            for at in path {
                state[at] = 2;
            }
        }
    }

    /// What to do about a neighbour that is not there.
    fn instead_of(&self, missing: &str) -> String {
        let names = self.by_name.keys().map(|name| &**name);
        match crate::schema::nearest(missing, names) {
            Some(near) => format!("did you mean \"{near}\"?"),
            None => format!("schedule \"{missing}\" in {} too, or name another action", self.sequence.name()),
        }
    }

    /// Gives every relative action its number.
    fn number(&mut self, diagnostics: &mut Diagnostics) {
        let mut fixed: Vec<usize> =
            self.by_name.values().copied().filter(|&at| self.list[at].number.is_some()).collect();
        fixed.sort_by(|&a, &b| {
            let (a, b) = (&self.list[a], &self.list[b]);
            a.number.cmp(&b.number).then_with(|| compare(&a.name, &b.name))
        });
        let mut used_before = 0;
        for (place, &at) in fixed.iter().enumerate() {
            let number = self.list[at].number.unwrap_or(0);
            if let Some(&next) = fixed.get(place + 1)
                && self.list[next].number == Some(number)
            {
                diagnostics.push(self.same_number(at, next, number));
            }
            let before = self.relatives(at, false);
            let after = self.relatives(at, true);
            if number < 0 {
                for &relative in before.iter().chain(&after) {
                    let message = format!(
                        "action \"{}\" is scheduled relative to \"{}\", which runs when the installation ends",
                        self.list[relative].name, self.list[at].name
                    );
                    let finding =
                        Diagnostic::error(codes::ACTION_ORDER, message).at(self.list[relative].span);
                    diagnostics.push(finding.hint("name an action that has a number"));
                }
                if !before.is_empty() || !after.is_empty() {
                    continue;
                }
            }
            let mut free = number - 1;
            for &relative in before.iter().rev() {
                if free == used_before {
                    diagnostics.push(self.no_number(relative, at));
                    free += 1;
                }
                self.list[relative].number = Some(free);
                free -= 1;
            }
            let used_next = fixed
                .get(place + 1)
                .and_then(|&next| self.list[next].number)
                .unwrap_or(i32::from(i16::MAX) + 1);
            let mut free = number + 1;
            for &relative in &after {
                if free == used_next {
                    diagnostics.push(self.no_number(relative, at));
                    free -= 1;
                }
                self.list[relative].number = Some(free);
                free += 1;
            }
            used_before = number;
        }
    }

    /// Everything that hangs before, or after, one action, in the order in which it runs.
    fn relatives(&self, of: usize, after: bool) -> Vec<usize> {
        enum Step {
            Open(usize),
            Emit(usize),
        }
        let children =
            |at: usize, after: bool| if after { &self.list[at].after } else { &self.list[at].before };
        let mut order = Vec::new();
        let mut stack: Vec<Step> = children(of, after).iter().rev().map(|&at| Step::Open(at)).collect();
        while let Some(step) = stack.pop() {
            match step {
                Step::Emit(at) => order.push(at),
                Step::Open(at) => {
                    stack.extend(children(at, true).iter().rev().map(|&child| Step::Open(child)));
                    stack.push(Step::Emit(at));
                    stack.extend(children(at, false).iter().rev().map(|&child| Step::Open(child)));
                }
            }
        }
        order
    }

    fn same_number(&self, a: usize, b: usize, number: i32) -> Diagnostic {
        let message = format!(
            "actions \"{}\" and \"{}\" of {} have the same number {number}; which of them runs first is not defined",
            self.list[a].name,
            self.list[b].name,
            self.sequence.name()
        );
        Diagnostic::warning(codes::ACTION_NUMBERS, message).at(self.list[a].span.or(self.list[b].span))
    }

    fn no_number(&self, relative: usize, fixed: usize) -> Diagnostic {
        let message = format!(
            "no number is left in {} for \"{}\" next to \"{}\"",
            self.sequence.name(),
            self.list[relative].name,
            self.list[fixed].name
        );
        Diagnostic::error(codes::ACTION_NUMBERS, message)
            .at(self.list[relative].span)
            .hint("leave room between the numbers that 'Sequence' sets, or place the action elsewhere")
    }

    /// Rows by number; `missing` stands for the place of standard actions.
    fn rows(self, missing: Span) -> Vec<SourceRow> {
        let table: std::sync::Arc<str> = self.sequence.name().into();
        let mut list: Vec<(i32, Action)> = {
            let present: BTreeSet<usize> = self.by_name.values().copied().collect();
            self.list
                .into_iter()
                .enumerate()
                .filter(|(at, _)| present.contains(at))
                .filter_map(|(_, action)| Some((action.number?, action)))
                .collect()
        };
        list.sort_by(|(a, x), (b, y)| a.cmp(b).then_with(|| compare(&x.name, &y.name)));
        list.into_iter()
            .map(|(number, action)| SourceRow {
                table: table.clone(),
                values: vec![action.name.into(), action.condition.into(), number.into()],
                span: action.span.unwrap_or(missing),
            })
            .collect()
    }
}
