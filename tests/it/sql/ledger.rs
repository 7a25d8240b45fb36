//! The second computation: SQL over the store's file.

use std::collections::BTreeMap;
use std::path::Path;

use chrono::{Days, NaiveDate};
use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags};

use super::figures::{FIGURES, Figure, How, Zeros};
use super::windows;
use crate::samples::Labels;

/// Figures of a family by their labels.
pub(super) type Expected = BTreeMap<Labels, f64>;

/// The tables of one instant.
pub(super) struct Ledger(Connection);

/// What stands in the settings, as tables.
const SETTINGS: &str = "
    CREATE TEMP TABLE identities (address, person);
    INSERT INTO identities VALUES ('jo@example.com', 'ivy@example.com');
    CREATE TEMP TABLE hidden (address);
    INSERT INTO hidden VALUES ('dee@example.com'), ('eve@example.com');
    CREATE TEMP TABLE kinds (word, kind);
    INSERT INTO kinds VALUES ('call', 'call'), ('email', 'email'), ('meeting', 'meeting'), ('task', 'task'), ('brief', 'letter');
    CREATE TEMP TABLE titles (title, level);
    INSERT INTO titles VALUES ('Chief Buyer', 'c_level'), ('CTO', 'c_level'), ('Vice President Sales', 'vp'), ('VP', 'vp'),
      ('Director of IT', 'director'), ('Head of Tools', 'manager'), ('Clerk', 'individual');
    CREATE TEMP TABLE checks (name);
    INSERT INTO checks VALUES ('deal_without_amount'), ('deal_unknown_currency'), ('deal_without_close_date'), ('deal_overdue'),
      ('deal_closed_before_created'), ('record_without_owner'), ('owner_inactive'), ('activity_without_contact'),
      ('activity_logged_late'), ('call_too_short'), ('lead_without_source'), ('account_duplicate');
    CREATE TEMP TABLE days (day TEXT PRIMARY KEY, start INTEGER);
    CREATE UNIQUE INDEX temp.days_start ON days (start);
    CREATE TEMP TABLE windows (grp, name, start, stop);
    CREATE TEMP TABLE params (now, live, today);";

