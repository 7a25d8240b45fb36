//! The figures of the contract as SQL over the tables of `base.sql`.

/// How a figure is made of what records contribute.
#[derive(Clone, Copy)]
pub(super) enum How {
    /// The sum of amounts, by rep.
    Sum,
    /// Of what stands now, by rep; contributions have no instant.
    Level,
    /// The largest of what stands in the place of the instant, by rep.
    Largest,
    /// How many different records, by scope.
    Distinct,
    /// The sum over that of another measure, by scope.
    Over(&'static str),
    /// The sum over how many different records of another measure, by scope.
    OverDistinct(&'static str),
    /// Statistics of single amounts, by scope.
    Stats(&'static [&'static str]),
    /// The mean of single amounts, by scope.
    Mean,
    /// The sum by team alone, which has no zeros.
    TeamSum,
    /// As the query says, which gives these labels and the value.
    Direct(&'static [&'static str]),
    /// Open deals x win ratio x average size / mean cycle in days, by scope; contributions are the open deals.
    Velocity,
}

/// For which further labels active reps read 0.
#[derive(Clone, Copy)]
pub(super) enum Zeros {
    /// For none; without the rest there is one series.
    Plain,
    /// For every row of a query of them.
    Of(&'static str),
    /// For the pipelines in which the rep owns deals.
    Pipelines,
    /// For the open stages of these.
    Stages,
    /// For the key accounts that they own; everybody who owns any.
    KeyAccounts,
    /// Nobody does.
    None,
}

/// A figure.
pub(super) struct Figure {
    /// The family.
    pub(super) family: &'static str,
    /// Group of windows; empty: none.
    pub(super) group: &'static str,
    /// Further labels.
    pub(super) dims: &'static [&'static str],
    /// Contributions: owner, at, record, amount, and the further labels.
    pub(super) sql: &'static str,
    /// How they make the figure.
    pub(super) how: How,
    /// Who reads 0.
    pub(super) zeros: Zeros,
    /// What one unit of the amounts is in units of the samples.
    pub(super) unit: f64,
    /// Whether there is such a figure of the past.
    pub(super) past: bool,
}

const COUNT: Figure =
    Figure { family: "", group: "", dims: &[], sql: "", how: How::Sum, zeros: Zeros::Plain, unit: 1.0, past: true };
const CENTS: f64 = 0.01;
const MILLIS: f64 = 0.001;

macro_rules! figure {
    ($family:literal, $group:literal, [$($dim:literal),*], $sql:expr $(, $field:ident: $value:expr)*) => {
        Figure { family: $family, group: $group, dims: &[$($dim),*], sql: $sql, $($field: $value,)* ..COUNT }
    };
}

const KINDS: Zeros = Zeros::Of("SELECT DISTINCT kind FROM kinds");
const LEVELS: Zeros = Zeros::Of("VALUES ('mql'), ('sql')");
const CONTACT_LEVELS: Zeros =
    Zeros::Of("VALUES ('c_level'), ('vp'), ('director'), ('manager'), ('individual'), ('unknown')");
const KEYS: Zeros = Zeros::Of("VALUES ('long_call'), ('boss_talk'), ('late_talk')");
const CHECKS: Zeros = Zeros::Of("SELECT name FROM checks");

const TOUCHES: &str = "SELECT owner, at, prospect, 1 FROM touch";
const FOLLOW_UPS: &str = "SELECT owner, at, activity, 1 FROM touch WHERE NOT is_first";
const QUALIFIED: &str =
    "SELECT owner, mql, lead, 1, 'mql' FROM lead UNION ALL SELECT owner, sql, lead, 1, 'sql' FROM lead";
const COHORT: &str =
    "SELECT owner, created, lead, 1, 'mql' FROM lead UNION ALL SELECT owner, created, lead, 1, 'sql' FROM lead";
const COHORT_QUALIFIED: &str = "SELECT owner, created, lead, 1, 'mql' FROM lead WHERE is_mql
    UNION ALL SELECT owner, created, lead, 1, 'sql' FROM lead WHERE is_sql";
