use std::sync::Arc;

use tempfile::TempDir;

use super::*;
use crate::app::figures::Delivered;
use crate::app::in_force::{InForce, Standing};
use crate::domain::{Object, Timestamp};
use crate::meter::{Meter, PollResult};
use crate::settings::Settings;

const USERS: &str = "users: {file: users.csv, columns: {id: id, team: team}}";
const ACTIVITIES: &str = "activities: {file: activities.csv, columns: {id: id, kind: kind, at: at}}";
const LEADS: &str = "leads: {file: leads.csv, columns: {id: id}}";

const BASE: &str = "
sources:
  a: {kind: csv, directory: a, objects: {users: {file: u.csv, columns: {id: id}}}}
  b: {kind: csv, directory: b, objects: {deals: {file: d.csv, columns: {id: id}, pipeline: P, stages: {New: open, Won: won}}}}
";

/// A directory with settings, so that relative paths stay the same.
struct Files(TempDir);

impl Files {
    fn new() -> Files {
        Files(TempDir::new().unwrap())
    }

    fn parts(&self, yaml: &str) -> Parts {
        let file = self.0.path().join("crm_exporter.yaml");
        std::fs::write(&file, yaml).unwrap();
        Parts::new(Settings::load(&file, &[]).unwrap(), &Arc::new(Meter::new().unwrap())).unwrap()
    }

    fn plan(&self, old: &str, new: &str) -> Result<Plan, String> {
        Plan::between(&self.parts(old), &self.parts(new)).map_err(|problem| problem.to_string())
    }
}

fn keep_both() -> Plan {
    Plan { steps: vec![Step::Keep, Step::Keep], removed: vec![] }
}

#[test]
fn a_source_of_which_nothing_changed_is_kept() {
    let files = Files::new();
    for (what, new) in [
        ("nothing", BASE.to_owned()),
        ("another section", format!("{BASE}\ndeals: {{stalled_multiple: 3}}\ncalendar: {{holidays: [2026-12-25]}}\n")),
        ("rates", format!("{BASE}\ncurrency: {{rates: {{EUR: 1.1}}}}\n")),
        ("interval", BASE.replace("directory: a,", "directory: a, interval: 1h,")),
        ("a name that it never had", BASE.replace("directory: a,", "directory: a, renamed_from: z,")),
    ] {
        assert_eq!(files.plan(BASE, &new), Ok(keep_both()), "{what}");
    }
}

#[test]
fn a_source_that_is_asked_otherwise_restarts() {
    let files = Files::new();
    let restart = |name: &str| Step::Restart(name.to_owned());
    for (what, new, steps) in [
        ("directory", BASE.replace("directory: a,", "directory: c,"), [restart("a"), Step::Keep]),
        ("mapping", BASE.replace("u.csv, columns: {id: id", "u.csv, columns: {id: key"), [restart("a"), Step::Keep]),
        ("history", BASE.replace("directory: b,", "directory: b, history: 400d,"), [Step::Keep, restart("b")]),
        ("order of stages", BASE.replace("New: open, Won: won", "Won: won, New: open"), [Step::Keep, restart("b")]),
        ("zone", format!("{BASE}\ncalendar: {{time_zone: Europe/Berlin}}\n"), [restart("a"), restart("b")]),
        ("currency", format!("{BASE}\ncurrency: {{reporting: EUR}}\n"), [restart("a"), restart("b")]),
    ] {
        assert_eq!(files.plan(BASE, &new), Ok(Plan { steps: steps.to_vec(), removed: vec![] }), "{what}");
    }
}

#[test]
fn sources_come_go_and_take_other_names() {
    let files = Files::new();
    let (_, one) = BASE.split_once("  a:").unwrap();
    let (a, b) = one.split_once("  b:").unwrap();
    let (a, b) = (a.trim(), b.trim());
    let file = |sources: &[(&str, &str)]| {
        let lines = sources.iter().map(|(name, part)| format!("  {name}: {part}\n"));
        format!("sources:\n{}", lines.collect::<String>())
    };
    let renamed = |part: &str, from: &str| part.replacen("kind:", &format!("renamed_from: {from}, kind:"), 1);
    let plan = |steps: &[Step], removed: &[&str]| Plan {
        steps: steps.to_vec(),
        removed: removed.iter().map(|name| (*name).to_owned()).collect(),
    };
    let (start, keep) = (Step::Start, Step::Keep);
    let rename = Step::Rename("a".into());
    for (what, new, expected) in [
        ("order", file(&[("b", b), ("a", a)]), plan(&[keep.clone(), keep.clone()], &[])),
        ("added", file(&[("a", a), ("c", a), ("b", b)]), plan(&[keep.clone(), start.clone(), keep.clone()], &[])),
        ("removed", file(&[("b", b)]), plan(std::slice::from_ref(&keep), &["a"])),
        ("all removed", String::new(), plan(&[], &["a", "b"])),
        ("renamed", file(&[("c", &renamed(a, "a")), ("b", b)]), plan(&[rename.clone(), keep.clone()], &[])),
        (
            "renamed and asked otherwise",
            file(&[("c", &renamed(&a.replace("u.csv", "v.csv"), "a")), ("b", b)]),
            plan(&[Step::Restart("a".into()), keep.clone()], &[]),
        ),
        ("taken for a new one", file(&[("c", a), ("b", b)]), plan(&[start.clone(), keep.clone()], &["a"])),
        ("renamed in place of another", file(&[("c", &renamed(a, "a"))]), plan(&[rename], &["b"])),
    ] {
        assert_eq!(files.plan(BASE, &new), Ok(expected), "{what}");
    }
    // The settings go on naming the former name.
    let settled = file(&[("c", &renamed(a, "a")), ("b", b)]);
    assert_eq!(files.plan(&settled, &settled), Ok(keep_both()));
}

