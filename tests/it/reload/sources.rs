//! Sources that come, go and take other names while the figures of the others go on.

use std::fs;

use super::floor::{Floor, Settings};
use super::scraper::Scraper;
use crate::daemon::until;
use crate::samples::Samples;

const DEALS: &str = "id,owner,stage,created\nx1,w1,Demo,2026-01-05\nx2,w1,Demo,2026-01-06\n";

const WEST: &str = "      users: {file: users.csv, columns: {id: id, name: name, team: team}}
      deals: {file: deals.csv, columns: {id: id, owner: owner, stage: stage, created_at: created}, pipeline: New business, stages: {Demo: open}}
";

/// Files of a second source, and settings with it.
fn with_west(floor: &Floor, name: &str, options: &str) -> Settings {
    fs::create_dir_all(floor.path("west")).unwrap();
    floor.put("west/users.csv", "id,name,team\nw1,Wilma West,West\n");
    let mut settings = floor.base.clone();
    settings.sources.push((name.to_owned(), format!("directory: west{options}"), WEST.to_owned()));
    settings
}

impl Floor {
    fn open_deals(&self, team: &str) -> f64 {
        Samples::read(&self.daemon.metrics()).sum("crm_open_deals", &[("team", team)])
    }

    /// Whether the exporter says anything of a source.
    fn knows(&self, source: &str) -> bool {
        self.daemon.metrics().contains(&format!("source=\"{source}\""))
    }
}

#[test]
fn an_added_source_joins_the_figures_when_it_is_loaded() {
    let floor = Floor::start();
    let (_, before) = floor.served();
    let scraper = Scraper::start(&floor.daemon, 10.0);
    // Its deals are not there yet, so its first load cannot come to its end.
    let settings = with_west(&floor, "west", ", interval: 1s");
    floor.reload(&settings);
    until("the users", || floor.own("source_records", &[("source", "west"), ("object", "users")]));
    until("a failure", || floor.own("source_up", &[("source", "west")]).filter(|up| *up == 0.0));
    let names = |text: &str| text.matches("# TYPE ").count();
    assert_eq!(names(&floor.served().1), names(&before), "a family is absent because a source was added");
    assert!(!floor.served().1.contains("Wilma"), "a source is in the figures by halves");
    // Another reload changes nothing about that.
    floor.reload(&settings.with("people", "{show_email: true}"));
    assert!(!floor.served().1.contains("Wilma"));
    floor.put("west/deals.csv", DEALS);
    until("its figures", || (floor.open_deals("West") == 2.0).then_some(()));
    // From then on they follow the source.
    floor.put("west/deals.csv", &format!("{DEALS}x3,w1,Demo,2026-01-07\n"));
    until("one more", || (floor.open_deals("West") == 3.0).then_some(()));
    // An instant before the last poll is one of the past for whoever looks at the store, so polling ends here.
    let calm = with_west(&floor, "west", ", interval: 1h");
    until("figures behind the last poll", || {
        floor.reload(&calm);
        floor.difference().is_none().then_some(())
    });
    assert_eq!(floor.polls("floor"), Some(1.0));
    scraper.stop();
}

#[test]
fn an_object_that_a_source_begins_to_deliver_joins_when_it_is_loaded() {
    let floor = Floor::start();
    let objects = floor.base.sources[0].2.clone();
    let (users, rest) = objects.split_once("      leads:").unwrap();
    let (leads, others) = rest.split_once("      deals:").unwrap();
    let mut without = floor.base.clone();
    without.sources[0].2 = format!("{users}      deals:{others}");
    let scraper = Scraper::start(&floor.daemon, 10.0);
    floor.reload(&without);
    until("the second poll", || (floor.polls("floor") == Some(2.0)).then_some(()));
    // An instant before the end of that poll is one of the past for whoever looks at the store.
    until("figures behind the second poll", || {
        floor.reload(&without);
        floor.difference().is_none().then_some(())
    });
    assert!(floor.own("source_records", &[("source", "floor"), ("object", "leads")]).is_none());
    let again = floor.base.clone();
    assert!(again.sources[0].2.contains(leads));
    floor.reload(&again);
    until("the third poll", || (floor.polls("floor") == Some(3.0)).then_some(()));
    until("the leads", || floor.difference().is_none().then_some(()));
    scraper.stop();
}

#[test]
fn a_source_keeps_its_rows_and_figures_under_another_name_and_leaves_without_a_trace() {
    let mut floor = Floor::start();
    let west = with_west(&floor, "west", ", interval: 1h");
    floor.put("west/deals.csv", DEALS);
    floor.reload(&west);
    until("its figures", || (floor.open_deals("West") == 2.0).then_some(()));

    let scraper = Scraper::start(&floor.daemon, 10.0);
    let pacific = with_west(&floor, "pacific", ", interval: 1h, renamed_from: west");
    floor.reload(&pacific);
    assert_eq!(floor.open_deals("West"), 2.0);
    assert_eq!(floor.difference(), None);
    assert!(!floor.knows("west") && floor.knows("pacific"));
    assert_eq!(floor.own("source_up", &[("source", "pacific")]), Some(1.0));
    assert_eq!(floor.own("source_records", &[("source", "pacific"), ("object", "deals")]), Some(2.0));
    // It was not asked for that.
    assert_eq!((floor.polls("pacific"), floor.polls("floor")), (Some(0.0), Some(1.0)));

    let mut reversed = pacific.clone();
    reversed.sources.reverse();
    floor.reload(&reversed);
    assert_eq!(floor.difference(), None);
    assert_eq!((floor.polls("pacific"), floor.polls("floor")), (Some(0.0), Some(1.0)));

    floor.reload(&floor.base.clone());
    assert_eq!(floor.open_deals("West"), 0.0);
    assert!(!floor.knows("pacific"));
    assert_eq!(floor.difference(), None);

    // Its rows were kept, so it is back at once; even if its files have gone.
    fs::remove_dir_all(floor.path("west")).unwrap();
    floor.reload(&pacific);
    assert_eq!(floor.open_deals("West"), 2.0);
    assert_eq!(floor.difference(), None);
    scraper.stop();

    // Killed right after another name was given, the next process goes on with it.
    let mut south = floor.base.clone();
    south.sources.push(("south".into(), "directory: west, renamed_from: pacific".into(), WEST.into()));
    floor.reload(&south);
    floor.kill_and_start();
    assert_eq!(floor.open_deals("West"), 2.0);
    // An instant before the last poll is one of the past for whoever looks at the store, so one behind it is asked for.
    until("the first poll", || (floor.polls("floor") == Some(1.0)).then_some(()));
    floor.reload(&south);
    assert_eq!(floor.difference(), None);
}

#[test]
fn all_sources_may_go() {
    let floor = Floor::start();
    let mut none = floor.base.clone();
    none.sources.clear();
    floor.reload(&none);
    assert!(!floor.knows("floor"));
    assert_eq!(floor.difference(), None);
    // The source is polled again: an instant before the end of that poll is one of the past for whoever looks at the store.
    until("figures behind the last poll", || {
        floor.reload(&floor.base);
        floor.difference().is_none().then_some(())
    });
    assert!(floor.open_deals("EMEA") > 0.0);
}
