//! `forecast backtest` as tables, for a terminal and for Markdown alike.

use crate::reports::{Backtest, Replayed};

/// What stands over each column.
const HEADS: [&str; 12] = [
    "forecasts",
    "held",
    "below",
    "above",
    "error",
    "of last quarter",
    "of stage x value",
    "created later",
    "whole: error",
    "of last quarter",
    "of stage x value",
    "interval",
];

/// The tables.
pub(super) fn text(backtest: &Backtest) -> String {
    let parts = [
        ("everybody and teams", &backtest.scopes),
        ("everybody, by what was left of the quarter", &backtest.distances),
        ("everybody, by quarter", &backtest.quarters),
    ];
    let tables: Vec<String> = parts.iter().map(|(head, rows)| table(head, rows)).collect();
    tables.join("\n")
}

fn table(head: &str, rows: &[Replayed]) -> String {
    let heads = [head].into_iter().chain(HEADS).map(str::to_owned).collect();
    let lines: Vec<Vec<String>> = std::iter::once(heads).chain(rows.iter().map(cells)).collect();
    let width = |column: usize| lines.iter().map(|line| line[column].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..=HEADS.len()).map(width).collect();
    let mut text = String::new();
    for (number, line) in lines.iter().enumerate() {
        let padded = line.iter().zip(&widths).enumerate().map(|(column, (cell, width))| match column {
            0 => format!(" {cell:<width$} |"),
            _ => format!(" {cell:>width$} |"),
        });
        text.push('|');
        text.extend(padded);
        text.push('\n');
        if number == 0 {
            let rules = widths.iter().enumerate().map(|(column, width)| match column {
                0 => format!(" {} |", "-".repeat(*width)),
                _ => format!(" {}: |", "-".repeat(width - 1)),
            });
            text.push('|');
            text.extend(rules);
            text.push('\n');
        }
    }
    text
}

fn cells(row: &Replayed) -> Vec<String> {
    let percent = |share: f64| format!("{:.1}%", share * 100.0);
    vec![
        row.of.clone(),
        row.forecasts.to_string(),
        percent(row.held),
        percent(row.below),
        percent(row.above),
        percent(row.error),
        percent(row.error_last_quarter),
        percent(row.error_stage_probability),
        percent(row.created_later),
        percent(row.whole_error),
        percent(row.whole_error_last_quarter),
        percent(row.whole_error_stage_probability),
        percent(row.width),
    ]
}
