//! Real sales data against an independent reading of the same files: what the figures say has to be what SQL says.
//!
//! The files lie in `data/maven-crm` of the directory that `CRM_EXPORTER_SHARED` names, else of `../shared`; where they
//! are absent these tests are skipped. Dates in them have no time, so an instant at the end of a date is that date.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono_tz::Tz;
use crm_exporter::calendar::Calendar;
use crm_exporter::domain::{Currency, Cursor, Next, Object, Timestamp};
use crm_exporter::facts::{Coverage, Facts, PeopleRules, Rules, SourceInfo};
use crm_exporter::metrics::{self, Options};
use crm_exporter::settings::Settings;
use crm_exporter::snapshot::Snapshot;
use crm_exporter::source::{self, Context};
use crm_exporter::store::Store;
use rusqlite::Connection;

use crate::samples::{Samples, close};

/// Long after the files were written, and after everything in them.
const POLLED_AT: &str = "2100-01-01T00:00:00Z";

const SETTINGS: &str = r#"
directory: .
objects:
  users:    {file: sales_teams.csv, columns: {id: sales_agent, name: sales_agent, team: regional_office, manager: manager}}
  accounts: {file: accounts.csv, columns: {id: account, name: account, annual_revenue: {column: revenue, scale: 1000000}, employees: employees}}
  deals:
    file: sales_pipeline.csv
    columns: {id: opportunity_id, owner: sales_agent, account: account, stage: deal_stage, amount: close_value, created_at: engage_date, closed_at: close_date}
    dates: "%Y-%m-%d"
    currency: USD
    pipeline: Sales
    stages: {Prospecting: open, Engaging: open, Won: won, Lost: lost}
"#;

const QUARTER_ENDS: [&str; 4] = ["2017-03-31", "2017-06-30", "2017-09-30", "2017-12-31"];

const IDLE: [&str; 5] = ["Carl Lin", "Carol Thompson", "Elizabeth Anderson", "Mei-Mei Johns", "Natalya Ivanova"];

/// The files, if they are there.
fn files() -> Option<PathBuf> {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared");
    let shared = std::env::var("CRM_EXPORTER_SHARED").unwrap_or_else(|_| beside.to_owned());
    let directory = Path::new(&shared).join("data/maven-crm");
    if !directory.is_dir() {
        eprintln!("skipped: {} is not there", directory.display());
        return None;
    }
    Some(directory)
}

/// The product's side: the files, read by the source of kind `csv` into a store, and facts loaded from there.
struct Product {
    facts: Facts,
    coverage: Coverage,
    options: Options,
}

impl Product {
    async fn load(files: &Path) -> Product {
        let kind = source::KINDS.iter().find(|kind| kind.name == "csv").unwrap();
        let settings = config::File::from_str(SETTINGS, config::FileFormat::Yaml);
        let settings = config::Config::builder().add_source(settings).build().unwrap().try_deserialize().unwrap();
        let context = Context {
            name: "maven".to_owned(),
            zone: Tz::UTC,
            currency: Currency::new("USD").unwrap(),
            directory: files.to_owned(),
            history_days: None,
            surroundings: crm_exporter::http::Surroundings::none("exports"),
        };
        let source = (kind.build)(settings, &context).unwrap();
        let directory = tempfile::tempdir().unwrap();
        let now: Timestamp = POLLED_AT.parse().unwrap();
        let mut store = Store::open(&directory.path().join("maven.db"), now).unwrap();
        let key = store.register("maven", "csv", None).unwrap();
        let mut objects = BTreeSet::new();
        for stream in source.streams() {
            store.stream(key, &stream.name, &stream.fingerprint).unwrap();
            objects.extend(&stream.objects);
            let mut cursor: Option<Cursor> = None;
            loop {
                let page = source.page(stream, cursor.as_ref(), now).await.unwrap();
                assert_eq!(page.unreadable, []);
                store.apply(key, &stream.name, &page, now).unwrap();
                match page.next {
                    Next::More(next) => cursor = Some(next),
                    Next::UpToDate(_) => break,
                }
            }
        }
        let sources = [SourceInfo { key, name: "maven".to_owned(), dictionary: kind.dictionary }];
        let rules = Rules::new(&sources, &Settings::default().readings()).unwrap();
        let calendar = Calendar::new(&Default::default(), files).unwrap();
        let mut facts =
            Facts::new(rules, Arc::new(calendar), objects.iter().map(|object| (Some(key), *object)).collect());
        let reader = store.reader().unwrap();
        Facts::OBJECTS.iter().for_each(|object| reader.for_each(*object, |row| facts.put(row)).unwrap());
        let coverage = Coverage { complete: objects, polled_at: Some(now), ..Coverage::default() };
        let options = Options::new(&Settings::default().figures()).unwrap();
        Product { facts, coverage, options }
    }

