//! The review as one page of HTML that needs nothing else: no script, no file from anywhere.

use std::fmt::Write as _;

use super::chart::TieBar;
use super::findings::{about, course, each, findings, tie};
use super::words::{self, percent, share_of};
use super::{Asked, Review, Reviewed, Verdict, chart};
use crate::html::Escaped;

const STYLE: &str = include_str!("page.css");
/// Nothing is loaded from anywhere, and no script runs, whatever a name may hold.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/// The whole page.
pub fn page(review: &Review) -> String {
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = writeln!(
        text,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>Review of the metrics, {first} to {last}</title>\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n<style>\n{STYLE}</style>\n</head>\n<body>\n\
         <header>\n<h1>Review of the metrics</h1>\n<p>{first} to {last}, {months} months; records as of {at}. Values are in {currency}.</p>\n</header>\n<main>",
        first = words::day(review.first),
        last = words::day(review.last),
        months = review.months.len(),
        at = words::instant(review.at),
        currency = Escaped(&review.currency),
    );
    text += &overview(review);
    text += &ties(review);
    for subject in &review.subjects {
        text += &section(review, subject);
    }
    text += METHOD;
    text += "</main>\n</body>\n</html>\n";
    text
}

/// A row a subject.
fn overview(review: &Review) -> String {
    let mut text = String::from(
        "<section>\n<h2>At a glance</h2>\n<table class=\"overview\">\n<thead><tr><th>Metric</th><th>Verdict</th><th class=\"n\">Met</th>\
         <th>Course</th><th>Moves results</th></tr></thead>\n<tbody>\n",
    );
    for (place, subject) in review.subjects.iter().enumerate() {
        if review.subjects.get(place.wrapping_sub(1)).is_some_and(|before| before.goal.is_some())
            && subject.goal.is_none()
        {
            text += "<tr class=\"divider\"><th colspan=\"5\">Activities without a goal</th></tr>\n";
        }
        let met = subject.met.map_or(String::new(), |(met, all)| percent(met as f64 / all as f64));
        let _ = writeln!(
            text,
            "<tr><td><a href=\"#{}\">{}</a></td><td>{}</td><td class=\"n\">{met}</td><td>{}</td><td>{}</td></tr>",
            anchor(review, subject),
            Escaped(&subject.title),
            badge(subject.verdict),
            course(review, subject),
            tie(subject),
        );
    }
    text += "</tbody>\n</table>\n</section>\n";
    text
}

/// The correlations that were looked at, strongest first.
fn ties(review: &Review) -> String {
    let bar = |subject: &Reviewed| {
        let correlation = subject.relation?.correlation;
        Some(TieBar { name: subject.title.clone(), correlation, tie: subject.tie })
    };
    let mut bars: Vec<TieBar> = review.subjects.iter().filter_map(bar).collect();
    bars.sort_by(|one, other| other.correlation.total_cmp(&one.correlation));
    if bars.is_empty() {
        return String::new();
    }
    format!(
        "<section class=\"keep\">\n<h2>What goes with results</h2>\n<p>Rank correlation with the {} of the same reps, among colleagues of \
         one role in one month, at the lag at which it is strongest. Full bars come before the results; lighter ones go along with them in the \
         same month; grey ones are no more than chance. {} reps have results.</p>\n{}</section>\n",
        review.results.join(" or the "),
        review.people_with_results,
        chart::ties("Rank correlations with results", &bars)
    )
}

fn section(review: &Review, subject: &Reviewed) -> String {
    let mut text = String::new();
    let _ = writeln!(
        text,
        "<section class=\"subject\" id=\"{}\">\n<div class=\"head\">\n<h2>{} {}</h2>\n<p class=\"selector\"><code>{}</code>{}</p>\n\
         <p class=\"reason\">{}</p>\n</div>",
        anchor(review, subject),
        Escaped(&subject.title),
        badge(subject.verdict),
        Escaped(&subject.selector),
        Escaped(about(subject)),
        Escaped(&subject.reason)
    );
    text += &charts(review, subject);
    text += "<div class=\"facts\">\n";
    text += &facts(subject);
    text += &spread(subject);
    text += "</div>\n";
    text += &questions(subject);
    text += &coached(subject);
    text += "</section>\n";
    text
}