#[test]
fn another_kind_is_another_source() {
    static OTHER: crate::source::Kind = crate::source::Kind { name: "other", ..crate::source::KINDS[0] };
    let files = Files::new();
    let mut new = files.parts(BASE);
    new.sources[0].kind = &OTHER;
    let problem = Plan::between(&files.parts(BASE), &new).unwrap_err();
    assert_eq!(
        problem.to_string(),
        "sources.a.kind: `other` cannot take the place of `csv`: give the new source another name"
    );
}

#[test]
fn what_cannot_change_is_named() {
    let files = Files::new();
    let refused = files.plan(BASE, &format!("{BASE}\nweb: {{listen_address: ':1'}}\n")).unwrap_err();
    assert_eq!(
        refused,
        "web.listen_address: cannot change from 127.0.0.1:10094 to :1 while the program runs: restart to change it"
    );
    let refused = files.plan(BASE, &format!("{BASE}\nweb: {{config_file: web.yml}}\n")).unwrap_err();
    assert!(
        refused.starts_with("web.config_file: cannot change from none to ") && refused.contains("web.yml"),
        "{refused}"
    );
    let refused = files.plan(BASE, &format!("{BASE}\nstore: {{path: other.db}}\n")).unwrap_err();
    assert!(refused.starts_with("store.path: cannot change from ") && refused.contains("other.db"), "{refused}");
    assert_eq!(files.plan(BASE, &format!("{BASE}\nweb: {{enable_lifecycle: true}}\n")), Ok(keep_both()));
}

/// Settings in force, with sources numbered from 1 on.
fn in_force(parts: Parts) -> InForce {
    let keys: Vec<Option<u32>> = (1..).take(parts.sources.len()).map(Some).collect();
    InForce::new(parts.into(), keys, Timestamp(1_000))
}

fn one(objects: &[&str]) -> String {
    format!("sources:\n  a: {{kind: csv, directory: a, objects: {{{}}}}}\n", objects.join(", "))
}

/// The settings `new` after `old`, when the store has these objects of the first source.
fn followed(files: &Files, old: &InForce, new: &str, complete: &[Object]) -> InForce {
    let parts = files.parts(new);
    let plan = Plan::between(&old.parts, &parts).unwrap();
    let delivered = Delivered { complete: complete.iter().copied().collect(), ..Delivered::default() };
    let others = parts.sources.iter().skip(1).map(|_| Delivered::default());
    let delivered: Vec<Delivered> = std::iter::once(delivered).chain(others).collect();
    let keys: Vec<Option<u32>> = (1..).take(parts.sources.len()).map(Some).collect();
    old.followed_by(parts, &plan, &keys, &delivered, Timestamp(2_000))
}

fn held_back(in_force: &InForce) -> Vec<Vec<Object>> {
    let objects = |standing: &Standing| standing.held_back.iter().copied().collect();
    in_force.standings.iter().map(objects).collect()
}

#[test]
fn facts_are_read_anew_where_rows_mean_something_else() {
    let files = Files::new();
    let old = in_force(files.parts(BASE));
    let reversed = "
sources:
  b: {kind: csv, directory: b, objects: {deals: {file: d.csv, columns: {id: id}, pipeline: P, stages: {New: open, Won: won}}}}
  a: {kind: csv, directory: a, objects: {users: {file: u.csv, columns: {id: id}}}}
";
    for (section, is_alike) in [
        ("calendar: {holidays: [2026-12-25], working_hours: '08:00-12:00', week_starts_on: sunday}", true),
        ("people: {display: alias, hidden: [a@example.com]}", true),
        ("deals: {ratio_pipelines: [P], stalled_multiple: 9}", true),
        ("metrics: {disable: [crm_activities]}", true),
        ("costs: {EMEA: [{from: 2026-01-01, monthly: 1}]}", true),
        ("refresh_interval: 1h", true),
        ("calendar: {time_zone: Europe/Berlin}", false),
        ("currency: {rates: {EUR: 1.1}}", false),
        ("deals: {zero_is_missing: true}", false),
        ("data_quality: {call_too_short_below: 1m}", true),
        ("data_quality: {logged_late_after: 1d}", false),
        ("activities: {kinds: {ring: call}}", false),
        ("activities: {levels: {b: [x], a: [y]}}", false),
    ] {
        let next = in_force(files.parts(&format!("{BASE}\n{section}\n")));
        assert_eq!(next.shape() == old.shape(), is_alike, "{section}");
    }
    let levels = |order: &str| in_force(files.parts(&format!("{BASE}\nactivities: {{levels: {{{order}}}}}\n"))).shape();
    assert_ne!(levels("a: [x], b: [y]"), levels("b: [y], a: [x]"), "the order counts");
    assert_ne!(in_force(files.parts(reversed)).shape(), old.shape(), "the order counts");
}

