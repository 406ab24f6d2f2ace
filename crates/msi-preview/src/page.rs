//! The page that shows all dialogs and the ways between them: one HTML file beside the pictures, without scripts.

use crate::check::Finding;
use crate::flow::{Flow, Step, Target};
use std::fmt::Write;

/// A picture of a dialog that the page shows.
#[derive(Debug, Clone)]
pub struct Shot {
    pub dialog: String,
    pub file: String,
    pub width: u32,
    pub height: u32,
    pub findings: Vec<Finding>,
}

const STYLE: &str = "\
:root{color-scheme:light dark;--line:#8888;--card:#8881;--warn:#b45309}\
body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:1180px;padding:0 1rem}\
h1{font-size:1.5rem}h2{font-size:1.1rem;margin:0 0 .6rem}\
section{border:1px solid var(--line);border-radius:10px;padding:1rem;margin:1.2rem 0;display:grid;\
grid-template-columns:minmax(0,auto) minmax(16rem,1fr);gap:1.2rem;align-items:start}\
section>h2{grid-column:1/-1}img{max-width:100%;height:auto;border-radius:4px;box-shadow:0 1px 6px #0004}\
table{border-collapse:collapse;font-size:.9rem;width:100%}td,th{text-align:left;padding:.2rem .6rem .2rem 0;vertical-align:top}\
th{font-weight:600;border-bottom:1px solid var(--line)}code{font-size:.85em;overflow-wrap:anywhere}\
.warn{color:var(--warn)}nav{columns:16rem;font-size:.9rem}.muted{opacity:.7}\
@media(max-width:800px){section{grid-template-columns:1fr}}";

/// Writes the page.
pub fn html(title: &str, flow: &Flow, shots: &[Shot]) -> String {
    let mut out = String::new();
    let _ = write!(
        out,
        "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\">\
         <title>{0}: dialogs</title><style>{STYLE}</style>\n<h1>{0}: dialogs</h1>\n",
        escape(title)
    );
    out.push_str("<h2>Where it begins and ends</h2>\n<table><tr><th>Dialog<th>Shown<th>If</tr>\n");
    for entry in &flow.entries {
        let _ = writeln!(
            out,
            "<tr><td>{}<td>{}{}<td>{}</tr>",
            link(&entry.dialog, shots),
            entry.moment(),
            if entry.sequence > 0 { format!(" ({})", entry.sequence) } else { String::new() },
            condition(&entry.condition)
        );
    }
    out.push_str("</table>\n<nav>\n");
    for shot in shots {
        let mark = if shot.findings.is_empty() { "" } else { " <span class=warn>!</span>" };
        let _ = writeln!(out, "<div>{}{mark}</div>", link(&shot.dialog, shots));
    }
    out.push_str("</nav>\n");
    for shot in shots {
        section(&mut out, flow, shot, shots);
    }
    out.push_str("</html>\n");
    out
}

fn section(out: &mut String, flow: &Flow, shot: &Shot, shots: &[Shot]) {
    let id = escape(&shot.dialog);
    let aside = if flow.distance.contains_key(&shot.dialog) {
        ""
    } else {
        " <span class=muted>(no button leads here; the engine shows it, or nobody does)</span>"
    };
    let _ = writeln!(
        out,
        "<section id=\"{id}\"><h2>{id}{aside}</h2>\n<img src=\"{}\" width=\"{}\" height=\"{}\" alt=\"{id}\"><div>",
        escape(&shot.file),
        shot.width,
        shot.height
    );
    let ways: Vec<&Step> = flow.steps.iter().filter(|step| step.from == shot.dialog).collect();
    if !ways.is_empty() {
        out.push_str("<table><tr><th>Control<th>Leads to<th>If</tr>\n");
    }
    for step in &ways {
        let target = match &step.target {
            Target::Page(to) => link(to, shots),
            Target::Child(to) => format!("{} <span class=muted>(over it)</span>", link(to, shots)),
            Target::End(how) => format!("<i>ends: {}</i>", escape(how)),
        };
        let _ = writeln!(
            out,
            "<tr><td><code>{}</code><td>{target}<td>{}</tr>",
            escape(&step.control),
            condition(&step.condition)
        );
    }
    if !ways.is_empty() {
        out.push_str("</table>\n");
    }
    for finding in &shot.findings {
        let _ = writeln!(out, "<p class=warn>{}</p>", escape(&finding.to_string()));
    }
    out.push_str("</div></section>\n");
}

fn link(dialog: &str, shots: &[Shot]) -> String {
    let id = escape(dialog);
    if shots.iter().any(|shot| shot.dialog == dialog) {
        format!("<a href=\"#{id}\">{id}</a>")
    } else {
        format!("<span class=warn>{id}</span>")
    }
}

fn condition(text: &str) -> String {
    if text.is_empty() || text == "1" {
        "<span class=muted>always</span>".into()
    } else {
        format!("<code>{}</code>", escape(text))
    }
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            letter => out.push(letter),
        }
    }
    out
}
