//! Any history of pages leads to what the stamps alone say.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;
use crate::domain::{Gone, Merged};

/// Something that a CRM says of one of a few deals.
#[derive(Debug, Clone)]
enum Event {
    /// A version, with or without its contacts.
    Version {
        deal: u8,
        at: i64,
        told: bool,
    },
    Gone {
        deal: u8,
        at: i64,
    },
    Merged {
        deal: u8,
        at: i64,
    },
}

fn event() -> impl Strategy<Value = Event> {
    let (deal, at) = (0..4_u8, 1..12_i64);
    prop_oneof![
        4 => (deal.clone(), at.clone(), any::<bool>()).prop_map(|(deal, at, told)| Event::Version { deal, at, told }),
        1 => (deal.clone(), at.clone()).prop_map(|(deal, at)| Event::Gone { deal, at }),
        1 => (deal, at).prop_map(|(deal, at)| Event::Merged { deal, at }),
    ]
}

fn id(deal: u8) -> String {
    format!("d{deal}")
}

// What a version says is a matter of the version, as in a CRM.
fn owner(deal: u8, at: i64) -> Option<String> {
    (at % 3 != 0).then(|| format!("u{}", (i64::from(deal) + at) % 4))
}

fn contacts(deal: u8, at: i64) -> BTreeSet<String> {
    (0..at % 4).map(|n| format!("c{}", (i64::from(deal) * 3 + at * n) % 5)).collect()
}

fn survivor(deal: u8, at: i64) -> u8 {
    ((i64::from(deal) + at) % 5) as u8
}

fn page(events: &[Event]) -> Page {
    let mut page = more();
    for event in events {
        match *event {
            Event::Version { deal, at, told } => {
                let record = Deal {
                    name: Some(format!("{deal} at {at}")),
                    owner: owner(deal, at),
                    contacts: told.then(|| contacts(deal, at).into_iter().collect()),
                    ..Deal::default()
                };
                page.records.push(Stamped { id: id(deal), version: Timestamp(at), record: record.into() });
            }
            Event::Gone { deal, at } => page.gone.push(Gone { object: Object::Deal, id: id(deal), at: Timestamp(at) }),
            Event::Merged { deal, at } => page.merged.push(Merged {
                object: Object::Deal,
                id: id(deal),
                into: id(survivor(deal, at)),
                at: Timestamp(at),
            }),
        }
    }
    page
}

/// A deal as readers see it.
#[derive(Debug, Default, PartialEq)]
struct Seen {
    version: Option<i64>,
    live: bool,
    survivor: Option<String>,
    owner: Option<String>,
    contacts: Option<BTreeSet<String>>,
}

/// What the events say, in whatever order they come.
fn expected(events: &[Event]) -> BTreeMap<String, Seen> {
    let mut deals = BTreeMap::new();
    for event in events {
        match *event {
            Event::Version { deal, .. } | Event::Gone { deal, .. } => _ = deals.insert(deal, Seen::default()),
            Event::Merged { deal, at } if survivor(deal, at) != deal => {
                deals.insert(deal, Seen::default());
                deals.insert(survivor(deal, at), Seen::default());
            }
            Event::Merged { .. } => {}
        }
    }
    for (of, seen) in &mut deals {
        let stamps = |pick: fn(&Event) -> Option<(u8, i64)>| {
            events.iter().filter_map(pick).filter(|(deal, _)| deal == of).map(|(_, at)| at).max()
        };
        seen.version = stamps(|event| match *event {
            Event::Version { deal, at, .. } => Some((deal, at)),
            _ => None,
        });
        let merged = stamps(|event| match *event {
            Event::Merged { deal, at } if survivor(deal, at) != deal => Some((deal, at)),
            _ => None,
        });
        let gone = stamps(|event| match *event {
            Event::Gone { deal, at } => Some((deal, at)),
            _ => None,
        });
        let told = stamps(|event| match *event {
            Event::Version { deal, at, told: true } => Some((deal, at)),
            _ => None,
        });
        seen.live = seen.version > merged.max(gone);
        seen.survivor = merged.filter(|_| !seen.live).map(|at| id(survivor(*of, at)));
        seen.owner = seen.version.and_then(|at| owner(*of, at));
        seen.contacts = told.map(|at| contacts(*of, at));
    }
    deals.into_iter().map(|(deal, seen)| (id(deal), seen)).collect()
}

