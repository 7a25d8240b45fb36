//! What boards for the wall share: the question on top, how old the figures are, and the words beside the colours.

use crate::display::dashboard::{AT_RISK, BEHIND, NEUTRAL, ON_PACE, PACE, Panel, Query, Row, Steps, Unit, words};

/// Height of the names of values, in pixels: Grafana's own choice ends at 30.
const NAME: u32 = 40;

/// Periods from the longest that a floor looks at down to the day.
pub(super) const RESULTS_FIRST: [&str; 4] = ["quarter", "month", "week", "day"];

/// The same from the day up.
pub(super) const ACTIONS_FIRST: [&str; 4] = ["week", "day", "month", "quarter"];

/// The top of a board: its question with the name of the period (`window`) that it is answered for, and whether the figures
/// are live. Without figures the question stands alone, so that an empty board still says what it is.
pub(super) fn head(question: &str, window: &str) -> Row {
    let period = format!("crm_period_info{{window=\"{window}\"}}");
    let named = format!("label_replace({period}, \"period\", \" · $1\", \"name\", \"(.+)\") or on () vector(1)");
    let meaning = "The question that this board answers, and the period that it is answered for (crm_period_info).";
    let title = Panel::stat(question, meaning)
        .query(Query::now(named).legend(format!("{question}{{{{ period }}}}")))
        .option("textMode", "name".into())
        .option("colorMode", "none".into())
        .option("justifyMode", "auto".into())
        .option("text.titleSize", 56.into())
        .without_title();
    Row::high(3).with(20, title).with(4, freshness())
}

/// The name of a period beside what is shown of it: titles of panels cannot be read from afar.
pub(super) fn period(window: &str) -> Panel {
    let name = Query::now(format!("crm_period_info{{window=\"{window}\"}}")).legend("{{ name }}");
    Panel::stat("Period", "The period that the bars beside it are of (crm_period_info).")
        .query(name)
        .option("textMode", "name".into())
        .option("colorMode", "none".into())
        .option("text.titleSize", NAME.into())
        .without_title()
}

/// How old the figures are: those of the source that was read longest ago.
fn freshness() -> Panel {
    let meaning = "Time since the CRMs were last read completely (crm_exporter_source_last_success_timestamp_seconds), of the one \
                   that was read longest ago: live, minutes old, or old.";
    Panel::stat("Age of the figures", meaning)
        .query(Query::now("time() - min(crm_exporter_source_last_success_timestamp_seconds)"))
        .unit(Unit::Seconds)
        .decimals(0)
        .steps(Steps::only(ON_PACE).from(300.0, AT_RISK).from(3600.0, BEHIND))
        .words(words::from(&[(0.0, "live"), (300.0, "minutes old"), (3600.0, "old")]))
        .option("textMode", "value".into())
        .without_title()
}

/// `expr`, whose series have the goal of the floor that is first on boards: a goal that the settings call primary. The
/// title of the goal comes with it.
pub(super) fn primary(expr: &str) -> String {
    format!("{expr} * on (goal) group_left (title) crm_goal_info{{primary=\"true\"}}")
}

/// The first of these periods for which a primary goal has the figure. `expr` makes the expression for a period.
pub(super) fn first_of(windows: &[&str], expr: impl Fn(&str) -> String) -> String {
    let each: Vec<String> = windows.iter().map(|window| format!("({})", primary(&expr(window)))).collect();
    each.join(" or on () ")
}

/// `ratio` with the label `pace`, which says in a word what its colour says.
fn in_words(ratio: &str) -> String {
    let named = PACE.iter().enumerate().map(|(place, (from, _, word))| {
        let from = if place == 0 { String::new() } else { format!(" >= {from}") };
        let to = PACE.get(place + 1).map(|(to, ..)| format!(" < {to}")).unwrap_or_default();
        format!("label_replace({ratio}{from}{to}, \"pace\", \"{word}\", \"\", \"\")")
    });
    named.collect::<Vec<_>>().join("\nor ")
}

/// The pace of everybody together at the primary goals of a period, in percent and in a word.
pub(super) fn pace(window: &str, nothing: &str) -> Panel {
    let meaning = "What was reached over what was to be expected by now (crm_pacing_ratio of everybody): 100% is on pace. Working \
                   time, holidays and absences are counted in.";
    let ratio = format!("crm_pacing_ratio{{scope=\"org\", window=\"{window}\"}}");
    let expr = format!("({})\n* on (goal) group_left (title) crm_goal_info{{primary=\"true\"}}", in_words(&ratio));
    signal("Pace", meaning)
        .query(Query::now(expr).legend("{{ pace }} · {{ title }}"))
        .unit(Unit::Ratio)
        .decimals(0)
        .nothing(nothing)
        .steps(Steps::pace())
        .option("text.valueSize", 200.into())
}

/// A tile with a name above a value that fills the rest of it. Grafana leaves too little room for the name where the height
/// decides: such tiles say with `text.valueSize` how large the value is.
pub(super) fn tile(title: &str, meaning: &str) -> Panel {
    Panel::stat(title, meaning)
        .coloured(NEUTRAL)
        .option("colorMode", "value".into())
        .option("textMode", "value_and_name".into())
        .option("wideLayout", false.into())
        .option("text.titleSize", NAME.into())
        .without_title()
}

/// A tile that is painted in the colour of its value, for what people have to act upon.
pub(super) fn signal(title: &str, meaning: &str) -> Panel {
    tile(title, meaning).option("colorMode", "background_solid".into())
}
