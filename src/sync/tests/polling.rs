//! What a poll without failures asks for, stores, hands over and tells.

use super::*;

#[tokio::test(start_paused = true)]
async fn a_first_load_takes_over_everything_once() {
    let floor = floor();
    let outcome = floor.poll(&mut floor.syncer()).await;
    assert_eq!(outcome.verdict, Verdict::Complete);
    assert_eq!(outcome.records, 11, "1 stage, 5 deals on 3 pages, and 5 stage changes");
    assert_eq!(floor.fake.calls(), [&FIRST_LOAD[..], &["deals!d"]].concat());
    let stored = floor.stored();
    assert_eq!(stored.len(), 9, "1 stage, 4 deals, 4 stage changes");
    assert_eq!(floor.read_model(), stored);
}

#[tokio::test(start_paused = true)]
async fn rows_are_handed_over_commit_by_commit() {
    let floor = floor();
    floor.poll(&mut floor.syncer()).await;
    let ids = |rows: &Vec<Row>| rows.iter().map(|row| row.id.clone()).collect::<Vec<_>>().join(" ");
    let commits: Vec<String> = floor.sunk.lock().unwrap().iter().map(ids).collect();
    assert_eq!(commits, ["s", "a", "b c", "a/1 b/1", "a d", "c/1", "d/1"]);
}

#[tokio::test(start_paused = true)]
async fn a_poll_without_news_changes_nothing() {
    let floor = floor();
    let mut syncer = floor.syncer();
    floor.poll(&mut syncer).await;
    floor.fake.calls();
    let before = floor.sunk.lock().unwrap().len();
    let outcome = floor.poll(&mut syncer).await;
    assert_eq!((outcome.verdict, outcome.records), (Verdict::Complete, 0));
    assert_eq!(floor.fake.calls(), ["deals@3"]);
    assert_eq!(floor.sunk.lock().unwrap().len(), before);
}

#[tokio::test(start_paused = true)]
async fn each_stream_is_asked_for_by_its_cadence_also_after_a_restart() {
    let floor = floor();
    floor.poll(&mut floor.syncer()).await;
    floor.fake.calls();
    tokio::time::advance(Duration::from_secs(3_599)).await;
    floor.poll(&mut floor.syncer()).await;
    assert_eq!(floor.fake.calls(), ["deals@3"]);
    tokio::time::advance(Duration::from_secs(1)).await;
    floor.poll(&mut floor.syncer()).await;
    assert_eq!(floor.fake.calls(), ["stages@1", "deals@3"]);
}

#[tokio::test(start_paused = true)]
async fn what_is_read_otherwise_is_loaded_again_to_its_end() {
    let floor = floor();
    floor.poll(&mut floor.syncer()).await;
    let refingerprinted = |fake: Fake| Floor { fake: Arc::new(fake), ..floor };
    let mut stages = stream("stages", &[Object::Stage], Cadence::Weekly);
    stages.fingerprint = "2".into();
    let fake = Fake::new([stages]);
    fake.add("stages", page([stage("s")]));
    fake.add("stages", page([stage("t")]));
    fake.fail("stages@1", [Fault::Unauthorized]);
    let floor = refingerprinted(fake);
    assert_eq!(floor.poll(&mut floor.syncer()).await.verdict, Verdict::Failed);
    assert!(floor.status().complete.contains(&Object::Stage), "the old rows serve meanwhile");
    assert_eq!(floor.poll(&mut floor.syncer()).await.verdict, Verdict::Complete);
    assert_eq!(floor.fake.calls(), ["stages@0", "stages@1", "stages@1"]);
    assert_eq!(floor.poll(&mut floor.syncer()).await.verdict, Verdict::Complete);
    assert_eq!(floor.fake.calls(), [""; 0], "a weekly stream rests again");
}

