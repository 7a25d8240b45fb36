//! Settings that are read again: what they ask for, made ready so that putting them in force cannot fail.

use std::sync::{Arc, Mutex};

use tokio::sync::mpsc;

use super::figures::{self, Delivered};
use super::floor::{Floor, Reading, lock};
use super::in_force::InForce;
use super::now;
use super::parts::{Configured, Parts};
use super::plan::{Plan, Step};
use crate::domain::{Object, Timestamp};
use crate::meter::Meter;
use crate::store::Store;

/// How the settings come to be read again.
pub struct Reload {
    /// Reads them and everything that they name.
    pub read: Read,
    /// Receives when somebody asks for it otherwise than over HTTP.
    pub asked: mpsc::Receiver<()>,
}

/// Reads the settings, which takes its time.
pub type Read = Arc<dyn Fn() -> anyhow::Result<Parts> + Send + Sync>;

/// Settings that can be put in force.
pub(super) struct Prepared {
    pub plan: Plan,
    pub next: InForce,
    pub reading: Reading,
    delivered: Vec<Delivered>,
}

impl Prepared {
    /// Reads the settings and does all that can fail. The store is the last to change: when this fails, everything is as
    /// it was.
    pub(super) fn new(floor: &Floor, store: &Mutex<Store>, read: &Read) -> anyhow::Result<Prepared> {
        let prepared = prepare(floor, store, read);
        if prepared.is_err() {
            floor.abandon();
        }
        prepared
    }

    /// Puts the settings in force. The pollers of sources that do not simply go on must have been stopped.
    pub(super) fn put_in_force(self, floor: &Floor, meter: &Meter) -> Plan {
        let Prepared { plan, mut next, reading, delivered } = self;
        for (standing, step) in next.standings.iter_mut().zip(&plan.steps) {
            if matches!(step, Step::Start | Step::Restart(_)) {
                standing.since = now();
            }
        }
        let parts = next.parts.clone();
        floor.swap(next, reading, || {
            plan.removed.iter().for_each(|name| meter.remove_source(name));
            for ((source, step), delivered) in parts.sources.iter().zip(&plan.steps).zip(&delivered) {
                if let Some(former) = step.former(&source.name).filter(|former| *former != source.name) {
                    meter.rename_source(former, &source.name);
                }
                if *step != Step::Keep {
                    announce(meter, source, delivered);
                }
            }
        });
        plan
    }
}

fn prepare(floor: &Floor, store: &Mutex<Store>, read: &Read) -> anyhow::Result<Prepared> {
    let parts = read()?;
    let old = floor.current.get();
    let plan = Plan::between(&old.parts, &parts)?;
    let reader = lock(store).reader()?;
    let keys = figures::source_keys(&parts, &reader)?;
    let delivered = figures::delivered(&parts, &reader, &keys)?;
    drop(reader);
    let mut next = old.followed_by(parts, &plan, &keys, &delivered, now());
    let reading = match next.shape() == old.shape() {
        true => Reading::Alike(next.rules()?.into(), next.parts.calendar.clone()),
        // Sources that the store does not know yet are held back, so that facts need no number of them.
        false => Reading::Anew(floor.load(store, &next)?.into()),
    };
    let keys = figures::register(&mut lock(store), &next.parts)?;
    next.standings.iter_mut().zip(keys).for_each(|(standing, key)| standing.key = Some(key));
    Ok(Prepared { plan, next, reading, delivered })
}

/// Tells the meter of a source, and what it has left in the store. Records are counted by the polls: that takes seconds
/// where there are millions.
pub(super) fn announce(meter: &Meter, source: &Configured, delivered: &Delivered) {
    let name = source.name.as_str();
    meter.add_source(name, source.kind.name);
    let objects = source.delivers();
    meter.retain_objects(name, &objects);
    let known = meter.board().into_iter().find(|known| known.name == name).map(|known| known.complete);
    for object in objects {
        // A poll may have completed it since the store was asked.
        let complete = known.iter().chain([&delivered.complete]).any(|complete| complete.contains(&object));
        meter.set_complete(name, object, complete);
        let bounded = source.history.filter(|_| object == Object::Activity);
        let start = bounded.map_or(Timestamp(0), |history| now().plus_millis(-history.millis()));
        meter.set_history_start(name, object, start);
    }
    if let Some(at) = delivered.last_success {
        meter.restore_last_success(name, at);
    }
}
