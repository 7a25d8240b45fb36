//! Charts as SVG inside the page: no script, no file, colours from the page's style so that they fit light, dark and print.

use std::fmt::Write as _;

use chrono::NaiveDate;

use super::course::Plateau;
use super::words::{self, Scale, percent};
use super::{Month, Tie};
use crate::html::Escaped;

const WIDTH: f64 = 460.0;
const HEIGHT: f64 = 190.0;
/// Left, right, top and bottom of the area that figures are drawn in.
const AREA: [f64; 4] = [52.0, 452.0, 12.0, 162.0];

/// Bars: the share of attempts that were attained, by month.
pub(super) fn met(title: &str, dates: &[NaiveDate], months: &[Month]) -> String {
    let frame = Frame { count: months.len(), low: 0.0, high: 1.0 };
    let mut body = String::new();
    for (share, label) in [(0.0, "0%"), (0.5, "50%"), (1.0, "100%")] {
        body += &frame.line_at(share, label);
    }
    for (place, month) in months.iter().enumerate() {
        let Some((met, all)) = month.met else { continue };
        let share = met as f64 / all as f64;
        let (x, width) = (frame.x(place) - frame.step() * 0.34, frame.step() * 0.68);
        let (top, bottom) = (frame.y(share), frame.y(0.0));
        let hint = format!("{}: {}", words::month(dates[place]), words::share_of((met, all)));
        let _ = writeln!(
            body,
            "<rect class=\"bar\" x=\"{x:.1}\" y=\"{top:.1}\" width=\"{width:.1}\" height=\"{:.1}\"><title>{}</title></rect>",
            (bottom - top).max(0.5),
            Escaped(hint)
        );
        let _ = writeln!(
            body,
            "<text class=\"value\" x=\"{:.1}\" y=\"{:.1}\">{}</text>",
            frame.x(place),
            top - 4.0,
            percent(share).trim_end_matches('%')
        );
    }
    frame.drawn(title, dates, &body)
}

/// A line with the middle half of reps behind it, and the bent line of a plateau over it.
pub(super) fn course(
    title: &str,
    dates: &[NaiveDate],
    months: &[Month],
    scale: Scale,
    plateau: Option<Plateau>,
) -> String {
    let figures = months.iter().filter_map(|month| month.figure);
    let edges = months.iter().filter_map(|month| month.quartiles).flatten();
    let highest = figures.chain(edges).fold(0.0, f64::max);
    let high = rounded_up(highest);
    let frame = Frame { count: months.len(), low: 0.0, high };
    let mut body = String::new();
    for part in [0.0, 0.5, 1.0] {
        body += &frame.line_at(high * part, &scale.figure(high * part));
    }
    body += &band(&frame, months);
    let points = months.iter().enumerate().map(|(place, month)| Some((frame.x(place), frame.y(month.figure?))));
    body += &path("line", &points.collect::<Vec<_>>());
    for (place, figure) in months.iter().enumerate().filter_map(|(place, month)| Some((place, month.figure?))) {
        let hint = format!("{}: {}", words::month(dates[place]), scale.figure(figure));
        let _ = writeln!(
            body,
            "<circle class=\"dot\" cx=\"{:.1}\" cy=\"{:.1}\" r=\"3\"><title>{}</title></circle>",
            frame.x(place),
            frame.y(figure),
            Escaped(hint)
        );
    }
    if let Some(plateau) = plateau {
        body += &bend(&frame, months, plateau);
    }
    frame.drawn(title, dates, &body)
}

/// A correlation with results.
pub(super) struct TieBar {
    /// Of what.
    pub(super) name: String,
    /// From -1 to 1.
    pub(super) correlation: f64,
    /// What it says.
    pub(super) tie: Tie,
}

