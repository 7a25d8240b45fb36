//! What `sync` shows while it works: a bar a source on a terminal, plain lines elsewhere.

use std::collections::HashMap;
use std::fmt;
use std::io::{self, IsTerminal as _};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use indicatif::{HumanCount, MultiProgress, ProgressBar, ProgressStyle};

use crate::sync::{Event, Progress};

/// Between two frames of a spinner.
const FRAME: Duration = Duration::from_millis(120);

/// What fits standard error: bars on a terminal, lines in a file or pipe.
pub fn to_stderr() -> Box<dyn Progress> {
    if io::stderr().is_terminal() {
        Box::new(Bars::default())
    } else {
        Box::new(Lines(|line: &str| eprintln!("{line}")))
    }
}

/// What an event says, without the source's name.
struct Step<'a>(&'a Event<'a>);

impl fmt::Display for Step<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Event::Begun { stream, first_load: true } => write!(f, "{stream}: first load"),
            Event::Begun { stream, first_load: false } => write!(f, "{stream}: what has changed"),
            Event::Applied { stream, records } => write!(f, "{stream}: {} records so far", HumanCount(*records)),
            Event::Waiting { stream, pause, why } => {
                let pause = Duration::from_secs(pause.as_millis().div_ceil(1000) as u64);
                write!(f, "{stream}: {why}; going on in {}", humantime::format_duration(pause))
            }
            Event::Done { stream, records } => write!(f, "{stream}: up to date, {} records", HumanCount(*records)),
            Event::Failed { stream, why } => write!(f, "{stream}: {why}"),
        }
    }
}

/// A line for every step but the single pages, which would be thousands.
struct Lines<W>(W);

impl<W: Fn(&str) + Send + Sync> Progress for Lines<W> {
    fn tell(&self, source: &str, event: &Event<'_>) {
        if !matches!(event, Event::Applied { .. }) {
            self.0(&format!("{source}: {}", Step(event)));
        }
    }
}

/// A spinning line a source with its present step; what ended stays above.
#[derive(Default)]
struct Bars {
    all: MultiProgress,
    by_source: Mutex<HashMap<String, ProgressBar>>,
}

impl Bars {
    fn bar(&self, source: &str) -> ProgressBar {
        // A bar is whole after every change, so one that panicked elsewhere has left nothing half done.
        let mut bars = self.by_source.lock().unwrap_or_else(PoisonError::into_inner);
        let begin = || {
            let bar = self.all.add(ProgressBar::new_spinner());
            if let Ok(style) = ProgressStyle::with_template("{spinner} {prefix}: {wide_msg} [{elapsed}]") {
                bar.set_style(style);
            }
            bar.set_prefix(source.to_owned());
            bar.enable_steady_tick(FRAME);
            bar
        };
        bars.entry(source.to_owned()).or_insert_with(begin).clone()
    }
}

impl Progress for Bars {
    fn tell(&self, source: &str, event: &Event<'_>) {
        let bar = self.bar(source);
        match event {
            Event::Done { .. } => bar.println(format!("  {source}: {}", Step(event))),
            // Why is told by the log, on the same terminal.
            Event::Failed { stream, .. } => bar.set_message(format!("{stream}: failed")),
            _ => bar.set_message(Step(event).to_string()),
        }
    }
}

impl Drop for Bars {
    /// Leaves the lines that were printed, and the cursor below them.
    fn drop(&mut self) {
        for bar in self.by_source.lock().unwrap_or_else(PoisonError::into_inner).values() {
            bar.finish_and_clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_tell_every_step_but_single_pages() {
        let told = Mutex::new(Vec::new());
        let lines = Lines(|line: &str| told.lock().unwrap().push(line.to_owned()));
        let why = "deals.csv is still being written".to_owned();
        for event in [
            Event::Begun { stream: "deals", first_load: true },
            Event::Waiting { stream: "deals", pause: Duration::from_secs(2), why },
            Event::Applied { stream: "deals", records: 5_000 },
            Event::Done { stream: "deals", records: 12_345 },
            Event::Begun { stream: "users", first_load: false },
            Event::Failed { stream: "users", why: "users.csv is not available: permission denied".into() },
        ] {
            lines.tell("exports", &event);
        }
        assert_eq!(
            *told.lock().unwrap(),
            [
                "exports: deals: first load",
                "exports: deals: deals.csv is still being written; going on in 2s",
                "exports: deals: up to date, 12,345 records",
                "exports: users: what has changed",
                "exports: users: users.csv is not available: permission denied",
            ]
        );
    }
}