/// Answered, or out of time: what was settled unanswered counts only where time ran out before.
const SLA: &str = "SELECT l.owner, l.created, l.lead, 1 FROM lead l LEFT JOIN answered a USING (lead), params
    WHERE l.created IS NOT NULL AND (a.at IS NOT NULL
      OR min(CASE WHEN is_junk THEN coalesce(junked, now) ELSE now END,
             CASE WHEN is_converted THEN coalesce(converted, now) ELSE now END) - l.created > 240 * 3600000
         AND (NOT is_junk AND NOT is_converted OR CASE WHEN is_junk THEN junked END IS NOT NULL OR CASE WHEN is_converted THEN converted END IS NOT NULL))";
const IN_TIME: &str = "SELECT l.owner, l.created, l.lead, 1 FROM lead l JOIN answered a USING (lead)
    WHERE l.created IS NOT NULL AND a.at - l.created <= 240 * 3600000";
const UNANSWERED: &str = "SELECT owner, NULL, lead, 1 FROM lead WHERE NOT is_junk AND NOT is_converted
    AND NOT EXISTS (SELECT 1 FROM answered a WHERE a.lead = lead.lead)";
const BEYOND_SLA: &str = "SELECT owner, NULL, lead, 1 FROM lead, params WHERE NOT is_junk AND NOT is_converted
    AND now - created > 240 * 3600000 AND NOT EXISTS (SELECT 1 FROM answered a WHERE a.lead = lead.lead)";
const WON: &str = "SELECT owner, closed, deal, 1 FROM d WHERE status = 'won' AND pooled";
const DECIDED: &str = "SELECT owner, closed, deal, 1 FROM d WHERE status <> 'open' AND pooled";
const WON_VALUE: &str = "SELECT owner, closed, deal, cash FROM d WHERE status = 'won' AND pooled";
const DECIDED_VALUE: &str = "SELECT owner, closed, deal, cash FROM d WHERE status <> 'open' AND pooled";

/// Customers of the year before, and what was won from each since, by scope.
macro_rules! customers {
    ($select:literal) => {
        concat!(
            "WITH won AS (
               SELECT m.t AS account, coalesce(s.team, 'unassigned') AS team, closed, cash
               FROM d JOIN to_accounts m ON m.k = d.account JOIN accounts a ON a._key = m.t LEFT JOIN slot s ON s.owner = d.owner
               WHERE status = 'won' AND (LIVE(a) OR a._version IS NULL)),
             pop AS (SELECT 'org' AS scope, '' AS team, account, closed, cash FROM won
                     UNION ALL SELECT 'team', team, account, closed, cash FROM won),
             before AS (SELECT scope, team, w.name AS win, account, sum(cash) AS was FROM pop
                        JOIN windows w ON w.grp = 'customers_before' AND closed >= start AND closed < stop GROUP BY 1, 2, 3, 4),
             since AS (SELECT scope, team, w.name AS win, account, sum(cash) AS is_now FROM pop
                       JOIN windows w ON w.grp = 'customers' AND closed >= start AND closed < stop GROUP BY 1, 2, 3, 4)
             SELECT scope, team, win, CAST(",
            $select,
            " AS REAL) FROM before LEFT JOIN since USING (scope, team, win, account) GROUP BY 1, 2, 3"
        )
    };
}

/// What active reps reach of a goal in a period: theirs, their teams' and everybody's.
macro_rules! goal {
    ($goal:literal, $window:literal, $contributions:literal) => {
        concat!(
            "reached AS (
               SELECT '",
            $goal,
            "' AS goal, '",
            $window,
            "' AS win, r.team, r.rep, r.hidden, coalesce(sum(x.amount), 0) AS amount
               FROM rep r LEFT JOIN (
                 SELECT s.person, c.amount FROM (",
            $contributions,
            ") c JOIN slot s ON s.owner = c.owner
                 JOIN windows w ON w.grp = 'deals' AND w.name = '",
            $window,
            "' AND c.at >= w.start AND c.at < w.stop) x
               ON x.person = r.person WHERE r.zeros GROUP BY r.person)
             SELECT goal, 'org', '', '', win, CAST(sum(amount) AS REAL) FROM reached GROUP BY 1, 5
             UNION ALL SELECT goal, 'team', team, '', win, CAST(sum(amount) AS REAL) FROM reached GROUP BY 1, 3, 5
             UNION ALL SELECT goal, 'rep', team, rep, win, CAST(amount AS REAL) FROM reached WHERE NOT hidden"
        )
    };
}

/// Value won in each window of a group, by team.
macro_rules! won_by_team {
    ($group:literal) => {
        concat!(
            "won AS (SELECT coalesce(s.team, 'unassigned') AS team, w.name AS win, sum(cash) / 100.0 AS won
             FROM d JOIN windows w ON w.grp = '",
            $group,
            "' AND closed >= w.start AND closed < w.stop LEFT JOIN slot s ON s.owner = d.owner
             WHERE status = 'won' GROUP BY 1, 2)"
        )
    };
}

