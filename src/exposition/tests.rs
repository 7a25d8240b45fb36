//! What others read in the text: a parser of the format, the crate `prometheus`, and promtool.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::process::{Command, Stdio};

use prometheus::{Encoder as _, GaugeVec, Opts, Registry, TextEncoder};
use proptest::prelude::*;

use super::{Encoder, Labels};

/// Labels by name; sorted, as their order means nothing.
type Series = (String, BTreeMap<String, String>);

/// What a text says: help and type by family, value by series.
#[derive(Debug, Default, PartialEq)]
struct Meaning {
    families: BTreeMap<String, (String, String)>,
    samples: BTreeMap<Series, f64>,
}

impl Meaning {
    /// Reads what the format allows, as <https://prometheus.io/docs/instrumenting/exposition_formats/> has it.
    fn of(text: &[u8]) -> Meaning {
        let text = std::str::from_utf8(text).unwrap();
        assert!(text.is_empty() || text.ends_with('\n'));
        let mut meaning = Meaning::default();
        for line in text.split_terminator('\n') {
            if let Some(rest) = line.strip_prefix("# HELP ") {
                let (name, help) = rest.split_once(' ').unwrap();
                meaning.families.entry(name.to_owned()).or_default().0 = unescaped(help);
            } else if let Some(rest) = line.strip_prefix("# TYPE ") {
                let (name, kind) = rest.split_once(' ').unwrap();
                meaning.families.entry(name.to_owned()).or_default().1 = kind.to_owned();
            } else {
                let (series, value) = sample(line);
                assert_eq!(meaning.samples.insert(series, value), None, "twice: {line}");
            }
        }
        meaning
    }
}

/// A line of name, labels and value.
fn sample(line: &str) -> (Series, f64) {
    let end = line.find([' ', '{']).unwrap();
    let (name, mut rest) = line.split_at(end);
    let mut labels = BTreeMap::new();
    if let Some(inside) = rest.strip_prefix('{') {
        rest = inside;
        while !rest.starts_with('}') {
            let (label, after) = rest.split_once("=\"").unwrap();
            let close = closing_quote(after);
            assert_eq!(labels.insert(label.to_owned(), unescaped(&after[..close])), None, "{label} twice");
            rest = &after[close + 1..];
            rest = rest.strip_prefix(',').unwrap_or(rest);
        }
        rest = &rest[1..];
    }
    ((name.to_owned(), labels), rest.strip_prefix(' ').unwrap().parse().unwrap())
}

fn closing_quote(text: &str) -> usize {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'"' if !escaped => return at,
            _ => escaped = byte == b'\\' && !escaped,
        }
    }
    panic!("no closing quote in {text}")
}

fn unescaped(text: &str) -> String {
    let mut out = String::new();
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        out.push(match character {
            '\\' => match characters.next() {
                Some('n') => '\n',
                Some(known @ ('\\' | '"')) => known,
                other => panic!("escape of {other:?} in {text}"),
            },
            plain => plain,
        });
    }
    out
}

/// Name, help, and samples of labels and value.
type Family<'a> = (&'a str, &'a str, Vec<(Vec<(&'a str, &'a str)>, f64)>);

/// The crate's text of the same families.
fn by_the_crate(families: &[Family<'_>]) -> Vec<u8> {
    let registry = Registry::new();
    for (name, help, samples) in families {
        let names: Vec<&str> = samples[0].0.iter().map(|(label, _)| *label).collect();
        let gauge = GaugeVec::new(Opts::new(*name, *help), &names).unwrap();
        for (labels, value) in samples {
            let values: Vec<&str> = labels.iter().map(|(_, value)| *value).collect();
            gauge.with_label_values(&values).set(*value);
        }
        registry.register(Box::new(gauge)).unwrap();
    }
    let mut text = Vec::new();
    TextEncoder::new().encode(&registry.gather(), &mut text).unwrap();
    text
}

const NASTY: [&str; 8] = ["", " ", "\"", "\\", "\\n", "a\nb\r\n\"c\"\\", "Zoë 🏆 {x=\"y\"},", "\u{0}\u{7f}\u{2028}"];

#[test]
fn the_crate_says_the_same() {
    let nasty = NASTY.iter().map(|value| (vec![("rep", *value), ("team", "EMEA")], 1.5)).collect();
    let numbers = [0.0, 1.0, -2.5, 1e-9, 1e22, 10_005_534.0, f64::INFINITY, f64::NEG_INFINITY];
    let names: Vec<String> = (0..numbers.len()).map(|n| n.to_string()).collect();
    let numbers = names.iter().zip(numbers).map(|(name, value)| (vec![("n", name.as_str())], value)).collect();
    let families = [
        ("crm_activities", "Help with \\ and\na new line, \"quoted\".", nasty),
        ("crm_numbers", "Numbers.", numbers),
        ("crm_plain", "No labels.", vec![(vec![], 3.0)]),
    ];
    let mut encoder = Encoder::default();
    for (name, help, samples) in &families {
        encoder.family(name, help);
        for (labels, value) in samples {
            encoder.sample(labels, *value);
        }
    }
    let ours = Meaning::of(&encoder.finish());
    assert_eq!((ours.families.len(), ours.samples.len()), (3, NASTY.len() + names.len() + 1));
    assert_eq!(ours, Meaning::of(&by_the_crate(&families)));
}

#[test]
fn promtool_finds_no_fault() {
    let mut encoder = Encoder::default();
    encoder.family("crm_open_deals_value", "Value of open deals now,\nin the \\ reporting currency.");
    for value in NASTY {
        encoder.sample(&[("rep", value), ("stage", "Won \"big\"")], 1e300);
    }
    encoder.family("crm_empty", "Left out.");
    encoder.family("crm_reporting_currency_info", "The reporting currency.");
    encoder.sample(&[("currency", "USD")], 1.0);

    let child =
        Command::new("promtool").args(["check", "metrics"]).stdin(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let Ok(mut child) = child else {
        println!("skipped: no promtool");
        return;
    };
    child.stdin.take().unwrap().write_all(&encoder.finish()).unwrap();
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success() && said.is_empty(), "{said}");
}

/// Text in which what must be escaped, or looks as if, is frequent.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        prop::sample::select(vec!["\\", "\"", "\n", "n", "}", "{", ",", "=", " ", "#", "\r"]).prop_map(str::to_owned),
        any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn any_text_comes_back(help in text(), shared in text(), values in prop::collection::btree_set(text(), 1..6)) {
        let mut encoder = Encoder::default();
        encoder.family("crm_figure", &help);
        let mut labels = Labels::default();
        labels.push("team", &shared);
        let team = labels.mark();
        for (n, value) in values.iter().enumerate() {
            labels.truncate(team);
            labels.push("rep", value);
            encoder.sample_with(&labels, n as f64);
        }
        prop_assert_eq!(encoder.series(), values.len());

        let meaning = Meaning::of(&encoder.finish());
        prop_assert_eq!(&meaning.families["crm_figure"], &(help, "gauge".to_owned()));
        let expected: BTreeMap<Series, f64> = values.into_iter().enumerate().map(|(n, value)| {
            let labels = [("team", shared.clone()), ("rep", value)].map(|(name, value)| (name.to_owned(), value));
            (("crm_figure".to_owned(), labels.into()), n as f64)
        }).collect();
        prop_assert_eq!(meaning.samples, expected);
    }
}
