//! What can go wrong with what is seen: texts cut off, controls over one another or outside, letters that two controls claim.

use crate::canvas::Box2;
use crate::controls::Result;
use crate::formatted;
use crate::model::{Control, Dialog, Kind};
use crate::paint::Painter;
use crate::render::Shown;
use std::collections::HashMap;

/// Something wrong on a dialog.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub dialog: String,
    pub control: String,
    pub problem: Problem,
}

/// What is wrong with a control.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// Its text takes more room than it has, in installer units.
    Clipped { needs: (i32, i32), has: (i32, i32) },
    /// It reaches out of its dialog.
    Outside,
    /// It covers another one, or is covered.
    Overlaps { other: String },
    /// Another control that shows at the same time has the same letter.
    SameAccelerator { letter: char, other: String },
    /// The engine knows no such kind.
    UnknownKind { kind: String },
    /// The picture that it names is not in the package, or can't be read.
    NoPicture { name: String },
    /// Its letters have nearly the colour of the picture behind them: in high contrast, where the letters change theirs.
    Unreadable,
}

impl Finding {
    /// A short name for the kind of finding, for scripts.
    pub fn code(&self) -> &'static str {
        match self.problem {
            Problem::Clipped { .. } => "clipped",
            Problem::Outside => "outside",
            Problem::Overlaps { .. } => "overlap",
            Problem::SameAccelerator { .. } => "accelerator",
            Problem::UnknownKind { .. } => "unknown-kind",
            Problem::NoPicture { .. } => "no-picture",
            Problem::Unreadable => "unreadable",
        }
    }
}

impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}: ", self.dialog, self.control)?;
        match &self.problem {
            Problem::Clipped { needs, has } => write!(
                f,
                "its text is cut off: it needs {} × {} units and has {} × {}",
                needs.0, needs.1, has.0, has.1
            ),
            Problem::Outside => f.write_str("it reaches out of the dialog"),
            Problem::Overlaps { other } => write!(f, "it overlaps {other}"),
            Problem::SameAccelerator { letter, other } => {
                write!(f, "its accelerator {letter} is that of {other} too")
            }
            Problem::UnknownKind { kind } => write!(f, "the engine knows no control of the type {kind}"),
            Problem::Unreadable => f.write_str("its letters have nearly the colour of what is behind them"),
            Problem::NoPicture { name } => {
                write!(f, "the picture {name} is not in the package or can't be read")
            }
        }
    }
}

/// A control with what drawing it came to.
pub struct Drawn<'a> {
    pub control: &'a Control,
    pub shown: Shown,
    pub result: Result,
}

/// What is wrong on a dialog, in the order of its controls.
pub fn check(dialog: &Dialog, drawn: &[Drawn<'_>], painter: &Painter<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut letters: HashMap<char, &str> = HashMap::new();
    for (at, own) in drawn.iter().enumerate() {
        let control = own.control;
        let mut report = |problem| {
            findings.push(Finding { dialog: dialog.id.clone(), control: control.id.clone(), problem });
        };
        if control.kind == Kind::Unknown {
            report(Problem::UnknownKind { kind: control.type_name.clone() });
        }
        if let Some(name) = &own.result.missing_picture {
            report(Problem::NoPicture { name: name.clone() });
        }
        if own.result.unreadable {
            report(Problem::Unreadable);
        }
        let area = control.area;
        if area.x < 0
            || area.y < 0
            || area.x.saturating_add(area.width) > dialog.width.saturating_add(1)
            || area.y.saturating_add(area.height) > dialog.height.saturating_add(1)
        {
            report(Problem::Outside);
        }
        if let Some((needs, has)) = own.result.clipped {
            let units = |pixels: i32| (f64::from(pixels) * 72.0 / f64::from(painter.dpi)).ceil() as i32;
            report(Problem::Clipped {
                needs: (units(needs.0), units(needs.1)),
                has: (units(has.0), units(has.1)),
            });
        }
        if let Some(letter) = letter(control, painter).filter(|_| own.shown.enabled) {
            match letters.get(&letter) {
                Some(other) => report(Problem::SameAccelerator { letter, other: (*other).to_owned() }),
                None => drop(letters.insert(letter, &control.id)),
            }
        }
        // Dialogs have tens of controls; pairs of them are few.
        let covers = drawn[..at].iter().find(|other| !dialog.is_for_errors() && overlap(own, other));
        if let Some(other) = covers {
            report(Problem::Overlaps { other: other.control.id.clone() });
        }
    }
    findings
}

fn overlap(one: &Drawn<'_>, other: &Drawn<'_>) -> bool {
    let ground = |drawn: &Drawn<'_>| {
        matches!(
            drawn.control.kind,
            Kind::Bitmap | Kind::GroupBox | Kind::Line | Kind::Billboard | Kind::Icon | Kind::Unknown
        )
    };
    if ground(one) || ground(other) {
        return false;
    }
    let meet = |a: Box2, b: Box2| {
        let shared = a.shared(b);
        shared.w > 2 && shared.h > 2
    };
    one.result.ink.iter().any(|a| other.result.ink.iter().any(|b| meet(*a, *b)))
}

/// The letter that brings the focus to a control, in lower case.
fn letter(control: &Control, painter: &Painter<'_>) -> Option<char> {
    if !matches!(control.kind, Kind::PushButton | Kind::CheckBox | Kind::Text | Kind::GroupBox)
        || control.kind == Kind::Text && control.has(crate::model::control::bits::NO_PREFIX)
    {
        return None;
    }
    let text: String = painter.spans(&control.text).into_iter().map(|span| span.text).collect();
    let (plain, at) = formatted::accelerator(&text);
    plain[at?..].chars().next().and_then(|letter| letter.to_lowercase().next())
}