/// Costs accrue evenly over the time of each calendar month, at the monthly cost in force.
const COST_OF_SALES: &str = concat!(
    "WITH ",
    won_by_team!("deals_ratios"),
    ", step(team, since, until, monthly) AS (VALUES ('East', '2025-03-10', '2025-11-15', 30000.0),
       ('East', '2025-11-15', NULL, 42000.0), ('West', '2025-01-01', NULL, 25000.5)),
     month AS (SELECT d.start, n.start AS stop FROM days d JOIN days n ON n.day = date(d.day, '+1 month') WHERE d.day LIKE '%-01'),
     cost AS (SELECT s.team, w.name AS win, sum(s.monthly * max(0,
         min(m.stop, w.stop, now, coalesce(u.start, m.stop)) - max(m.start, w.start, f.start)) / (m.stop - m.start)) AS cost
       FROM step s JOIN days f ON f.day = s.since LEFT JOIN days u ON u.day = s.until
       JOIN month m JOIN windows w ON w.grp = 'deals_ratios' JOIN params GROUP BY 1, 2)
     SELECT 'org', '', win, sum(cost) / (SELECT sum(won) FROM won WHERE won.win = cost.win) FROM cost GROUP BY win
     UNION ALL SELECT 'team', team, win, cost / won FROM cost JOIN won USING (team, win) WHERE won > 0"
);

/// What is expected to close this month over what is missing to the target.
const COVERAGE: &str = concat!(
    "WITH ",
    won_by_team!("deals"),
    ", target(scope, team, target) AS (VALUES ('org', '', 9000000.0), ('team', 'East', 4000000.0), ('team', 'West', 3500000.0)),
     coming AS (SELECT coalesce(s.team, 'unassigned') AS team, cash / 100.0 AS value
       FROM d JOIN params LEFT JOIN slot s ON s.owner = d.owner
       WHERE status = 'open' AND CASE typeof(expected) WHEN 'text' THEN expected ELSE LOCAL(expected) END
         BETWEEN today AND date(today, 'start of month', '+1 month', '-1 day'))
     SELECT scope, t.team, '', 'month', (SELECT total(value) FROM coming c WHERE scope = 'org' OR c.team = t.team)
       / (target - (SELECT total(won) FROM won w WHERE win = 'month' AND (scope = 'org' OR w.team = t.team))) FROM target t"
);

/// What counts towards a target that a team, or everybody, has of its own: all its records.
macro_rules! covered {
    () => {
        concat!(
            "SELECT * FROM (WITH ",
            won_by_team!("deals"),
            ", target(scope, team) AS (VALUES ('org', ''), ('team', 'East'), ('team', 'West'))
             SELECT 'cover', scope, t.team, '', 'month',
               (SELECT total(won) FROM won w WHERE win = 'month' AND (scope = 'org' OR w.team = t.team)) FROM target t)"
        )
    };
}