    /// The figures at the end of a date.
    fn at_end_of(&self, date: &str) -> Samples {
        let now = format!("{date}T23:59:59Z").parse().unwrap();
        let snapshot = Snapshot::new(&self.facts, &PeopleRules::default(), &self.options, &self.coverage, now);
        let samples = Samples::read(std::str::from_utf8(&snapshot.text).unwrap());
        samples.check_against_catalogue();
        samples
    }
}

/// Who a figure is for: team and rep, empty where it is for several.
type Population = (String, String);

/// The other side: the files in SQL tables, read by nothing of the product.
struct Sql(Connection);

/// Populations of a figure, as SQL expressions for team and rep.
const SCOPES: [(&str, &str, &str); 3] =
    [("org", "''", "''"), ("team", "regional_office", "''"), ("rep", "regional_office", "sales_agent")];

impl Sql {
    fn load(files: &Path) -> Sql {
        let connection = Connection::open_in_memory().unwrap();
        for (table, file) in [("teams", "sales_teams.csv"), ("deals", "sales_pipeline.csv")] {
            let mut rows = csv::Reader::from_path(files.join(file)).unwrap();
            let columns: Vec<String> = rows.headers().unwrap().iter().map(str::to_owned).collect();
            connection.execute_batch(&format!("CREATE TABLE {table} ({})", columns.join(", "))).unwrap();
            let places = vec!["nullif(?, '')"; columns.len()].join(", ");
            let mut insert = connection.prepare(&format!("INSERT INTO {table} VALUES ({places})")).unwrap();
            for row in rows.records() {
                insert.execute(rusqlite::params_from_iter(row.unwrap().iter())).unwrap();
            }
        }
        Sql(connection)
    }

    fn map(&self, query: &str) -> BTreeMap<Population, f64> {
        let mut statement = self.0.prepare(query).unwrap_or_else(|error| panic!("{error} in {query}"));
        let rows = statement.query_map([], |row| Ok(((row.get(0)?, row.get(1)?), row.get(2)?)));
        rows.unwrap().collect::<rusqlite::Result<_>>().unwrap()
    }

    /// An aggregate over the deals that meet a condition, by population; none of those without such deals.
    fn by_scope(
        &self,
        (_, team, rep): (&str, &str, &str),
        aggregate: &str,
        condition: &str,
    ) -> BTreeMap<Population, f64> {
        self.map(&format!(
            "SELECT {team}, {rep}, CAST({aggregate} AS REAL) FROM deals JOIN teams USING (sales_agent)
             WHERE {condition} GROUP BY 1, 2"
        ))
    }

    /// An aggregate over the deals that meet a condition, by rep; also of reps without such deals.
    fn by_rep(&self, aggregate: &str, condition: &str) -> BTreeMap<Population, f64> {
        self.map(&format!(
            "SELECT regional_office, teams.sales_agent, CAST({aggregate} AS REAL)
             FROM teams LEFT JOIN deals ON deals.sales_agent = teams.sales_agent AND {condition} GROUP BY 1, 2"
        ))
    }