impl Ledger {
    /// The tables for `now`; `live`: it is not before the last poll.
    pub(super) fn new(store: &Path, now: i64, live: bool) -> Ledger {
        let connection = Connection::open_with_flags(store, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
        connection.execute_batch(SETTINGS).unwrap();
        let ledger = Ledger(connection);
        ledger.fill(now, live);
        for object in ["users", "contacts", "leads", "deals", "accounts"] {
            ledger.run(&survivors(object));
        }
        ledger.run("CREATE TEMP TABLE deal_activity AS SELECT to_key AS deal, from_key AS activity FROM activities_deals; CREATE INDEX temp.deal_activity_deal ON deal_activity (deal)");
        ledger.run(include_str!("base.sql"));
        ledger.run(include_str!("quality.sql"));
        ledger
    }

    fn fill(&self, now: i64, live: bool) {
        let mut day: NaiveDate = "2022-01-01".parse().unwrap();
        let mut insert = self.0.prepare("INSERT INTO days VALUES (?1, ?2)").unwrap();
        while day < "2027-01-01".parse().unwrap() {
            insert.execute((day.to_string(), windows::start_of(day))).unwrap();
            day = day + Days::new(1);
        }
        let today = windows::date_of(now).to_string();
        self.0.execute("INSERT INTO params VALUES (?1, ?2, ?3)", (now, live, today)).unwrap();
        let mut insert = self.0.prepare("INSERT INTO windows VALUES (?1, ?2, ?3, ?4)").unwrap();
        for (group, name, start, stop) in windows::all(now) {
            insert.execute((group, name, start, stop)).unwrap();
        }
    }

    fn run(&self, sql: &str) {
        let sql = expand(sql);
        self.0.execute_batch(&sql).unwrap_or_else(|error| panic!("{error} in {sql}"));
    }

    /// What a figure has to say.
    pub(super) fn expected(&self, figure: &Figure) -> Expected {
        match figure.how {
            How::Sum | How::Level => self.with_zeros(figure, self.leaves(figure, "sum(amount)")),
            How::Largest => self.leaves(figure, "max(at)"),
            How::TeamSum => self.grouped(figure, figure.sql, &["team"], "'' AS scope, team, ''", "sum(amount)"),
            How::Mean => self.scoped(figure, figure.sql, "avg(amount)"),
            How::Distinct => self.with_zero_counts(figure, self.scoped(figure, figure.sql, "count(DISTINCT record)")),
            How::Over(under) => self.ratio(figure, self.scoped(figure, under, "sum(amount)")),
            How::OverDistinct(under) => self.ratio(figure, self.scoped(figure, under, "count(DISTINCT record)")),
            How::Stats(stats) => self.statistics(figure, stats),
            How::Direct(names) => self.with_zero_teams(figure, self.direct(figure, names)),
            How::Velocity => self.velocity(figure),
        }
    }

    fn leaves(&self, figure: &Figure, aggregate: &str) -> Expected {
        self.grouped(figure, figure.sql, &["team", "rep"], "'' AS scope, team, rep", aggregate)
    }

    /// An aggregate over every scope; hidden people have none of their own.
    fn scoped(&self, figure: &Figure, sql: &str, aggregate: &str) -> Expected {
        let mut all = Expected::new();
        for scope in ["'org' AS scope, '', ''", "'team' AS scope, team, ''", "'rep' AS scope, team, rep"] {
            all.extend(self.grouped(figure, sql, &["scope", "team", "rep"], scope, aggregate));
        }
        all
    }

    /// Contributions with the people they count for, and with windows.
    fn contributions(&self, figure: &Figure, sql: &str) -> String {
        let dims: Vec<String> = (0..figure.dims.len()).map(|place| format!("dim{place}")).collect();
        let names = ["owner", "at", "record", "amount"].into_iter().map(str::to_owned).chain(dims.clone());
        let dims: String = dims.iter().map(|dim| format!(", {dim}")).collect();
        let windows = match figure.group {
            "" => String::new(),
            group => format!("JOIN windows w ON w.grp = '{group}' AND c.at >= w.start AND c.at < w.stop"),
        };
        let window = if figure.group.is_empty() { "''" } else { "w.name" };
        format!(
            "WITH c({names}) AS (SELECT * FROM ({sql})),
             counted AS (SELECT coalesce(s.team, 'unassigned') AS team, coalesce(s.rep, 'unassigned') AS rep,
               coalesce(s.hidden, 0) AS hidden, {window} AS win, at, record, amount{dims}
               FROM c LEFT JOIN slot s ON s.owner = c.owner {windows})",
            names = names.collect::<Vec<_>>().join(", "),
        )
    }

    fn grouped(
        &self,
        figure: &Figure,
        sql: &str,
        populations: &[&'static str],
        scope: &str,
        aggregate: &str,
    ) -> Expected {
        let places = figure.dims.len();
        let dims: String = (0..places).map(|place| format!(", dim{place}")).collect();
        let keys: String = (1..=4 + places).map(|place| place.to_string()).collect::<Vec<_>>().join(", ");
        let hidden = if scope.starts_with("'rep'") { "WHERE NOT hidden" } else { "" };
        let query = format!(
            "{} SELECT {scope}, win{dims}, CAST({aggregate} AS REAL) FROM counted {hidden} GROUP BY {keys}",
            self.contributions(figure, sql)
        );
        let mut all = Expected::new();
        for row in self.rows(&query) {
            let labels = labels(figure, populations, &row[..4 + places]);
            let Value::Real(value) = row[4 + places] else { continue };
            all.insert(labels, value * figure.unit);
        }
        all
    }

    fn ratio(&self, figure: &Figure, under: Expected) -> Expected {
        let over = self.scoped(figure, figure.sql, "sum(amount)");
        let ratio = |(labels, under): (Labels, f64)| {
            let over = over.get(&labels).copied().unwrap_or(0.0);
            (labels, over / (under * figure.unit))
        };
        under.into_iter().filter(|(_, under)| *under != 0.0).map(ratio).collect()
    }

    fn statistics(&self, figure: &Figure, stats: &[&str]) -> Expected {
        let lists = self.scoped_lists(figure);
        let mut all = Expected::new();
        for (labels, mut samples) in lists {
            samples.sort_by(f64::total_cmp);
            for stat in stats.iter().filter(|stat| labels["scope"] != "rep" || **stat != "p90") {
                let value = match stat.strip_prefix('p') {
                    None => samples.iter().sum::<f64>() / samples.len() as f64,
                    Some(rank) => quantile(&samples, rank.parse::<f64>().unwrap() / 100.0),
                };
                let mut labels = labels.clone();
                labels.insert("stat".to_owned(), (*stat).to_owned());
                all.insert(labels, value * figure.unit);
            }
        }
        all
    }

    fn scoped_lists(&self, figure: &Figure) -> BTreeMap<Labels, Vec<f64>> {
        let places = figure.dims.len();
        let dims: String = (0..places).map(|place| format!(", dim{place}")).collect();
        let mut lists: BTreeMap<Labels, Vec<f64>> = BTreeMap::new();
        for (scope, hidden) in
            [("'org', '', ''", ""), ("'team', team, ''", ""), ("'rep', team, rep", "WHERE NOT hidden")]
        {
            let query = format!(
                "{} SELECT {scope}, win{dims}, CAST(amount AS REAL) FROM counted {hidden}",
                self.contributions(figure, figure.sql)
            );
            for row in self.rows(&query) {
                let Value::Real(value) = row[4 + places] else { panic!("{row:?}") };
                let labels = labels(figure, &["scope", "team", "rep"], &row[..4 + places]);
                lists.entry(labels).or_default().push(value);
            }
        }
        lists
    }

    /// Adds what active reps read without any records.
    fn with_zeros(&self, figure: &Figure, mut all: Expected) -> Expected {
        /// Pipelines in which people own deals; of whoever owns none, all in which anybody does.
        const OWNED: &str = "JOIN (
            WITH own AS (SELECT DISTINCT person, pipeline FROM d JOIN slot USING (owner))
            SELECT r.person, own.pipeline FROM rep r JOIN own
            ON own.person = r.person OR NOT EXISTS (SELECT 1 FROM own o WHERE o.person = r.person)) v ON v.person = rep.person";
        let (further, joined) = match figure.zeros {
            Zeros::None => return all,
            Zeros::KeyAccounts => return self.with_zero_owners(figure, all),
            Zeros::Plain => ("", String::new()),
            Zeros::Of(values) => (", v.*", format!("JOIN ({values}) v")),
            Zeros::Pipelines => (", v.pipeline", OWNED.to_owned()),
            Zeros::Stages => {
                let stages = "JOIN stage s ON s.pipeline_name = v.pipeline AND s.outcome = 'open'";
                (", v.pipeline, s.name", format!("{OWNED} {stages}"))
            }
        };
        let windows = match figure.group {
            "" => "(SELECT '' AS name)".to_owned(),
            group => format!("(SELECT name FROM windows WHERE grp = '{group}')"),
        };
        let query = format!(
            "SELECT DISTINCT '', rep.team, rep.rep, w.name{further} FROM rep JOIN {windows} w {joined} WHERE rep.zeros"
        );
        for row in self.rows(&query) {
            all.entry(labels(figure, &["team", "rep"], &row)).or_insert(0.0);
        }
        all
    }

    /// Adds what active reps, their teams and everybody read where there is nothing to count.
    fn with_zero_counts(&self, figure: &Figure, mut all: Expected) -> Expected {
        let query = format!(
            "SELECT 'org', '', '', name FROM windows WHERE grp = '{group}'
             UNION SELECT 'team', team, '', name FROM windows, rep WHERE grp = '{group}' AND zeros
             UNION SELECT 'rep', team, rep, name FROM windows, rep WHERE grp = '{group}' AND zeros AND NOT hidden",
            group = figure.group
        );
        for row in self.rows(&query) {
            all.entry(labels(figure, &["scope", "team", "rep"], &row)).or_insert(0.0);
        }
        all
    }

    /// Adds what owners of key accounts read who did nothing.
    fn with_zero_owners(&self, figure: &Figure, mut all: Expected) -> Expected {
        let query = format!(
            "SELECT '', s.team, s.rep, w.name, k.label FROM key_account k JOIN slot s ON s.owner = k.owner
             JOIN windows w ON w.grp = '{}'",
            figure.group
        );
        for row in self.rows(&query) {
            all.entry(labels(figure, &["team", "rep"], &row)).or_insert(0.0);
        }
        all
    }

    /// Adds what teams with an active rep, and everybody, read where there is nothing to count.
    fn with_zero_teams(&self, figure: &Figure, mut all: Expected) -> Expected {
        if matches!(figure.zeros, Zeros::None) {
            return all;
        }
        let query = format!(
            "SELECT 'org', '', '', name FROM windows WHERE grp = '{group}'
             UNION SELECT 'team', team, '', name FROM windows, rep WHERE grp = '{group}' AND zeros",
            group = figure.group
        );
        for row in self.rows(&query) {
            all.entry(labels(figure, &["scope", "team"], &row)).or_insert(0.0);
        }
        all
    }

    fn direct(&self, figure: &Figure, names: &[&str]) -> Expected {
        let mut all = Expected::new();
        for row in self.rows(figure.sql) {
            let Value::Real(value) = row[names.len()] else { continue };
            let named = names.iter().zip(&row).map(|(name, value)| ((*name).to_owned(), text(value)));
            all.insert(named.collect(), value * figure.unit);
        }
        all
    }

    fn velocity(&self, figure: &Figure) -> Expected {
        let of = |family: &str| self.expected(FIGURES.iter().find(|figure| figure.family == family).unwrap());
        let (wins, sizes, cycles) = (of("crm_win_ratio"), of("crm_deal_size_average"), of("crm_sales_cycle_seconds"));
        let open = self.scoped(&Figure { group: "", ..*figure }, figure.sql, "count(*)");
        let velocity = |(labels, cycle): (&Labels, &f64)| {
            let mut labels = labels.clone();
            let is_mean = labels.remove("stat").as_deref() == Some("mean");
            let mut now = labels.clone();
            now.remove("window");
            let open = open.get(&now).copied().unwrap_or(0.0);
            let value = open * wins.get(&labels)? * sizes.get(&labels)? / (cycle / 86_400.0);
            (is_mean && *cycle > 0.0).then_some((labels, value))
        };
        cycles.iter().filter_map(velocity).collect()
    }

    fn rows(&self, query: &str) -> Vec<Vec<Value>> {
        let query = expand(query);
        let mut statement = self.0.prepare(&query).unwrap_or_else(|error| panic!("{error} in {query}"));
        let columns = statement.column_count();
        let rows = statement.query_map([], |row| (0..columns).map(|place| row.get(place)).collect());
        rows.unwrap().collect::<rusqlite::Result<_>>().unwrap_or_else(|error| panic!("{error} in {query}"))
    }
}

/// Labels of a row: scope, team, rep, window and the further ones. Of the first three those that the family has.
fn labels(figure: &Figure, populations: &[&'static str], row: &[Value]) -> Labels {
    let names = ["scope", "team", "rep"].into_iter().zip(row).filter(|(name, _)| populations.contains(name));
    let window = (!figure.group.is_empty()).then_some(("window", &row[3]));
    let further = figure.dims.iter().copied().zip(&row[4..]);
    names.chain(window).chain(further).map(|(name, value)| (name.to_owned(), text(value))).collect()
}

fn text(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        other => panic!("{other:?} is no label"),
    }
}

/// By linear interpolation at rank p x (n - 1).
fn quantile(samples: &[f64], p: f64) -> f64 {
    let rank = p * (samples.len() - 1) as f64;
    let (low, high) = (samples[rank.floor() as usize], samples[rank.ceil() as usize]);
    low + (high - low) * rank.fract()
}

/// A table that leads from every record of a kind to the one that it was merged into.
fn survivors(object: &str) -> String {
    format!(
        "CREATE TEMP TABLE to_{object} AS
         WITH RECURSIVE way(k, t, n) AS (
           SELECT _key, _key, 0 FROM {object}
           UNION ALL SELECT way.k, x._merged_into, n + 1 FROM way JOIN {object} x ON x._key = way.t
           WHERE x._merged_into IS NOT NULL AND NOT LIVE(x) AND n < 9)
         SELECT k, t FROM (SELECT k, t, max(n) FROM way GROUP BY k);
         CREATE UNIQUE INDEX temp.to_{object}_k ON to_{object} (k)"
    )
}

/// Writes out the abbreviations that `base.sql` explains.
fn expand(sql: &str) -> String {
    let mut text = sql.to_owned();
    for (name, form) in [
        ("LIVE", "(@._version IS NOT NULL AND (@._deleted_at IS NULL OR @._version > @._deleted_at))"),
        ("SEEN", "SEENMS(INSTANT(@))"),
        (
            "SEENMS",
            "(SELECT CASE WHEN x.ms <= now THEN x.ms WHEN live AND x.ms <= now + 900000 THEN now END FROM params, (SELECT @ AS ms) x)",
        ),
        ("INSTANT", "(CASE typeof(@) WHEN 'text' THEN (SELECT start FROM days WHERE day = @) ELSE @ END)"),
        ("LOCAL", "(SELECT day FROM days WHERE start <= @ ORDER BY start DESC LIMIT 1)"),
    ] {
        let call = format!("{name}(");
        while let Some(start) = find_word(&text, &call) {
            let inside = start + call.len();
            let mut depth = 1;
            let end = text[inside..].char_indices().find(|(_, character)| {
                depth += match character {
                    '(' => 1,
                    ')' => -1,
                    _ => 0,
                };
                depth == 0
            });
            let end = inside + end.unwrap().0;
            let written = form.replace('@', &text[inside..end]);
            text.replace_range(start..=end, &written);
        }
    }
    text
}

/// Where a call stands whose name is not the end of another.
fn find_word(text: &str, call: &str) -> Option<usize> {
    let is_alone = |at: &usize| !text[..*at].ends_with(|before: char| before.is_ascii_alphanumeric() || before == '_');
    text.match_indices(call).map(|(at, _)| at).find(is_alone)
}
