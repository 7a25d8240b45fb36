//! The figures of a connector's store beside those of the same records read from CSV files, as of the same instant.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use crm_exporter::app::{self, Instant, Parts};
use crm_exporter::domain::{Timestamp, When};
use crm_exporter::meter::Meter;
use crm_exporter::settings::Settings;
use crm_exporter::store::Store;
use crm_exporter::sync::{Patience, Shared, Syncer, Verdict};
use tokio_util::sync::CancellationToken;

use super::{SOURCE, Subject};

/// Fails with the first series that differ.
pub(crate) async fn assert_equal_those_of_csv(subject: &impl Subject, after: &str) {
    let now = subject.now();
    let directory = tempfile::tempdir().unwrap();
    let objects = subject.write_csv(directory.path());
    let settings = directory.path().join("csv.yml");
    let objects: String = objects.lines().map(|line| format!("      {line}\n")).collect();
    let words = format!("activities: {{kinds: {}}}\n", subject.activity_kinds());
    let source = format!("sources:\n  {SOURCE}:\n    kind: csv\n    directory: .\n    objects:\n");
    fs::write(&settings, format!("store: {{path: csv.db}}\n{words}{source}{objects}")).unwrap();
    settle(directory.path());
    read_csv(&settings, now).await;
    let (held, expected) = (figures(subject.settings(), now), figures(&settings, now));
    assert!(expected.len() > 500, "{} series are too few to tell anything", expected.len());
    let missing: Vec<_> = expected.difference(&held).take(10).collect();
    let surplus: Vec<_> = held.difference(&expected).take(10).collect();
    assert!(missing.is_empty() && surplus.is_empty(), "after {after}: missing {missing:#?}, too many {surplus:#?}");
}

/// The samples of a snapshot.
pub(crate) fn figures(settings: &Path, now: Timestamp) -> BTreeSet<String> {
    let snapshot = app::snapshot(&Arc::new(parts(settings)), Instant::At(When::At(now))).unwrap();
    let text = String::from_utf8(snapshot.text).unwrap();
    text.lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect()
}

fn parts(settings: &Path) -> Parts {
    let settings = Settings::load(settings, &[]).unwrap_or_else(|failure| panic!("{failure}"));
    Parts::new(settings, &Arc::new(Meter::new().unwrap())).unwrap_or_else(|problem| panic!("{problem}"))
}

/// Files are as if they had been written long ago, so that they need not be waited for.
fn settle(directory: &Path) {
    let written = SystemTime::UNIX_EPOCH + Duration::from_secs(1_600_000_000);
    for entry in fs::read_dir(directory).unwrap() {
        File::options().write(true).open(entry.unwrap().path()).unwrap().set_modified(written).unwrap();
    }
}

/// Fills the store from the files, by the CRM's clock.
async fn read_csv(settings: &Path, now: Timestamp) {
    let parts = parts(settings);
    let mut store = Store::open(&settings.with_file_name("csv.db"), now).unwrap();
    let source = &parts.sources[0];
    let key = store.register(SOURCE, "csv", None).unwrap();
    let shared = Shared {
        store: Arc::new(Mutex::new(store)),
        meter: parts.meter.clone(),
        clock: Arc::new(move || now),
        sink: Arc::new(|_| {}),
    };
    let mut syncer = Syncer::new(source.upstream(key), shared, Patience::ONE_SHOT);
    let outcome = syncer.poll(&(), &CancellationToken::new()).await;
    assert_eq!((outcome.verdict, outcome.unreadable), (Verdict::Complete, 0), "{:?}", outcome.errors);
}
