//! Followers of the change log: nothing lost, nothing doubled, nothing skipped.

use guanxi_store::changes::{self, Cursor};
use guanxi_testkit::{Client, Db, Made, TestApp, both_databases, specimen};
use serde_json::json;
use std::time::Duration;

async fn counted(client: &Client, specimen: &Made) -> i64 {
    client.get(&specimen.path()).await.expect(200).json["integer"].as_i64().unwrap_or_default()
}

async fn note(client: &Client, specimen: &Made, name: &str) -> Made {
    client.create("specimen_note", json!({"name": name, "specimen": specimen.id})).await
}

both_databases! {
    async fn a_follower_takes_each_change_once(db) {
        let app = TestApp::open(db, vec![specimen::module()]).await;
        let admin = app.admin().await;
        let specimen = admin.create("specimen", json!({"name": "甲"})).await;
        for number in 0..5 {
            note(&admin, &specimen, &number.to_string()).await;
        }
        app.settle().await;
        assert_eq!(counted(&admin, &specimen).await, 5);
        app.settle().await;
        assert_eq!(counted(&admin, &specimen).await, 5, "settling again does nothing");
        let history = admin.get(&format!("{}/history", specimen.path())).await.expect(200);
        assert_eq!((&history.json["items"][0]["via"], &history.json["items"][0]["actor"]), (&json!("rule"), &json!(null)));
    }

    /// A batch that fails half-way is taken back as a whole and done again, as after a `kill -9` before the commit.
    async fn a_batch_that_fails_leaves_nothing(db) {
        let mut app = TestApp::open(db, vec![specimen::module()]).await;
        let admin = app.admin().await;
        let specimen = admin.create("specimen", json!({"name": "甲"})).await;
        note(&admin, &specimen, "一").await;
        app.settle().await;
        note(&admin, &specimen, "二").await;
        let bomb = note(&admin, &specimen, "炸").await;
        note(&admin, &specimen, "三").await;
        // Transactions of other tests may hold the last changes back for a moment.
        let mut stopped = false;
        for _ in 0..400 {
            stopped = app.engine.settle().await.is_err();
            if stopped {
                break;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        assert!(stopped, "the follower stops at the note");
        assert!(counted(&admin, &specimen).await <= 2, "nothing of a failed batch stays");
        // The process ends; the next one goes on where the cursor stands.
        app.reopen().await;
        let admin = app.client_of(admin.id()).await;
        admin.patch(&bomb.path(), json!({"name": "entschärft"})).await.expect(200);
        app.settle().await;
        assert_eq!(counted(&admin, &specimen).await, 4);
    }

    /// Several processes follow one log, some stopped at any moment: each change is still taken once.
    async fn many_processes_and_stops(db) {
        let app = TestApp::open(db, vec![specimen::module()]).await;
        let admin = app.admin().await;
        let specimen = admin.create("specimen", json!({"name": "甲"})).await;
        let other = app.second_engine().await;
        let mut total = 0;
        for round in 0..12_u64 {
            for number in 0..10 {
                note(&admin, &specimen, &format!("{round}-{number}")).await;
                total += 1;
            }
            // Stopped after a moment that differs each time: between the work and the commit, too.
            let (one, two) = (app.engine.clone(), other.clone());
            let first = tokio::spawn(async move { one.settle().await });
            let second = tokio::spawn(async move { two.settle().await });
            tokio::time::sleep(Duration::from_micros(round * 300)).await;
            first.abort();
            second.abort();
            let _ = (first.await, second.await);
        }
        app.settle().await;
        assert_eq!(counted(&admin, &specimen).await, total);
        other.close().await;
    }

    /// In the background it all happens by itself, also for what another process wrote.
    async fn background_followers_notice_other_processes(db) {
        let app = TestApp::open(db, vec![specimen::module()]).await;
        let admin = app.admin().await;
        let specimen = admin.create("specimen", json!({"name": "甲"})).await;
        let other = app.second_engine().await;
        other.start_followers();
        let mut heard = other.listen();
        note(&admin, &specimen, "一").await;
        let mut seen = 0;
        for _ in 0..400 {
            seen = counted(&admin, &specimen).await;
            if seen == 1 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        assert_eq!(seen, 1);
        let first = tokio::time::timeout(Duration::from_secs(5), heard.recv()).await.expect("heard in time").expect("a change");
        assert!(matches!(first, guanxi_engine::Live::Record { .. }));
        other.close().await;
    }

    /// The log can be read in parts of any size.
    async fn the_log_is_read_in_order(db) {
        let app = TestApp::open(db, vec![specimen::module()]).await;
        let admin = app.admin().await;
        for number in 0..7 {
            admin.create("specimen", json!({"name": number.to_string()})).await;
        }
        app.settle().await;
        let database = app.engine.database();
        let all = changes::after(database, Cursor::default(), 1000).await.expect("the log");
        let mut parts = Vec::new();
        let mut cursor = Cursor::default();
        while let Some(last) = {
            let part = changes::after(database, cursor, 2).await.expect("the log");
            let last = part.last().map(|change| Cursor { xid: change.xid, seq: change.seq });
            parts.extend(part);
            last
        } {
            cursor = last;
        }
        assert_eq!(parts, all);
        assert_eq!(all.iter().filter(|change| change.object == "specimen").count(), 7);
        assert_eq!(changes::head(database).await.expect("the head"), cursor);
    }
}

/// A transaction that takes its number first and commits last is waited for, not skipped.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_late_commit_is_not_skipped() {
    let app = TestApp::open(Db::Postgres, vec![specimen::module()]).await;
    let admin = app.admin().await;
    let specimen = admin.create("specimen", json!({"name": "甲"})).await;
    let first = note(&admin, &specimen, "一").await;
    app.settle().await;
    assert_eq!(counted(&admin, &specimen).await, 1);

    // Another writer logs a note and stays open, a third one logs and commits.
    let slow = app.database.raw().await;
    slow.batch_execute("BEGIN").await.expect("a transaction");
    let again = "INSERT INTO _changes (at, actor, via, reason, object, record, kind, version, diff)
        SELECT at, actor, via, reason, object, record, kind, version, diff FROM _changes WHERE record = $1 AND kind = 'create'";
    assert_eq!(slow.execute(again, &[&first.id]).await.expect("logged"), 1);
    let fast = app.database.raw().await;
    assert_eq!(fast.execute(again, &[&first.id]).await.expect("logged"), 1);

    app.engine.settle().await.expect("settles");
    assert_eq!(counted(&admin, &specimen).await, 1, "nothing above the open transaction is taken");
    slow.batch_execute("COMMIT").await.expect("committed");
    app.settle().await;
    assert_eq!(counted(&admin, &specimen).await, 3, "both are taken, each once");
}
