//! What a whole sales floor costs: writing its records, loading them, holding them, and deriving every figure.
//!
//! `cargo bench --bench floor` takes the small and the medium floor. Options behind `--`: `--size small|medium|large`,
//! `--no-store` (records go straight to the read model), `--store FILE` (keeps the store, and reads one that is there),
//! `--families` (the time of each family), `--runs N`. Times are medians; processor time is that of one core.
#![expect(clippy::unwrap_used, reason = "a failed measurement is none")]

mod cost;
mod goals;
mod records;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crm_exporter::domain::{Cursor, Key, Next, Object, Page, Record, Row, Stamped};
use crm_exporter::exposition::{Body, Encoder};
use crm_exporter::facts::{Facts, PeopleRules, View};
use crm_exporter::load::load;
use crm_exporter::metrics::{Frame, Options, catalogue};
use crm_exporter::settings::Settings;
use crm_exporter::snapshot::Snapshot;
use crm_exporter::store::{Reader, Store};

use cost::{Clock, Cost, forget_peak, memory};
use records::{Link as _, NOW, SIZES, SOURCE, Size, coverage};

/// Records of a page, about what CRMs give.
const PAGE: usize = 200;

struct Asked {
    sizes: Vec<Size>,
    store: Option<PathBuf>,
    no_store: bool,
    families: bool,
    runs: usize,
}

impl Asked {
    fn new() -> Asked {
        let mut asked = Asked { sizes: Vec::new(), store: None, no_store: false, families: false, runs: 5 };
        let mut words = std::env::args().skip(1);
        while let Some(word) = words.next() {
            match word.as_str() {
                "--size" => {
                    let name = words.next().expect("--size NAME");
                    asked.sizes.push(*SIZES.iter().find(|size| size.name == name).expect("small, medium or large"));
                }
                "--store" => asked.store = Some(words.next().expect("--store FILE").into()),
                "--runs" => asked.runs = words.next().expect("--runs N").parse().unwrap(),
                "--no-store" => asked.no_store = true,
                "--families" => asked.families = true,
                // What cargo adds.
                "--bench" => {}
                other => panic!("there is no option {other}"),
            }
        }
        asked
    }
}

fn main() {
    let asked = Asked::new();
    match asked.sizes.as_slice() {
        [size] => measure(size, &asked),
        // Each in a process of its own: what one floor leaves in memory would count for the next.
        sizes => {
            let names = sizes.iter().map(|size| size.name).collect::<Vec<_>>();
            for name in if names.is_empty() { vec!["small", "medium"] } else { names } {
                let rest = std::env::args().skip(1).filter(|word| !SIZES.iter().any(|size| size.name == word));
                let rest = rest.filter(|word| word != "--size");
                let mut child = Command::new(std::env::current_exe().unwrap());
                assert!(child.args(rest).args(["--size", name]).status().unwrap().success());
            }
        }
    }
}

fn measure(size: &Size, asked: &Asked) {
    let Size { name, reps, teams, contacts, deals, activities } = size;
    println!("\n{name}: {reps} reps in {teams} teams, {contacts} contacts, {deals} deals, {activities} activities");
    let facts = match asked.no_store {
        true => build(size),
        false => {
            let directory = tempfile::tempdir().unwrap();
            let path = asked.store.clone().unwrap_or_else(|| directory.path().join("floor.db"));
            if !path.exists() {
                write(size, &path);
            }
            read(size, &path)
        }
    };
    refresh(&facts, asked);
}

/// Puts rows into the read model without a store.
fn build(size: &Size) -> Facts {
    let before = memory().0;
    forget_peak();
    let mut facts = size.facts();
    let objects = [(Object::Contact, size.contacts), (Object::Deal, size.deals), (Object::Activity, size.activities)];
    objects.into_iter().for_each(|(object, keys)| facts.reserve(object, keys as usize));
    let mut rows = 0;
    let clock = Clock::start();
    size.each(|number, record: Record<Key>| {
        rows += 1;
        facts.put(Row {
            key: Key(number),
            source: SOURCE,
            id: String::of(number),
            version: Some(NOW),
            live: true,
            merged_into: None,
            sightings: Vec::new(),
            record,
        });
    });
    report("generate and put", rows, clock.cost());
    report_memory(before, rows);
    facts
}

/// Writes the records page by page, as a first load does.
fn write(size: &Size, path: &Path) {
    let mut store = Store::open(path, NOW).unwrap();
    let source = store.register("crm", "bench", None).unwrap();
    assert_eq!(source, SOURCE);
    store.stream(source, "all", "1").unwrap();
    let mut page = Page::empty(Next::More(Cursor(String::new())));
    let (mut rows, mut pages) = (0, 0);
    let mut applied = Cost { wall: Duration::ZERO, thread: Duration::ZERO, process: Duration::ZERO };
    let mut apply = |page: &mut Page| {
        pages += 1;
        page.next = Next::More(Cursor(pages.to_string()));
        let clock = Clock::start();
        store.apply(source, "all", page, NOW).unwrap();
        let cost = clock.cost();
        applied.wall += cost.wall;
        applied.thread += cost.thread;
        page.records.clear();
    };
    size.each(|number, record: Record<String>| {
        rows += 1;
        page.records.push(Stamped { id: String::of(number), version: NOW, record });
        if page.records.len() == PAGE {
            apply(&mut page);
        }
    });
    apply(&mut page);
    applied.process = applied.thread;
    report("write", rows, applied);
    let bytes = std::fs::metadata(path).unwrap().len();
    println!("  {:<24} {:>9.1} MB, {:.0} bytes a record", "file", bytes as f64 / 1e6, bytes as f64 / rows as f64);
}

