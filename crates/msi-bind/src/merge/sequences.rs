//! Actions of a module in the package's sequences, and the actions that set its copies of Windows' own folders.

use super::{Module, cell_text, rows};
use crate::codes;
use crate::directories::STANDARD;
use crate::package::{Package, int, text};
use diagnostics::{Diagnostic, Diagnostics};
use msi_db::Value;
use std::collections::{BTreeSet, HashMap};
use wxs::ir::{SequenceTable, SourceRow};
use wxs::link::compare_names;

const SEQUENCES: [SequenceTable; 5] = [
    SequenceTable::AdminUISequence,
    SequenceTable::AdminExecuteSequence,
    SequenceTable::AdvtExecuteSequence,
    SequenceTable::InstallUISequence,
    SequenceTable::InstallExecuteSequence,
];

/// `msidbCustomActionTypeProperty` with a formatted text: sets a directory or property.
const SET: i32 = 51;

/// Merges the module's sequences into those that the package has; what the package suppresses stays out.
pub(super) fn merge(
    module: &Module,
    suppressed: &[(SequenceTable, String)],
    package: &mut Package,
    diagnostics: &mut Diagnostics,
) {
    let folders = folders(module);
    for (folder, standard) in &folders {
        let values = vec![
            folder.as_str().into(),
            SET.into(),
            folder.as_str().into(),
            format!("[{standard}]").into(),
            Value::Null,
        ];
        package.add("CustomAction", values, module.symbol.span);
    }
    for sequence in SEQUENCES {
        let table = sequence.name();
        if package.rows(table).is_empty() {
            continue;
        }
        let mut places = Places::of(package, table);
        for (folder, _) in &folders {
            places.first(folder);
        }
        authored(module, table, &mut places, diagnostics);
        for (action, condition, number) in places.added {
            let out = suppressed.iter().any(|(of, name)| *of == sequence && *name == action);
            let values = vec![action.into(), condition.into(), number.into()];
            let row = SourceRow { table: table.into(), values, span: module.symbol.span };
            if let Some(table) = package.tables.get_mut(table).filter(|_| !out) {
                table.rows.push(row);
            }
        }
    }
}

/// Directories that are copies of Windows' own: their key begins with its name.
fn folders(module: &Module) -> Vec<(String, &'static str)> {
    let mut folders = Vec::new();
    for directory in rows(&module.database, "Directory") {
        let Some(key) = directory.str("Directory").filter(|key| *key != "TARGETDIR") else { continue };
        let standard = STANDARD.iter().filter(|name| **name != "TARGETDIR" && key.starts_with(**name));
        if let Some(longest) = standard.max_by_key(|name| name.len()) {
            folders.push((key.to_owned(), *longest));
        }
    }
    folders.sort();
    folders
}

/// Rows of `Module…Sequence`: standard actions at their numbers, others before or after one of the same table.
fn authored(module: &Module, table: &str, places: &mut Places, diagnostics: &mut Diagnostics) {
    let mut relative: Vec<(String, String, bool, Option<String>)> = Vec::new();
    for row in rows(&module.database, &format!("Module{table}")) {
        let action = cell_text(row.get("Action"));
        let condition = row.str("Condition").map(str::to_owned);
        match (row.int("Sequence"), row.str("BaseAction")) {
            (Some(number), _) => places.at(&action, condition, number),
            (None, Some(base)) => {
                relative.push((action, base.to_owned(), row.int("After").unwrap_or(0) != 0, condition));
            }
            (None, None) => {
                let message = format!(
                    "module \"{}\" does not say where in {table} the action \"{action}\" runs",
                    module.symbol.id
                );
                let finding = Diagnostic::error(codes::MODULE, message).at(module.symbol.span);
                diagnostics.push(finding.hint("the module is damaged; get another one"));
            }
        }
    }
    relative.sort_by(|a, b| compare_names(&a.0, &b.0));
    // The last one before an action stands next to it, so these are placed from the last to the first.
    let (after, mut before): (Vec<_>, Vec<_>) = relative.into_iter().partition(|(_, _, after, _)| *after);
    before.reverse();
    let mut waiting: Vec<_> = before.into_iter().chain(after).collect();
    loop {
        let count = waiting.len();
        waiting.retain(|(action, base, after, condition)| !places.beside(action, base, *after, condition));
        if waiting.is_empty() || waiting.len() == count {
            break;
        }
    }
    for (action, base, _, _) in waiting {
        let message = format!(
            "module \"{}\" schedules \"{action}\" in {table} next to \"{base}\", which does not stand there",
            module.symbol.id
        );
        let finding = Diagnostic::error(codes::MODULE, message).at(module.symbol.span);
        diagnostics.push(finding.hint(format!("schedule \"{base}\" in the package's own {table}")));
    }
}

/// The numbers of one sequence.
struct Places {
    numbers: HashMap<String, i32>,
    used: BTreeSet<i32>,
    /// The outermost number before (`false`) or after (`true`) an action that one of its neighbours took.
    edges: HashMap<(String, bool), i32>,
    added: Vec<(String, Option<String>, i32)>,
}

impl Places {
    fn of(package: &Package, table: &str) -> Places {
        let rows = package.rows(table).iter();
        let numbers: HashMap<String, i32> =
            rows.filter_map(|row| Some((text(row, 0)?.to_owned(), int(row, 2)?))).collect();
        let used = numbers.values().copied().collect();
        Places { numbers, used, edges: HashMap::new(), added: Vec::new() }
    }

    fn put(&mut self, action: &str, condition: Option<String>, number: i32) {
        self.numbers.insert(action.to_owned(), number);
        self.used.insert(number);
        self.added.push((action.to_owned(), condition, number));
    }

    /// Before everything else, after those that were put there already.
    fn first(&mut self, action: &str) {
        if !self.numbers.contains_key(action) {
            let number = (1..).find(|number| !self.used.contains(number)).unwrap_or(1);
            self.put(action, None, number);
        }
    }

    /// A standard action; the package's own number counts where it has one.
    fn at(&mut self, action: &str, condition: Option<String>, number: i32) {
        if !self.numbers.contains_key(action) {
            self.put(action, condition, number);
        }
    }

    /// Next to another action, at the nearest free number; `false` as long as that one has no place or no number is left.
    fn beside(&mut self, action: &str, base: &str, after: bool, condition: &Option<String>) -> bool {
        if self.numbers.contains_key(action) {
            return true;
        }
        let Some(&number) = self.numbers.get(base) else { return false };
        let edge = self.edges.get(&(base.to_owned(), after)).copied().unwrap_or(number);
        let is_free = |number: &i32| !self.used.contains(number);
        let free = if after {
            (edge + 1..=i32::from(i16::MAX)).find(is_free)
        } else {
            (1..edge).rev().find(is_free)
        };
        let Some(free) = free else { return false };
        self.edges.insert((base.to_owned(), after), free);
        self.put(action, condition.clone(), free);
        true
    }
}
