//! Writes families of gauges.

use std::fmt::Write as _;

use super::labels::{Labels, escape};

/// Text of families of gauges in the making.
///
/// A family of which no sample follows is left out, heading and all.
#[derive(Debug, Default)]
pub struct Encoder {
    text: String,
    /// Name of the family begun last.
    name: String,
    /// Where that family's heading starts, while no sample has followed it.
    heading: Option<usize>,
    series: usize,
    /// For the labels of [`Encoder::sample`]; kept for its memory.
    labels: Labels,
}

impl Encoder {
    /// An encoder that takes so many bytes before its memory grows.
    pub fn with_capacity(bytes: usize) -> Encoder {
        Encoder { text: String::with_capacity(bytes), ..Encoder::default() }
    }

    /// Begins a family. Names are to be metric names of Prometheus, each begun once; this is not checked.
    pub fn family(&mut self, name: &str, help: &str) {
        self.drop_bare_heading();
        self.heading = Some(self.text.len());
        self.name.clear();
        self.name.push_str(name);
        self.text.push_str("# HELP ");
        self.text.push_str(name);
        self.text.push(' ');
        escape(help, &['\\', '\n'], &mut self.text);
        self.text.push_str("\n# TYPE ");
        self.text.push_str(name);
        self.text.push_str(" gauge\n");
    }

    /// Adds a sample to the family begun last. Label names must differ; so must the labels of a family's samples.
    pub fn sample(&mut self, labels: &[(&str, &str)], value: f64) {
        let mut written = std::mem::take(&mut self.labels);
        written.clear();
        for (name, label) in labels {
            written.push(name, label);
        }
        self.sample_with(&written, value);
        self.labels = written;
    }

    /// Adds a sample whose labels are written already.
    pub fn sample_with(&mut self, labels: &Labels, value: f64) {
        debug_assert!(!self.name.is_empty(), "a sample before the first family");
        self.heading = None;
        self.series += 1;
        self.text.push_str(&self.name);
        if !labels.as_str().is_empty() {
            self.text.push('{');
            self.text.push_str(labels.as_str());
            self.text.push('}');
        }
        self.text.push(' ');
        push_number(value, &mut self.text);
        self.text.push('\n');
    }

    /// Ends the family begun last, and tells how long the text is by now.
    pub fn end_family(&mut self) -> usize {
        self.drop_bare_heading();
        self.text.len()
    }

    /// Number of samples so far.
    pub fn series(&self) -> usize {
        self.series
    }

    /// The samples so far, in order, as they are written: labels without braces, and value.
    pub fn samples(&self) -> impl Iterator<Item = (&str, &str)> {
        let lines = self.text.lines().filter(|line| !line.starts_with('#'));
        // Values have no spaces, and names no braces.
        lines.filter_map(|line| line.rsplit_once(' ')).map(|(series, value)| {
            let labels = series.split_once('{').and_then(|(_, labels)| labels.strip_suffix('}'));
            (labels.unwrap_or(""), value)
        })
    }

    /// The whole text: empty, or ending in a line feed.
    pub fn finish(mut self) -> Vec<u8> {
        self.drop_bare_heading();
        self.text.into_bytes()
    }

    fn drop_bare_heading(&mut self) {
        if let Some(start) = self.heading.take() {
            self.text.truncate(start);
        }
    }
}

/// Writes the shortest number that reads back as `value`; negative zero as zero, for no figure means it.
fn push_number(value: f64, out: &mut String) {
    /// From here on not every integer is a double.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let written = if value.is_nan() {
        out.write_str("NaN")
    } else if value.is_infinite() {
        out.write_str(if value > 0.0 { "+Inf" } else { "-Inf" })
    } else if value.abs() < EXACT && value.fract() == 0.0 {
        write!(out, "{}", value as i64)
    } else if (1e-7..1e21).contains(&value.abs()) {
        write!(out, "{value}")
    } else {
        // Far from 1, plain digits would be hundreds of zeros.
        write!(out, "{value:e}")
    };
    written.expect("a string takes whatever is written");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(encoder: Encoder) -> String {
        String::from_utf8(encoder.finish()).unwrap()
    }

    #[test]
    fn a_family_has_its_heading_once() {
        let mut encoder = Encoder::default();
        encoder.family("crm_activities", "Activities \\ done,\nby \"kind\".");
        encoder.sample(&[("rep", "Ana"), ("kind", "")], 7.0);
        encoder.sample(&[], 0.25);
        assert_eq!(encoder.series(), 2);
        let expected = r#"# HELP crm_activities Activities \\ done,\nby "kind".
# TYPE crm_activities gauge
crm_activities{rep="Ana",kind=""} 7
crm_activities 0.25
"#;
        assert_eq!(text(encoder), expected);
    }

    #[test]
    fn samples_are_read_back_as_they_are_written() {
        let mut encoder = Encoder::default();
        encoder.family("crm_first", "Sum of {a} b.");
        encoder.sample(&[("rep", "Ana {x} 3\n# y"), ("kind", "")], 7.5);
        encoder.family("crm_second", "Something.");
        encoder.sample(&[], -1.0);
        encoder.family("crm_third", "Nothing follows.");
        let samples: Vec<_> = encoder.samples().collect();
        assert_eq!(samples, [("rep=\"Ana {x} 3\\n# y\",kind=\"\"", "7.5"), ("", "-1")]);
    }

    #[test]
    fn a_family_without_samples_is_left_out() {
        let mut encoder = Encoder::with_capacity(100);
        encoder.family("crm_first", "Nothing follows.");
        encoder.family("crm_second", "Something follows.");
        encoder.sample(&[], 1.0);
        encoder.family("crm_third", "Nothing follows.");
        assert_eq!(text(encoder), "# HELP crm_second Something follows.\n# TYPE crm_second gauge\ncrm_second 1\n");

        let mut encoder = Encoder::default();
        encoder.family("crm_only", "Nothing follows.");
        assert!(encoder.finish().is_empty());
    }

    #[test]
    fn numbers_are_short_and_as_prometheus_reads_them() {
        let table = [
            (0.0, "0"),
            (-0.0, "0"),
            (1.0, "1"),
            (-42.0, "-42"),
            (0.1 + 0.2, "0.30000000000000004"),
            (0.6315005, "0.6315005"),
            (10_005_534.0, "10005534"),
            (1_700_000_000.123, "1700000000.123"),
            (9_007_199_254_740_991.0, "9007199254740991"),
            (9_007_199_254_740_992.0, "9007199254740992"),
            (-1e20, "-100000000000000000000"),
            (1e21, "1e21"),
            (1e-7, "0.0000001"),
            (5e-324, "5e-324"),
            (f64::MAX, "1.7976931348623157e308"),
            (f64::NAN, "NaN"),
            (f64::INFINITY, "+Inf"),
            (f64::NEG_INFINITY, "-Inf"),
        ];
        for (value, expected) in table {
            let mut out = String::new();
            push_number(value, &mut out);
            assert_eq!(out, expected);
        }
    }

    proptest::proptest! {
        #[test]
        fn every_number_reads_back(bits: u64) {
            let value = f64::from_bits(bits);
            let mut out = String::new();
            push_number(value, &mut out);
            let read = out.parse::<f64>().unwrap();
            proptest::prop_assert!(read == value || (read.is_nan() && value.is_nan()), "{} became {}", value, out);
        }
    }
}