fn read(size: &Size, path: &Path) -> Facts {
    let before = memory().0;
    forget_peak();
    let clock = Clock::start();
    let reader = Reader::open(path).unwrap();
    let facts = load(&reader, size.facts()).unwrap();
    let rows = Facts::OBJECTS.into_iter().map(|object| reader.keys(object).unwrap()).sum();
    drop(reader);
    let cost = clock.cost();
    report("load", rows, cost);
    // With a core for each thread, a load lasts as long as this.
    println!("  {:<24} {:>9.2} s CPU of the reading thread", "", seconds(cost.thread));
    report_memory(before, rows);
    facts
}

fn refresh(facts: &Facts, asked: &Asked) {
    let settings = Settings {
        goals: goals::goals(),
        scorecards: goals::scorecards(),
        contests: goals::contests(),
        benchmarks: goals::benchmarks(),
        ..Settings::default()
    };
    let options = Options::new(&settings.figures()).unwrap();
    let (people, coverage) = (PeopleRules::default(), coverage());
    let runs = asked.runs.max(1);
    let (mut derived, mut compressed) = (Vec::new(), Vec::new());
    // The one before is being served while the next one is made.
    let mut served = None;
    let mut series = 0;
    forget_peak();
    for _ in 0..runs {
        let clock = Clock::start();
        let snapshot = Snapshot::new(facts, &people, &options, &coverage, NOW);
        derived.push(clock.cost().thread);
        series = snapshot.series;
        let clock = Clock::start();
        let body = Body::new(snapshot.text);
        compressed.push(clock.cost().thread);
        served = Some(body);
    }
    let (held, peak) = memory();
    let (derived, compressed) = (median(derived), median(compressed));
    let total = derived + compressed;
    println!(
        "  {:<24} {:>9.3} s CPU and {:.3} s to compress, {runs} runs",
        "refresh",
        seconds(derived),
        seconds(compressed)
    );
    println!("  {:<24} {:>9} series, {:.3} s CPU per 100,000", "", series, seconds(total) * 1e5 / series as f64);
    let body = served.unwrap();
    let (plain, gzip) = (body.plain().len() as f64 / 1e6, body.gzip_with(b"").0.len() as f64 / 1e6);
    let checksum = crc32fast::hash(&body.plain());
    println!("  {:<24} {plain:>9.1} MB plain, {gzip:.1} MB gzip, checksum {checksum:08x}", "exposition");
    println!("  {:<24} {:>9.1} MB at its peak, {:.1} MB after it", "memory of refreshes", mega(peak), mega(held));
    if asked.families {
        families(facts, &people, &options, runs);
    }
}

/// The time of each family by itself, and of what they share, within one snapshot; the medians of several.
fn families(facts: &Facts, people: &PeopleRules, options: &Options, runs: usize) {
    let coverage = coverage();
    let mut rows: Vec<(&str, usize, Vec<Duration>)> = Vec::new();
    let mut note = |place: usize, name, series, cost: Cost| {
        if rows.len() == place {
            rows.push((name, series, Vec::new()));
        }
        rows[place].2.push(cost.thread);
    };
    for _ in 0..runs {
        let clock = Clock::start();
        let view = View::new(facts, people, &coverage, NOW);
        note(0, "(view)", 0, clock.cost());
        let frame = Frame::new(&view, options);
        for (index, metric) in catalogue().enumerate() {
            let clock = Clock::start();
            let mut encoder = Encoder::default();
            metric.write(&frame, &mut encoder);
            note(index + 1, metric.name, encoder.series(), clock.cost());
        }
    }
    println!("  {:<40} {:>9} {:>10}", "family", "series", "ms CPU");
    for (name, series, times) in rows {
        println!("  {name:<40} {series:>9} {:>10.1}", seconds(median(times)) * 1e3);
    }
}

fn report(what: &str, rows: usize, cost: Cost) {
    let cpu = cost.process.max(cost.thread);
    println!(
        "  {what:<24} {rows:>9} records in {:.2} s wall, {:.2} s CPU: {:.0} records per CPU second",
        seconds(cost.wall),
        seconds(cpu),
        rows as f64 / seconds(cpu)
    );
}

fn report_memory(before: u64, rows: usize) {
    let (after, peak) = memory();
    let a_record = after.saturating_sub(before) as f64 / rows as f64;
    println!(
        "  {:<24} {:>9.1} MB before, {:.1} MB at its peak, {:.1} MB after, {a_record:.1} bytes a record",
        "memory of facts",
        mega(before),
        mega(peak),
        mega(after)
    );
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

fn seconds(time: Duration) -> f64 {
    time.as_secs_f64()
}

fn mega(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}
