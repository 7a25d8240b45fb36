//! Gauges over time, as OpenMetrics text: what `promtool tsdb create-blocks-from openmetrics` reads.
//!
//! Samples come in the order of time, and are written series by series, as the format wants it.

use std::fmt::Write as _;
use std::io::{self, Write};

use indexmap::IndexMap;

use super::labels::{Labels, escape};

/// Families of gauges with their samples of several instants.
///
/// Families and series are written in the order in which they came first; a family without samples is left out.
#[derive(Debug, Default)]
pub struct Recording {
    /// What every series has behind its own labels.
    more: Labels,
    families: IndexMap<&'static str, Family>,
    samples: u64,
}

#[derive(Debug)]
struct Family {
    help: &'static str,
    /// By the labels as they are written: a line a sample, value and instant.
    series: IndexMap<String, String>,
}

impl Recording {
    /// An empty one whose series all get the labels `more`, whose names must be none of their own.
    pub fn new(more: Labels) -> Recording {
        Recording { more, ..Recording::default() }
    }

    /// Adds a sample of a series, given by its labels as they are written, without braces. Its value is text as well.
    /// Samples of a series have to come in the order of time, each instant once; this is not checked.
    pub fn add(&mut self, name: &'static str, help: &'static str, labels: &str, value: &str, at_millis: i64) {
        let family = self.families.entry(name).or_insert_with(|| Family { help, series: IndexMap::new() });
        if !family.series.contains_key(labels) {
            family.series.insert(labels.to_owned(), String::new());
        }
        let points = &mut family.series[labels];
        points.push_str(value);
        points.push(' ');
        push_seconds(at_millis, points);
        points.push('\n');
        self.samples += 1;
    }

    /// Number of samples so far.
    pub fn samples(&self) -> u64 {
        self.samples
    }

    /// Number of series so far.
    pub fn series(&self) -> usize {
        self.families.values().map(|family| family.series.len()).sum()
    }

    /// Writes the whole text, with the mark of its end.
    ///
    /// # Errors
    ///
    /// Whatever `out` fails with.
    pub fn write(&self, out: &mut impl Write) -> io::Result<()> {
        let mut heading = String::new();
        let mut start = String::new();
        for (name, family) in &self.families {
            heading.clear();
            // Unlike the older format, this one wants quotes in a help text escaped.
            escape(family.help, &['\\', '\n', '"'], &mut heading);
            write!(out, "# HELP {name} {heading}\n# TYPE {name} gauge\n")?;
            for (labels, points) in &family.series {
                start.clear();
                self.push_series(name, labels, &mut start);
                for point in points.lines() {
                    writeln!(out, "{start} {point}")?;
                }
            }
        }
        out.write_all(b"# EOF\n")
    }

    fn push_series(&self, name: &str, labels: &str, out: &mut String) {
        let more = self.more.as_str();
        out.push_str(name);
        if !labels.is_empty() || !more.is_empty() {
            let comma = if labels.is_empty() || more.is_empty() { "" } else { "," };
            out.extend(["{", labels, comma, more, "}"]);
        }
    }
}

/// Writes an instant in seconds since 1970, with milliseconds where it has some.
fn push_seconds(millis: i64, out: &mut String) {
    let sign = if millis < 0 { "-" } else { "" };
    let (seconds, rest) = (millis.unsigned_abs() / 1000, millis.unsigned_abs() % 1000);
    let written = match rest {
        0 => write!(out, "{sign}{seconds}"),
        rest => write!(out, "{sign}{seconds}.{rest:03}"),
    };
    written.expect("a string takes whatever is written");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(recording: &Recording) -> String {
        let mut text = Vec::new();
        recording.write(&mut text).unwrap();
        String::from_utf8(text).unwrap()
    }

    #[test]
    fn samples_of_a_series_stand_together() {
        let mut more = Labels::default();
        more.push("job", "crm").push("instance", "sales:10094");
        let mut recording = Recording::new(more);
        for (at, calls) in [(1_000, "3"), (2_500, "4")] {
            recording.add("crm_activities", "Done, \"all\" of them.", r#"rep="Ana \"A\"",kind="""#, calls, at);
            recording.add("crm_activities", "Done, \"all\" of them.", r#"rep="Bo",kind="""#, "0.5", at);
            recording.add("crm_reporting_currency_info", "1.", "", "1", at);
        }
        assert_eq!((recording.samples(), recording.series()), (6, 3));
        let expected = r#"# HELP crm_activities Done, \"all\" of them.
# TYPE crm_activities gauge
crm_activities{rep="Ana \"A\"",kind="",job="crm",instance="sales:10094"} 3 1
crm_activities{rep="Ana \"A\"",kind="",job="crm",instance="sales:10094"} 4 2.500
crm_activities{rep="Bo",kind="",job="crm",instance="sales:10094"} 0.5 1
crm_activities{rep="Bo",kind="",job="crm",instance="sales:10094"} 0.5 2.500
# HELP crm_reporting_currency_info 1.
# TYPE crm_reporting_currency_info gauge
crm_reporting_currency_info{job="crm",instance="sales:10094"} 1 1
crm_reporting_currency_info{job="crm",instance="sales:10094"} 1 2.500
# EOF
"#;
        assert_eq!(text(&recording), expected);
    }

    #[test]
    fn nothing_is_the_mark_of_the_end() {
        assert_eq!(text(&Recording::default()), "# EOF\n");
        let mut bare = Recording::default();
        bare.add("crm_wins", "Wins.", "", "1", -1_500);
        assert_eq!(text(&bare), "# HELP crm_wins Wins.\n# TYPE crm_wins gauge\ncrm_wins 1 -1.500\n# EOF\n");
    }
}