fn charts(review: &Review, subject: &Reviewed) -> String {
    let mut text = String::from("<div class=\"charts\">\n");
    if subject.met.is_some() {
        let caption = "Share of reps' targets that were met, by month, in %";
        let drawn = chart::met(&format!("{}: {caption}", subject.title), &review.months, &subject.months);
        let _ = writeln!(text, "<figure>\n<figcaption>{caption}</figcaption>\n{drawn}</figure>");
    }
    if subject.months.iter().any(|month| month.figure.is_some()) {
        let caption = format!("Figure {}; band: middle half of reps", subject.scale.per());
        let title = format!("{}: {caption}", subject.title);
        let drawn = chart::course(&title, &review.months, &subject.months, subject.scale, subject.plateau);
        let bent = if subject.plateau.is_some() { "; dashed: plateau" } else { "" };
        let _ = writeln!(text, "<figure>\n<figcaption>{}{bent}</figcaption>\n{drawn}</figure>", Escaped(caption));
    }
    text += "</div>\n";
    text
}

/// Findings as a list of terms.
fn facts(subject: &Reviewed) -> String {
    let mut text = String::from("<dl>\n");
    let mut fact = |term: &str, value: String| {
        let _ = writeln!(text, "<div><dt>{term}</dt><dd>{}</dd></div>", Escaped(value));
    };
    for (term, value) in findings(subject) {
        fact(term, value);
    }
    text += "</dl>\n";
    text
}

fn spread(subject: &Reviewed) -> String {
    if subject.spread.is_empty() {
        return String::new();
    }
    let mut text = format!(
        "<table class=\"spread\">\n<caption>Reps by role, {}</caption>\n<thead><tr><th>Role</th><th class=\"n\">Reps</th><th class=\"n\">Lower quartile</th>\
         <th class=\"n\">Median</th><th class=\"n\">Upper quartile</th></tr></thead>\n<tbody>\n",
        Escaped(each(subject))
    );
    for spread in &subject.spread {
        let _ = write!(text, "<tr><td>{}</td><td class=\"n\">{}</td>", Escaped(&spread.role), spread.reps);
        for quartile in spread.quartiles {
            let _ = write!(text, "<td class=\"n\">{}</td>", Escaped(subject.scale.figure(quartile)));
        }
        text += "</tr>\n";
    }
    text += "</tbody>\n</table>\n";
    text
}

fn questions(subject: &Reviewed) -> String {
    let mut text = String::new();
    for (asked, heading) in [(Asked::Reps, "Ask reps"), (Asked::Managers, "Ask managers")] {
        let mut own = subject.questions.iter().filter(|question| question.asked == asked).peekable();
        if own.peek().is_none() {
            continue;
        }
        let _ = writeln!(text, "<div><h3>{heading}</h3>\n<ul>");
        own.for_each(|question| {
            let _ = writeln!(text, "<li>{}</li>", Escaped(&question.text));
        });
        text += "</ul></div>\n";
    }
    if text.is_empty() { text } else { format!("<div class=\"questions\">\n{text}</div>\n") }
}

fn coached(subject: &Reviewed) -> String {
    if subject.coached.is_empty() {
        return String::new();
    }
    let mut text = String::from(
        "<table class=\"spread coached\">\n<caption>Who could gain most</caption>\n<thead><tr><th>Rep</th><th>Team</th><th class=\"n\">Met</th>\
         <th class=\"n\">Figure</th></tr></thead>\n<tbody>\n",
    );
    for rep in &subject.coached {
        let figure = rep.figure.map_or(String::new(), |figure| subject.scale.figure(figure));
        let _ = writeln!(
            text,
            "<tr><td>{}</td><td>{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td></tr>",
            Escaped(&rep.rep),
            Escaped(&rep.team),
            share_of(rep.met),
            Escaped(figure)
        );
    }
    text += "</tbody>\n</table>\n";
    text
}

fn badge(verdict: Verdict) -> String {
    let class = match verdict {
        Verdict::Keep => "good",
        Verdict::Raise | Verdict::MakeItAGoal => "more",
        Verdict::Lower => "wait",
        Verdict::Replace => "bad",
        Verdict::NotEnoughData | Verdict::NoGoalNeeded => "plain",
    };
    format!("<span class=\"badge {class}\">{}</span>", verdict.text())
}

fn anchor(review: &Review, subject: &Reviewed) -> String {
    let place = review.subjects.iter().position(|other| std::ptr::eq(other, subject));
    format!("subject-{}", place.unwrap_or(0) + 1)
}

const METHOD: &str = include_str!("method.html");
