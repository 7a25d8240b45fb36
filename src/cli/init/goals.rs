//! The goals that `init` proposes: which, and how they are written. What is usual on the floor is `goals::usual`'s matter.

use super::page::Page;
use crate::app::Asked;
use crate::calendar::Period;
use crate::goals::Usual;

/// A goal that most floors can use.
struct Proposal {
    name: &'static str,
    measure: &'static str,
    period: Period,
    /// Whether less is better.
    lower_is_better: bool,
    /// What else is said of it, in front of the target.
    more: &'static str,
    unit: Unit,
    /// A target where nothing is known: an example.
    example: &'static str,
}

/// How a figure is made round.
#[derive(Clone, Copy)]
enum Unit {
    Count,
    Money,
    Share,
    Seconds,
}

/// What people do comes first: it can still be changed while the period lasts.
const PROPOSALS: &[Proposal] = &[
    Proposal {
        name: "weekly_calls",
        measure: "crm_activities{kind=\"call\"}",
        period: Period::Week,
        lower_is_better: false,
        more: "",
        unit: Unit::Count,
        example: "100",
    },
    Proposal {
        name: "weekly_meetings",
        measure: "crm_activities{kind=\"meeting\"}",
        period: Period::Week,
        lower_is_better: false,
        more: "",
        unit: Unit::Count,
        example: "8",
    },
    Proposal {
        name: "weekly_contacts",
        measure: "crm_contacts_touched",
        period: Period::Week,
        lower_is_better: false,
        more: "",
        unit: Unit::Count,
        example: "40",
    },
    Proposal {
        name: "lead_response",
        measure: "crm_lead_response_seconds{stat=\"p50\"}",
        period: Period::Week,
        lower_is_better: true,
        more: "",
        unit: Unit::Seconds,
        example: "3600",
    },
    Proposal {
        name: "monthly_pipeline",
        measure: "crm_deals_created_value",
        period: Period::Month,
        lower_is_better: false,
        more: "",
        unit: Unit::Money,
        example: "150000",
    },
    Proposal {
        name: "quota",
        measure: "crm_deals_won_value",
        period: Period::Quarter,
        lower_is_better: false,
        more: "pace: history, primary: true, ",
        unit: Unit::Money,
        example: "250000",
    },
    Proposal {
        name: "win_rate",
        measure: "crm_win_ratio",
        period: Period::Quarter,
        lower_is_better: false,
        more: "",
        unit: Unit::Share,
        example: "0.25",
    },
];

/// What has to be known of the floor, in the order in which [`write()`] wants the answers.
pub(super) fn asked() -> Vec<Asked> {
    let most = |period| match period {
        Period::Day => 20,
        Period::Week => 12,
        Period::Month => 6,
        Period::Quarter | Period::Year => 4,
    };
    let asked = |proposal: &Proposal| Asked {
        selector: proposal.measure,
        period: proposal.period,
        most: most(proposal.period),
    };
    PROPOSALS.iter().map(asked).collect()
}

/// Goals whose numbers are examples: what is usual on this floor is not known before its records are.
pub(super) fn examples(page: &mut Page) {
    page.line("").comment(
        0,
        "What is to be reached. These are forms, and their numbers examples: after `crm_exporter sync`, `crm_exporter \
         snapshot` shows what is usual here.",
    );
    page.line("goals: {}");
    PROPOSALS.iter().for_each(|proposal| _ = page.item(0, &proposal.line(proposal.example)));
}

