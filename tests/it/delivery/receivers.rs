//! Who gets what, to the letter, and who is told of its end.

use serde_json::json;

use super::alerts::{alert, floor_behind, news, ops, rep_behind, team_behind};
use super::site::{Site, until};

/// Hours that are always.
pub(super) const ALWAYS: &str =
    "calendar: {working_hours: '00:00-24:00', working_days: [mon, tue, wed, thu, fri, sat, sun]}";

const LEE: (&str, &str) = ("manager_email", "lee@example.com");
const EMEA: (&str, &str) = ("chat_channel", "#emea");

#[test]
fn every_message_reaches_its_receiver_and_no_other() {
    let Some(site) = Site::start(ALWAYS) else { return };
    let win = news(
        "CrmDealWon",
        &[("deal", "<!channel> & Co"), ("rep", "Ana"), ("team", "EMEA")],
        "Ana won <!channel> & Co: USD 12k",
    );
    let alerts = [
        win,
        ops("CrmSourceDown", &[("source", "crm")], "The source crm (csv) cannot be polled"),
        // A channel that was joined by mistake gets nothing that names somebody.
        rep_behind("EMEA", "Ana", &[LEE, EMEA]),
        rep_behind("EMEA", "Bo", &[LEE, EMEA]),
        team_behind("EMEA", &[LEE, EMEA]),
        team_behind("APAC", &[("manager_email", "kim@example.com, jo@example.com")]),
        team_behind("LATAM", &[("chat_channel", "#latam")]),
        floor_behind(),
        rep_behind("Newcomers", "Cy", &[]),
        alert("SomebodyElses", &[("app", "other")], "The disk is full"),
    ];
    site.post(&alerts);
    let (chats, letters) = (5, 5);
    until("all messages", || {
        (site.chat.messages().len() >= chats && site.mail.letters().len() >= letters).then_some(())
    });

    let [floor] = &site.chat.of("#sales-floor")[..] else { panic!("{:?}", site.chat.messages()) };
    assert_eq!(floor.title, "Ana won &lt;!channel&gt; &amp; Co: USD 12k");
    assert_eq!(floor.text, "Ana won &lt;!channel&gt; &amp; Co: USD 12k.\n");
    assert_eq!((floor.color.as_str(), floor.authorization.as_str()), ("#009E73", "Bearer of-the-app"));
    let [team] = &site.chat.of("#emea")[..] else { panic!("{:?}", site.chat.messages()) };
    assert_eq!(team.title, "EMEA is behind pace: calls at 71%");
    assert_eq!(team.text, "EMEA is behind pace: calls at 71%.\n");
    assert_eq!(team.link, "https://grafana.example.com/d/crm-manager?var-team=EMEA");
    assert_eq!(team.color, "#E69F00");
    assert_eq!(site.chat.of("#latam").len(), 1);
    let mut ops: Vec<String> = site.chat.of("#sales-ops").into_iter().map(|message| message.title).collect();
    ops.sort();
    assert_eq!(ops, ["The disk is full", "The source crm (csv) cannot be polled"]);

    let reps = site.mail.of("lee@example.com").into_iter().find(|letter| letter.subject.starts_with("Ana")).unwrap();
    assert_eq!(reps.subject, "Ana (EMEA) is behind pace: calls at 62% (and 1 more)");
    assert_eq!(
        reps.text,
        "Ana (EMEA) is behind pace: calls at 62%.\nhttps://grafana.example.com/d/crm-manager?var-team=EMEA\n\n\
         Bo (EMEA) is behind pace: calls at 62%.\nhttps://grafana.example.com/d/crm-manager?var-team=EMEA"
    );
    assert!(reps.html.contains("<strong>Bo (EMEA) is behind pace: calls at 62%</strong>"), "{}", reps.html);
    assert!(reps.html.contains("href=\"https://grafana.example.com/d/crm-manager?var-team=EMEA\""), "{}", reps.html);
    let subjects = |address: &str| -> Vec<String> {
        let mut subjects: Vec<String> = site.mail.of(address).into_iter().map(|letter| letter.subject).collect();
        subjects.sort();
        subjects
    };
    assert_eq!(subjects("lee@example.com")[1..], ["EMEA is behind pace: calls at 71%"]);
    assert_eq!(subjects("kim@example.com"), ["APAC is behind pace: calls at 71%"]);
    assert_eq!(subjects("jo@example.com"), ["APAC is behind pace: calls at 71%"]);
    assert_eq!(
        subjects("sales-leaders@example.com"),
        ["Cy (Newcomers) is behind pace: calls at 62%", "The whole floor is behind pace: calls at 79%"]
    );

    // Each group is looked at once more: whatever was to come has come then.
    site.resolve(&alerts);
    until("all ends", || {
        (site.chat.messages().len() >= 2 * chats - 1 && site.mail.letters().len() >= 2 * letters).then_some(())
    });
    assert_eq!(site.chat.messages().len(), 2 * chats - 1, "good news does not end: {:?}", site.chat.messages());
    assert_eq!(site.mail.letters().len(), 2 * letters);
    let end = &site.chat.of("#emea")[1];
    assert_eq!((end.title.as_str(), end.color.as_str()), ("Resolved: EMEA is behind pace: calls at 71%", "#009E73"));
    let ends = site.mail.of("lee@example.com");
    let end = ends.iter().find(|letter| letter.subject.starts_with("Resolved: Ana")).unwrap();
    assert_eq!(end.subject, "Resolved: Ana (EMEA) is behind pace: calls at 62% (and 1 more)");
    assert_eq!(
        end.text,
        "Resolved: Ana (EMEA) is behind pace: calls at 62%\nResolved: Bo (EMEA) is behind pace: calls at 62%"
    );
    for message in site.chat.messages().iter().filter(|message| message.channel != "#sales-floor") {
        let said = format!("{} {}", message.title, message.text);
        assert!(!["Ana", "Bo", "Cy"].iter().any(|rep| said.contains(rep)), "{message:?}");
    }
}

#[test]
fn what_explains_another_mutes_it() {
    let Some(site) = Site::start(ALWAYS) else { return };
    let old = ops("CrmDataOld", &[("team", "EMEA")], "The data of EMEA is 2h old");
    let mut critical = team_behind("APAC", &[("manager_email", "kim@example.com")]);
    critical["labels"]["severity"] = json!("critical");
    critical["annotations"]["summary"] = json!("APAC is behind pace: calls at 51%");
    // Good news is good news, however old.
    let good = news("CrmTeamTargetMet", &[("team", "EMEA"), ("goal", "calls")], "EMEA met the target: Calls");
    site.post(&[old.clone(), critical, good]);
    until("the critical one", || (!site.mail.of("kim@example.com").is_empty()).then_some(()));
    until("the others", || (site.chat.messages().len() == 2).then_some(()));

    site.post(&[team_behind("EMEA", &[LEE, EMEA]), team_behind("APAC", &[("manager_email", "kim@example.com")])]);
    until("inhibition", || (site.inhibited() == ["CrmTeamBehindPace", "CrmTeamBehindPace"]).then_some(()));
    assert_eq!((site.chat.of("#emea").len(), site.mail.letters().len()), (0, 1));

    site.resolve(&[old]);
    until("what was muted", || (!site.chat.of("#emea").is_empty()).then_some(()));
    until("its letter", || (!site.mail.of("lee@example.com").is_empty()).then_some(()));
    let [letter] = &site.mail.of("kim@example.com")[..] else { panic!("{:?}", site.mail.letters()) };
    assert_eq!(letter.subject, "APAC is behind pace: calls at 51%");
}