    /// The median cycle in days of the deals that meet a condition, by population.
    fn median_cycle(&self, (_, team, rep): (&str, &str, &str), condition: &str) -> BTreeMap<Population, f64> {
        self.map(&format!(
            "WITH cycles AS (
               SELECT {team} AS team, {rep} AS rep, julianday(close_date) - julianday(engage_date) AS days,
                 row_number() OVER (PARTITION BY {team}, {rep} ORDER BY julianday(close_date) - julianday(engage_date)) AS place,
                 count(*) OVER (PARTITION BY {team}, {rep}) AS total
               FROM deals JOIN teams USING (sales_agent) WHERE {condition})
             SELECT team, rep, avg(days) FROM cycles WHERE place IN ((total + 1) / 2, (total + 2) / 2) GROUP BY 1, 2"
        ))
    }
}

/// First and last date of a window at the end of `date`, which ends a quarter, as SQL expressions.
fn bounds(window: &str, date: &str) -> (String, String) {
    let (first, last) = match window {
        "day" => ("", None),
        "month" => (", 'start of month'", None),
        "quarter" => (", 'start of month', '-2 months'", None),
        "year" => (", 'start of year'", None),
        "90d" => (", '-89 days'", None),
        "365d" => (", '-364 days'", None),
        "previous_month" => (", 'start of month', '-1 month'", Some(", 'start of month', '-1 day'")),
        "previous_quarter" => (", 'start of month', '-5 months'", Some(", 'start of month', '-2 months', '-1 day'")),
        "previous_year" => (", 'start of year', '-1 year'", Some(", 'start of year', '-1 day'")),
        other => panic!("no bounds for {other}"),
    };
    (format!("date('{date}'{first})"), format!("date('{date}'{})", last.unwrap_or_default()))
}

/// The samples of a family that have all these labels, by population.
fn exposed(samples: &Samples, family: &str, labels: &[(&str, &str)]) -> BTreeMap<Population, f64> {
    let mut populations = BTreeMap::new();
    for (labels, value) in samples.having(family, labels) {
        *populations.entry((labels["team"].clone(), labels["rep"].clone())).or_insert(0.0) += value;
    }
    populations
}

/// Fails unless both have the same populations with the same figures.
fn same(what: &str, exposed: &BTreeMap<Population, f64>, expected: &BTreeMap<Population, f64>) {
    assert_eq!(exposed.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>(), "{what}");
    for (population, expected) in expected {
        let value = exposed[population];
        assert!(close(value, *expected), "{what} of {population:?} is {value}, SQL says {expected}");
    }
}

#[tokio::test]
async fn known_answers_come_out() {
    let Some(files) = files() else { return };
    let product = Product::load(&files).await;
    let year = product.at_end_of("2017-12-31");
    let window = [("window", "year")];
    let org = |family: &str, more: &[(&str, &str)]| {
        year.value(family, &[&[("scope", "org"), ("window", "year")], more].concat()).unwrap()
    };
    assert_eq!(year.sum("crm_deals_won", &window), 4_238.0);
    assert_eq!(year.sum("crm_deals_lost", &window), 2_473.0);
    assert_eq!(year.sum("crm_deals_won_value", &window), 10_005_534.0);
    assert!((org("crm_win_ratio", &[]) - 0.631_500_5).abs() < 1e-7);
    assert!((org("crm_sales_cycle_seconds", &[("stat", "mean")]) / 86_400.0 - 51.78).abs() < 0.005);
    assert_eq!(org("crm_sales_cycle_seconds", &[("stat", "p50")]) / 86_400.0, 57.0);
    assert_eq!(year.sum("crm_open_deals", &[]), 2_089.0);
    for rep in IDLE {
        assert_eq!(year.value("crm_deals_won", &[("rep", rep), ("window", "year")]), Some(0.0), "{rep}");
    }

    let summer = product.at_end_of("2017-06-30");
    assert_eq!(summer.sum("crm_deals_won", &[("window", "day")]), 16.0);
    assert_eq!(summer.sum("crm_deals_won", &[("window", "quarter")]), 1_254.0);
    assert_eq!(summer.sum("crm_deals_created", &[("window", "quarter")]), 2_388.0);
    assert_eq!(summer.sum("crm_open_deals", &[]), 1_686.0 + 500.0);
}