/// Correlations as bars from a line in the middle.
pub(super) fn ties(title: &str, bars: &[TieBar]) -> String {
    const ROW: f64 = 26.0;
    const MIDDLE: f64 = 620.0;
    const REACH: f64 = 240.0;
    let height = ROW * bars.len() as f64 + 34.0;
    let mut body = String::new();
    for (part, label) in [(-1.0, "-1"), (0.0, "0"), (1.0, "1")] {
        let x = MIDDLE + REACH * part;
        let _ = writeln!(body, "<line class=\"grid\" x1=\"{x}\" x2=\"{x}\" y1=\"4\" y2=\"{:.1}\"/>", height - 26.0);
        let _ = writeln!(body, "<text class=\"month\" x=\"{x}\" y=\"{:.1}\">{label}</text>", height - 8.0);
    }
    for (place, TieBar { name, correlation, tie }) in bars.iter().enumerate() {
        let top = 6.0 + ROW * place as f64;
        let (x, width) = (MIDDLE + REACH * correlation.min(0.0), REACH * correlation.abs());
        let class = match tie {
            Tie::Helps | Tie::Hurts => "bar",
            Tie::GoesAlong => "bar along",
            Tie::IsResult | Tie::NotFound | Tie::Untested => "bar weak",
        };
        let _ = writeln!(
            body,
            "<text class=\"name\" x=\"350\" y=\"{:.1}\">{}</text>",
            top + 14.0,
            Escaped(shortened(name))
        );
        let _ =
            writeln!(body, "<rect class=\"{class}\" x=\"{x:.1}\" y=\"{top:.1}\" width=\"{width:.1}\" height=\"18\"/>");
        let (at, anchor) = if *correlation < 0.0 { (x - 6.0, "end") } else { (x + width + 6.0, "start") };
        let _ = writeln!(
            body,
            "<text class=\"tie\" text-anchor=\"{anchor}\" x=\"{at:.1}\" y=\"{:.1}\">{correlation:+.2}</text>",
            top + 14.0
        );
    }
    svg(title, 920.0, height, &body)
}

fn shortened(name: &str) -> String {
    const LONGEST: usize = 42;
    if name.chars().count() <= LONGEST {
        name.to_owned()
    } else {
        name.chars().take(LONGEST - 1).chain(['…']).collect()
    }
}

/// The area of a chart by month.
struct Frame {
    count: usize,
    low: f64,
    high: f64,
}

impl Frame {
    fn step(&self) -> f64 {
        (AREA[1] - AREA[0]) / self.count.max(1) as f64
    }

    fn x(&self, place: usize) -> f64 {
        AREA[0] + self.step() * (place as f64 + 0.5)
    }

    fn y(&self, figure: f64) -> f64 {
        let share = ((figure - self.low) / (self.high - self.low)).clamp(0.0, 1.0);
        AREA[3] - (AREA[3] - AREA[2]) * share
    }

    fn line_at(&self, figure: f64, label: &str) -> String {
        let y = self.y(figure);
        format!(
            "<line class=\"grid\" x1=\"{}\" x2=\"{}\" y1=\"{y:.1}\" y2=\"{y:.1}\"/>\n<text class=\"axis\" x=\"{}\" y=\"{:.1}\">{}</text>\n",
            AREA[0],
            AREA[1],
            AREA[0] - 6.0,
            y + 4.0,
            Escaped(label)
        )
    }

    /// The whole chart: the months below, the year where it begins.
    fn drawn(&self, title: &str, dates: &[NaiveDate], body: &str) -> String {
        let mut body = body.to_owned();
        let every = dates.len().div_ceil(14).max(1);
        for (place, date) in dates.iter().enumerate().filter(|(place, _)| place % every == 0) {
            let is_new_year = place == 0 || date.format("%b").to_string() == "Jan";
            let x = self.x(place);
            let _ = writeln!(body, "<text class=\"month\" x=\"{x:.1}\" y=\"176\">{}</text>", date.format("%b"));
            if is_new_year {
                let _ = writeln!(body, "<text class=\"month\" x=\"{x:.1}\" y=\"188\">{}</text>", date.format("%Y"));
            }
        }
        svg(title, WIDTH, HEIGHT, &body)
    }
}

