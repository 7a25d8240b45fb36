//! What lies idle: leads that wait, deals that do not move, accounts nobody speaks to; and where deals leak.

use super::rule::{Alert, Audience, Board, Category, Group, Rule, Severity, Timing};
use super::scope::Scope;
use super::text::{AGE, MONEY, fill};
use super::values::{count, days, share};
use crate::display::settings::alerts::Alerts;
use crate::setting::Lasting;

const MANAGER: Board = Board { uid: "crm-manager", labels: &["team"] };

pub(super) fn group(alerts: &Alerts) -> Group {
    Group {
        name: "pipeline",
        rules: vec![
            leads(alerts),
            stalled(alerts),
            overdue(alerts),
            no_step(alerts),
            leakage(alerts),
            accounts(alerts),
        ],
    }
}

/// An alert about a team.
fn alert(name: &'static str, after: Lasting, board: Board, texts: [&str; 3], values: &[(&str, &str)]) -> Rule {
    let shared = [("CONTACTS", Scope::Team.contacts()), ("FRESH", Scope::Team.fresh()), ("MONEY", MONEY), ("AGE", AGE)];
    let values = [&shared, values].concat();
    let [expr, summary, description] = texts.map(|text| fill(text, &values));
    Rule::Alert(Alert {
        name,
        expr,
        timing: Timing::after(after),
        severity: Severity::Warning,
        category: Category::Pipeline,
        audience: Audience::Sales,
        summary,
        description,
        board,
    })
}

fn leads(alerts: &Alerts) -> Rule {
    let texts = [
        "
        sum by (team) (crm_leads_beyond_sla)
          @CONTACTS@
          >= @LEADS@
        @FRESH@
        ",
        r#"
        {{ $labels.team }}: {{ printf "%.0f" $value }} {{ if eq $value 1.0 }}lead waits{{ else }}leads wait{{ end }} for a first answer, longer than agreed
        "#,
        r#"
        @AGE@
        {{ with query (printf "max(crm_lead_unanswered_oldest_seconds{team=%q})" $labels.team) -}}
        The oldest unanswered lead came {{ template "age" (. | first | value) }} ago. {{ end -}}
        Call or write to them first; whoever is no prospect is better disqualified than left waiting.
        "#,
    ];
    let board = Board { uid: "crm-leads", labels: &["team"] };
    alert("CrmLeadsWaiting", alerts.leads.for_, board, texts, &[("LEADS", &count(alerts.leads.beyond_sla))])
}

/// A share of the team's open deals.
fn open_deals(name: &'static str, family: &str, limit: &str, words: [&str; 2], alerts: &Alerts) -> Rule {
    let expr = r#"
        round(sum by (team) (@FAMILY@) / (sum by (team) (crm_open_deals) > 0), 0.01)
          @CONTACTS@
          > @LIMIT@
        and on (team) sum by (team) (@FAMILY@) >= @DEALS@
        @FRESH@
    "#;
    let summary = r#"{{ $labels.team }}: {{ $value | humanizePercentage }} of the open deals @WHAT@"#;
    let description = r#"
        {{ with query (printf "sum(@FAMILY@{team=%q})" $labels.team) }}{{ . | first | value | printf "%.0f" }}{{ end }} of
        {{- with query (printf "sum(crm_open_deals{team=%q})" $labels.team) }} {{ . | first | value | printf "%.0f" }}{{ end }} @ADVICE@
    "#;
    let values = [
        ("FAMILY", family),
        ("LIMIT", limit),
        ("DEALS", &count(alerts.deals.min_deals)),
        ("WHAT", words[0]),
        ("ADVICE", words[1]),
    ];
    alert(name, alerts.deals.for_, MANAGER, [expr, summary, description], &values)
}

fn stalled(alerts: &Alerts) -> Rule {
    let words = [
        "are stalled",
        "have stayed in their stage much longer than deals usually do. Agree on the next step for each, or close it.",
    ];
    open_deals("CrmDealsStalled", "crm_open_deals_stalled", &share(alerts.deals.stalled_over), words, alerts)
}

fn overdue(alerts: &Alerts) -> Rule {
    let words = [
        "are overdue",
        "should have closed by their expected close date. Set a date that holds, or close them: forecast and coverage rest on it.",
    ];
    open_deals("CrmDealsOverdue", "crm_open_deals_overdue", &share(alerts.deals.overdue_over), words, alerts)
}

