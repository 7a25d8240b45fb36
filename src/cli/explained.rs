//! An explanation, for a terminal.

use std::fmt::Write as _;

use crate::app::{Explained, ExplainedRecord};
use crate::domain::Timestamp;
use crate::reports::{Part, RecordLine};

/// The figure, its bounds, and every record behind it.
pub(super) fn text(explained: &Explained) -> String {
    let explanation = &explained.explanation;
    let mut text = String::new();
    let labels: Vec<String> = explanation.labels.iter().map(|(label, value)| format!("{label}={value:?}")).collect();
    let value = explanation.value.map_or("absent".to_owned(), |value| value.to_string());
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{}{{{}}} = {value}", explanation.metric.name, labels.join(","));
    let _ = writeln!(text, "{}", explanation.metric.help);
    let _ = writeln!(text, "as of {}", explained.at);
    if let Some(span) = explanation.bounds {
        let _ = writeln!(text, "from {} to {}", span.start, Timestamp(span.end.0 - 1));
    }
    for (part, records) in explanation.parts.iter().zip(&explained.records) {
        let _ = write!(text, "\n{}: {}", part.name, counted(part.records.len()));
        let _ = match part.total {
            Some(total) => writeln!(text, ", together {total}"),
            None => writeln!(text),
        };
        text.push_str(&table(part, records));
    }
    text
}

fn counted(count: usize) -> String {
    match count {
        1 => "1 record".to_owned(),
        count => format!("{count} records"),
    }
}

fn table(part: &Part, records: &[ExplainedRecord]) -> String {
    let rows: Vec<[String; 4]> = part.records.iter().zip(records).map(|(line, record)| row(line, record)).collect();
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths = [width(0), width(1), width(2)];
    let mut text = String::new();
    for row in &rows {
        let [at, amount, id, url] = row;
        let line = format!("  {at:<0$}  {amount:>1$}  {id:<2$}  {url}", widths[0], widths[1], widths[2]);
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

fn row(line: &RecordLine, record: &ExplainedRecord) -> [String; 4] {
    [
        line.at.map_or("-".to_owned(), |at| at.to_string()),
        line.amount.to_string(),
        format!("{} {} {}", record.source, line.object, record.id),
        record.url.clone().unwrap_or_default(),
    ]
}