#[test]
fn what_was_added_is_held_back_until_it_is_loaded() {
    let files = Files::new();
    let old = in_force(files.parts(&one(&[USERS])));
    // An object of a source that is in the figures.
    let next = followed(&files, &old, &one(&[USERS, LEADS]), &[Object::User, Object::Team]);
    assert_eq!(held_back(&next), [vec![Object::Lead]]);
    assert_eq!(next.counted(), old.counted());
    // One that is there already, from earlier times.
    let next = followed(&files, &old, &one(&[USERS, LEADS]), &[Object::Lead]);
    assert_eq!(held_back(&next), [vec![]]);
    assert_ne!(next.shape(), old.shape());
    // A whole source; facts go on as they are.
    let two = format!("{}  b: {{kind: csv, directory: b, objects: {{{LEADS}}}}}\n", one(&[USERS]));
    let next = followed(&files, &old, &two, &[]);
    assert_eq!(held_back(&next), [vec![], vec![Object::Lead]]);
    assert_eq!(next.shape(), old.shape());
    // Another reload meanwhile changes nothing about it, nor does another name.
    let renamed = two.replace("  b: {", "  c: {renamed_from: b, ");
    assert_eq!(held_back(&followed(&files, &next, &renamed, &[])), [vec![], vec![Object::Lead]]);
    // What comes in does so whole.
    let partly = followed(&files, &old, &one(&[USERS, LEADS, ACTIVITIES]), &[Object::Lead]);
    assert_eq!(held_back(&partly), [vec![Object::Lead, Object::Activity]]);
    assert_eq!(
        held_back(&followed(&files, &partly, &one(&[USERS, LEADS, ACTIVITIES]), &[Object::Lead])),
        held_back(&partly)
    );
    // What was awaited before is awaited still, so that figures are not taken for complete.
    assert_eq!(held_back(&followed(&files, &old, &one(&[USERS]), &[])), [vec![]]);
}

#[test]
fn what_was_held_back_comes_in_with_the_next_success() {
    let files = Files::new();
    let old = in_force(files.parts(&one(&[USERS])));
    let next = followed(&files, &old, &one(&[USERS, LEADS]), &[]);
    let meter = Meter::new().unwrap();
    meter.add_source("a", "csv");
    meter.poll_ended("a", PollResult::Success, Timestamp(1_500), std::time::Duration::ZERO);
    meter.set_complete("a", Object::Lead, true);
    assert!(next.with_arrived(&meter).is_none(), "the success is older than the settings");
    meter.poll_ended("a", PollResult::Failure, Timestamp(2_500), std::time::Duration::ZERO);
    assert!(next.with_arrived(&meter).is_none());
    meter.poll_ended("a", PollResult::Success, Timestamp(3_000), std::time::Duration::ZERO);
    let arrived = next.with_arrived(&meter).unwrap();
    assert_eq!(held_back(&arrived), [vec![]]);
    assert!(arrived.with_arrived(&meter).is_none());
    // What the CRM never lets us read stays out, and takes nothing with it.
    meter.set_complete("a", Object::Lead, false);
    assert!(next.with_arrived(&meter).is_none());
}

#[test]
fn what_the_crm_never_permits_is_in_no_figure_until_it_is_loaded() {
    let files = Files::new();
    let old = in_force(files.parts(&one(&[USERS, LEADS])));
    let meter = Meter::new().unwrap();
    meter.add_source("a", "csv");
    assert!(old.with_arrived(&meter).is_none(), "nothing is forbidden");
    meter.set_forbidden("a", ["leads".to_owned()].into());
    let without = old.with_arrived(&meter).unwrap();
    assert_eq!(held_back(&without), [vec![Object::Lead]]);
    assert!(without.with_arrived(&meter).is_none());
    // As the store has it after a restart.
    let delivered = Delivered { withheld: [Object::Lead].into(), ..Delivered::default() };
    let restarted = in_force(files.parts(&one(&[USERS, LEADS]))).without_withheld(&[delivered]);
    assert_eq!(held_back(&restarted), held_back(&without));
    // Permitted again, it stays out until it is loaded.
    meter.set_forbidden("a", [].into());
    assert!(without.with_arrived(&meter).is_none());
    meter.set_complete("a", Object::Lead, true);
    meter.poll_ended("a", PollResult::Success, Timestamp(2_500), std::time::Duration::ZERO);
    assert_eq!(held_back(&without.with_arrived(&meter).unwrap()), [vec![]]);
    // What was loaded once stays in the figures: they are out of date, and the source is down.
    meter.set_forbidden("a", ["leads".to_owned()].into());
    assert!(old.with_arrived(&meter).is_none());
}
