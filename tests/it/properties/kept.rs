//! Facts kept page by page are those of a restart, and how pages arrive makes no difference.

use proptest::prelude::*;

use super::cases;
use super::delivery::{Manner, deliver, manner};
use super::floor::{Floor, INSTANTS};
use super::organisation::organisation;
use super::totals;
use crate::samples::Samples;

/// Pages between two comparisons.
const PAGES: usize = 12;

proptest! {
    #![proptest_config(cases(24))]

    #[test]
    fn facts_kept_page_by_page_are_those_of_a_restart(organisation in organisation(), manner in manner()) {
        let mut floor = Floor::new();
        let delivered = deliver(&organisation, &manner);
        for (index, page) in delivered.iter().enumerate() {
            floor.apply(page);
            let is_last = index + 1 == delivered.len();
            if !is_last && index % PAGES != PAGES - 1 {
                continue;
            }
            let loaded = floor.load();
            let instants = if is_last { &INSTANTS[..] } else { &INSTANTS[1..3] };
            for now in instants {
                same(&floor.kept(now), &floor.text(&loaded, now), now)?;
            }
        }
        for now in INSTANTS {
            totals::check(&Samples::read(&floor.kept(now)));
        }
    }

    #[test]
    fn pages_repeated_split_and_interleaved_make_no_difference(organisation in organisation(), manner in manner()) {
        let mut plain = Floor::new();
        deliver(&organisation, &Manner::plain()).iter().for_each(|page| plain.apply(page));
        let mut other = Floor::new();
        deliver(&organisation, &manner).iter().for_each(|page| other.apply(page));
        for now in INSTANTS {
            // When a win was noticed does depend on when its page came.
            same(&without(NOTICED, &plain.kept(now)), &without(NOTICED, &other.kept(now)), now)?;
        }
    }
}

const NOTICED: &str = "crm_recent_win_noticed_timestamp_seconds";

/// A text without the lines of a family.
fn without(family: &str, text: &str) -> String {
    let kept = text.lines().filter(|line| !line.contains(family));
    kept.map(|line| format!("{line}\n")).collect()
}

/// Fails with the first line that differs.
fn same(left: &str, right: &str, now: &str) -> Result<(), TestCaseError> {
    let mut lines = left.lines().zip(right.lines());
    if let Some((one, other)) = lines.find(|(one, other)| one != other) {
        return Err(TestCaseError::fail(format!("at {now}:\n{one}\n{other}")));
    }
    prop_assert_eq!(left.len(), right.len(), "one text is longer");
    Ok(())
}
