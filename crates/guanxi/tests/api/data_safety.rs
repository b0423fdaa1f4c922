//! Data safety: limits on exports hold exactly, large exports wait for an administrator, and mass reading is told.

use crate::open;
use guanxi_testkit::{Client, TestApp, both_databases};
use serde_json::{Value as Json, json};

async fn set(admin: &Client, settings: Json) {
    admin.put("/settings/data_safety", settings).await.expect(200);
}

async fn customers(client: &Client, count: usize) {
    for number in 0..count {
        client.create("customer", json!({"name": format!("客户{number}")})).await;
    }
}

fn wanted() -> Json {
    json!({"object": "customer", "format": "csv", "fields": ["name"]})
}

/// Waits until an export has ended; answers it.
async fn ended(client: &Client, export: &Json) -> Json {
    let path = format!("/exports/{}", export["id"].as_str().expect("an id"));
    for _ in 0..500 {
        let now = client.get(&path).await.expect(200).json;
        if now["state"] != json!("running") {
            return now;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("the export does not end");
}

/// Entries of the access log of a kind.
async fn told(admin: &Client, kind: &str) -> Vec<Json> {
    let filter = json!(["kind", "=", kind]).to_string();
    let answer = admin.list("access_event", &[("filter", &filter), ("sort", "created_at")]).await.expect(200);
    answer.json["items"].as_array().expect("items").clone()
}

fn decide(export: &Json, verb: &str) -> String {
    format!("/exports/{}/actions/{verb}", export["id"].as_str().expect("an id"))
}

/// Somebody with five customers, an administrator, and exports above two rows that wait.
async fn waiting(app: &TestApp) -> (Client, Client, Json) {
    let admin = app.admin().await;
    set(&admin, json!({"approve_exports_above": 2})).await;
    let member = app.user("zhang", "member", "销售部").await;
    customers(&member, 5).await;
    let export = member.post("/exports", wanted()).await.expect(202).json;
    assert_eq!((&export["state"], &export["size"]), (&json!("waiting"), &json!(5)));
    (admin, member, export)
}

both_databases! {
    /// Everybody may know how the page is to behave; only administrators say so, and it is noted.
    async fn settings_are_the_administrators(db) {
        let app = open(db).await;
        let admin = app.admin().await;
        let member = app.user("zhang", "member", "").await;
        let nothing = json!({"watermark": false, "export_rows_per_day": null, "records_per_hour": null, "approve_exports_above": null});
        assert_eq!(member.get("/settings/data_safety").await.expect(200).json, nothing);
        member.put("/settings/data_safety", json!({"watermark": true})).await.expect(403);
        member.get("/settings/seal_key").await.expect(404);
        admin.put("/settings/nothing", json!({})).await.expect(404);
        for wrong in [
            json!({"watermark": "yes"}),
            json!({"export_rows_per_day": 0}),
            json!({"export_rows_per_day": -1}),
            json!({"export_rows_per_day": 1_000_000_001_u64}),
            json!({"records_per_hour": 1.5}),
            json!({"records_per_hour": "many"}),
            json!({"watermrk": true}),
            json!([]),
            json!(null),
        ] {
            admin.put("/settings/data_safety", wrong.clone()).await.expect(422);
        }
        assert_eq!(member.get("/settings/data_safety").await.expect(200).json, nothing);
        set(&admin, json!({"watermark": true, "records_per_hour": 300})).await;
        set(&admin, json!({"watermark": true, "records_per_hour": 300})).await;
        assert_eq!(member.get("/settings/data_safety").await.expect(200).json["records_per_hour"], json!(300));
        let noted = told(&admin, "settings").await;
        assert_eq!(noted.len(), 1, "what changes nothing is not noted");
        assert_eq!(noted[0]["actor"]["title"], json!("admin"));
    }

    /// The rows of a day are counted exactly, however many exports begin at once; the next day begins anew.
    async fn the_export_limit_is_exact(db) {
        let app = open(db).await;
        let admin = app.admin().await;
        let member = app.user("zhang", "member", "").await;
        customers(&member, 3).await;
        set(&admin, json!({"export_rows_per_day": 7})).await;
        let answers = futures::future::join_all((0..6).map(|_| member.post("/exports", wanted()))).await;
        let began: Vec<&Json> = answers.iter().filter(|answer| answer.status == 202).map(|answer| &answer.json).collect();
        assert_eq!(began.len(), 2, "two times three rows fit into seven");
        for export in &began {
            let done = ended(&member, export).await;
            assert_eq!((&done["state"], &done["rows"]), (&json!("done"), &json!(3)));
        }
        let refused: Vec<_> = answers.iter().filter(|answer| answer.status != 202).collect();
        assert!(refused.iter().all(|answer| (answer.status, answer.code()) == (429, "export_limit")));
        let noted = told(&admin, "export_limit").await;
        assert_eq!((noted.len(), &noted[0]["actor"]["title"]), (1, &json!("zhang")), "once for an hour");
        // Another person has a day of his own, and one row is still left of this one.
        let one = json!({"object": "customer", "format": "csv", "filter": ["name", "=", "客户1"]});
        assert_eq!(ended(&member, &member.post("/exports", one.clone()).await.expect(202).json).await["state"], json!("done"));
        member.post("/exports", one.clone()).await.expect(429);
        assert_eq!(ended(&admin, &admin.post("/exports", wanted()).await.expect(202).json).await["state"], json!("done"));
        assert_eq!(admin.post("/audit/exports", json!({})).await.expect(429).code(), "export_limit");
        app.clock.advance(jiff::SignedDuration::from_hours(24));
        member.post("/exports", one).await.expect(202);
        member.post("/exports", wanted()).await.expect(202);
    }

    /// Above the number of rows an export waits; an administrator decides, once.
    async fn large_exports_wait_for_approval(db) {
        let app = open(db).await;
        let (admin, member, export) = waiting(&app).await;
        let path = format!("/exports/{}", export["id"].as_str().expect("an id"));
        member.get(&format!("{path}/file")).await.expect(404);
        member.post(&decide(&export, "approve"), json!({})).await.expect(403);
        let other = app.user("li", "member", "市场部").await;
        for verb in ["approve", "reject"] {
            other.post(&decide(&export, verb), json!({})).await.expect(404);
        }
        let listed = admin.get("/exports?state=waiting").await.expect(200).json["items"].clone();
        assert_eq!((&listed[0]["id"], &listed[0]["user"]["title"], &listed[1]), (&export["id"], &json!("zhang"), &json!(null)));
        assert_eq!(other.get("/exports?state=waiting").await.expect(200).json["items"], json!([]));
        assert_eq!(admin.get("/exports?state=%27%20OR%201%3D1").await.expect(200).json["items"], json!([]));

        // Two administrators at once: one decides, the other is told that it is decided.
        let second = app.user("admin2", "administrator", "").await;
        let (approve, reject) = (decide(&export, "approve"), decide(&export, "approve"));
        let (a, b) = tokio::join!(admin.post(&approve, json!({})), second.post(&reject, json!({})));
        let mut statuses = [a.status, b.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409], "{} {}", a.text, b.text);
        assert_eq!(ended(&member, &export).await["state"], json!("done"));
        assert_eq!(member.get(&format!("{path}/file")).await.expect(200).text.lines().count(), 6);
        assert_eq!(admin.post(&decide(&export, "approve"), json!({})).await.expect(409).code(), "not_waiting");
        assert_eq!(admin.post(&decide(&export, "reject"), json!({})).await.expect(409).code(), "not_waiting");
        assert_eq!(told(&admin, "export_decision").await.len(), 1);

        let refused = member.post("/exports", wanted()).await.expect(202).json;
        admin.post(&decide(&refused, "reject"), json!({"reason": 7})).await.expect(400);
        admin.post(&decide(&refused, "reject"), json!({"reason": "范围太大"})).await.expect(200);
        let seen = member.get(&format!("/exports/{}", refused["id"].as_str().expect("an id"))).await.expect(200).json;
        assert_eq!((&seen["state"], &seen["message"]), (&json!("rejected"), &json!("范围太大")));
        let back = member.post("/exports", wanted()).await.expect(202).json;
        member.post(&format!("/exports/{}/cancel", back["id"].as_str().expect("an id")), json!({})).await.expect(200);
        admin.post(&decide(&back, "approve"), json!({})).await.expect(409);
        // Two rows are not more than two.
        let few = json!({"object": "customer", "filter": ["name", "in", ["客户1", "客户2"]]});
        assert_eq!(member.post("/exports", few).await.expect(202).json["state"], json!("running"));
        admin.post("/exports/018f0000-0000-7000-8000-000000000000/actions/approve", json!({})).await.expect(404);
    }

    /// Nobody decides on his own export while there is another administrator; what was asked for is done with today's rights.
    async fn approval_is_not_for_oneself(db) {
        let app = open(db).await;
        let (admin, member, export) = waiting(&app).await;
        let own = admin.post("/exports", wanted()).await.expect(202).json;
        assert_eq!(own["state"], json!("waiting"));
        let second = app.user("admin2", "administrator", "").await;
        admin.post(&decide(&own, "approve"), json!({})).await.expect(403);
        second.post(&decide(&own, "approve"), json!({})).await.expect(200);
        assert_eq!(ended(&admin, &own).await["state"], json!("done"));
        let own = admin.post("/exports", wanted()).await.expect(202).json;
        admin.patch(&format!("/records/user/{}", second.id()), json!({"active": false})).await.expect(200);
        admin.post(&decide(&own, "approve"), json!({})).await.expect(200);
        assert_eq!(ended(&admin, &own).await["state"], json!("done"));

        // The audit waits like any other.
        assert_eq!(admin.post("/audit/exports", json!({})).await.expect(202).json["state"], json!("waiting"));

        app.change_role("member", |rights| rights.abilities.retain(|ability| ability.as_str() != "export")).await;
        let late = ended(&member, &export).await;
        assert_eq!(late["state"], json!("waiting"));
        admin.post(&decide(&export, "approve"), json!({})).await.expect(200);
        assert_eq!(ended(&member, &export).await["state"], json!("failed"));
        app.change_role("member", |rights| rights.abilities.push(guanxi_engine::Ability::Export)).await;
        let gone = member.post("/exports", wanted()).await.expect(202).json;
        admin.patch(&format!("/records/user/{}", member.id()), json!({"active": false})).await.expect(200);
        assert_eq!(admin.post(&decide(&gone, "approve"), json!({})).await.expect(409).code(), "requester_gone");
    }

    /// Lists, single records and exports count; administrators are told once for a person and an hour.
    async fn mass_reading_is_told_once_an_hour(db) {
        let app = open(db).await;
        let admin = app.admin().await;
        let member = app.user("zhang", "member", "").await.at("10.9.9.9");
        customers(&member, 4).await;
        let first = member.list("customer", &[("limit", "1")]).await.expect(200).each("id").remove(0);
        set(&admin, json!({"records_per_hour": 9})).await;
        app.engine.flush_reading().await.expect("written");
        for (reads, events) in [(1, 0), (1, 0), (1, 1), (5, 1)] {
            for _ in 0..reads {
                member.list("customer", &[]).await.expect(200);
            }
            app.engine.flush_reading().await.expect("written");
            assert_eq!(told(&admin, "mass_reading").await.len(), events);
        }
        let event = &told(&admin, "mass_reading").await[0];
        assert_eq!((&event["actor"]["title"], &event["rows"], &event["address"]), (&json!("zhang"), &json!(13), &json!("10.9.9.9")));
        app.clock.advance(jiff::SignedDuration::from_hours(1));
        for _ in 0..6 {
            member.get(&format!("/records/customer/{first}")).await.expect(200);
        }
        app.engine.flush_reading().await.expect("written");
        assert_eq!(told(&admin, "mass_reading").await.len(), 1);
        ended(&member, &member.post("/exports", wanted()).await.expect(202).json).await;
        app.engine.flush_reading().await.expect("written");
        assert_eq!(told(&admin, "mass_reading").await.len(), 2);
    }
}
