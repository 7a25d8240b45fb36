//! Every PromQL expression of boards and rules, held against the catalogue: names, labels and windows exist, a window and
//! a scope are pinned, figures that do not add up are not added, and only counters have rates.

use std::collections::BTreeSet;

use crm_exporter::app::counted;
use crm_exporter::calendar::Window;
use crm_exporter::metrics::{Group, Options, find};
use crm_exporter::settings::Settings;
use promql_parser::label::{MatchOp, Matcher};
use promql_parser::parser::{self, AggregateExpr, Expr, LabelModifier, VectorSelector};
use regex::Regex;

/// Labels that Prometheus gives to whatever it scrapes.
const OF_TARGETS: [&str; 2] = ["job", "instance"];

/// What is wrong with an expression, a line each. `own` names series that are not the exporter's: recording rules.
pub(super) fn problems(expr: &str, own: &BTreeSet<String>) -> Vec<String> {
    let plain = without_variables(expr);
    let parsed = match parser::parse(&plain) {
        Ok(parsed) => parsed,
        Err(error) => return vec![format!("is no PromQL: {error}")],
    };
    let settings = Settings::default();
    let options = Options::new(&settings.figures()).unwrap();
    let mut check = Check { options: &options, own, around: Vec::new(), problems: Vec::new() };
    check.expr(&parsed);
    check.problems
}

/// Grafana's variables, replaced by what it may put there.
fn without_variables(expr: &str) -> String {
    let ranges = Regex::new(r"\$__(rate_interval|range|interval)|\$\{__(rate_interval|range|interval)\}").unwrap();
    let others = Regex::new(r"\$\{\w+(:\w+)?\}|\$\w+").unwrap();
    others.replace_all(&ranges.replace_all(expr, "5m"), "value").into_owned()
}

struct Check<'a> {
    options: &'a Options,
    own: &'a BTreeSet<String>,
    /// What values pass through on their way out: aggregations, and functions by name.
    around: Vec<Around>,
    problems: Vec<String>,
}

#[derive(Clone)]
enum Around {
    /// Its operator, and the labels that it keeps, if it names them.
    Aggregation(String, Option<Vec<String>>),
    Function(String),
}

