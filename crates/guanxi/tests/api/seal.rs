//! The seal over change log and access log: whatever is done to them behind Guanxi's back is found and named.

use crate::open;
use guanxi_engine::seal::Finding;
use guanxi_model::{Kind, Value};
use guanxi_store::{
    Dialect,
    changes::{self, Change, ChangeKind, Cursor},
    seals,
};
use guanxi_testkit::{Client, TestApp, both_databases};
use serde_json::json;
use uuid::Uuid;

/// Everything that a check finds.
async fn findings(app: &TestApp) -> Vec<Finding> {
    let mut found = Vec::new();
    app.engine.verify_seals(&mut |finding| found.push(finding)).await.expect("the log is readable");
    found
}

/// Seals all there is; on PostgreSQL the transactions of other tests may hold some of it back for a moment.
async fn seal(app: &TestApp) {
    app.settle().await;
    for _ in 0..500 {
        while app.engine.seal().await.expect("sealed") {}
        let mut ignore = |_| {};
        if app.engine.verify_seals(&mut ignore).await.expect("readable").unsealed == 0 {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("something stays unsealed");
}

/// Does something behind Guanxi's back.
async fn tamper(app: &TestApp, sql: &str) {
    let mut statement = app.engine.database().sql();
    statement.push(sql);
    let rows = app.engine.database().execute(statement).await.expect("done");
    assert!(rows > 0, "{sql}");
}

async fn number(app: &TestApp, sql: &str) -> i64 {
    let mut statement = app.engine.database().sql();
    statement.push(sql).returning([Kind::Int]);
    match app.engine.database().read(statement).await.expect("read")[0][0] {
        Value::Int(number) => number,
        ref other => panic!("{other:?}"),
    }
}

/// A workspace with three seals; the number of a change in the middle of the second.
async fn sealed(app: &TestApp) -> i64 {
    let admin = app.admin().await.at("10.1.2.3");
    seal(app).await;
    let made = admin.create("customer", json!({"name": "甲公司", "remark": "旧"})).await;
    admin.patch(&made.path(), json!({"remark": "新的备注"})).await.expect(200);
    admin.create("customer", json!({"name": "乙公司"})).await;
    seal(app).await;
    admin.create("customer", json!({"name": "丙公司"})).await;
    seal(app).await;
    assert_eq!(findings(app).await, []);
    assert!(number(app, "SELECT MAX(number) FROM _seals").await >= 3);
    number(app, "SELECT MAX(seq) FROM _changes WHERE object = 'customer' AND kind = 'update'").await
}

/// The findings after a change behind Guanxi's back, which is then taken back.
async fn after(app: &TestApp, change: &str, back: &str) -> Vec<Finding> {
    tamper(app, change).await;
    let found = findings(app).await;
    tamper(app, back).await;
    assert_eq!(findings(app).await, [], "{back}");
    found
}

/// Another administrator.
async fn another(app: &TestApp) -> Client {
    app.user("admin2", "administrator", "").await
}

fn lines(app: &TestApp) -> Vec<String> {
    let text = std::fs::read_to_string(app.engine.seal_heads_path()).expect("heads are published");
    text.lines().map(str::to_owned).collect()
}

both_databases! {
    /// Each way to touch a sealed row is found, and the row is named.
    async fn touched_rows_are_named(db) {
        let app = open(db).await;
        let seq = sealed(&app).await;
        let moment = match app.engine.database().dialect() {
            Dialect::Sqlite => ("at = at + 1", "at = at - 1"),
            Dialect::Postgres => ("at = at + interval '1 microsecond'", "at = at - interval '1 microsecond'"),
        };
        for (change, back) in [
            ("diff = REPLACE(diff, '新的备注', '新地备注')", "diff = REPLACE(diff, '新地备注', '新的备注')"),
            ("actor = NULL", "actor = (SELECT id FROM \"user\" WHERE login = 'admin')"),
            ("via = 'page'", "via = 'api'"),
            ("address = NULL", "address = '10.1.2.3'"),
            ("address = ''", "address = '10.1.2.3'"),
            ("kind = 'updated'", "kind = 'update'"),
            ("version = version + 1", "version = version - 1"),
            ("reason = ''", "reason = NULL"),
            ("object = 'task'", "object = 'customer'"),
            moment,
        ] {
            let set = |what: &str| format!("UPDATE _changes SET {what} WHERE seq = {seq}");
            assert_eq!(after(&app, &set(change), &set(back)).await, [Finding::RowAltered(seq)], "{change}");
        }
        let columns = "xid, at, actor, via, reason, address, object, record, kind, version, diff";
        let insert = format!("INSERT INTO _changes (seq, {columns}) SELECT -5, {columns} FROM _changes WHERE seq = {seq}");
        assert_eq!(after(&app, &insert, "DELETE FROM _changes WHERE seq = -5").await, [Finding::RowInserted(-5)]);
        tamper(&app, &format!("DELETE FROM _changes WHERE seq = {seq}")).await;
        assert_eq!(findings(&app).await, [Finding::RowMissing(seq)]);
    }

    /// Seals that were changed, cut out, cut off, or made anew over another past.
    async fn touched_seals_are_found(db) {
        let app = open(db).await;
        sealed(&app).await;
        let last = number(&app, "SELECT MAX(number) FROM _seals").await;
        let found = after(&app, "UPDATE _seals SET count = count + 1 WHERE number = 2", "UPDATE _seals SET count = count - 1 WHERE number = 2").await;
        assert_eq!(found, [Finding::SealAltered(2)]);
        let found = after(&app, "UPDATE _seals SET rows = 'A' || rows WHERE number = 2", "UPDATE _seals SET rows = SUBSTR(rows, 2) WHERE number = 2").await;
        assert!(found.contains(&Finding::Signature(2, 2)), "{found:?}");
        let found = after(&app, "UPDATE _seals SET mac = 'A' || mac WHERE number = 2", "UPDATE _seals SET mac = SUBSTR(mac, 2) WHERE number = 2").await;
        assert_eq!(found, [Finding::Signature(2, 2)]);
        let found = after(&app, "UPDATE _seals SET hash = 'A' || hash WHERE number = 2", "UPDATE _seals SET hash = SUBSTR(hash, 2) WHERE number = 2").await;
        assert_eq!(found, [Finding::SealAltered(2), Finding::SealAltered(3), Finding::Signature(2, 2), Finding::HeadDiffers(2)]);
        let renumbered = after(&app, "UPDATE _seals SET number = -2 WHERE number = 2", "UPDATE _seals SET number = 2 WHERE number = -2").await;
        assert_eq!(renumbered, [Finding::SealMissing(2)]);

        // The last seal, and then the rows under it, too: only the published head still knows of them.
        tamper(&app, &format!("DELETE FROM _seals WHERE number = {last}")).await;
        assert_eq!(findings(&app).await, [Finding::SealMissing(last)]);
        let end = number(&app, &format!("SELECT last_seq FROM _seals WHERE number = {}", last - 1)).await;
        tamper(&app, &format!("DELETE FROM _changes WHERE seq > {end} AND object = 'customer'")).await;
        assert_eq!(findings(&app).await, [Finding::SealMissing(last)]);
        // Sealing what is left does not hide it.
        app.clock.advance(jiff::SignedDuration::from_secs(1));
        another(&app).await.create("customer", json!({"name": "丁公司"})).await;
        seal(&app).await;
        assert_eq!(findings(&app).await, [Finding::HeadDiffers(last)]);
    }

    /// The access log is under the seal by the changes that made its entries.
    async fn a_touched_access_log_is_found(db) {
        let app = open(db).await;
        sealed(&app).await;
        let admin = another(&app).await;
        seal(&app).await;
        let entry = admin.list("access_event", &[("limit", "1")]).await.expect(200).json["items"][0]["id"].clone();
        let id: Uuid = entry.as_str().expect("an id").parse().expect("an id");
        let literal = match app.engine.database().dialect() {
            Dialect::Sqlite => format!("x'{}'", id.simple()),
            Dialect::Postgres => format!("'{id}'"),
        };
        for (change, back) in [
            ("summary = summary || '.'", "summary = SUBSTR(summary, 1, LENGTH(summary) - 1)"),
            ("address = '1.2.3.4'", "address = NULL"),
            ("deleted_at = created_at", "deleted_at = NULL"),
        ] {
            let set = |what: &str| format!("UPDATE access_event SET {what} WHERE id = {literal}");
            assert_eq!(after(&app, &set(change), &set(back)).await, [Finding::EntryAltered(id)], "{change}");
        }
        let seq = number(&app, &format!("SELECT seq FROM _changes WHERE object = 'access_event' AND record = {literal}")).await;
        tamper(&app, &format!("DELETE FROM _changes WHERE seq = {seq}")).await;
        assert_eq!(findings(&app).await, [Finding::RowMissing(seq), Finding::EntryInserted(id)]);
        tamper(&app, &format!("DELETE FROM access_event WHERE id = {literal}")).await;
        assert_eq!(findings(&app).await, [Finding::RowMissing(seq)]);
    }

    /// Another key is told from forged seals by nothing but that all of them fail; no seal is made with it, and a lost key is
    /// never made anew.
    async fn another_key_seals_nothing(db) {
        let app = open(db).await;
        sealed(&app).await;
        let admin = another(&app).await;
        let path = app.engine.seal_key_path();
        let key = std::fs::read(&path).expect("a key");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(std::fs::metadata(&path).expect("a key").permissions().mode() & 0o777, 0o600);
        }
        let last = number(&app, "SELECT MAX(number) FROM _seals").await;
        std::fs::write(&path, "another key that is long enough").expect("written");
        assert_eq!(findings(&app).await, [Finding::Signature(1, last)]);
        assert!(!app.engine.seal().await.expect("refused"));
        assert_eq!(admin.get("/audit/seal").await.expect(200).json["problem"], json!("wrong_key"));
        std::fs::write(&path, "short").expect("written");
        app.engine.seal().await.expect_err("no key");
        std::fs::remove_file(&path).expect("removed");
        assert_eq!(findings(&app).await, [Finding::NoKey]);
        assert!(!app.engine.seal().await.expect("refused") && !path.exists());
        std::fs::write(&path, key).expect("written");
        seal(&app).await;
        assert_eq!(findings(&app).await, []);
    }

    /// Two processes seal at once, one dies before it has published: every head is published once, and the chain is whole.
    async fn seals_survive_company_and_crashes(db) {
        let app = open(db).await;
        let admin = app.admin().await;
        let second = app.second_engine().await;
        for number in 0..6 {
            admin.create("customer", json!({"name": format!("甲{number}")})).await;
            let (first, other) = tokio::join!(app.engine.seal(), second.seal());
            first.expect("sealed");
            other.expect("sealed");
        }
        seal(&app).await;
        assert_eq!(findings(&app).await, []);
        let all = lines(&app);
        let head = admin.get("/audit/seal").await.expect(200).json;
        assert_eq!((&head["problem"], &head["seal"]["hash"]), (&json!(null), &json!(all.last().expect("a head").split(' ').nth(3))));
        assert_eq!(head["seal"]["rows"], json!(number(&app, "SELECT COUNT(*) FROM _changes").await));

        // As if the power had gone in the middle of a line.
        for broken in [1, 20, 40, all[1].len() - 1] {
            std::fs::write(app.engine.seal_heads_path(), format!("{}\n{}", all[0], &all[1][..broken])).expect("written");
            app.engine.seal().await.expect("sealed");
            assert_eq!(findings(&app).await, []);
            let again = lines(&app);
            assert!(all.iter().all(|line| again.contains(line)), "{again:?}");
        }
        std::fs::remove_file(app.engine.seal_heads_path()).expect("removed");
        assert_eq!(findings(&app).await, [Finding::NoHeads]);
        second.close().await;
    }

    /// What is sealed reads the same on both databases, to the microsecond, nothing apart from empty.
    async fn rows_read_the_same_on_both_databases(db) {
        let app = open(db).await;
        let at = jiff::Timestamp::from_microsecond(1_795_000_000_123_457).expect("a moment");
        let change = Change {
            seq: 0, xid: 0, at, actor: None, via: "page".into(), reason: None, address: Some(String::new()),
            object: "customer".into(), record: Uuid::from_u128(9), kind: ChangeKind::Update, version: 2,
            diff: "{\"name\":[\"澜\\n\",\"😀 \"]}".into(),
        };
        let diff = change.diff.clone();
        app.engine.database().write(move |tx| Box::pin(async move { changes::append(tx, vec![change]).await })).await.expect("written");
        let end = Cursor { xid: i64::MAX, seq: i64::MAX };
        let rows = seals::between(app.engine.database(), Cursor::default(), end, 10_000).await.expect("rows");
        let (_, row) = rows.iter().find(|(_, row)| row[7] == Value::Id(Uuid::from_u128(9))).expect("the row");
        assert_eq!(row[1..], [
            Value::Instant(at), Value::Null, "page".into(), Value::Null, "".into(), "customer".into(),
            Value::Id(Uuid::from_u128(9)), "update".into(), Value::Int(2), diff.as_str().into(),
        ]);
    }
}
