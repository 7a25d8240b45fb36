use super::*;
use crate::settings::Settings;

fn rules(yaml: &str) -> Result<Rules, Problem> {
    let source = SourceInfo { key: 0, name: "crm".into(), dictionary: Dictionary::default() };
    let file = config::File::from_str(yaml, config::FileFormat::Yaml);
    let activities = config::Config::builder().add_source(file).build().unwrap().try_deserialize().unwrap();
    Rules::new(&[source], &Settings { activities, ..Settings::default() }.readings())
}

#[test]
fn titles_have_the_first_level_that_is_found() {
    let rules = rules("{}").unwrap();
    let names = ["c_level", "vp", "director", "manager", "individual", "unknown"];
    for (title, level) in [
        ("Chief Revenue Officer", "c_level"),
        ("CEO", "c_level"),
        ("cto & founder", "c_level"),
        ("Coordinator", "individual"),
        ("Senior Vice President, Sales", "vp"),
        ("VP Director", "vp"),
        ("Managing Director", "director"),
        ("Head of IT", "manager"),
        ("Engineer", "individual"),
        ("  ", "unknown"),
    ] {
        assert_eq!(names[usize::from(rules.level(Some(title)))], level, "{title}");
    }
    assert_eq!(rules.level(None), rules.unknown_level());
}

#[test]
fn all_conditions_of_a_key_activity_must_hold() {
    let rules = rules(
        "{key: {talk: {kind: call, outcome: [Connected], min_duration: 2m, direction: outbound, subject: 'demo|pilot'}}}",
    )
    .unwrap();
    let call = rules.kind("call").unwrap();
    let good = Seen {
        kind: call,
        direction: Some(Direction::Outbound),
        outcome: Some(" CONNECTED"),
        seconds: Some(120),
        subject: Some("A Demo for you"),
    };
    assert_eq!(rules.matching(0, &good), 1);
    assert_eq!(rules.matching(0, &Seen { seconds: Some(119), ..good }), 0);
    assert_eq!(rules.matching(0, &Seen { seconds: None, ..good }), 0);
    assert_eq!(rules.matching(0, &Seen { direction: None, ..good }), 0);
    assert_eq!(rules.matching(0, &Seen { outcome: Some("busy"), ..good }), 0);
    assert_eq!(rules.matching(0, &Seen { subject: Some("hello"), ..good }), 0);
    assert_eq!(rules.matching(0, &Seen { kind: call + 1, ..good }), 0);
}

#[test]
fn words_of_the_settings_amend_those_of_the_source() {
    let rules = rules("{kinds: {Gespräch: call, Task: '', Demo: demo}, statuses: {erledigt: done}}").unwrap();
    assert_eq!(rules.kinds(), ["call", "demo", "email", "meeting", "task"]);
    assert_eq!(rules.kind_of(0, Some("GESPRÄCH")), rules.kind("call"));
    assert_eq!(rules.kind_of(0, Some("task")), None);
    assert_eq!(rules.kind_of(0, Some("fax")), None);
    assert_eq!(rules.state(0, Some("Erledigt"), None), Some(ActivityState::Done));
    assert_eq!(rules.state(0, Some("done"), Some("no show")), Some(ActivityState::NoShow));
    assert_eq!(rules.state(0, Some("open"), Some("completed")), Some(ActivityState::Open));
}

#[test]
fn wrong_rules_name_their_key() {
    for (yaml, message) in [
        ("{key: {a: {kind: fax}}}", "activities.key.a.kind: `fax` is none of call, email, meeting, task"),
        ("{key: {a: {direction: up}}}", "activities.key.a.direction: `up` is neither inbound nor outbound"),
        ("{statuses: {x: maybe}}", "activities.statuses.x: `maybe` is none of done, open, cancelled, no_show"),
        (
            "{levels: {individual: x}}",
            "activities.levels: `individual` is what titles without a level are called: choose another name",
        ),
        (
            "{key: {a: {contact_level: boss}}}",
            "activities.key.a.contact_level: `boss` is none of c_level, vp, director, manager, individual, unknown",
        ),
    ] {
        assert_eq!(rules(yaml).unwrap_err().to_string(), message);
    }
    let pattern = rules("{key: {a: {subject: '('}}}").unwrap_err().to_string();
    assert!(pattern.starts_with("activities.key.a.subject: `(` is no regular expression"), "{pattern}");
}
