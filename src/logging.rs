//! Logs: one line an event, as logfmt or JSON, with the same field names in both.
//!
//! `ts`, `level`, `target` and `msg` come first, then the event's own fields, then those of the spans around it, the
//! innermost first. Both are written here because the usual layers call these fields by other names.

use std::fmt::{self, Write as _};
use std::io;

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Map, Value};
use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};
use tracing_subscriber::registry::LookupSpan;

/// How a line is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// `key=value` pairs.
    Logfmt,
    /// A JSON object.
    Json,
}

/// Logs to standard error from now on: our own events from `level` on, those of libraries from warnings on.
///
/// # Errors
/// When something else has been told to receive the logs already.
pub fn init(level: LevelFilter, format: Format) -> Result<(), tracing::subscriber::SetGlobalDefaultError> {
    let ours = Targets::new().with_default(LevelFilter::WARN.min(level)).with_target(env!("CARGO_CRATE_NAME"), level);
    let lines = Lines { format, clock: Utc::now, write: to_stderr };
    tracing::subscriber::set_global_default(tracing_subscriber::registry().with(lines.with_filter(ours)))
}

/// A log that cannot be written must not stop the program.
fn to_stderr(line: &str) {
    let _ = io::Write::write_all(&mut io::stderr().lock(), line.as_bytes());
}

struct Lines<W> {
    format: Format,
    clock: fn() -> DateTime<Utc>,
    write: W,
}

/// Fields in the order in which they were given.
#[derive(Default)]
struct Fields(Map<String, Value>);

impl<S, W> Layer<S> for Lines<W>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    W: Fn(&str) + 'static,
{
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        if let Some(span) = context.span(id) {
            span.extensions_mut().insert(fields);
        }
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        if let Some(fields) = span.extensions_mut().get_mut::<Fields>() {
            values.record(fields);
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut line = Fields::default();
        let metadata = event.metadata();
        line.put("ts", (self.clock)().to_rfc3339_opts(SecondsFormat::Millis, true));
        line.put("level", level_name(*metadata.level()));
        line.put("target", metadata.target());
        line.put("msg", "");
        event.record(&mut line);
        for span in context.event_scope(event).into_iter().flatten() {
            if let Some(Fields(fields)) = span.extensions().get::<Fields>() {
                for (name, value) in fields {
                    line.0.entry(name).or_insert_with(|| value.clone());
                }
            }
        }
        (self.write)(&line.encode(self.format));
    }
}

fn level_name(level: Level) -> &'static str {
    match level {
        Level::ERROR => "error",
        Level::WARN => "warn",
        Level::INFO => "info",
        _ => "debug",
    }
}

impl Fields {
    fn put(&mut self, name: &str, value: impl Into<Value>) {
        let name = if name == "message" { "msg" } else { name };
        self.0.insert(name.to_owned(), value.into());
    }

    fn encode(&self, format: Format) -> String {
        let mut line = match format {
            Format::Json => serde_json::to_string(&self.0).unwrap_or_default(),
            Format::Logfmt => {
                let pairs: Vec<String> =
                    self.0.iter().map(|(name, value)| format!("{name}={}", Logfmt(value))).collect();
                pairs.join(" ")
            }
        };
        line.push('\n');
        line
    }
}

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.put(field.name(), format!("{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.put(field.name(), value);
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.put(field.name(), value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.put(field.name(), value);
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.put(field.name(), value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.put(field.name(), value);
    }

    fn record_error(&mut self, field: &Field, value: &(dyn std::error::Error + 'static)) {
        let mut text = value.to_string();
        let mut cause = value.source();
        while let Some(error) = cause {
            // Writing to a text cannot fail.
            let _ = write!(text, ": {error}");
            cause = error.source();
        }
        self.put(field.name(), text);
    }
}

/// A value in logfmt: quoted as in JSON where it would not be one word.
struct Logfmt<'a>(&'a Value);

impl fmt::Display for Logfmt<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Value::String(text) if is_word(text) => f.write_str(text),
            value => value.fmt(f),
        }
    }
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| !c.is_whitespace() && !c.is_control() && !"=\"\\".contains(c))
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    fn logged(format: Format, log: impl FnOnce()) -> String {
        let text = Arc::new(Mutex::new(String::new()));
        let sink = text.clone();
        let clock = || DateTime::from_timestamp_millis(1_795_280_400_250).unwrap();
        let lines = Lines { format, clock, write: move |line: &str| sink.lock().unwrap().push_str(line) };
        tracing::subscriber::with_default(tracing_subscriber::registry().with(lines), log);
        let text = text.lock().unwrap();
        text.clone()
    }

    fn a_poll() {
        let span = tracing::info_span!("poll", source = "main crm", stream = tracing::field::Empty).entered();
        span.record("stream", "deals");
        let cause = io::Error::other("a \"quoted\"\nreason");
        let error: &dyn std::error::Error = &cause;
        tracing::warn!(target: "t", { deal.id = 7_u64, ratio = 0.5, error }, "skipped {}", "it");
        tracing::info!(target: "t", source = "nearer", done = true);
    }

    #[test]
    fn a_line_of_logfmt() {
        assert_eq!(
            logged(Format::Logfmt, a_poll),
            concat!(
                "ts=2026-11-21T17:00:00.250Z level=warn target=t msg=\"skipped it\" deal.id=7 ratio=0.5 ",
                "error=\"a \\\"quoted\\\"\\nreason\" source=\"main crm\" stream=deals\n",
                "ts=2026-11-21T17:00:00.250Z level=info target=t msg=\"\" source=nearer done=true stream=deals\n",
            )
        );
    }

    #[test]
    fn a_line_of_json() {
        let lines = logged(Format::Json, a_poll);
        let first: Value = serde_json::from_str(lines.lines().next().unwrap()).unwrap();
        assert_eq!(first["msg"], "skipped it");
        assert_eq!(first["deal.id"], 7);
        assert_eq!(first["error"], "a \"quoted\"\nreason");
        assert_eq!(first["source"], "main crm");
        assert!(lines.starts_with("{\"ts\":\"2026-11-21T17:00:00.250Z\",\"level\":\"warn\",\"target\":\"t\",\"msg\":"));
    }
}