/// Goals whose numbers are what is usual on this floor. What nobody can tell stays an example in a comment.
pub(super) fn write(page: &mut Page, usual: &[Option<Usual>]) {
    let told = |(proposal, usual): (&'static Proposal, &Option<Usual>)| Some((proposal, (*usual)?));
    let told = PROPOSALS.iter().zip(usual).filter_map(told);
    let (known, nothing): (Vec<_>, Vec<_>) = told.partition(|(_, usual)| usual.median > 0.0);
    if known.is_empty() {
        return examples(page);
    }
    page.line("").comment(
        0,
        "What is to be reached, by each rep. Every target is what is usual here: the median of what reps reached, each of them \
         by their own median. It is where to begin, not where to aim; what a quarter of them reach stands beside it.",
    );
    page.line("goals:");
    for (proposal, usual) in &known {
        let (unit, name) = (proposal.unit, proposal.period.name());
        let best = match proposal.lower_is_better {
            true => usual.lower_quartile,
            false => usual.upper_quartile,
        };
        page.comment(
            2,
            &format!(
                "{} over {}; a quarter of them do better than {}",
                counted(usual.reps, "rep"),
                counted(usual.periods, name),
                unit.round(best)
            ),
        );
        page.line(&format!("  {}", proposal.line(&unit.round(usual.median))));
    }
    let is_known = |proposal: &&Proposal| known.iter().any(|(known, _)| known.name == proposal.name);
    let rest: Vec<_> = PROPOSALS.iter().filter(|proposal| !is_known(proposal)).collect();
    if !rest.is_empty() {
        page.comment(2, "Nothing usual is known of these; their numbers are examples:");
        let is_idle = |proposal: &Proposal| nothing.iter().any(|(idle, _)| idle.name == proposal.name);
        for proposal in rest {
            let why = if is_idle(proposal) { "  # usually none" } else { "" };
            page.item(2, &format!("{}{why}", proposal.line(proposal.example)));
        }
    }
}

impl Proposal {
    fn line(&self, target: &str) -> String {
        let Proposal { name, measure, more, .. } = self;
        let measure = if measure.contains('"') { format!("'{measure}'") } else { (*measure).to_owned() };
        let window = self.period.name();
        let direction = if self.lower_is_better { "lower_is_better: true, " } else { "" };
        format!("{name}: {{measure: {measure}, window: {window}, {direction}{more}target: {{default: {target}}}}}")
    }
}

impl Unit {
    /// A figure as somebody would set it as a target.
    fn round(self, figure: f64) -> String {
        match self {
            Unit::Count => format!("{}", figure.round().max(1.0)),
            Unit::Money => {
                let step = 10f64.powi((figure.log10().floor() as i32 - 1).max(0));
                format!("{}", ((figure / step).round() * step).max(1.0))
            }
            Unit::Share => format!("{:.2}", figure.max(0.01)),
            // By minutes, from a minute on.
            Unit::Seconds => format!("{}", (figure / 60.0).round().max(1.0) * 60.0),
        }
    }
}

fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_round() {
        for (unit, figure, written) in [
            (Unit::Count, 41.5, "42"),
            (Unit::Count, 0.2, "1"),
            (Unit::Money, 187_432.1, "190000"),
            (Unit::Money, 7.4, "7"),
            (Unit::Share, 0.2512, "0.25"),
            (Unit::Seconds, 5_329.0, "5340"),
            (Unit::Seconds, 4.0, "60"),
        ] {
            assert_eq!(unit.round(figure), written, "{figure}");
        }
    }

    #[test]
    fn what_is_usual_becomes_a_target_and_the_rest_stays_an_example() {
        let usual = |median| {
            Some(Usual { median, lower_quartile: median / 2.0, upper_quartile: 2.0 * median, reps: 9, periods: 12 })
        };
        let mut page = Page::default();
        write(&mut page, &[usual(41.0), usual(0.0), None, usual(7_200.0), None, usual(187_432.0), None]);
        let text = page.into_text();
        let expected = "goals:\n  \
            # 9 reps over 12 weeks; a quarter of them do better than 82\n  \
            weekly_calls: {measure: 'crm_activities{kind=\"call\"}', window: week, target: {default: 41}}\n  \
            # 9 reps over 12 weeks; a quarter of them do better than 3600\n  \
            lead_response: {measure: 'crm_lead_response_seconds{stat=\"p50\"}', window: week, lower_is_better: true, target: \
            {default: 7200}}\n  \
            # 9 reps over 12 quarters; a quarter of them do better than 370000\n";
        assert!(text.contains(expected), "{text}");
        assert!(text.contains("{default: 8}}  # usually none\n"), "{text}");
        assert!(
            text.contains("  #   win_rate: {measure: crm_win_ratio, window: quarter, target: {default: 0.25}}\n"),
            "{text}"
        );
    }

    #[test]
    fn a_floor_of_which_nothing_is_known_gets_examples() {
        let (mut page, mut forms) = (Page::default(), Page::default());
        write(&mut page, &[None, None, None, None, None, None, None]);
        examples(&mut forms);
        assert_eq!(page.into_text(), forms.into_text());
    }
}
