//! What each failure leads to, for its stream, the others, and the poll.

use super::*;
use crate::domain::Object;

fn chains(outcome: &PollOutcome) -> Vec<String> {
    outcome.errors.iter().map(SyncError::chain).collect()
}

#[tokio::test(start_paused = true)]
async fn a_source_that_comes_back_is_asked_again_after_growing_pauses() {
    let floor = floor();
    floor.fake.fail("deals@1", [Fault::Unavailable; 4]);
    let began = Instant::now();
    let outcome = floor.poll(&mut floor.syncer()).await;
    assert_eq!(outcome.verdict, Verdict::Complete);
    let (least, most) = (Duration::from_millis(7_500), Duration::from_millis(15_010));
    assert!((least..most).contains(&began.elapsed()), "{:?}", began.elapsed());
    assert_eq!(floor.series("api_retries"), [r#"api_retries_total{reason="unavailable",source="crm"} 4"#]);
    assert_eq!(floor.fake.calls().iter().filter(|call| *call == "deals@1").count(), 5);
}

#[tokio::test(start_paused = true)]
async fn after_five_tries_the_stream_is_left_and_the_others_go_on() {
    let floor = floor();
    floor.fake.fail("stages@0", [Fault::Unavailable; 5]);
    let outcome = floor.poll(&mut floor.syncer()).await;
    assert_eq!(outcome.verdict, Verdict::Failed);
    let expected = "stream stages of source crm could not be read: stages@0 is not available: no luck";
    assert_eq!(chains(&outcome), [expected]);
    assert_eq!(floor.fake.calls()[4..6], ["stages@0", "deals@0"]);
    let status = floor.status();
    assert_eq!((status.up, status.last_success), (Some(false), None));
    assert_eq!(status.last_error.unwrap().text, expected);
    assert_eq!(status.complete.into_iter().collect::<Vec<_>>(), [Object::Deal, Object::StageChange]);
}

#[tokio::test(start_paused = true)]
async fn a_source_that_says_when_is_asked_then() {
    let floor = floor();
    floor.fake.fail("deals@1", [Fault::NotYet(200), Fault::NotYet(100)]);
    let began = Instant::now();
    assert_eq!(floor.poll(&mut floor.syncer()).await.verdict, Verdict::Complete);
    assert_eq!(began.elapsed().as_secs(), 300);
    assert_eq!(floor.series("api_retries"), [r#"api_retries_total{reason="not_yet",source="crm"} 2"#]);
}

#[tokio::test(start_paused = true)]
async fn a_source_that_says_much_later_has_failed_for_now() {
    let floor = floor();
    floor.fake.fail("deals@1", [Fault::NotYet(301)]);
    let began = Instant::now();
    let outcome = floor.poll(&mut floor.syncer()).await;
    assert_eq!(outcome.verdict, Verdict::Failed);
    assert_eq!(began.elapsed().as_secs(), 0);
    assert_eq!(chains(&outcome), ["stream deals of source crm could not be read: deals@1; waiting 5m 1s"]);
}

#[tokio::test(start_paused = true)]
async fn a_stream_that_was_never_permitted_leaves_the_source_up() {
    let floor = floor();
    floor.fake.fail("stages@0", [Fault::Forbidden]);
    let outcome = floor.poll(&mut floor.syncer()).await;
    assert_eq!(outcome.verdict, Verdict::Complete);
    let expected = "stream stages of source crm could not be read: stages@0 is not permitted: no luck";
    assert_eq!(chains(&outcome), [expected]);
    let status = floor.status();
    assert_eq!(status.last_error.unwrap().text, expected);
    assert!(!status.complete.contains(&Object::Stage) && status.complete.contains(&Object::Deal));
}

#[tokio::test(start_paused = true)]
async fn a_permission_that_was_lost_takes_the_source_down() {
    let floor = floor();
    let mut syncer = floor.syncer();
    floor.poll(&mut syncer).await;
    floor.fake.fail("deals@3", [Fault::Forbidden]);
    assert_eq!(floor.poll(&mut syncer).await.verdict, Verdict::Failed);
}

#[tokio::test(start_paused = true)]
async fn nothing_permitted_is_a_failure() {
    let floor = floor();
    floor.fake.fail("stages@0", [Fault::Forbidden]);
    floor.fake.fail("deals@0", [Fault::Forbidden]);
    let mut syncer = floor.syncer();
    assert_eq!(floor.poll(&mut syncer).await.verdict, Verdict::Failed);
    assert_eq!(floor.poll(&mut syncer).await.verdict, Verdict::Failed);
    assert_eq!(floor.fake.calls().len(), 2, "it is too early to ask again");
}

#[tokio::test(start_paused = true)]
async fn refused_credentials_end_the_poll() {
    let floor = floor();
    floor.fake.fail("stages@0", [Fault::Unauthorized]);
    let outcome = floor.poll(&mut floor.syncer()).await;
    assert_eq!(outcome.verdict, Verdict::Failed);
    assert_eq!(floor.fake.calls(), ["stages@0"]);
    assert_eq!(chains(&outcome), ["stream stages of source crm could not be read: stages@0 was refused: no luck"]);
}

#[tokio::test(start_paused = true)]
async fn a_page_that_leads_to_itself_is_asked_for_once() {
    let floor = floor();
    floor.fake.fail("deals@1", [Fault::Circle]);
    let outcome = floor.poll(&mut floor.syncer()).await;
    assert_eq!(outcome.verdict, Verdict::Failed);
    assert!(chains(&outcome)[0].starts_with("stream deals of source crm makes no headway: a page leads to itself"));
    assert_eq!(floor.fake.calls(), ["stages@0", "deals@0", "deals@1"]);
}

#[tokio::test(start_paused = true)]
async fn details_that_ask_for_themselves_are_asked_for_once() {
    let floor = floor();
    floor.fake.fail("deals!a,b", [Fault::AgainPending]);
    let outcome = floor.poll(&mut floor.syncer()).await;
    assert_eq!(outcome.verdict, Verdict::Failed);
    assert_eq!(floor.fake.calls(), ["stages@0", "deals@0", "deals@1", "deals!a,b"]);
    assert!(chains(&outcome)[0].contains("the details of records ask for the same details"));
}

#[tokio::test(start_paused = true)]
async fn objects_are_not_complete_before_their_details_are_there() {
    let floor = floor();
    let mut syncer = floor.syncer();
    floor.fake.fail("deals!d", [Fault::Unavailable; 5]);
    assert_eq!(floor.poll(&mut syncer).await.verdict, Verdict::Failed);
    floor.fake.calls();
    let incomplete = [
        r#"object_complete{object="deals",source="crm"} 0"#,
        r#"object_complete{object="stage_changes",source="crm"} 0"#,
        r#"object_complete{object="stages",source="crm"} 1"#,
    ];
    assert_eq!(floor.series("object_complete"), incomplete);
    // Another process finds the same.
    assert_eq!(floor.poll(&mut floor.syncer()).await.verdict, Verdict::Complete);
    assert_eq!(floor.fake.calls(), ["deals@3", "deals!d"]);
    assert_eq!(floor.status().complete.len(), 3);
    assert_eq!(floor.read_model(), floor.stored());
}

#[tokio::test(start_paused = true)]
async fn unreadable_records_are_counted_all_and_logged_in_part() {
    let floor = floor();
    floor.fake.add("deals", unreadable(25));
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt().with_writer(log.clone()).with_ansi(false).finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let outcome = floor.poll(&mut floor.syncer()).await;
    assert_eq!((outcome.verdict, outcome.unreadable), (Verdict::Complete, 25));
    let counted = r#"record_errors_total{object="deals",reason="invalid_value",source="crm"} 25"#;
    assert_eq!(floor.series("record_errors"), [counted]);
    let lines = log.lines();
    assert_eq!(lines.iter().filter(|line| line.contains("a record could not be read")).count(), 20);
    let whole = r#"object="deals" id="deals.csv:0" reason="invalid_value" detail="column close_date is no date""#;
    assert!(lines.iter().any(|line| line.contains(whole)), "{lines:?}");
    assert!(lines.iter().any(|line| line.contains("WARN") && line.contains("records=25 logged=20")), "{lines:?}");
}

#[tokio::test(start_paused = true)]
async fn a_missing_permission_is_logged_once_and_asked_for_each_hour() {
    let floor = floor();
    floor.fake.fail("stages@0", [Fault::Forbidden; 3]);
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt().with_writer(log.clone()).with_ansi(false).finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let mut syncer = floor.syncer();
    for _ in 0..7 {
        assert_eq!(floor.poll(&mut syncer).await.verdict, Verdict::Complete);
        tokio::time::sleep(Duration::from_secs(1200)).await;
    }
    assert_eq!(floor.fake.calls().iter().filter(|call| *call == "stages@0").count(), 3);
    assert_eq!(log.lines().iter().filter(|line| line.contains("is not permitted")).count(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_permission_that_is_granted_lets_the_stream_in() {
    let floor = floor();
    floor.fake.fail("stages@0", [Fault::Forbidden]);
    let mut syncer = floor.syncer();
    floor.poll(&mut syncer).await;
    let series = [r#"stream_forbidden{source="crm",stream="stages"} 1"#];
    assert_eq!(floor.series("stream_forbidden"), series);
    assert!(floor.status().forbidden.contains("stages"));
    // A restart knows it from the store, and asks at once.
    floor.fake.fail("stages@0", [Fault::Forbidden]);
    let mut syncer = floor.syncer();
    floor.poll(&mut syncer).await;
    assert_eq!(floor.fake.calls().iter().filter(|call| *call == "stages@0").count(), 2);
    assert!(floor.status().last_success.is_some(), "what is not permitted does not count");
    tokio::time::sleep(Duration::from_secs(3600)).await;
    assert_eq!(floor.poll(&mut syncer).await.verdict, Verdict::Complete);
    assert_eq!(floor.series("stream_forbidden"), [""; 0]);
    assert!(floor.status().complete.contains(&Object::Stage) && floor.status().forbidden.is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_store_that_fails_ends_the_poll_loudly() {
    let floor = Floor { key: 77, ..floor() };
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt().with_writer(log.clone()).with_ansi(false).finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let outcome = floor.poll(&mut floor.syncer()).await;
    assert_eq!(outcome.verdict, Verdict::Failed);
    assert!(matches!(outcome.errors[..], [SyncError::Store { .. }]), "{:?}", outcome.errors);
    assert_eq!(floor.fake.calls(), [""; 0]);
    assert_eq!(floor.status().up, Some(false));
    assert!(log.lines().iter().any(|line| line.contains("ERROR") && line.contains("there is no source number 77")));
}

/// What was logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn lines(&self) -> Vec<String> {
        let text = String::from_utf8(self.0.lock().unwrap().clone()).unwrap();
        text.lines().map(str::to_owned).collect()
    }
}

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl tracing_subscriber::fmt::MakeWriter<'_> for Log {
    type Writer = Log;

    fn make_writer(&self) -> Log {
        self.clone()
    }
}
