//! What was found of a subject, in the few words that both forms of the review write.

use super::words::{self, check, later, number, probability, share_of};
use super::{Review, Reviewed, Tie};

/// So many checks are told: the worst.
const CHECKS: usize = 3;

/// What the settings say of its goal; empty without one.
pub(super) fn about(subject: &Reviewed) -> String {
    let Some(goal) = &subject.goal else { return String::new() };
    let direction = if goal.lower_is_better { ", less is better" } else { "" };
    let owner = if goal.owner.is_empty() { String::new() } else { format!(", answered for by {}", goal.owner) };
    let reviewed =
        goal.reviewed_on.map_or("never reviewed".to_owned(), |day| format!("last reviewed {}", words::day(day)));
    format!(" by the {}{direction}{owner}; {reviewed}", goal.period.name())
}

/// What was found, as pairs of a term and a value; what was not looked at is left out.
pub(super) fn findings(subject: &Reviewed) -> Vec<(&'static str, String)> {
    let scale = subject.scale;
    let mut findings = vec![("Reps", number(subject.reps as f64))];
    findings.extend(subject.met.map(|met| {
        let lacking = match subject.without_figure {
            0 => String::new(),
            count => format!("; {} had no figure", number(count as f64)),
        };
        ("Targets met", format!("{}{lacking}", share_of(met)))
    }));
    findings.extend(subject.trend.map(|trend| {
        let sign = if trend.slope < 0.0 { "-" } else { "+" };
        ("Trend", format!("{sign}{} a month, {}", scale.change(trend.slope.abs()), probability(trend.p)))
    }));
    findings.extend(subject.plateau.map(|plateau| {
        (
            "Plateau",
            format!("{} to {}, {}", scale.figure(plateau.from), scale.figure(plateau.level), probability(plateau.p)),
        )
    }));
    findings.extend(subject.relation.map(|found| {
        let result = words::RESULT_TITLES[found.result];
        let text = format!(
            "{:+.2} with {result} {}, {}; {} reps, {} months of reps",
            found.correlation,
            later(found.lag),
            probability(found.p),
            found.people,
            found.pairs
        );
        ("Strongest relation", text)
    }));
    findings.extend(subject.contrast.map(|contrast| {
        let text = format!(
            "{} times what is usual in the role, the rest {} times ({} and {} reps)",
            number(contrast.top),
            number(contrast.others),
            contrast.top_reps,
            contrast.other_reps
        );
        ("Top quarter by value won", text)
    }));
    findings.push(("Data", data(subject)));
    findings
}

fn data(subject: &Reviewed) -> String {
    let inputs = &subject.inputs;
    let held = format!("{} of {} months held", inputs.months_held, inputs.months);
    let records = inputs.object.filter(|_| inputs.records > 0).map(|object| {
        let unowned = inputs
            .unowned_share()
            .map_or(String::new(), |share| format!(", {:.1}% of them without a known owner", share * 100.0));
        format!("{} records ({object}){unowned}", number(inputs.records as f64))
    });
    let worst: Vec<String> = inputs.checks.iter().take(CHECKS).map(check).collect();
    let checks = (!worst.is_empty()).then(|| format!("now {}", worst.join(", ")));
    [Some(held), records, checks].into_iter().flatten().collect::<Vec<_>>().join("; ")
}

/// For how much the figures of single reps are.
pub(super) fn each(subject: &Reviewed) -> String {
    if subject.scale.period.is_some() { subject.scale.per() } else { "over the whole time".to_owned() }
}

/// The course in two or three words.
pub(super) fn course(review: &Review, subject: &Reviewed) -> String {
    if let Some(plateau) = subject.plateau {
        let since = review
            .months
            .get(plateau.turn as usize)
            .map_or(String::new(), |month| format!(" since {}", words::month(*month)));
        return format!("plateau{since}");
    }
    match subject.trend {
        None => String::new(),
        Some(trend) if trend.p >= super::LEVEL => "no trend".to_owned(),
        Some(trend) if trend.slope > 0.0 => "rising".to_owned(),
        Some(_) => "falling".to_owned(),
    }
}

/// The tie to results in a few words.
pub(super) fn tie(subject: &Reviewed) -> String {
    match (subject.tie, subject.relation) {
        (Tie::IsResult, _) => "is a result".to_owned(),
        (Tie::Helps, Some(found)) => format!("yes, {}", later(found.lag)),
        (Tie::GoesAlong, Some(_)) => "goes along with them".to_owned(),
        (Tie::Hurts, Some(found)) => format!("for the worse, {}", later(found.lag)),
        (Tie::NotFound, Some(_)) => "no sign of it".to_owned(),
        _ => "cannot be told".to_owned(),
    }
}
