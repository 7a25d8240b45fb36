//! An explanation, for a terminal.

use std::fmt::Write as _;

use crate::domain::Timestamp;
use crate::reports::{Answer, AnswerPart, AnswerRecord, Records};

/// The figure, its bounds, what it is made of, and what was left out.
pub(super) fn text(answer: &Answer) -> String {
    let mut text = String::new();
    let value = answer.value.map_or("absent".to_owned(), |value| figure(&answer.series, value));
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{} = {value}", answer.series);
    if let Some(remark) = &answer.remark {
        let _ = writeln!(text, "  {remark}");
    }
    let _ = writeln!(text, "{}", answer.help);
    let _ = writeln!(text, "as of {}", answer.at);
    if let (Some(from), Some(to)) = (&answer.from, &answer.to) {
        let _ = writeln!(text, "from {from} to {to}");
    }
    text.push_str(&formula(&answer.parts));
    answer.parts.iter().for_each(|part| text.push_str(&of_part(part)));
    text
}

/// How the parts are joined, where there are several.
fn formula(parts: &[AnswerPart]) -> String {
    let entering: Vec<&AnswerPart> = parts.iter().filter(|part| part.role != "beside").collect();
    if entering.len() < 2 {
        return String::new();
    }
    let rows = entering.iter().enumerate().map(|(place, part)| {
        let sign = match (place, part.role.as_str()) {
            (0, _) => "",
            (_, "by") => "/",
            (_, "less") => "-",
            (_, _) => "x",
        };
        vec![sign.to_owned(), part.name.clone(), value(part)]
    });
    format!("\n{}", table(rows.collect(), "  ", &[]))
}

fn value(part: &AnswerPart) -> String {
    part.value.map_or("-".to_owned(), |value| value.to_string())
}

fn of_part(part: &AnswerPart) -> String {
    let mut text = format!("\n{}: ", part.name);
    let _ = match (&part.records, part.value) {
        (Some(records), Some(value)) => writeln!(text, "{}, {value}", counted(records.count)),
        (Some(records), None) => writeln!(text, "{}", counted(records.count)),
        (None, Some(value)) => writeln!(text, "{value}"),
        (None, None) => {
            text.truncate(text.trim_end_matches([' ', ':']).len());
            writeln!(text)
        }
    };
    let steps = part.steps.iter().map(|(what, is)| vec![what.clone(), is.clone()]).collect();
    text.push_str(&table(steps, "  ", &[]));
    if let Some(records) = &part.records {
        text.push_str(&of_records(records, "  ", true));
    }
    for omitted in &part.left_out {
        let _ = writeln!(text, "  left out, {}: {}", counted(omitted.records.count), omitted.why);
        text.push_str(&of_records(&omitted.records, "    ", false));
    }
    text
}

fn counted(count: usize) -> String {
    match count {
        1 => "1 record".to_owned(),
        count => format!("{count} records"),
    }
}

/// The records listed, and how many are not.
fn of_records(records: &Records, indent: &str, with_amount: bool) -> String {
    let row = |record: &AnswerRecord| {
        let amount = with_amount.then(|| record.amount.to_string());
        let rest = [
            format!("{} {} {}", record.source, record.object, record.id),
            format!("{} / {}", record.team, record.rep),
            record.url.clone().unwrap_or_default(),
        ];
        let at = record.at.clone().unwrap_or_else(|| "-".to_owned());
        [at].into_iter().chain(amount).chain(rest).collect()
    };
    let mut text = table(records.newest.iter().map(row).collect(), indent, if with_amount { &[1] } else { &[] });
    let more = records.count - records.newest.len();
    if more > 0 {
        let _ = writeln!(text, "{indent}and {more} older: --limit lists more");
    }
    text
}

/// Rows of aligned columns; `right` are those that are aligned at their ends.
fn table(rows: Vec<Vec<String>>, indent: &str, right: &[usize]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| rows.iter().filter_map(|row| Some(row.get(column)?.chars().count())).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut text = String::new();
    for row in &rows {
        let cells = row.iter().enumerate().map(|(column, cell)| match right.contains(&column) {
            true => format!("{cell:>0$}", widths[column]),
            false => format!("{cell:<0$}", widths[column]),
        });
        let line = format!("{indent}{}", cells.collect::<Vec<_>>().join("  "));
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// A figure, and what it means where its unit is hard to read.
fn figure(series: &str, value: f64) -> String {
    let name = series.split('{').next().unwrap_or_default();
    if name.ends_with("_timestamp_seconds") {
        return format!("{value} ({})", Timestamp((value * 1000.0) as i64));
    }
    if name.ends_with("_seconds") && value >= 60.0 {
        let minutes = value as u64 / 60;
        return format!("{value} ({}d {}h {}m)", minutes / 1440, minutes / 60 % 24, minutes % 60);
    }
    value.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_told_as_people_read_them() {
        assert_eq!(figure("crm_win_ratio{}", 0.25), "0.25");
        assert_eq!(figure("crm_period_end_timestamp_seconds", 0.0), "0 (1970-01-01T00:00:00Z)");
        assert_eq!(figure("crm_sales_cycle_seconds{stat=\"mean\"}", 90061.5), "90061.5 (1d 1h 1m)");
        assert_eq!(figure("crm_sales_cycle_seconds", 0.0), "0");
    }

    #[test]
    fn parts_are_aligned_and_say_what_is_not_listed() {
        let record = |id: &str, amount| AnswerRecord {
            object: "deals".into(),
            source: "crm".into(),
            id: id.into(),
            url: (id == "7").then(|| "https://crm/7".into()),
            at: (id == "7").then(|| "2026-01-01T00:00:00Z".into()),
            team: "East".into(),
            rep: "Ana".into(),
            amount,
        };
        let part = |role: &str, name: &str, value, records| AnswerPart {
            role: role.into(),
            name: name.into(),
            value,
            steps: vec![],
            records,
            left_out: vec![],
        };
        let mut over = part("times", "numerator", Some(2.0), None);
        over.records = Some(Records { count: 5, newest: vec![record("7", 10.5), record("12", 1.0)] });
        let why = "without an amount".to_owned();
        let omitted = Records { count: 1, newest: vec![record("3", 0.0)] };
        over.left_out = vec![crate::reports::Omitted { why, records: omitted }];
        let mut under = part("by", "all", Some(4.0), None);
        under.steps = vec![("a".into(), "1".into()), ("long".into(), "3".into())];
        let answer = Answer {
            series: "crm_x{rep=\"Ana\"}".into(),
            help: "What it is.".into(),
            value: Some(0.5),
            remark: None,
            at: "2026-02-01T00:00:00Z".into(),
            from: None,
            to: None,
            parts: vec![over, under],
        };
        let expected = "\
crm_x{rep=\"Ana\"} = 0.5
What it is.
as of 2026-02-01T00:00:00Z

     numerator  2
  /  all        4

numerator: 5 records, 2
  2026-01-01T00:00:00Z  10.5  crm deals 7   East / Ana  https://crm/7
  -                        1  crm deals 12  East / Ana
  and 3 older: --limit lists more
  left out, 1 record: without an amount
    -  crm deals 3  East / Ana

all: 4
  a     1
  long  3
";
        assert_eq!(text(&answer), expected);
    }
}
