//! The review as Markdown: for a wiki, a merge request, a mail.

use std::fmt::{self, Display, Write as _};

use super::findings::{about, course, each, findings, tie};
use super::words::{self, percent, share_of};
use super::{Asked, Review, Reviewed};

/// The whole text.
pub fn markdown(review: &Review) -> String {
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = write!(
        text,
        "# Review of the metrics\n\n{} to {}, {} months; records as of {}. Values are in {}.\n\n",
        words::day(review.first),
        words::day(review.last),
        review.months.len(),
        words::instant(review.at),
        review.currency
    );
    text += "| Metric | Verdict | Met | Course | Moves results |\n| --- | --- | ---: | --- | --- |\n";
    for subject in &review.subjects {
        let met = subject.met.map_or(String::new(), |(met, all)| percent(met as f64 / all as f64));
        let _ = writeln!(
            text,
            "| {} | {} | {met} | {} | {} |",
            Plain(&subject.title),
            subject.verdict.text(),
            course(review, subject),
            tie(subject)
        );
    }
    for subject in &review.subjects {
        section(&mut text, review, subject);
    }
    text
}

fn section(text: &mut String, review: &Review, subject: &Reviewed) {
    let _ = write!(text, "\n## {}: {}\n\n", Plain(&subject.title), subject.verdict.text());
    let selector = subject.selector.replace('`', "'");
    let _ = write!(text, "`{selector}`{}\n\n{}\n\n", Plain(about(subject)), Plain(&subject.reason));
    for (term, value) in findings(subject) {
        let _ = writeln!(text, "- {term}: {}", Plain(value));
    }
    months(text, review, subject);
    spread(text, subject);
    for (asked, heading) in [(Asked::Reps, "Ask reps"), (Asked::Managers, "Ask managers")] {
        let own: Vec<_> = subject.questions.iter().filter(|question| question.asked == asked).collect();
        if !own.is_empty() {
            let _ = write!(text, "\n{heading}:\n\n");
            own.iter().for_each(|question| {
                let _ = writeln!(text, "- {}", Plain(&question.text));
            });
        }
    }
    if !subject.coached.is_empty() {
        text.push_str("\nWho could gain most:\n\n| Rep | Team | Met | Figure |\n| --- | --- | ---: | ---: |\n");
        for rep in &subject.coached {
            let figure = rep.figure.map_or(String::new(), |figure| subject.scale.figure(figure));
            let _ = writeln!(text, "| {} | {} | {} | {figure} |", Plain(&rep.rep), Plain(&rep.team), share_of(rep.met));
        }
    }
}

/// Months with anything to tell.
fn months(text: &mut String, review: &Review, subject: &Reviewed) {
    let known =
        review.months.iter().zip(&subject.months).filter(|(_, month)| month.figure.is_some() || month.met.is_some());
    let known: Vec<_> = known.collect();
    if known.is_empty() {
        return;
    }
    let _ = writeln!(
        text,
        "\n| Month | Met | Figure {} | Lower quartile | Median | Upper quartile |\n| --- | ---: | ---: | ---: | ---: | ---: |",
        subject.scale.per()
    );
    for (first, month) in known {
        let met = month.met.map_or(String::new(), share_of);
        let figure = month.figure.map_or(String::new(), |figure| subject.scale.figure(figure));
        let quartiles = month.quartiles.map(|quartiles| quartiles.map(|value| subject.scale.figure(value)));
        let [low, middle, high] = quartiles.unwrap_or_default();
        let _ = writeln!(text, "| {} | {met} | {figure} | {low} | {middle} | {high} |", words::month(*first));
    }
}

fn spread(text: &mut String, subject: &Reviewed) {
    if subject.spread.is_empty() {
        return;
    }
    let _ = writeln!(
        text,
        "\n| Role | Reps | Lower quartile {} | Median | Upper quartile |\n| --- | ---: | ---: | ---: | ---: |",
        each(subject)
    );
    for spread in &subject.spread {
        let [low, middle, high] = spread.quartiles.map(|value| subject.scale.figure(value));
        let _ = writeln!(text, "| {} | {} | {low} | {middle} | {high} |", Plain(&spread.role), spread.reps);
    }
}

/// Text that Markdown and the HTML in it leave as it is, on one line.
struct Plain<T>(T);

impl<T: Display> Display for Plain<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for character in self.0.to_string().chars() {
            match character {
                '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '#' => write!(f, "\\{character}")?,
                control if control.is_control() => f.write_char(' ')?,
                plain => f.write_char(plain)?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_become_markup() {
        assert_eq!(
            Plain("a|b <i> *c*\n_d_ `e` [f](g) #h").to_string(),
            "a\\|b \\<i\\> \\*c\\* \\_d\\_ \\`e\\` \\[f\\](g) \\#h"
        );
    }
}
