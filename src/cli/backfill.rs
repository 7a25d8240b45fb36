//! `backfill`: figures of the past, for Prometheus to take in.

use std::io::{self, IsTerminal as _};
use std::sync::Arc;

use indicatif::{HumanBytes, HumanCount, ProgressBar, ProgressStyle};

use super::args::BackfillArgs;
use super::{Global, parts, print};
use crate::app::{self, Outline, PastAsked, Step};

/// Writes the files, and tells on standard error how far it is.
pub(super) fn run(global: &Global, arguments: &BackfillArgs) -> anyhow::Result<()> {
    let parts = Arc::new(parts(global)?);
    let asked = PastAsked {
        from: arguments.from,
        to: arguments.to,
        step: arguments.step,
        output: arguments.output.clone(),
        metrics: arguments.metrics.clone(),
        labels: arguments.label.clone(),
    };
    let bar = bar();
    let made = app::backfill(&parts, &asked, &|step| match step {
        Step::Begun(outline) => {
            eprintln!("{}", told(&outline));
            bar.set_length((outline.days - outline.made_before) as u64);
        }
        Step::DayDone => bar.inc(1),
    });
    bar.finish_and_clear();
    let made = made?;
    let missing = ["job", "instance"].into_iter().find(|name| asked.labels.iter().all(|(label, _)| label != name));
    if let Some(name) = missing {
        eprintln!("without --label {name}=... these series are none of those that Prometheus scrapes");
    }
    let (files, samples) = (HumanCount(made.files as u64), HumanCount(made.samples));
    print(&format!("wrote {files} files with {samples} samples to {}\n", asked.output.display()))
}

/// A bar that counts days on a terminal; elsewhere nothing is drawn.
fn bar() -> ProgressBar {
    if !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(0);
    if let Ok(style) = ProgressStyle::with_template("{wide_bar} {pos} of {len} days, {eta} left") {
        bar.set_style(style);
    }
    bar
}

/// What a backfill comes to, for people.
fn told(outline: &Outline) -> String {
    let mut text = format!(
        "{} to {}: {} instants in {} files, {} series, about {}",
        outline.first,
        outline.last,
        HumanCount(outline.instants),
        HumanCount(outline.days as u64),
        HumanCount(outline.series as u64),
        HumanBytes(outline.bytes),
    );
    if outline.made_before > 0 {
        text += &format!("\n{} files are there already", HumanCount(outline.made_before as u64));
    }
    if let Some(since) = outline.activities_since {
        text += &format!("\nactivities are held from {since} on: what looks further back is absent");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Timestamp;

    #[test]
    fn an_outline_is_told_in_lines() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let outline = Outline {
            first: at("2025-11-20T00:00:00Z"),
            last: at("2026-11-20T00:00:00Z"),
            instants: 8_761,
            days: 366,
            made_before: 0,
            series: 1_034,
            bytes: 1_500_000_000,
            activities_since: None,
        };
        let line =
            "2025-11-20T00:00:00Z to 2026-11-20T00:00:00Z: 8,761 instants in 366 files, 1,034 series, about 1.40 GiB";
        assert_eq!(told(&outline), line);
        let later = Outline { made_before: 12, activities_since: Some(at("2025-12-01T00:00:00Z")), ..outline };
        let more = "12 files are there already\n\
                    activities are held from 2025-12-01T00:00:00Z on: what looks further back is absent";
        assert_eq!(told(&later), format!("{line}\n{more}"));
    }
}