impl Check<'_> {
    fn expr(&mut self, expr: &Expr) {
        match expr {
            Expr::Aggregate(aggregate) => self.aggregate(aggregate),
            Expr::Unary(unary) => self.expr(&unary.expr),
            Expr::Paren(paren) => self.expr(&paren.expr),
            Expr::Subquery(subquery) => self.expr(&subquery.expr),
            Expr::VectorSelector(selector) => self.selector(selector),
            Expr::MatrixSelector(matrix) => self.selector(&matrix.vs),
            Expr::Call(call) => {
                self.around.push(Around::Function(call.func.name.to_owned()));
                call.args.args.iter().for_each(|argument| self.expr(argument));
                self.around.pop();
            }
            Expr::Binary(binary) => {
                self.expr(&binary.lhs);
                // The right side of `and`, `unless` and comparisons only chooses: its values go nowhere.
                let op = binary.op.to_string();
                let chooses = ["and", "unless", "<", ">", "<=", ">=", "==", "!="].contains(&op.as_str());
                let around = if chooses { std::mem::take(&mut self.around) } else { Vec::new() };
                self.expr(&binary.rhs);
                if chooses {
                    self.around = around;
                }
            }
            Expr::NumberLiteral(_) | Expr::StringLiteral(_) | Expr::Extension(_) => {}
        }
    }

    fn aggregate(&mut self, aggregate: &AggregateExpr) {
        let kept = match &aggregate.modifier {
            Some(LabelModifier::Include(labels)) => Some(labels.labels.clone()),
            Some(LabelModifier::Exclude(_)) => None,
            None => Some(Vec::new()),
        };
        self.around.push(Around::Aggregation(aggregate.op.to_string(), kept));
        self.expr(&aggregate.expr);
        self.around.pop();
        if let Some(parameter) = &aggregate.param {
            self.expr(parameter);
        }
    }

    fn selector(&mut self, selector: &VectorSelector) {
        let named = selector.matchers.matchers.iter().find(|matcher| matcher.name == "__name__");
        let name = selector.name.clone().or_else(|| named.map(|matcher| matcher.value.clone()));
        let Some(name) = name else { return self.problems.push(format!("`{selector}` names no metric")) };
        let of_prometheus = name == "up" || name == "ALERTS" || name.starts_with("process_");
        if of_prometheus || self.own.contains(&name) {
            return;
        }
        let matchers = &selector.matchers.matchers;
        if let Some(metric) = find(&name) {
            self.labels(&name, &metric.labels(), matchers);
            self.window(&name, metric.group, &metric.labels(), matchers);
            self.scope(&name, &metric.labels(), matchers);
            if self.rated() {
                self.problems.push(format!("`{name}` is recomputed at every refresh: it has no rate"));
            }
        } else {
            self.counted(&name, matchers);
        }
    }

    fn counted(&mut self, name: &str, matchers: &[Matcher]) {
        let counted = counted();
        let of_histogram = |end| name.strip_suffix(end).map(str::to_owned);
        let family = ["_bucket", "_sum", "_count"].into_iter().find_map(of_histogram);
        let Some(found) = counted.iter().find(|one| one.name == name || Some(one.name) == family.as_deref()) else {
            return self.problems.push(format!("there is no metric `{name}`"));
        };
        let labels: Vec<&str> = found.labels.iter().copied().chain(["le"]).collect();
        self.labels(name, &labels, matchers);
        if found.kind == "gauge" && self.rated() {
            self.problems.push(format!("`{name}` is a gauge: it has no rate"));
        }
    }

    fn rated(&self) -> bool {
        let is_rate = |around: &Around| matches!(around, Around::Function(name) if ["rate", "increase", "irate"].contains(&name.as_str()));
        self.around.iter().any(is_rate)
    }

    fn labels(&mut self, name: &str, labels: &[&str], matchers: &[Matcher]) {
        for matcher in matchers.iter().filter(|matcher| matcher.name != "__name__") {
            if !labels.contains(&matcher.name.as_str()) && !OF_TARGETS.contains(&matcher.name.as_str()) {
                self.problems.push(format!("`{name}` has no label `{}`; it has {}", matcher.name, labels.join(", ")));
            }
        }
    }

    /// A day lies in its week and a week in its month: over several windows nothing may be made of values together.
    fn window(&mut self, name: &str, group: Group, labels: &[&str], matchers: &[Matcher]) {
        if !labels.contains(&"window") {
            return;
        }
        let Some(matcher) = matchers.iter().find(|matcher| matcher.name == "window") else {
            return self.problems.push(format!("`{name}` is asked for without a window"));
        };
        let is_lost = |around: &Around| matches!(around, Around::Aggregation(_, Some(kept)) if !kept.iter().any(|label| label == "window"));
        if !matches!(matcher.op, MatchOp::Equal) && self.around.iter().any(is_lost) {
            self.problems.push(format!("several windows of `{name}` are put together"));
        }
        let there: Vec<Window> = self.options.windows(group).to_vec();
        if there.is_empty() {
            return;
        }
        for wanted in matcher.value.split('|').filter(|wanted| *wanted != "value") {
            if !there.iter().any(|window| window.to_string() == wanted) {
                self.problems.push(format!("`{name}` has no window `{wanted}` by default"));
            }
        }
    }

    /// Ratios, averages and distinct counts of different scopes are different figures, and none is a sum of others.
    fn scope(&mut self, name: &str, labels: &[&str], matchers: &[Matcher]) {
        if !labels.contains(&"scope") {
            return;
        }
        let is_pinned = |matcher: &Matcher| matcher.name == "scope" && matches!(matcher.op, MatchOp::Equal);
        if !matchers.iter().any(is_pinned) {
            self.problems.push(format!("`{name}` is asked for without a scope"));
        }
        let adds =
            |around: &Around| matches!(around, Around::Aggregation(op, _) if ["sum", "avg"].contains(&op.as_str()));
        if self.around.iter().any(adds) {
            self.problems.push(format!("`{name}` does not add up"));
        }
    }
}

#[test]
fn what_must_not_be_asked_is_found() {
    for (expr, problem) in [
        ("crm_activities{", "is no PromQL"),
        ("crm_nothing", "there is no metric `crm_nothing`"),
        ("sum(crm_activities)", "without a window"),
        ("crm_activities{window=\"month\", colour=\"red\"}", "has no label `colour`"),
        ("crm_activities{window=\"28d\"}", "has no window `28d`"),
        ("sum by (team) (crm_activities{window=~\"day|week\"})", "several windows"),
        ("crm_win_ratio{window=\"quarter\"}", "without a scope"),
        ("avg(crm_win_ratio{window=\"quarter\", scope=\"rep\"})", "does not add up"),
        ("increase(crm_deals_won{window=\"month\"}[1h])", "has no rate"),
        ("rate(crm_exporter_series[5m])", "has no rate"),
    ] {
        let problems = problems(expr, &BTreeSet::new());
        assert!(problems.iter().any(|found| found.contains(problem)), "{expr}: {problems:?}");
    }
}

#[test]
fn what_may_be_asked_is_not_found() {
    for expr in [
        "sum by (team, window) (crm_activities{window=~\"day|week\", team=~\"$team\"})",
        "sum(crm_deals_won{window=\"month\"} and on (team) crm_pacing_ratio{scope=\"team\", window=\"month\"} > 1)",
        "topk(5, crm_goal_attainment_ratio{scope=\"rep\", window=\"month\"} * on (goal) group_left (title) crm_goal_info{primary=\"true\"})",
        "sum by (source) (rate(crm_exporter_polls_total{result=\"failed\"}[$__rate_interval]))",
        "histogram_quantile(0.9, sum by (le) (rate(crm_exporter_poll_duration_seconds_bucket[5m])))",
        "up{job=\"crm_exporter\"} == 0",
    ] {
        assert_eq!(problems(expr, &BTreeSet::new()), Vec::<String>::new(), "{expr}");
    }
}
