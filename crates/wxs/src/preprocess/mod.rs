//! The preprocessor: instructions and `$(…)` in, one element tree out.
//!
//! Works on the flat events of a text, so that `<?if?>` may open and close across elements, as WiX permits. Every element
//! and attribute of the result keeps the place it was written at, in whichever file that was.

mod expression;
mod projects;
mod variables;

use crate::codes;
use crate::document::{Builder, Document};
use crate::world::World;
use crate::xml::{self, Event, RawAttribute, WhiteSpace};
use diagnostics::{Diagnostic, Diagnostics, FileId, SourceMap, Span};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// What a preprocessor run is given beside its source.
#[derive(Debug, Clone, Default)]
pub struct PreprocessOptions {
    /// `-d Name=Value`.
    pub defines: BTreeMap<String, String>,
    /// `-I DIR`: searched after the folder of the including file.
    pub include_dirs: Vec<PathBuf>,
    /// `$(sys.BUILDARCH)`: `x86`, `x64`, `arm64`, `ia64` or `arm`.
    pub arch: String,
    /// `$(sys.CURRENTDIR)`, without a separator at its end.
    pub current_dir: String,
    /// Seconds since 1970 (UTC) that `$(fun.AutoVersion(…))` counts from.
    pub now: i64,
}

/// Includes may nest this deep.
const MAX_INCLUDES: usize = 128;
/// `foreach` may nest this deep.
const MAX_FOREACH: usize = 64;
/// Elements, texts and instructions that a run may go through. A few lines that repeat or include each other ask for more than any
/// machine has; the largest real sources ask for a tenth of this.
const MAX_EVENTS: usize = 4 << 20;
/// Times that the bodies of all `foreach` of a run may be gone through.
const MAX_ITERATIONS: usize = 1 << 18;
/// Bytes of values that a run may make.
const MAX_EXPANDED: usize = 256 << 20;

/// Preprocesses one source file. `None` when an error was pushed.
pub fn preprocess(
    world: &dyn World,
    sources: &mut SourceMap,
    path: &Path,
    options: &PreprocessOptions,
    diagnostics: &mut Diagnostics,
) -> Option<Document> {
    let mut run = Run {
        world,
        sources,
        options,
        diagnostics,
        variables: options.defines.clone(),
        parsed: HashMap::new(),
        files: Vec::new(),
        builder: Builder::new(),
        foreach_depth: 0,
        is_v4: false,
        events: 0,
        iterations: 0,
        expanded: 0,
        undefined: BTreeSet::new(),
    };
    let result = run.file(path, None);
    if !run.undefined.is_empty() {
        return None;
    }
    if let Err(diagnostic) = result {
        run.diagnostics.push(*diagnostic);
        return None;
    }
    let Run { builder, diagnostics, .. } = run;
    builder.finish(diagnostics)
}

/// Errors of the preprocessor end its run: what follows would be read in the wrong light. Only undefined variables are collected.
type Step<T = ()> = Result<T, Box<Diagnostic>>;

struct Run<'a> {
    world: &'a dyn World,
    sources: &'a mut SourceMap,
    options: &'a PreprocessOptions,
    diagnostics: &'a mut Diagnostics,
    variables: BTreeMap<String, String>,
    /// Each file is read and tokenised once, however often it is included.
    parsed: HashMap<PathBuf, Rc<Vec<Event>>>,
    /// The file being read and those that include it, innermost last.
    files: Vec<PathBuf>,
    builder: Builder,
    foreach_depth: usize,
    /// How much of [`MAX_EVENTS`], [`MAX_ITERATIONS`] and [`MAX_EXPANDED`] is used up.
    events: usize,
    iterations: usize,
    expanded: usize,
    /// The source is one of WiX 4 or later, which may leave `var.` out.
    is_v4: bool,
    /// References to variables that nothing defines; each was told once.
    undefined: BTreeSet<String>,
}