#[tokio::test]
async fn nothing_is_said_of_activities_that_no_source_delivers() {
    let Some(files) = files() else { return };
    let samples = Product::load(&files).await.at_end_of("2017-12-31");
    let families = samples.families();
    let of_activities = metrics::catalogue().filter(|metric| metric.needs.all.contains(&Object::Activity));
    let names: Vec<&str> = of_activities.map(|metric| metric.name).collect();
    assert!(names.contains(&"crm_activities") && names.contains(&"crm_last_activity_timestamp_seconds"));
    for name in names {
        assert!(!families.contains(name), "{name} is exposed");
    }
}

#[tokio::test]
async fn every_rep_and_window_agrees_with_sql() {
    let Some(files) = files() else { return };
    let (product, sql) = (Product::load(&files).await, Sql::load(&files));
    for date in QUARTER_ENDS {
        let samples = product.at_end_of(date);
        for window in ["day", "month", "quarter", "year", "previous_month", "previous_quarter", "previous_year"] {
            let (first, last) = bounds(window, date);
            let closed = format!("close_date BETWEEN {first} AND {last}");
            let (won, lost) = (format!("deal_stage = 'Won' AND {closed}"), format!("deal_stage = 'Lost' AND {closed}"));
            let created = format!("engage_date BETWEEN {first} AND {last}");
            let (count, value) = ("count(opportunity_id)", "total(close_value)");
            for (family, aggregate, condition) in [
                ("crm_deals_won", count, &won),
                ("crm_deals_won_value", value, &won),
                ("crm_deals_lost", count, &lost),
                ("crm_deals_lost_value", value, &lost),
                ("crm_deals_created", count, &created),
                ("crm_deals_created_value", value, &created),
            ] {
                let what = format!("{family} over {window} at {date}");
                same(&what, &exposed(&samples, family, &[("window", window)]), &sql.by_rep(aggregate, condition));
            }
        }
        let open = format!(
            "(engage_date IS NULL OR engage_date <= '{date}') AND (close_date IS NULL OR close_date > '{date}')"
        );
        same("crm_open_deals", &exposed(&samples, "crm_open_deals", &[]), &sql.by_rep("count(opportunity_id)", &open));
    }
}

#[tokio::test]
async fn every_scope_and_window_agrees_with_sql() {
    let Some(files) = files() else { return };
    let (product, sql) = (Product::load(&files).await, Sql::load(&files));
    for (date, window) in QUARTER_ENDS
        .into_iter()
        .flat_map(|date| ["quarter", "year", "90d", "365d", "previous_quarter"].map(|window| (date, window)))
    {
        let samples = product.at_end_of(date);
        let (first, last) = bounds(window, date);
        let closed = format!("close_date BETWEEN {first} AND {last}");
        let won = format!("deal_stage = 'Won' AND {closed}");
        for scope in SCOPES {
            let check = |family: &str, stat: Option<&str>, expected: &BTreeMap<Population, f64>| {
                let stat = stat.map(|stat| ("stat", stat));
                let labels: Vec<_> = [("scope", scope.0), ("window", window)].into_iter().chain(stat).collect();
                let what = format!("{family} {labels:?} at {date}");
                same(&what, &exposed(&samples, family, &labels), expected);
            };
            check("crm_win_ratio", None, &sql.by_scope(scope, "avg(deal_stage = 'Won')", &closed));
            check("crm_deal_size_average", None, &sql.by_scope(scope, "avg(close_value)", &won));
            let seconds = "86400 * avg(julianday(close_date) - julianday(engage_date))";
            check("crm_sales_cycle_seconds", Some("mean"), &sql.by_scope(scope, seconds, &won));
            let mut medians = sql.median_cycle(scope, &won);
            medians.values_mut().for_each(|days| *days *= 86_400.0);
            check("crm_sales_cycle_seconds", Some("p50"), &medians);
        }
    }
}