/// Every additive figure, ratio, average and quantile that records alone give.
pub(super) const FIGURES: &[Figure] = &[
    figure!("crm_activities", "activities", ["kind"], "SELECT owner, seen, key, 1, kind FROM done", zeros: KINDS),
    figure!("crm_activity_seconds", "activities", ["kind"], "SELECT owner, seen, key, seconds, kind FROM done WHERE seconds IS NOT NULL", zeros: KINDS),
    figure!("crm_key_activities", "activities", ["activity"], "
        SELECT owner, seen, key, 1, 'long_call' FROM done WHERE kind = 'call' AND seconds >= 120
        UNION ALL SELECT owner, seen, key, 1, 'boss_talk' FROM done WHERE kind IN ('call', 'meeting') AND EXISTS (
          SELECT 1 FROM activities_contacts x JOIN to_contacts m ON m.k = x.to_key JOIN contact_level v ON v.contact = m.t
          WHERE x.from_key = key AND v.level IN ('c_level', 'vp')
          UNION ALL SELECT 1 FROM activities_leads x JOIN to_leads m ON m.k = x.to_key JOIN lead_level v ON v.lead = m.t
          WHERE x.from_key = key AND v.level IN ('c_level', 'vp'))
        UNION ALL SELECT owner, seen, key, 1, 'late_talk' FROM done WHERE EXISTS (
          SELECT 1 FROM activities_deals x JOIN to_deals m ON m.k = x.to_key JOIN deal_base b ON b.deal = m.t WHERE x.from_key = key
          AND (SELECT s.name FROM entry e JOIN stage s ON s.stage = e.stage
               WHERE e.deal = b.deal AND (e.at IS NULL OR e.at <= done.at) ORDER BY e.n DESC LIMIT 1) = 'Offer')", zeros: KEYS),
    figure!(
        "crm_meetings_no_show",
        "activities",
        [],
        "SELECT owner, seen, key, 1 FROM act WHERE kind = 'meeting' AND state = 'no_show' AND seen IS NOT NULL"
    ),
    figure!("crm_activities_scheduled", "", ["kind"], "
        SELECT owner, NULL, key, 1, kind FROM act, params WHERE at < (SELECT start FROM days WHERE day = date(today, '+8 days'))
        AND CASE WHEN state = 'open' THEN at >= CASE WHEN on_date THEN (SELECT start FROM days WHERE day = today) ELSE now END
                 WHEN state IS NULL THEN seen IS NULL END", how: How::Level, zeros: KINDS, past: false),
    figure!("crm_prospects_approached", "activities", [], "SELECT owner, at, prospect, 1 FROM touch WHERE is_first"),
    figure!("crm_contacts_touched", "activities", [], TOUCHES, how: How::Distinct),
    figure!("crm_follow_ups", "activities", [], FOLLOW_UPS),
    figure!("crm_follow_ups_per_contact", "activities", [], FOLLOW_UPS, how: How::OverDistinct(TOUCHES)),
    figure!("crm_last_activity_timestamp_seconds", "", [], "SELECT owner, seen, key, 1 FROM done", how: How::Largest, unit: MILLIS),
    figure!("crm_leads_created", "leads", [], "SELECT owner, created, lead, 1 FROM lead"),
    figure!("crm_leads_qualified", "leads", ["level"], QUALIFIED, zeros: LEVELS),
    figure!("crm_leads_disqualified", "leads", [], "SELECT owner, junked, lead, 1 FROM lead WHERE is_junk"),
    figure!("crm_leads_converted", "leads", [], "SELECT owner, converted, lead, 1 FROM lead WHERE deal IS NOT NULL"),
    figure!("crm_leads_by_source", "leads", ["lead_source", "outcome"], "
        SELECT owner, at, lead, 1, coalesce(source, 'unknown'), outcome FROM (
          SELECT lead, owner, source, created AS at, 'created' AS outcome FROM lead
          UNION ALL SELECT lead, owner, source, mql, 'mql' FROM lead
          UNION ALL SELECT lead, owner, source, sql, 'sql' FROM lead
          UNION ALL SELECT lead, owner, source, junked, 'disqualified' FROM lead WHERE is_junk
          UNION ALL SELECT lead, owner, source, converted, 'converted' FROM lead WHERE deal IS NOT NULL)", how: How::TeamSum, zeros: Zeros::None),
    figure!("crm_lead_qualified_ratio", "leads", ["level"], COHORT_QUALIFIED, how: How::Over(COHORT)),
    figure!("crm_lead_response_seconds", "leads", [], "SELECT l.owner, l.created, l.lead, a.at - l.created FROM lead l JOIN answered a USING (lead)", how: How::Stats(&["mean", "p50", "p90"]), unit: MILLIS),
    figure!("crm_lead_response_within_sla_ratio", "leads", [], IN_TIME, how: How::Over(SLA)),
    figure!("crm_leads_unanswered", "", [], UNANSWERED, how: How::Level),
    figure!("crm_leads_beyond_sla", "", [], BEYOND_SLA, how: How::Level),
    figure!("crm_lead_unanswered_oldest_seconds", "", [], "
        SELECT owner, now - created, lead, 1 FROM lead, params WHERE NOT is_junk AND NOT is_converted AND created IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM answered a WHERE a.lead = lead.lead)", how: How::Largest, unit: MILLIS),
    figure!("crm_qualified_prospects", "leads", ["contact_level"], "SELECT owner, sql, lead, 1, level FROM lead JOIN lead_level USING (lead)", zeros: CONTACT_LEVELS),
    figure!("crm_qualified_prospect_company_revenue_value", "leads", [], "
        SELECT l.owner, l.sql, l.lead, a.annual_revenue * CASE a.currency WHEN 'GBP' THEN 1.255 ELSE 1 END FROM lead l
        JOIN to_accounts m ON m.k = l.account JOIN accounts a ON a._key = m.t AND LIVE(a)
        WHERE a.annual_revenue IS NOT NULL AND a.currency IS NOT 'XAU'", how: How::Stats(&["mean", "p50"])),
    figure!("crm_qualified_prospect_company_employees", "leads", [], "
        SELECT l.owner, l.sql, l.lead, coalesce(l.employees, a.employees) FROM lead l LEFT JOIN to_accounts m ON m.k = l.account
        LEFT JOIN accounts a ON a._key = m.t AND LIVE(a) WHERE coalesce(l.employees, a.employees) IS NOT NULL", how: How::Stats(&["mean", "p50"])),
    figure!("crm_deals_created", "deals", ["pipeline"], "SELECT owner, SEENMS(created), deal, 1, pipeline FROM d", zeros: Zeros::Pipelines),
    figure!("crm_deals_created_value", "deals", ["pipeline"], "SELECT owner, SEENMS(created), deal, cash, pipeline FROM d", zeros: Zeros::Pipelines, unit: CENTS),
    figure!("crm_deals_won", "deals", ["pipeline"], "SELECT owner, closed, deal, 1, pipeline FROM d WHERE status = 'won'", zeros: Zeros::Pipelines),
    figure!("crm_deals_won_value", "deals", ["pipeline"], "SELECT owner, closed, deal, cash, pipeline FROM d WHERE status = 'won'", zeros: Zeros::Pipelines, unit: CENTS),
    figure!("crm_deals_lost", "deals", ["pipeline"], "SELECT owner, closed, deal, 1, pipeline FROM d WHERE status = 'lost'", zeros: Zeros::Pipelines),
    figure!("crm_deals_lost_value", "deals", ["pipeline"], "SELECT owner, closed, deal, cash, pipeline FROM d WHERE status = 'lost'", zeros: Zeros::Pipelines, unit: CENTS),
    figure!("crm_deals_lost_by_reason", "deals", ["pipeline", "reason"], "SELECT owner, closed, deal, 1, pipeline, reason FROM d WHERE status = 'lost'", how: How::TeamSum, zeros: Zeros::None),
    figure!("crm_win_ratio", "deals_ratios", [], WON, how: How::Over(DECIDED)),
    figure!("crm_win_value_ratio", "deals_ratios", [], WON_VALUE, how: How::Over(DECIDED_VALUE)),
    figure!("crm_deal_size_average", "deals_ratios", [], "SELECT owner, closed, deal, minor FROM d WHERE status = 'won' AND pooled AND minor IS NOT NULL", how: How::Mean, unit: CENTS),
    figure!("crm_sales_cycle_seconds", "deals_ratios", [], "
        SELECT owner, closed, deal, max(closed - SEENMS(created), 0) FROM d WHERE status = 'won' AND pooled AND SEENMS(created) IS NOT NULL
        AND CASE WHEN closed_on_date AND closed = close_date THEN LOCAL(closed) >= LOCAL(SEENMS(created)) ELSE closed >= SEENMS(created) END", how: How::Stats(&["mean", "p50", "p90"]), unit: MILLIS),
    figure!("crm_sales_velocity_value_per_day", "deals_ratios", [], "SELECT owner, NULL, deal, 1 FROM d WHERE status = 'open' AND pooled", how: How::Velocity),
    figure!("crm_cost_of_sales_ratio", "", [], COST_OF_SALES, how: How::Direct(&["scope", "team", "window"]), zeros: Zeros::None),
    figure!("crm_pipeline_coverage_ratio", "", [], COVERAGE, how: How::Direct(&["scope", "team", "rep", "window"]), zeros: Zeros::None),
    figure!("crm_open_deals", "", ["pipeline", "stage"], "SELECT owner, NULL, deal, 1, pipeline, stage_name FROM d WHERE status = 'open'", how: How::Level, zeros: Zeros::Stages),
    figure!("crm_open_deals_value", "", ["pipeline", "stage"], "SELECT owner, NULL, deal, cash, pipeline, stage_name FROM d WHERE status = 'open'", how: How::Level, zeros: Zeros::Stages, unit: CENTS),
    figure!("crm_open_deals_weighted_value", "", ["pipeline", "stage"], "
        SELECT owner, NULL, deal, cash * coalesce(probability, (
          SELECT avg(e.status = 'won') FROM entered e, params WHERE e.stage = d.stage AND e.status <> 'open'
          AND e.at <= now AND e.at >= (SELECT start FROM windows WHERE grp = 'year' AND name = '365d')), 0), pipeline, stage_name FROM d WHERE status = 'open'", how: How::Level, zeros: Zeros::Stages, unit: CENTS),
    figure!("crm_open_deals_overdue", "", ["pipeline"], "
        SELECT owner, NULL, deal, 1, pipeline FROM d, params WHERE status = 'open'
        AND CASE typeof(expected) WHEN 'text' THEN expected ELSE LOCAL(expected) END < today", how: How::Level, zeros: Zeros::Pipelines),
    figure!("crm_open_deals_stalled", "", ["pipeline"], "
        WITH ended AS (
          SELECT stage, ended - begun AS length, row_number() OVER (PARTITION BY stage ORDER BY ended - begun) AS nth, count(*) OVER (PARTITION BY stage) AS total
          FROM stay, params WHERE ended >= begun AND ended <= now AND ended >= (SELECT start FROM windows WHERE grp = 'year' AND name = '365d')),
        usual AS (SELECT stage, avg(length) AS median FROM ended WHERE total >= 10 AND nth IN ((total + 1) / 2, total / 2 + 1) GROUP BY 1)
        SELECT d.owner, NULL, d.deal, 1, d.pipeline FROM d JOIN stay s ON s.deal = d.deal AND s.lasts AND s.stage = d.stage JOIN usual ON usual.stage = d.stage, params
        WHERE d.status = 'open' AND now - s.begun > 2 * median", how: How::Level, zeros: Zeros::Pipelines),
    figure!("crm_open_deals_without_next_step", "", ["pipeline"], "
        SELECT owner, NULL, deal, 1, pipeline FROM d WHERE status = 'open' AND deal NOT IN (
          SELECT m.t FROM act a JOIN activities_deals x ON x.from_key = a.key JOIN to_deals m ON m.k = x.to_key, params
          WHERE CASE WHEN state = 'open' THEN CASE WHEN on_date THEN at >= (SELECT start FROM days WHERE day = today) ELSE at > now END
                     WHEN state IS NULL THEN seen IS NULL END)", how: How::Level, zeros: Zeros::Pipelines, past: false),
    figure!("crm_open_deals_single_threaded", "", ["pipeline"], "
        SELECT owner, NULL, deal, 1, pipeline FROM d WHERE status = 'open' AND (
          SELECT count(DISTINCT t.prospect) FROM to_deals m JOIN deal_activity x ON x.deal = m.k JOIN touch t ON t.activity = x.activity
          WHERE m.t = d.deal) < 2", how: How::Level, zeros: Zeros::Pipelines),
    figure!("crm_stage_entered", "funnel", ["pipeline", "stage"], "SELECT owner, at, deal, 1, pipeline, stage_name FROM entered", zeros: Zeros::Stages),
    figure!("crm_stage_advanced", "funnel", ["pipeline", "stage"], "SELECT owner, at, deal, 1, pipeline, stage_name FROM entered WHERE fate = 'advanced'", zeros: Zeros::Stages),
    figure!("crm_stage_lost", "funnel", ["pipeline", "stage"], "SELECT owner, at, deal, 1, pipeline, stage_name FROM entered WHERE fate = 'lost'", zeros: Zeros::Stages),
    figure!("crm_stage_waiting", "funnel", ["pipeline", "stage"], "SELECT owner, at, deal, 1, pipeline, stage_name FROM entered WHERE fate = 'waiting'", zeros: Zeros::Stages),
    figure!("crm_stage_lost_value", "funnel", ["pipeline", "stage"], "SELECT owner, at, deal, cash, pipeline, stage_name FROM entered WHERE fate = 'lost'", zeros: Zeros::Stages, unit: CENTS),
    figure!("crm_stage_conversion_ratio", "funnel", ["pipeline", "stage"], "SELECT owner, at, deal, 1, pipeline, stage_name FROM entered WHERE fate = 'advanced'",
        how: How::Over("SELECT owner, at, deal, 1, pipeline, stage_name FROM entered WHERE fate <> 'waiting'")),
    figure!("crm_stage_duration_seconds", "funnel", ["pipeline", "stage"], "SELECT owner, ended, deal, ended - begun, pipeline, stage_name FROM stay WHERE ended >= begun", how: How::Stats(&["mean", "p50", "p90"]), unit: MILLIS),
    figure!("crm_key_account_interactions", "accounts", ["account"], "
        SELECT done.owner, seen, done.key, 1, label FROM done JOIN concerned ON activity = done.key JOIN key_account USING (account)
        WHERE kind IN ('call', 'email', 'meeting')", zeros: Zeros::KeyAccounts),
    figure!("crm_key_account_seconds", "accounts", ["account"], "
        SELECT done.owner, seen, done.key, seconds, label FROM done JOIN concerned ON activity = done.key JOIN key_account USING (account)
        WHERE kind IN ('call', 'email', 'meeting') AND seconds IS NOT NULL", zeros: Zeros::KeyAccounts),
    figure!("crm_key_account_last_interaction_timestamp_seconds", "", ["account"], "
        SELECT done.owner, seen, done.key, 1, label FROM done JOIN concerned ON activity = done.key JOIN key_account USING (account)
        WHERE kind IN ('call', 'email', 'meeting')", how: How::Largest, unit: MILLIS),
    figure!("crm_key_account_won_value", "accounts", ["account"], "
        SELECT d.owner, closed, deal, cash, label FROM d JOIN to_accounts m ON m.k = d.account JOIN key_account k ON k.account = m.t
        WHERE status = 'won'", zeros: Zeros::None, unit: CENTS),
    figure!("crm_customers", "customers", [], customers!("count(*)"), how: How::Direct(&["scope", "team", "window"])),
    figure!("crm_customers_retained_ratio", "customers", [], customers!("avg(is_now IS NOT NULL)"), how: How::Direct(&["scope", "team", "window"]), zeros: Zeros::None),
    figure!("crm_customer_value_growth_ratio", "customers", [], customers!("sum(coalesce(is_now, 0)) * 1.0 / nullif(sum(was), 0)"), how: How::Direct(&["scope", "team", "window"]), zeros: Zeros::None),
    figure!("crm_goal_actual", "deals", [], concat!(
        "SELECT * FROM (WITH ", goal!("calls", "week", "SELECT owner, seen AS at, 1 AS amount FROM done WHERE kind = 'call'"), ")
         UNION ALL SELECT * FROM (WITH ", goal!("quota", "quarter", "SELECT owner, closed AS at, cash / 100.0 AS amount FROM d WHERE status = 'won'"), ")
         UNION ALL ", covered!()
    ), how: How::Direct(&["goal", "scope", "team", "rep", "window"]), zeros: Zeros::None),
    figure!("crm_data_quality_checked", "", ["check"], "SELECT owner, NULL, record, 1, name FROM checked", how: How::Level, zeros: CHECKS),
    figure!("crm_data_quality_issues", "", ["check"], "SELECT owner, NULL, record, 1, name FROM checked WHERE fails", how: How::Level, zeros: CHECKS),
];