fn svg(title: &str, width: f64, height: f64, body: &str) -> String {
    let title = Escaped(title);
    format!("<svg role=\"img\" viewBox=\"0 0 {width} {height}\" aria-label=\"{title}\">\n{body}</svg>\n")
}

/// The area between the lower and the upper quartile, in pieces where months are missing.
fn band(frame: &Frame, months: &[Month]) -> String {
    let mut text = String::new();
    let known: Vec<Option<(f64, [f64; 3])>> =
        months.iter().enumerate().map(|(place, month)| Some((frame.x(place), month.quartiles?))).collect();
    for piece in known.split(Option::is_none).filter(|piece| piece.len() > 1) {
        let upper = piece.iter().flatten().map(|(x, quartiles)| format!("{x:.1},{:.1}", frame.y(quartiles[2])));
        let lower = piece.iter().flatten().rev().map(|(x, quartiles)| format!("{x:.1},{:.1}", frame.y(quartiles[0])));
        let _ =
            writeln!(text, "<polygon class=\"band\" points=\"{}\"/>", upper.chain(lower).collect::<Vec<_>>().join(" "));
    }
    text
}

fn path(class: &str, points: &[Option<(f64, f64)>]) -> String {
    let mut text = String::new();
    for piece in points.split(Option::is_none).filter(|piece| piece.len() > 1) {
        let piece: Vec<String> = piece.iter().flatten().map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
        let _ = writeln!(text, "<polyline class=\"{class}\" points=\"{}\"/>", piece.join(" "));
    }
    text
}

/// The bent line of a plateau, from the first month with a figure to the last.
fn bend(frame: &Frame, months: &[Month], plateau: Plateau) -> String {
    let known = |month: &Month| month.figure.is_some();
    let (Some(first), Some(last)) = (months.iter().position(known), months.iter().rposition(known)) else {
        return String::new();
    };
    let turn = plateau.turn as usize;
    let corner = |place: usize, figure: f64| Some((frame.x(place), frame.y(figure)));
    path("bend", &[corner(first, plateau.from), corner(turn, plateau.level), corner(last, plateau.level)])
}

/// The next 1, 2, 4, 5, 6 or 8 times a power of ten.
fn rounded_up(value: f64) -> f64 {
    if value <= 0.0 {
        return 1.0;
    }
    let power = 10_f64.powf(value.log10().floor());
    let steps = [1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0];
    steps.into_iter().map(|step| step * power).find(|step| *step >= value).unwrap_or(10.0 * power)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_end_at_round_figures() {
        for (value, end) in [(0.0, 1.0), (1.0, 1.0), (1.01, 1.2), (9.1, 10.0), (0.034, 0.04), (2_600.0, 3_000.0)] {
            assert!((rounded_up(value) - end).abs() < 1e-9, "{value}: {}", rounded_up(value));
        }
    }

    #[test]
    fn lines_and_bands_break_where_a_month_is_missing() {
        let month = |figure: Option<f64>| Month {
            figure,
            quartiles: figure.map(|figure| [figure, figure, figure + 1.0]),
            met: None,
        };
        let months = [Some(1.0), Some(2.0), None, Some(3.0), Some(2.0)].map(month);
        let dates: Vec<NaiveDate> = (1..6).filter_map(|month| NaiveDate::from_ymd_opt(2026, month, 1)).collect();
        let scale = Scale { kind: super::super::words::Kind::Count, period: None };
        let text = course("a < b", &dates, &months, scale, None);
        assert_eq!([text.matches("<polyline").count(), text.matches("<polygon").count()], [2, 2], "{text}");
        assert_eq!(text.matches("<circle").count(), 4);
        assert!(text.contains("aria-label=\"a &lt; b\"") && !text.contains("<title>Mar 2026"), "{text}");
    }
}
