//! Loads the read model from the store, at start: reading rows and taking them in are work for a thread each.

use std::sync::mpsc;
use std::thread;

use crate::domain::Row;
use crate::facts::Facts;
use crate::store::{Reader, StoreError};

/// Rows that go from one thread to the other at once.
const BATCH: usize = 256;

/// Batches that wait at most, so that rows never pile up in memory.
const WAITING: usize = 8;

/// Puts every row of the store that figures are made of into `facts`.
pub fn load(reader: &Reader, mut facts: Facts) -> Result<Facts, StoreError> {
    for object in Facts::OBJECTS {
        facts.reserve(object, reader.keys(object)?);
    }
    thread::scope(|scope| {
        let (sender, batches) = mpsc::sync_channel::<Vec<Row>>(WAITING);
        let putting = scope.spawn(move || {
            batches.into_iter().flatten().for_each(|row| facts.put(row));
            facts
        });
        let read = read(reader, &sender);
        drop(sender);
        let facts = putting.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        read.map(|()| facts)
    })
}

fn read(reader: &Reader, batches: &mpsc::SyncSender<Vec<Row>>) -> Result<(), StoreError> {
    // Whoever receives stops early only by a panic, which is passed on when it is joined.
    let send = |batch: Vec<Row>| drop(batches.send(batch));
    for object in Facts::OBJECTS {
        let mut batch = Vec::with_capacity(BATCH);
        reader.for_each(object, |row| {
            batch.push(row);
            if batch.len() == BATCH {
                send(std::mem::replace(&mut batch, Vec::with_capacity(BATCH)));
            }
        })?;
        send(batch);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::Arc;

    use super::*;
    use crate::calendar::Calendar;
    use crate::domain::{Activity, Cursor, Dictionary, Next, Object, Page, Stamped, Timestamp, When};
    use crate::facts::{Rules, SourceInfo};
    use crate::store::Store;

    const NOW: Timestamp = Timestamp(1_795_190_400_000);

    fn empty(key: u32) -> Facts {
        let source = SourceInfo { key, name: "crm".into(), dictionary: Dictionary::default() };
        let rules = Rules::new(&[source], &crate::settings::Settings::default().readings()).unwrap();
        let calendar = Calendar::new(&Default::default(), Path::new(".")).unwrap();
        Facts::new(rules, Arc::new(calendar), [(Some(key), Object::Activity)].into())
    }

    #[test]
    fn every_row_arrives() {
        let directory = tempfile::tempdir().unwrap();
        let mut store = Store::open(&directory.path().join("crm.db"), NOW).unwrap();
        let source = store.register("crm", "csv", None).unwrap();
        store.stream(source, "all", "1").unwrap();
        let mut page = Page::empty(Next::UpToDate(Cursor("1".into())));
        // More than a batch, and the last one is not full.
        let count = BATCH * (WAITING + 3) + 7;
        page.records.extend((0..count).map(|n| Stamped {
            id: n.to_string(),
            version: NOW,
            record: Activity { kind: Some("call".into()), at: Some(When::At(NOW)), ..Default::default() }.into(),
        }));
        store.apply(source, "all", &page, NOW).unwrap();

        let facts = load(&store.reader().unwrap(), empty(source)).unwrap();
        assert!(facts.activities.dated().map(|(activity, _, _)| activity).eq(0..count));
    }
}
