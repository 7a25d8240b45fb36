//! Key activities: the conditions of their rules.

use super::activities::{MONTH, activity, ids};
use super::deals::{deal, org};
use super::{Asked, asked};
use crate::domain::{Activity, Contact, Lead, Object};
use crate::facts::testing::Org;

const NOW: &str = "2026-03-18T12:00:00Z";

const KEY: &str = "{key: {
    talk: {kind: call, outcome: connected, min_duration: 2m},
    senior: {kind: [meeting, call], contact_level: [vp, c_level]},
    pitch: {direction: outbound, subject: ['demo', 'p[io]lot']},
    in_talk: {deal_stage: talk}}}";

#[test]
fn key_activities_meet_all_their_conditions() {
    let mut base = org();
    base.activities = KEY;
    let title = |title: &str| Contact { title: Some(title.into()), ..Default::default() };
    base.put("vp", title("Regional VP")).put("clerk", title("Clerk"));
    base.put("gone", title("VP")).delete(Object::Contact, "gone");
    base.put("lead gone", Lead { title: Some("VP".into()), ..Default::default() }).delete(Object::Lead, "lead gone");
    // Nor has its contact a level any more.
    base.put("of gone", Lead { contact: Some("gone".into()), ..Default::default() });
    base.put("chief", Lead { title: Some("Chief Buyer".into()), ..Default::default() });
    // Without a title of its own, a lead has its contact's.
    base.put("of vp", Lead { contact: Some("vp".into()), ..Default::default() });
    base.put("1", deal("Ana", "New", "2026-01-05", "", "10"));
    base.history("1", &[("New", "2026-01-05"), ("Talk", "2026-03-01"), ("New", "2026-03-10")]);
    base.put_merged("2", "1", deal("Ana", "New", "2026-01-05", "", "10"));
    let call = |seconds, outcome: &str| Activity {
        duration_seconds: seconds,
        outcome: Some(outcome.into()),
        ..activity("call", "Ana", "2026-03-02T09:00:00Z")
    };
    let meet = |contacts: &[&str], leads: &[&str]| Activity {
        contacts: ids(contacts),
        leads: ids(leads),
        ..activity("meeting", "Ana", "2026-03-02T09:00:00Z")
    };
    let pitch = |subject: &str, direction: Option<&str>| Activity {
        subject: Some(subject.into()),
        direction: direction.map(str::to_owned),
        ..activity("email", "Ana", "2026-03-02T09:00:00Z")
    };
    let on = |deal: &str, at: &str| Activity { deals: ids(&[deal]), ..activity("email", "Ana", at) };
    for (record, matching) in [
        (call(Some(120), "Connected"), vec!["talk"]),
        (call(Some(119), "Connected"), vec![]),
        (call(None, "Connected"), vec![]),
        (call(Some(500), "busy"), vec![]),
        (Activity { status: Some("open".into()), ..call(Some(500), "connected") }, vec![]),
        (Activity { contacts: ids(&["vp"]), ..call(Some(500), "connected") }, vec!["talk", "senior"]),
        (meet(&["clerk", "vp"], &[]), vec!["senior"]),
        (meet(&["clerk"], &[]), vec![]),
        (meet(&["gone"], &["lead gone", "of gone"]), vec![]),
        (meet(&[], &["chief"]), vec!["senior"]),
        (meet(&[], &["of vp"]), vec!["senior"]),
        (Activity { kind: Some("email".into()), ..meet(&["vp"], &[]) }, vec![]),
        (pitch("Your DEMO", Some("outbound")), vec!["pitch"]),
        (pitch("a pilot for you", Some("outgoing")), vec!["pitch"]),
        (pitch("hello", Some("outbound")), vec![]),
        (pitch("demo", Some("inbound")), vec![]),
        (pitch("demo", None), vec![]),
        (on("1", "2026-03-05T09:00:00Z"), vec!["in_talk"]),
        (on("2", "2026-03-05T09:00:00Z"), vec!["in_talk"]),
        (on("1", "2026-03-12T09:00:00Z"), vec![]),
        (on("1", "2026-03-10T00:00:00Z"), vec![]),
        (on("1", "2026-02-12T09:00:00Z"), vec![]),
    ] {
        base.put("a", record.clone());
        let asked = Asked { org: base, metrics: "{windows: {activities: [quarter]}}", ..Asked::new(Org::default()) };
        for name in ["talk", "senior", "pitch", "in_talk"] {
            let found = asked.value("crm_key_activities", &[("rep", "Ana"), ("activity", name)], NOW);
            assert_eq!(found, Some(f64::from(u8::from(matching.contains(&name)))), "{name}: {record:?}");
        }
        base = asked.org;
    }
}

#[test]
fn key_activities_that_nobody_can_tell_are_absent() {
    for (deliver, known) in [
        (&[][..], &["talk", "pitch"][..]),
        (&[Object::Contact], &["talk", "senior", "pitch"]),
        (&[Object::Lead], &["talk", "senior", "pitch"]),
        (&[Object::Deal], &["talk", "pitch", "in_talk"]),
    ] {
        let mut org = Org { activities: KEY, ..Org::default() };
        org.user("Ana", "East").deliver(Object::Activity);
        for object in deliver {
            org.deliver(*object);
        }
        let asked = asked(org, MONTH);
        for name in ["talk", "senior", "pitch", "in_talk"] {
            let expected = known.contains(&name).then_some(0.0);
            assert_eq!(asked.value("crm_key_activities", &[("activity", name)], NOW), expected, "{name} {deliver:?}");
        }
    }
}