fn stored(reader: &Reader) -> BTreeMap<String, Seen> {
    let ids = |object: Object| {
        let mut ids = BTreeMap::new();
        reader.for_each(object, |row| _ = ids.insert(row.key, row.id)).unwrap();
        ids
    };
    let (users, people, deals) = (ids(Object::User), ids(Object::Contact), ids(Object::Deal));
    let mut seen = BTreeMap::new();
    reader
        .for_each(Object::Deal, |row| {
            let Record::Deal(deal) = row.record else { panic!("{row:?}") };
            let contacts = deal.contacts.map(|keys| keys.iter().map(|key| people[key].clone()).collect());
            let deal = Seen {
                version: row.version.map(|at| at.0),
                live: row.live,
                survivor: row.merged_into.map(|key| deals[&key].clone()),
                owner: deal.owner.map(|key| users[&key].clone()),
                contacts,
            };
            seen.insert(row.id, deal);
        })
        .unwrap();
    seen
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Three streams tell of the same deals. Each is cut into pages of any length, goes back and repeats pages, and they
    /// take turns in any order; the store is closed and opened now and then.
    #[test]
    fn the_order_of_arrival_does_not_matter(
        streams in prop::collection::vec(prop::collection::vec(event(), 0..12), 3),
        turns in prop::collection::vec((0..3_usize, 1..5_usize, 0..4_usize, 0..10_u8), 0..16),
    ) {
        let mut fixture = Fixture::new();
        let names = ["deals", "moved", "gone"];
        let mut at = [0; 3];
        for name in names {
            fixture.store.stream(fixture.source, name, "1").unwrap();
        }
        for (stream, length, back, restart) in turns {
            let events = &streams[stream];
            let end = events.len().min(at[stream] + length);
            let page = page(&events[at[stream]..end]);
            fixture.store.apply(fixture.source, names[stream], &page, NOW).unwrap();
            at[stream] = end.saturating_sub(back);
            if restart == 0 {
                fixture = fixture.reopened();
            }
        }
        for (stream, events) in streams.iter().enumerate() {
            fixture.store.apply(fixture.source, names[stream], &page(&events[at[stream]..]), NOW).unwrap();
        }
        let reader = fixture.store.reader().unwrap();
        prop_assert_eq!(stored(&reader), expected(&streams.concat()));

        // The same once more, all at once: nothing changes.
        let again = fixture.store.apply(fixture.source, "deals", &page(&streams.concat()), NOW).unwrap();
        prop_assert_eq!(again.changed, []);
    }

    /// What a page is said to have changed is what readers see changed.
    #[test]
    fn what_changed_is_what_is_reported(
        first in prop::collection::vec(event(), 0..12), second in prop::collection::vec(event(), 0..6),
    ) {
        let mut fixture = Fixture::new();
        fixture.apply(&page(&first));
        let rows = |fixture: &Fixture| {
            let mut rows = BTreeMap::new();
            for object in Object::ALL {
                fixture.store.reader().unwrap().for_each(object, |row| _ = rows.insert((object, row.key), row)).unwrap();
            }
            rows
        };
        let before = rows(&fixture);
        let reported = fixture.apply(&page(&second));
        let after = rows(&fixture);
        let changed: Vec<_> =
            after.iter().filter(|(place, row)| before.get(place) != Some(row)).map(|(place, _)| *place).collect();
        let mut in_order = reported.clone();
        in_order.sort();
        prop_assert_eq!(&reported, &in_order);
        prop_assert_eq!(reported, changed);
    }
}
