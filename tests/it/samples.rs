//! Reads an exposition back, and holds it against the catalogue.

use std::collections::{BTreeMap, BTreeSet};

use crm_exporter::metrics;

/// Labels of a sample, by name.
pub(crate) type Labels = BTreeMap<String, String>;

/// The samples of an exposition, by family.
#[derive(Debug, Default)]
pub(crate) struct Samples(BTreeMap<String, Vec<(Labels, f64)>>);

impl Samples {
    /// Reads the text format. Whatever is not a comment has to be a sample.
    pub(crate) fn read(text: &str) -> Samples {
        let mut samples = Samples::default();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let (series, value) = line.rsplit_once(' ').unwrap_or_else(|| panic!("no sample: {line}"));
            let (name, labels) = match series.split_once('{') {
                Some((name, rest)) => (name, read_labels(rest)),
                None => (series, Labels::new()),
            };
            samples.0.entry(name.to_owned()).or_default().push((labels, value.parse().unwrap()));
        }
        samples
    }

    /// Names of the families that have samples.
    pub(crate) fn families(&self) -> BTreeSet<&str> {
        self.0.keys().map(String::as_str).collect()
    }

    /// The samples of a family.
    pub(crate) fn of(&self, family: &str) -> &[(Labels, f64)] {
        self.0.get(family).map_or(&[], Vec::as_slice)
    }

    /// The samples of a family that have all these labels.
    pub(crate) fn having<'s>(
        &'s self,
        family: &str,
        labels: &'s [(&'s str, &'s str)],
    ) -> impl Iterator<Item = &'s (Labels, f64)> + 's {
        let fits = |of: &Labels| labels.iter().all(|(name, value)| of.get(*name).map(String::as_str) == Some(*value));
        self.of(family).iter().filter(move |(of, _)| fits(of))
    }

    /// The sum of the samples of a family that have all these labels.
    pub(crate) fn sum(&self, family: &str, labels: &[(&str, &str)]) -> f64 {
        self.having(family, labels).map(|(_, value)| value).sum()
    }

    /// The one sample of a family that has all these labels; none if there is no such sample.
    pub(crate) fn value(&self, family: &str, labels: &[(&str, &str)]) -> Option<f64> {
        let mut fitting = self.having(family, labels).map(|(_, value)| *value);
        let value = fitting.next();
        assert!(fitting.next().is_none(), "several samples of {family} have {labels:?}");
        value
    }

    /// Every family is in the catalogue and has exactly its labels; no series stands twice; every value is a number.
    pub(crate) fn check_against_catalogue(&self) {
        for (family, samples) in &self.0 {
            let metric = metrics::find(family).unwrap_or_else(|| panic!("{family} is not in the catalogue"));
            let expected: BTreeSet<&str> = metric.labels().into_iter().collect();
            let mut seen = BTreeSet::new();
            for (labels, value) in samples {
                let names: BTreeSet<&str> = labels.keys().map(String::as_str).collect();
                assert_eq!(names, expected, "labels of {family}");
                assert!(value.is_finite(), "{family} {labels:?} is {value}");
                assert!(seen.insert(labels), "{family} {labels:?} stands twice");
            }
        }
    }
}

/// Reads what stands between the braces, with the closing one.
fn read_labels(text: &str) -> Labels {
    let mut labels = Labels::new();
    let mut rest = text;
    while rest != "}" {
        let (name, quoted) = rest.trim_start_matches(',').split_once("=\"").unwrap();
        let mut value = String::new();
        let mut characters = quoted.char_indices();
        let end = loop {
            match characters.next().unwrap() {
                (at, '"') => break at,
                (_, '\\') => value.push(match characters.next().unwrap().1 {
                    'n' => '\n',
                    other => other,
                }),
                (_, other) => value.push(other),
            }
        };
        assert!(labels.insert(name.to_owned(), value).is_none(), "label {name} stands twice in {text}");
        rest = &quoted[end + 1..];
    }
    labels
}

/// Whether two figures are equal but for the rounding of binary fractions.
pub(crate) fn close(left: f64, right: f64) -> bool {
    (left - right).abs() <= 1e-9 * left.abs().max(right.abs()).max(1.0)
}