/// One `<?if?>` on the way in.
struct Condition {
    at: Span,
    /// What stands here is kept.
    active: bool,
    /// What stands around the condition is kept.
    outer: bool,
    /// Some branch was taken already.
    taken: bool,
    seen_else: bool,
}

impl Run<'_> {
    fn file(&mut self, path: &Path, included_at: Option<Span>) -> Step {
        let events = match self.parsed.get(path) {
            Some(events) => events.clone(),
            None => {
                let text = self.world.read_source(path).map_err(|error| {
                    let message = format!("can't read '{}': {error}", path.display());
                    error_box(codes::UNREADABLE, message, included_at)
                })?;
                let text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
                self.is_v4 |= text.contains(crate::NAMESPACE_V4);
                let file: FileId = self.sources.add(path, text);
                let white_space = if self.is_v4 { WhiteSpace::Normalised } else { WhiteSpace::AsWritten };
                let text = self.sources.file(file).text();
                let events = xml::events(file, text, white_space).map_err(Box::new)?;
                let body = if included_at.is_some() { include_body(&events, self.is_v4)? } else { events };
                let body = Rc::new(body);
                self.parsed.insert(path.to_owned(), body.clone());
                body
            }
        };
        self.files.push(path.to_owned());
        self.run(&events)?;
        self.files.pop();
        Ok(())
    }

    fn run(&mut self, events: &[Event]) -> Step {
        let mut conditions: Vec<Condition> = Vec::new();
        let mut index = 0;
        while let Some(event) = events.get(index) {
            index += 1;
            self.events += 1;
            if self.events > MAX_EVENTS || self.expanded > MAX_EXPANDED {
                let message = "the source grows past all bounds by what it repeats or includes".to_owned();
                return Err(error_box(codes::LIMIT, message, Some(span_of(event))));
            }
            let active = conditions.last().is_none_or(|condition| condition.active);
            match event {
                Event::Instruction { target, data, span } => {
                    if self.conditional(target, data, *span, active, &mut conditions)? || !active {
                        continue;
                    }
                    if target == "foreach" {
                        let end = matching_endforeach(events, index, *span)?;
                        self.foreach(data, *span, &events[index..end])?;
                        index = end + 1;
                    } else {
                        self.instruction(target, data, *span)?;
                    }
                }
                _ if !active => {}
                Event::Start(start) => {
                    let context = variables::Context {
                        world: self.world,
                        options: self.options,
                        variables: &self.variables,
                        file: self.files.last().map(PathBuf::as_path),
                        is_v4: self.is_v4,
                        undefined: &mut self.undefined,
                        diagnostics: self.diagnostics,
                    };
                    let mut context = context;
                    let mut expanded = 0;
                    let started = self.builder.start(start, |value, at| {
                        let text = context.substitute(value, at)?;
                        expanded += text.len();
                        Ok(text)
                    });
                    started.map_err(Box::new)?;
                    self.expanded += expanded;
                }
                Event::End { name, span } => self.builder.end(name, *span).map_err(Box::new)?,
                Event::Text { text, span } => {
                    if text.contains('$') {
                        let text = self.substitute(text, *span)?;
                        self.builder.text(&text, *span);
                    } else {
                        self.builder.text(text, *span);
                    }
                }
            }
        }
        match conditions.last() {
            Some(open) => {
                Err(error_box(codes::INSTRUCTION, "<?if?> without <?endif?>".to_owned(), Some(open.at)))
            }
            None => Ok(()),
        }
    }

    /// Takes an instruction that opens, turns or closes a condition. Says whether it was one.
    fn conditional(
        &mut self,
        target: &str,
        data: &str,
        at: Span,
        active: bool,
        conditions: &mut Vec<Condition>,
    ) -> Step<bool> {
        match target {
            "if" | "ifdef" | "ifndef" => {
                let value = active
                    && match target {
                        "if" => self.evaluate(data, at)?,
                        "ifdef" => self.is_defined(data.trim(), at)?,
                        _ => !self.is_defined(data.trim(), at)?,
                    };
                // Inside what is left out no branch counts, so none is evaluated either.
                conditions.push(Condition {
                    at,
                    active: value,
                    outer: active,
                    taken: value || !active,
                    seen_else: false,
                });
            }
            "elseif" | "else" => {
                let Some(condition) = conditions.last_mut().filter(|condition| !condition.seen_else) else {
                    let message = format!("<?{target}?> without <?if?>");
                    return Err(error_box(codes::INSTRUCTION, message, Some(at)));
                };
                condition.active = false;
                if target == "else" {
                    condition.seen_else = true;
                    condition.active = condition.outer && !condition.taken;
                    condition.taken = true;
                } else if !condition.taken {
                    let value = self.evaluate(data, at)?;
                    if let Some(condition) = conditions.last_mut() {
                        condition.active = value;
                        condition.taken = value;
                    }
                }
            }
            "endif" => {
                if conditions.pop().is_none() {
                    return Err(error_box(
                        codes::INSTRUCTION,
                        "<?endif?> without <?if?>".to_owned(),
                        Some(at),
                    ));
                }
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn instruction(&mut self, target: &str, data: &str, at: Span) -> Step {
        match target {
            "define" => self.define(data, at),
            "undef" => {
                let name = self.substitute(data.trim(), at)?;
                let name = name.strip_prefix("var.").unwrap_or(&name);
                if self.variables.remove(name).is_none() {
                    let message = format!("<?undef {name}?>: no such variable is defined");
                    return Err(error_box(codes::PREPROCESSOR_VARIABLE, message, Some(at)));
                }
                Ok(())
            }
            "error" => {
                let message = self.substitute(data.trim(), at)?;
                Err(error_box(codes::AUTHORED_ERROR, message, Some(at)))
            }
            "warning" => {
                let message = self.substitute(data.trim(), at)?;
                self.diagnostics.push(Diagnostic::warning(codes::AUTHORED_WARNING, message).at(at));
                Ok(())
            }
            "include" => self.include(data, at),
            "endforeach" => {
                Err(error_box(codes::INSTRUCTION, "<?endforeach?> without <?foreach?>".to_owned(), Some(at)))
            }
            "pragma" => {
                let name = data.split_whitespace().next().unwrap_or_default();
                if name.split_once('.').is_none_or(|(prefix, rest)| prefix.is_empty() || rest.is_empty()) {
                    let message = format!("<?pragma {data}?>: expected prefix.name");
                    return Err(error_box(codes::INSTRUCTION, message, Some(at)));
                }
                let message = format!("the pragma '{name}' is unknown and left out");
                self.diagnostics.push(Diagnostic::warning(codes::INSTRUCTION, message).at(at));
                Ok(())
            }
            // Instructions for other programs, such as stylesheets, are nothing to a compiler.
            _ => Ok(()),
        }
    }

    fn define(&mut self, data: &str, at: Span) -> Step {
        let (name, value) = match data.split_once('=') {
            Some((name, value)) => (name.trim(), value.trim()),
            None => (data.trim(), ""),
        };
        if name.is_empty() || name.contains(char::is_whitespace) {
            let message = format!("<?define {data}?>: expected name = \"value\"");
            return Err(error_box(codes::INSTRUCTION, message, Some(at)));
        }
        let value = unquote(value);
        let value = self.substitute(value, at)?;
        let name = name.strip_prefix("var.").unwrap_or(name);
        if let Some(old) = self.variables.get(name) {
            let message = format!("the variable '{name}' was '{old}' and is now '{value}'");
            self.diagnostics.push(Diagnostic::warning(codes::REDEFINED, message).at(at));
        }
        self.variables.insert(name.to_owned(), value);
        Ok(())
    }

    fn include(&mut self, data: &str, at: Span) -> Step {
        let written = self.substitute(data.trim(), at)?;
        let raw = unquote(written.trim());
        let written = raw.replace('\\', "/");
        let folder = self.files.last().and_then(|file| file.parent()).unwrap_or(Path::new(""));
        let found = std::iter::once(folder)
            .chain(self.options.include_dirs.iter().map(PathBuf::as_path))
            // A backslash separates folders, unless a file really has one in its name.
            .flat_map(|folder| [normalise(&folder.join(&written)), folder.join(raw)])
            .find(|candidate| self.world.is_file(candidate));
        let Some(found) = found else {
            let message = format!("the include file '{written}' is not found");
            let mut diagnostic = Diagnostic::error(codes::UNREADABLE, message).at(at);
            diagnostic = diagnostic.hint(if self.options.include_dirs.is_empty() {
                "include folders beside the source's own are given with -I".to_owned()
            } else {
                let folders: Vec<String> =
                    self.options.include_dirs.iter().map(|folder| folder.display().to_string()).collect();
                format!("looked beside the source and in {}; -I adds folders", folders.join(", "))
            });
            return Err(Box::new(diagnostic));
        };
        if self.files.contains(&found) {
            let message = format!("'{}' includes itself", found.display());
            return Err(error_box(codes::INCLUDE_CYCLE, message, Some(at)));
        }
        if self.files.len() >= MAX_INCLUDES {
            let message = format!("includes nest deeper than {MAX_INCLUDES} files");
            return Err(error_box(codes::LIMIT, message, Some(at)));
        }
        self.file(&found, Some(at))
    }

    fn foreach(&mut self, data: &str, at: Span, body: &[Event]) -> Step {
        let Some((name, values)) = data.split_once(" in ") else {
            let message = format!("<?foreach {data}?>: expected name in value;value;…");
            return Err(error_box(codes::INSTRUCTION, message, Some(at)));
        };
        if self.foreach_depth >= MAX_FOREACH {
            let message = format!("<?foreach?> nests deeper than {MAX_FOREACH} levels");
            return Err(error_box(codes::LIMIT, message, Some(at)));
        }
        self.foreach_depth += 1;
        let name = name.trim();
        let values = self.substitute(values.trim(), at)?;
        for value in values.split(';') {
            self.iterations += 1;
            if self.iterations > MAX_ITERATIONS {
                let message = format!("<?foreach?> goes through its bodies more than {MAX_ITERATIONS} times");
                return Err(error_box(codes::LIMIT, message, Some(at)));
            }
            self.variables.insert(name.to_owned(), value.to_owned());
            self.run(body)?;
        }
        self.foreach_depth -= 1;
        Ok(())
    }

    fn evaluate(&mut self, expression: &str, at: Span) -> Step<bool> {
        let newer = self.is_v4;
        expression::evaluate(expression, newer, &mut |text| self.substitute(text, at)).map_err(|failure| {
            match failure {
                expression::Failure::Variable(diagnostic) => diagnostic,
                expression::Failure::Grammar(message) => {
                    error_box(codes::EXPRESSION, format!("the condition '{expression}' {message}"), Some(at))
                }
            }
        })
    }

    fn is_defined(&mut self, name: &str, at: Span) -> Step<bool> {
        self.context().is_defined(name, at).map_err(Box::new)
    }

    fn substitute(&mut self, text: &str, at: Span) -> Step<String> {
        let text = self.context().substitute(text, at).map_err(Box::new)?;
        self.expanded += text.len();
        Ok(text)
    }

    fn context(&mut self) -> variables::Context<'_> {
        variables::Context {
            world: self.world,
            options: self.options,
            variables: &self.variables,
            file: self.files.last().map(PathBuf::as_path),
            is_v4: self.is_v4,
            undefined: &mut self.undefined,
            diagnostics: self.diagnostics,
        }
    }
}

fn span_of(event: &Event) -> Span {
    match event {
        Event::Start(start) => start.span,
        Event::End { span, .. } | Event::Text { span, .. } | Event::Instruction { span, .. } => *span,
    }
}

/// What an include file says: everything but its root element's tags, whose namespaces the elements inside take over.
/// Instructions may stand outside of it.
fn include_body(events: &[Event], newer: bool) -> Step<Vec<Event>> {
    let root = events.iter().position(|event| matches!(event, Event::Start(_)));
    match root.map(|index| (index, &events[index])) {
        Some((index, Event::Start(start))) if start.name.rsplit(':').next() == Some("Include") => {
            let end = events.iter().rposition(|event| matches!(event, Event::End { .. })).unwrap_or(index);
            let mut body = [&events[..index], &events[index + 1..end], &events[end + 1..]].concat();
            let namespaces = start.attributes.iter().filter(|attribute| {
                attribute.name.starts_with("xmlns:") || (newer && attribute.name == "xmlns")
            });
            inherit(&namespaces.collect::<Vec<_>>(), &mut body);
            Ok(body)
        }
        Some((_, Event::Start(start))) => {
            let message = format!("an include file's root element is <Include>, not <{}>", start.name);
            Err(error_box(codes::MISPLACED_ELEMENT, message, Some(start.span)))
        }
        _ => Ok(Vec::new()),
    }
}

/// Declares the namespaces of the root element, which is left out, on the elements below it.
fn inherit(namespaces: &[&RawAttribute], body: &mut [Event]) {
    let mut depth = 0usize;
    for event in body {
        match event {
            Event::Start(start) => {
                if depth == 0 {
                    let declared = |name: &str| start.attributes.iter().any(|own| own.name == name);
                    let missing: Vec<_> =
                        namespaces.iter().filter(|namespace| !declared(&namespace.name)).collect();
                    start.attributes.extend(missing.into_iter().map(|&namespace| namespace.clone()));
                }
                depth += 1;
            }
            Event::End { .. } => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
}

/// Index of the `<?endforeach?>` that belongs to a `<?foreach?>` just before `from`.
fn matching_endforeach(events: &[Event], from: usize, at: Span) -> Step<usize> {
    let mut depth = 0usize;
    for (index, event) in events.iter().enumerate().skip(from) {
        if let Event::Instruction { target, .. } = event {
            match target.as_str() {
                "foreach" => depth += 1,
                "endforeach" if depth == 0 => return Ok(index),
                "endforeach" => depth -= 1,
                _ => {}
            }
        }
    }
    Err(error_box(codes::INSTRUCTION, "<?foreach?> without <?endforeach?>".to_owned(), Some(at)))
}

fn unquote(text: &str) -> &str {
    let quoted = |quote| text.len() > 1 && text.starts_with(quote) && text.ends_with(quote);
    if quoted('"') || quoted('\'') { &text[1..text.len() - 1] } else { text }
}

/// Folds `.` and `..`, so that one file has one name and cycles are seen.
fn normalise(path: &Path) -> PathBuf {
    use std::path::Component;
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if matches!(out.components().next_back(), Some(Component::Normal(_))) => {
                out.pop();
            }
            part => out.push(part),
        }
    }
    out
}

fn error_box(code: diagnostics::Code, message: String, at: Option<Span>) -> Box<Diagnostic> {
    let hint = match code {
        codes::UNREADABLE => "is the path right, and is the text in UTF-8, or what its first line says?",
        codes::INSTRUCTION => {
            "<?if …?> ends with <?endif?>, <?foreach V in a;b?> with <?endforeach?>; <?define N = \"V\"?>, <?include FILE?>"
        }
        codes::EXPRESSION => "such as <?if $(var.A) = \"x\" and Defined(env.B)?>",
        codes::INCLUDE_CYCLE => "put what both need into a third file, or guard it with <?ifndef?>",
        codes::LIMIT => "divide the source",
        _ => return Box::new(Diagnostic::error(code, message).at(at)),
    };
    Box::new(Diagnostic::error(code, message).at(at).hint(hint))
}
