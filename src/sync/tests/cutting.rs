//! Polls that are cut off at any point: the next one goes on, and nothing is lost on the way to the read model.

use super::*;

/// The part of a row that does not depend on how the pages were cut.
fn contents(rows: &BTreeMap<(Object, Key), Row>) -> Vec<String> {
    rows.values().map(|row| format!("{row:?}")).collect()
}

/// Lets `work` be looked at so many times, then drops it. Tells whether it was done by then.
async fn cut_off<T>(work: impl Future<Output = T>, mut looks: usize) -> Option<T> {
    let mut work = pin!(work);
    poll_fn(|context| {
        if looks == 0 {
            return Ready::Ready(None);
        }
        looks -= 1;
        work.as_mut().poll(context).map(Some)
    })
    .await
}

#[tokio::test(start_paused = true)]
async fn cut_off_at_any_moment_it_ends_where_an_undisturbed_one_does() {
    let undisturbed = floor();
    undisturbed.poll(&mut undisturbed.syncer()).await;
    let expected = contents(&undisturbed.stored());
    let mut cuts = 0;
    for looks in 1.. {
        let floor = floor();
        if cut_off(floor.poll(&mut floor.syncer()), looks).await.is_some() {
            break;
        }
        cuts += 1;
        assert_eq!(floor.poll(&mut floor.syncer()).await.verdict, Verdict::Complete);
        assert_eq!(contents(&floor.stored()), expected, "cut off after {looks} looks");
        assert_eq!(floor.read_model(), floor.stored(), "cut off after {looks} looks");
    }
    assert!(cuts > 5, "only {cuts} cuts");
}

#[tokio::test(start_paused = true)]
async fn cut_off_at_every_request_it_gets_on_with_every_second_one() {
    let undisturbed = floor();
    undisturbed.poll(&mut undisturbed.syncer()).await;
    let floor = floor();
    let mut polls = 0;
    loop {
        floor.fake.answer_only(2);
        let mut syncer = floor.syncer();
        let poll = floor.poll(&mut syncer);
        if tokio::time::timeout(Duration::from_secs(1), poll).await.is_ok() {
            break;
        }
        polls += 1;
        assert_eq!(floor.read_model(), floor.stored());
        assert!(polls < 10);
    }
    assert!(polls > 2, "only {polls} cuts");
    assert_eq!(contents(&floor.stored()), contents(&undisturbed.stored()));
    assert_eq!(floor.status().complete.len(), 3);
}

#[tokio::test(start_paused = true)]
async fn what_could_not_be_read_back_is_handed_over_later() {
    let floor = floor();
    let mut syncer = floor.syncer();
    floor.poll(&mut syncer).await;
    let meddler = rusqlite::Connection::open(floor.directory.path().join("crm.db")).unwrap();
    // A sweep deletes rows unread; this one cannot be read afterwards.
    meddler.execute("UPDATE deals SET amount = 'much' WHERE _id = 'b'", []).unwrap();
    let sweep = |objects| crate::domain::Sweep { began_at: Timestamp(5), objects, seen: Vec::new(), ends: true };
    floor.fake.add("deals", crate::domain::Page { sweep: Some(sweep(vec![Object::Deal])), ..page([]) });
    let outcome = floor.poll(&mut syncer).await;
    assert!(matches!(outcome.errors[..], [SyncError::Store { .. }]), "{:?}", outcome.errors);
    meddler.execute("UPDATE deals SET amount = NULL WHERE _id = 'b'", []).unwrap();
    assert_eq!(floor.poll(&mut syncer).await.verdict, Verdict::Complete);
    assert_eq!(floor.status().records[&Object::Deal], 0);
    assert_eq!(floor.read_model(), floor.stored());
}