fn no_step(alerts: &Alerts) -> Rule {
    let words =
        ["have no next step", "have no call, meeting or task ahead. A deal that nobody is due to touch rarely closes."];
    let limit = share(alerts.deals.without_next_step_over);
    open_deals("CrmDealsWithoutNextStep", "crm_open_deals_without_next_step", &limit, words, alerts)
}

/// Conversion against the team's own past: lower by a share, and by more than chance explains in so few deals.
fn leakage(alerts: &Alerts) -> Rule {
    let leakage = &alerts.leakage;
    let conversion = |window| {
        format!(r#"max by (team, pipeline, stage) (crm_stage_conversion_ratio{{scope="team", window="{window}"}})"#)
    };
    let decided = |window| {
        let sum = |family| format!(r#"sum by (team, pipeline, stage) ({family}{{window="{window}"}})"#);
        format!("({} + {})", sum("crm_stage_advanced"), sum("crm_stage_lost"))
    };
    let texts = [
        "
        (
            round(@NOW@, 0.01)
              < @BELOW@ * @THEN@
          and
            @THEN@ - @NOW@
              > @ERRORS@ * sqrt(@THEN@ * (1 - @THEN@) / @DECIDED_NOW@)
          and @DECIDED_NOW@ >= @CASES@
          and @DECIDED_THEN@ >= @CASES@
        )
          @CONTACTS@
        @FRESH@
        ",
        "
        {{ $labels.team }} loses more deals than it used to in {{ $labels.stage }} ({{ $labels.pipeline }})
        ",
        r#"
        @MONEY@
        {{ $series := printf "team=%q,pipeline=%q,stage=%q" $labels.team $labels.pipeline $labels.stage -}}
        Of the deals that came into this stage in the last 90 days, {{ $value | humanizePercentage }} of the decided ones went on
        {{- with query (printf "round(max(crm_stage_conversion_ratio{scope=\"team\",%s,window=\"previous_quarter\"}), 0.01)" $series) }}; it was {{ . | first | value | humanizePercentage }} in the quarter before{{ end }}.
        {{- with query (printf "sum(crm_stage_lost{%s,window=\"90d\"})" $series) }} {{ . | first | value | printf "%.0f" }} were lost here
        {{- with query (printf "sum(crm_stage_lost_value{%s,window=\"90d\"})" $series) }}, worth {{ template "money" (. | first | value) }}{{ end }}.{{ end }}
        "#,
    ];
    let values = [
        ("NOW", &*conversion("90d")),
        ("THEN", &conversion("previous_quarter")),
        ("DECIDED_NOW", &decided("90d")),
        ("DECIDED_THEN", &decided("previous_quarter")),
        ("BELOW", &share(leakage.below)),
        ("ERRORS", &share(leakage.standard_errors)),
        ("CASES", &count(leakage.min_deals)),
    ];
    let board = Board { uid: "crm-funnel", labels: &["team", "pipeline"] };
    alert("CrmStageLeaking", leakage.for_, board, texts, &values)
}

/// In days. The team is that of the latest interaction; of an account that nobody ever spoke to, its owner's.
fn accounts(alerts: &Alerts) -> Rule {
    let texts = [
        r#"
        (
            (time() - topk by (account) (1, max by (account, team) (crm_key_account_last_interaction_timestamp_seconds))) / 86400
              > @DAYS@
          or
            topk by (account) (1, max by (account, team) (crm_key_account_interactions{window="365d"})) == 0
              unless on (account) crm_key_account_last_interaction_timestamp_seconds
        )
          @CONTACTS@
        @FRESH@
        "#,
        r#"
        {{ $labels.account }}, a key account, has not been spoken to
        {{- if gt $value 0.0 }} for {{ printf "%.0f" $value }} days{{ else }} so far{{ end }}
        "#,
        "
        No call, mail or meeting with it is on record for @DAYS@ days or more. Decide who gets in touch.
        ",
    ];
    let board = Board { uid: "crm-accounts", labels: &["team"] };
    alert("CrmKeyAccountNeglected", alerts.accounts.for_, board, texts, &[("DAYS", &days(alerts.accounts.silent_for))])
}
