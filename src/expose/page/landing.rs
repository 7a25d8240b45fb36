//! The landing page: what is served, from which sources, and how fresh it is.

use std::fmt::Write as _;

use super::words::{ago, count, instant};
use crate::domain::Timestamp;
use crate::expose::{LANDING, Published, SourceState, SourceStatus, Status};
use crate::html::Escaped;

/// The page's content as HTML.
pub(super) fn content(status: &Status, published: Option<&Published>) -> String {
    let mut out = String::new();
    header(&mut out, status);
    out.push_str("<main>\n");
    if let Err(awaited) = &status.ready {
        notice(&mut out, awaited);
    }
    if let Some(at) = status.reload_failed {
        failed_reload(&mut out, status, at);
    }
    summary(&mut out, status, published);
    out.push_str("<h2>Sources</h2>\n");
    if status.sources.is_empty() {
        out.push_str(
            "<p class=\"empty\"><strong>No source is configured.</strong> Add a CRM under <code>sources</code> in the \
             configuration file, or run <code>crm_exporter demo</code> to see a sales floor without one.</p>\n",
        );
    }
    for source in &status.sources {
        write(&mut out, format_args!("{}", Card { source, now: status.now }));
    }
    let paths = super::paths(Some(LANDING), status.docs.as_deref());
    let at = Time(status.now);
    let read = status.settings_read.map(|at| format!(" · settings read at {}", Time(at))).unwrap_or_default();
    write(&mut out, format_args!("<h2>What is here</h2>\n{paths}</main>\n<footer>As of {at}{read}</footer>\n"));
    out
}

fn write(out: &mut String, content: std::fmt::Arguments<'_>) {
    out.write_fmt(content).expect("a string takes any text");
}

fn header(out: &mut String, status: &Status) {
    let (class, word) = if status.ready.is_ok() { ("good", "Ready") } else { ("wait", "Not ready") };
    let version = Escaped(&status.version);
    write(
        out,
        format_args!(
            "<header>\n<h1>crm_exporter</h1>\n<p class=\"version\">{version}</p>\n<p class=\"badge {class}\">{word}</p>\n\
             <p class=\"lead\">Sales figures from CRMs for Prometheus</p>\n</header>\n"
        ),
    );
}

fn notice(out: &mut String, awaited: &str) {
    let awaited = Escaped(awaited);
    write(
        out,
        format_args!(
            "<p class=\"notice\"><strong>Waiting for {awaited}.</strong> Until then \
             <a href=\"/metrics\">/metrics</a> may lack figures.</p>\n"
        ),
    );
}

/// Why is in the log, and in the answer to whoever asked: it may quote the settings.
fn failed_reload(out: &mut String, status: &Status, at: Timestamp) {
    let (ago, at) = (ago(at, status.now), Time(at));
    write(
        out,
        format_args!(
            "<p class=\"notice\"><strong>The settings could not be read again {ago}</strong> ({at}); the log says why. \
             Those that were in force still are.</p>\n"
        ),
    );
}

/// The few numbers that tell whether all is well.
fn summary(out: &mut String, status: &Status, published: Option<&Published>) {
    let up = status.sources.iter().filter(|source| source.state(status.now) == SourceState::Up).count();
    let records = status.sources.iter().flat_map(|source| &source.records).map(|(_, number)| number).sum();
    let series = published.map_or_else(|| "–".to_owned(), |published| count(published.series as u64));
    let (made, made_at) = match published {
        Some(published) => (ago(published.at, status.now), Time(published.at).to_string()),
        None => ("None yet".to_owned(), "own metrics only".to_owned()),
    };
    let (sources, sources_note) = match status.sources.len() {
        0 => ("None".to_owned(), "configured"),
        all => (format!("{up} of {all}"), "at their last poll"),
    };
    out.push_str("<dl class=\"summary\">\n");
    tile(out, "Snapshot", &made, &made_at);
    tile(out, "Series", &series, "in the snapshot");
    tile(out, "Sources up", &sources, sources_note);
    tile(out, "Records", &count(records), "held from all sources");
    out.push_str("</dl>\n");
}

/// A number and what it is of; all three are HTML.
fn tile(out: &mut String, name: &str, value: &str, note: &str) {
    write(out, format_args!("<div><dt>{name}</dt><dd>{value} <small>{note}</small></dd></div>\n"));
}

/// A source.
struct Card<'a> {
    source: &'a SourceStatus,
    now: Timestamp,
}

impl std::fmt::Display for Card<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Card { source, now } = self;
        let (class, word) = match source.state(*now) {
            SourceState::Up => ("good", "Up"),
            SourceState::Late => ("wait", "Late"),
            SourceState::Waiting => ("wait", "First poll"),
            SourceState::Down => ("bad", "Down"),
        };
        let (name, kind) = (Escaped(&source.name), Escaped(&source.kind));
        writeln!(f, "<section class=\"source {class}\">")?;
        writeln!(f, "<h3>{name}</h3>\n<p class=\"kind\">{kind}</p>\n<p class=\"badge {class}\">{word}</p>")?;
        match source.last_success {
            Some(at) => {
                write!(f, "<p class=\"fresh\">Last success <b>{}</b> <small>{}</small>", ago(at, *now), Time(at))?
            }
            None => write!(f, "<p class=\"fresh\">No poll has succeeded yet")?,
        }
        writeln!(f, " · polled every {}</p>", source.interval)?;
        if let Some(error) = &source.last_error {
            writeln!(f, "<p class=\"error\"><strong>Last error</strong> {}</p>", Escaped(error))?;
        }
        if !source.forbidden.is_empty() {
            let streams = source.forbidden.join(", ");
            writeln!(f, "<p class=\"error\"><strong>Not permitted</strong> {}</p>", Escaped(&streams))?;
        }
        if source.records.is_empty() {
            writeln!(f, "<p class=\"none\">No records yet</p>\n</section>")
        } else {
            writeln!(f, "<dl class=\"records\">")?;
            for (object, number) in &source.records {
                let words = object.name().replace('_', " ");
                writeln!(f, "<div><dt>{words}</dt><dd>{}</dd></div>", count(*number))?;
            }
            writeln!(f, "</dl>\n</section>")
        }
    }
}

/// An instant for people and for programs.
struct Time(Timestamp);

impl std::fmt::Display for Time {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "<time datetime=\"{}\">{}</time>", self.0, instant(self.0))
    }
}
