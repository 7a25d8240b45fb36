//! How what CRMs tell reaches the store: cut into pages, repeated, and with the streams interleaved in some way.

use crm_exporter::domain::{Cursor, Next, Page, Sweep};
use proptest::collection::vec;
use proptest::prelude::*;

use super::organisation::{Change, Organisation};

/// A page, and the source (0 or 1) and stream that it belongs to.
#[derive(Debug, Clone)]
pub(super) struct Delivered {
    pub(super) source: usize,
    pub(super) stream: &'static str,
    pub(super) page: Page,
}

/// How pages are cut, repeated and interleaved.
#[derive(Debug, Clone)]
pub(super) struct Manner {
    /// Records of one page after the other, in turns.
    pub(super) sizes: Vec<usize>,
    /// After so many pages of a stream (in turns) it begins anew, once that many pages before.
    pub(super) rewinds: Vec<usize>,
    /// Which of the streams that are left goes next, in turns.
    pub(super) order: Vec<usize>,
}

impl Manner {
    /// Every stream in one page, one after the other.
    pub(super) fn plain() -> Manner {
        Manner { sizes: vec![usize::MAX], rewinds: Vec::new(), order: vec![0] }
    }
}

/// Any manner.
pub(super) fn manner() -> impl Strategy<Value = Manner> {
    (vec(1..7_usize, 1..6), vec(0..4_usize, 0..6), vec(0..11_usize, 1..40)).prop_map(|(sizes, rewinds, order)| Manner {
        sizes,
        rewinds,
        order,
    })
}

/// The pages of an organisation in the order in which they are applied.
pub(super) fn deliver(organisation: &Organisation, manner: &Manner) -> Vec<Delivered> {
    let changes = organisation.changes.iter().map(|(stream, changes)| (0, *stream, pages(changes, manner)));
    let listings = organisation.listings.iter().map(|(stream, objects, listings)| {
        let pages = listings.iter().flat_map(|(began_at, shown)| {
            let changes: Vec<Change> = shown.iter().cloned().map(Change::Tell).collect();
            let mut pages = pages(&changes, manner);
            if pages.is_empty() {
                pages.push(page(&[]));
            }
            let last = pages.len() - 1;
            for (index, page) in pages.iter_mut().enumerate() {
                let objects = objects.clone();
                page.sweep = Some(Sweep { began_at: *began_at, objects, seen: Vec::new(), ends: index == last });
            }
            pages
        });
        (1, *stream, pages.collect())
    });
    let mut queues: Vec<(usize, &'static str, Vec<Page>)> = changes.chain(listings).collect();
    for (_, _, pages) in &mut queues {
        *pages = rewound(pages, &manner.rewinds);
        pages.reverse();
    }
    let mut delivered = Vec::new();
    for turn in manner.order.iter().cycle() {
        queues.retain(|(_, _, pages)| !pages.is_empty());
        if queues.is_empty() {
            break;
        }
        let place = turn % queues.len();
        let (source, stream, pages) = &mut queues[place];
        delivered.extend(pages.pop().map(|page| Delivered { source: *source, stream, page }));
    }
    delivered
}

fn pages(changes: &[Change], manner: &Manner) -> Vec<Page> {
    let mut rest = changes;
    let mut pages = Vec::new();
    for size in manner.sizes.iter().cycle() {
        if rest.is_empty() {
            break;
        }
        let (first, others) = rest.split_at((*size).min(rest.len()));
        pages.push(page(first));
        rest = others;
    }
    pages
}

fn page(changes: &[Change]) -> Page {
    let mut page = Page::empty(Next::UpToDate(Cursor("somewhere".to_owned())));
    for change in changes.iter().cloned() {
        match change {
            Change::Tell(stamped) => page.records.push(stamped),
            Change::Gone(gone) => page.gone.push(gone),
            Change::Merged(merged) => page.merged.push(merged),
        }
    }
    page
}

/// The same pages, of which some are repeated, as after a restart from an older cursor.
fn rewound(pages: &[Page], rewinds: &[usize]) -> Vec<Page> {
    let mut all = Vec::new();
    for (index, page) in pages.iter().enumerate() {
        all.push(page.clone());
        if let Some(back) = rewinds.get(index) {
            all.extend_from_slice(&pages[(index + 1).saturating_sub(*back)..=index]);
        }
    }
    all
}
