//! What every board for the wall has: its question, and how old the figures are.

use crate::display::dashboard::{AT_RISK, BEHIND, ON_PACE, Panel, Query, Row, Steps, Unit, words};

/// The top of a board: what it answers, for which period, and whether the figures are live. `window` is the period whose
/// name stands beside the question.
pub(super) fn head(question: &'static str, window: &str) -> Row {
    let period = format!("crm_period_info{{window=\"{window}\"}}");
    let question =
        Panel::stat(question, "The question that this board answers, and the period that it is answered for.")
            .query(Query::now(period).legend(format!("{question} · {{{{ name }}}}")))
            .option("textMode", "name".into())
            .option("colorMode", "none".into())
            .option("justifyMode", "center".into())
            .without_title();
    Row::high(3).with(19, question).with(5, freshness())
}

/// How old the figures are: those of the source that was read longest ago.
fn freshness() -> Panel {
    let age = "time() - min(crm_exporter_source_last_success_timestamp_seconds)";
    Panel::stat("Figures", "Time since the CRM was last read completely, of the source that was read longest ago.")
        .query(Query::now(age))
        .unit(Unit::Seconds)
        .decimals(0)
        .steps(Steps::only(ON_PACE).from(300.0, AT_RISK).from(3600.0, BEHIND))
        .words(words::from(&[(0.0, "live"), (300.0, "minutes old"), (3600.0, "old")]))
        .option("textMode", "value".into())
        .without_title()
}
