//! A scripted source, a real store, and tokio's paused clock.

mod cutting;
mod daemon;
mod failing;
mod fake;
mod polling;

use std::collections::BTreeMap;
use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll as Ready;

use tempfile::TempDir;

use super::*;
use crate::domain::{Key, Object, Row};
use crate::source::Cadence;
use fake::{Fake, Fault, deal, page, stage, stream, unreadable, with_details};

const START: Timestamp = Timestamp(1_500_000_000_000);

/// A store with a meter and a read model, and one source that fills them.
struct Floor {
    fake: Arc<Fake>,
    shared: Shared,
    key: u32,
    /// What the sink was given, one entry for each call.
    sunk: Arc<Mutex<Vec<Vec<Row>>>>,
    directory: TempDir,
}

impl Floor {
    fn new(fake: Fake) -> Floor {
        let directory = TempDir::new().unwrap();
        let mut store = Store::open(&directory.path().join("crm.db"), START).unwrap();
        let key = store.register("crm", "fake", None).unwrap();
        let sunk: Arc<Mutex<Vec<Vec<Row>>>> = Arc::default();
        let (began, into) = (Instant::now(), Arc::clone(&sunk));
        let shared = Shared {
            store: Arc::new(Mutex::new(store)),
            meter: Arc::new(Meter::new().unwrap()),
            clock: Arc::new(move || START.plus_millis(began.elapsed().as_millis() as i64)),
            sink: Arc::new(move |rows| into.lock().unwrap().push(rows)),
        };
        Floor { fake: Arc::new(fake), shared, key, sunk, directory }
    }

    fn syncer(&self) -> Syncer {
        let source: Arc<dyn Source> = Arc::<Fake>::clone(&self.fake);
        let upstream = Upstream { name: "crm".into(), kind: "fake", key: self.key, source };
        Syncer::new(upstream, self.shared.clone(), Patience::ONE_SHOT)
    }

    async fn poll(&self, syncer: &mut Syncer) -> PollOutcome {
        syncer.poll(&(), &CancellationToken::new()).await
    }

    /// The rows of the store, by object and key.
    fn stored(&self) -> BTreeMap<(Object, Key), Row> {
        let reader = self.shared.store.lock().unwrap().reader().unwrap();
        let mut rows = BTreeMap::new();
        for object in Object::ALL {
            reader.for_each(object, |row| drop(rows.insert((object, row.key), row))).unwrap();
        }
        rows
    }

    /// What a read model that only knows the sink has.
    fn read_model(&self) -> BTreeMap<(Object, Key), Row> {
        let sunk = self.sunk.lock().unwrap();
        sunk.iter().flatten().map(|row| ((row.record.object(), row.key), row.clone())).collect()
    }

    /// The series of one of the exporter's own metrics, without its prefix.
    fn series(&self, name: &str) -> Vec<String> {
        let text = String::from_utf8(self.shared.meter.encode()).unwrap();
        let lines = text.lines().filter_map(|line| line.strip_prefix("crm_exporter_"));
        lines.filter(|line| line.starts_with(name)).map(str::to_owned).collect()
    }

    fn status(&self) -> crate::meter::SourceStatus {
        self.shared.meter.board().remove(0)
    }
}

/// Two streams: stages in one page; deals in three, whose stage history has to be fetched.
fn floor() -> Floor {
    let fake = Fake::new([
        stream("stages", &[Object::Stage], Cadence::Hourly),
        stream("deals", &[Object::Deal, Object::StageChange], Cadence::EveryPoll),
    ]);
    fake.add("stages", page([stage("s")]));
    fake.add("deals", with_details(page([deal("a", "A", 1)])));
    fake.add("deals", with_details(page([deal("b", "B", 1), deal("c", "C", 1)])));
    fake.add("deals", with_details(page([deal("a", "A again", 2), deal("d", "D", 1)])));
    Floor::new(fake)
}

const FIRST_LOAD: [&str; 6] = ["stages@0", "deals@0", "deals@1", "deals!a,b", "deals@2", "deals!c,a"];