#[tokio::test(start_paused = true)]
async fn everything_that_the_meter_is_told() {
    let floor = floor();
    let mut syncer = floor.syncer();
    assert_eq!(floor.status().up, None);
    floor.poll(&mut syncer).await;
    assert_eq!(
        floor.series("source_records"),
        [
            r#"source_records{object="deals",source="crm"} 4"#,
            r#"source_records{object="stage_changes",source="crm"} 4"#,
            r#"source_records{object="stages",source="crm"} 1"#,
        ]
    );
    assert_eq!(
        floor.series("object_complete"),
        [
            r#"object_complete{object="deals",source="crm"} 1"#,
            r#"object_complete{object="stage_changes",source="crm"} 1"#,
            r#"object_complete{object="stages",source="crm"} 1"#,
        ]
    );
    assert_eq!(floor.series("source_up"), [r#"source_up{kind="fake",source="crm"} 1"#]);
    assert_eq!(
        floor.series("polls_total"),
        [r#"polls_total{result="failure",source="crm"} 0"#, r#"polls_total{result="success",source="crm"} 1"#]
    );
    assert_eq!(floor.series("poll_duration_seconds_count"), [r#"poll_duration_seconds_count{source="crm"} 1"#]);
    assert_eq!(
        floor.series("source_last_success_timestamp_seconds"),
        [r#"source_last_success_timestamp_seconds{source="crm"} 1500000000"#]
    );
}

#[tokio::test(start_paused = true)]
async fn counts_follow_changes_and_deletions() {
    let floor = floor();
    let mut syncer = floor.syncer();
    floor.poll(&mut syncer).await;
    let gone = crate::domain::Gone { object: Object::Deal, id: "b".into(), at: Timestamp(9) };
    floor.fake.add("deals", crate::domain::Page { gone: vec![gone], ..page([]) });
    let outcome = floor.poll(&mut syncer).await;
    assert_eq!(outcome.records, 1);
    assert_eq!(floor.status().records[&Object::Deal], 3);
    assert_eq!(floor.read_model(), floor.stored());
}

#[tokio::test(start_paused = true)]
async fn a_restart_knows_what_is_in_the_store_though_the_source_is_down() {
    let floor = floor();
    floor.poll(&mut floor.syncer()).await;
    tokio::time::advance(Duration::from_secs(60)).await;
    let floor = Floor { shared: Shared { meter: Arc::new(Meter::new().unwrap()), ..floor.shared }, ..floor };
    floor.fake.fail("deals@3", [Fault::Unauthorized]);
    let outcome = floor.poll(&mut floor.syncer()).await;
    assert_eq!(outcome.verdict, Verdict::Failed);
    let status = floor.status();
    assert_eq!(status.up, Some(false));
    assert_eq!(status.last_success, Some(START));
    assert_eq!(status.records[&Object::Deal], 4);
    assert!(status.complete.contains(&Object::StageChange));
}

#[tokio::test(start_paused = true)]
async fn an_object_of_two_streams_is_complete_with_the_second() {
    let fake = Fake::new([
        stream("open", &[Object::Deal], Cadence::EveryPoll),
        stream("closed", &[Object::Deal], Cadence::EveryPoll),
    ]);
    fake.fail("closed@0", [Fault::Unavailable; 5]);
    let floor = Floor::new(fake);
    floor.poll(&mut floor.syncer()).await;
    assert_eq!(floor.series("object_complete"), [r#"object_complete{object="deals",source="crm"} 0"#]);
    floor.poll(&mut floor.syncer()).await;
    assert_eq!(floor.series("object_complete"), [r#"object_complete{object="deals",source="crm"} 1"#]);
}

#[tokio::test(start_paused = true)]
async fn whoever_watches_is_told_each_step() {
    #[derive(Default)]
    struct Steps(Mutex<Vec<String>>);
    impl Progress for Steps {
        fn tell(&self, source: &str, event: &Event<'_>) {
            self.0.lock().unwrap().push(format!("{source} {event:?}"));
        }
    }
    let fake = Fake::new([stream("deals", &[Object::Deal], Cadence::EveryPoll)]);
    fake.add("deals", page([deal("a", "A", 1)]));
    fake.add("deals", page([deal("b", "B", 1)]));
    fake.fail("deals@1", [Fault::NotYet(5)]);
    let (floor, steps) = (Floor::new(fake), Steps::default());
    floor.syncer().poll(&steps, &CancellationToken::new()).await;
    assert_eq!(
        steps.0.into_inner().unwrap(),
        [
            r#"crm Begun { stream: "deals", first_load: true }"#,
            r#"crm Applied { stream: "deals", records: 1 }"#,
            r#"crm Waiting { stream: "deals", pause: 5s, why: "deals@1; waiting 5s" }"#,
            r#"crm Applied { stream: "deals", records: 2 }"#,
            r#"crm Done { stream: "deals", records: 2 }"#,
        ]
    );
}
