//! Handing over: everything of somebody's, or a filtered list, goes to others as one operation that can be taken back.

use crate::open;
use guanxi_testkit::{Client, Made, TestApp, both_databases};
use serde_json::{Value as Json, json};
use std::{collections::BTreeMap, time::Duration};

async fn finished(client: &Client, started: &Json) -> Json {
    let path = format!("/handovers/{}", started["id"].as_str().expect("an id"));
    for _ in 0..1000 {
        let now = client.get(&path).await.expect(200).json;
        if now["state"] != json!("running") {
            return now;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("the handover does not end");
}

async fn hand_over(client: &Client, request: Json) -> Json {
    let started = client.post("/handovers", request).await.expect(202).json;
    finished(client, &started).await
}

async fn undo(client: &Client, handover: &Json) -> Json {
    let path = format!("/handovers/{}/undo", handover["id"].as_str().expect("an id"));
    let started = client.post(&path, json!({})).await.expect(202).json;
    finished(client, &started).await
}

async fn owner(client: &Client, made: &Made) -> Json {
    client.get(&made.path()).await.expect(200).json["owner"]["title"].clone()
}

/// Who owns how many of an object's records.
async fn owners(client: &Client, object: &str) -> BTreeMap<String, i64> {
    let request = json!({"group_by": ["owner"], "measures": [{"fn": "count"}]});
    let rows = client.post(&format!("/records/{object}/aggregate"), request).await.expect(200).json;
    let rows = rows["rows"].as_array().cloned().unwrap_or_default();
    rows.iter()
        .map(|row| (row["owner"]["title"].as_str().unwrap_or("-").to_owned(), row["count"].as_i64().unwrap_or(0)))
        .collect()
}

struct Office {
    admin: Client,
    leaver: Client,
    east: Client,
    west: Client,
}

async fn office(app: &TestApp) -> Office {
    Office {
        admin: app.admin().await,
        leaver: app.user("leaver", "member", "销售部/华北").await,
        east: app.user("east", "member", "销售部/华东").await,
        west: app.user("west", "manager", "销售部/西区").await,
    }
}

both_databases! {
    /// Customers in turn, what hangs on them along, the rest and his places to others; then he cannot sign in any more; and all
    /// of it back.
    async fn a_leaver_hands_everything_over(db) {
        let app = open(db).await;
        let Office { admin, leaver, east, west } = office(&app).await;
        let mut customers = Vec::new();
        for number in 0..6 {
            let customer = leaver.create("customer", json!({"name": format!("客户{number}")})).await;
            leaver.create("contact", json!({"name": format!("联系人{number}"), "customer": customer.id})).await;
            leaver.create("task", json!({"name": format!("任务{number}"), "customer": customer.id})).await;
            leaver.create("follow_up", json!({"content": "拜访", "customer": customer.id})).await;
            customers.push(customer);
        }
        let loose = leaver.create("task", json!({"name": "写总结"})).await;
        let done = leaver.create("task", json!({"name": "已完成", "status": "done"})).await;
        let others = admin.create("task", json!({"name": "别人的", "customer": customers[5].id, "owner": east.id()})).await;
        let dropped = leaver.create("customer", json!({"name": "回收站里的"})).await;
        leaver.delete(&dropped.path()).await.expect(204);
        let department = admin.list("department", &[("filter", &json!(["name", "=", "华北"]).to_string())]).await.json["items"][0]["id"].clone();
        admin.patch(&format!("/records/department/{}", department.as_str().expect("an id")), json!({"manager": leaver.id()})).await.expect(200);
        admin.patch(&format!("/records/user/{}", east.id()), json!({"manager": leaver.id()})).await.expect(200);
        app.settle().await;

        let held = admin.get(&format!("/users/{}/holdings", leaver.id())).await.expect(200).json;
        let held: BTreeMap<String, (Json, Json, Json)> = held["items"].as_array().into_iter().flatten().map(|item| (format!("{}.{}", item["object"].as_str().unwrap_or(""), item["field"].as_str().unwrap_or("")), (item["count"].clone(), item["pending"].clone(), item["stays"].clone()))).collect();
        assert_eq!(held["customer.owner"], (json!(6), Json::Null, json!(false)));
        assert_eq!(held["task.owner"], (json!(8), json!(7), json!(false)));
        assert_eq!(held["follow_up.owner"], (json!(6), Json::Null, json!(true)));
        assert_eq!(held["department.manager"], (json!(1), Json::Null, json!(false)));
        assert_eq!(held["user.manager"].0, json!(1));

        let request = json!({
            "from": leaver.id(), "deactivate": true, "note": "离职",
            "parts": [
                {"object": "customer", "to": [east.id(), west.id()], "along": ["contact", "task"]},
                {"object": "task", "to": [west.id()]},
                {"object": "department", "field": "manager", "to": [west.id()]},
                {"object": "user", "field": "manager", "to": [west.id()]},
            ],
        });
        let preview = admin.post("/handovers/preview", request.clone()).await.expect(200).json;
        assert_eq!(preview["total"], json!(6 + 8 + 1 + 1));
        let handover = hand_over(&admin, request).await;
        assert_eq!((&handover["state"], &handover["moved"]), (&json!("done"), &json!(7 + 6 + 6 + 2 + 2)), "{handover}");
        assert_eq!(owners(&admin, "customer").await, BTreeMap::from([("east".into(), 3), ("west".into(), 3)]));
        for customer in &customers {
            let new = owner(&admin, customer).await;
            for object in ["contact", "task"] {
                let hanging = admin.list(object, &[("filter", &json!({"and": [["customer", "=", customer.id], ["name", "!=", "别人的"]]}).to_string())]).await.json["items"][0].clone();
                assert_eq!(hanging["owner"]["title"], new, "{object} goes along");
                assert_eq!(hanging["department"], admin.get(&customer.path()).await.json["department"]);
            }
        }
        assert_eq!((owner(&admin, &loose).await, owner(&admin, &done).await, owner(&admin, &others).await), (json!("west"), json!("west"), json!("east")));
        assert_eq!(owners(&admin, "follow_up").await, BTreeMap::from([("leaver".into(), 6)]), "who wrote it wrote it");
        admin.post(&format!("/trash/customer/{}/restore", dropped.id), json!({})).await.expect(200);
        assert_ne!(owner(&admin, &dropped).await, json!("leaver"), "nothing in the recycle bin stays his");
        assert_eq!(admin.get(&format!("/records/user/{}", east.id())).await.json["manager"]["title"], json!("west"));
        leaver.get("/records/customer").await.expect(401);
        // It stands in the history of each record, with who did it.
        let history = admin.get(&format!("{}/history", customers[0].path())).await.json["items"][0].clone();
        assert_eq!((&history["changes"][0]["field"], &history["actor"]["title"], &history["reason"]), (&json!("owner"), &json!("admin"), &json!("handover")));
        assert_eq!(admin.list("access_event", &[("filter", &json!(["kind", "=", "handover"]).to_string())]).await.json["items"][0]["rows"], handover["moved"]);

        // One of them has gone on to somebody else since: he keeps it.
        let kept = customers.iter().map(Made::id).next().expect("one");
        admin.patch(&format!("/records/customer/{kept}"), json!({"owner": admin.id()})).await.expect(200);
        let back = undo(&admin, &handover).await;
        assert_eq!((&back["state"], &back["kept"], &back["returned"]), (&json!("undone"), &json!(1), &json!(22)), "{back}");
        assert_eq!(owners(&admin, "customer").await, BTreeMap::from([("admin".into(), 1), ("leaver".into(), 6)]));
        assert_eq!(owners(&admin, "contact").await, BTreeMap::from([("leaver".into(), 6)]));
        assert_eq!(owners(&admin, "task").await, BTreeMap::from([("east".into(), 1), ("leaver".into(), 8)]));
        assert_eq!(admin.get(&format!("/records/user/{}", leaver.id())).await.json["active"], json!(true));
        assert_eq!(admin.get(&format!("/records/user/{}", east.id())).await.json["manager"]["title"], json!("leaver"));
        admin.post(&format!("/handovers/{}/undo", handover["id"].as_str().unwrap_or("")), json!({})).await.expect(409);
        // They are his again in everything that goes by department.
        assert_eq!(app.client_of(leaver.id()).await.list("customer", &[("count", "true")]).await.json["total"], json!(6));
    }

    /// A filtered list goes to others in turn; whose records they were does not matter, but what the giver may change does.
    async fn a_filtered_list_is_given_out(db) {
        let app = open(db).await;
        let Office { admin, leaver, east, west } = office(&app).await;
        for number in 0..5 {
            leaver.create("customer", json!({"name": format!("甲{number}"), "level": "a"})).await;
            east.create("customer", json!({"name": format!("乙{number}"), "level": "b"})).await;
        }
        let part = json!({"object": "customer", "filter": ["level", "=", "a"], "to": [east.id(), west.id()]});
        // A manager gives away what is below him: nothing of the others.
        let preview = west.post("/handovers/preview", json!({"parts": [part]})).await.expect(200).json;
        assert_eq!(preview["total"], json!(0));
        let boss = app.user("boss", "manager", "销售部").await;
        let handover = hand_over(&boss, json!({"parts": [part]})).await;
        assert_eq!((&handover["state"], &handover["moved"]), (&json!("done"), &json!(5)), "{handover}");
        assert_eq!(owners(&admin, "customer").await, BTreeMap::from([("east".into(), 8), ("west".into(), 2)]));
        // Who may give nothing any more takes nothing back either.
        let back = format!("/handovers/{}/undo", handover["id"].as_str().unwrap_or(""));
        let abilities = app.engine.roles().all().iter().find(|role| role.code == "manager").expect("managers").rights.abilities.clone();
        app.change_role("manager", |rights| rights.abilities.clear()).await;
        boss.post(&back, json!({})).await.expect(403);
        app.change_role("manager", |rights| rights.abilities = abilities).await;
        undo(&boss, &handover).await;
        assert_eq!(owners(&admin, "customer").await, BTreeMap::from([("east".into(), 5), ("leaver".into(), 5)]));
        // A handover is its starter's and the administrators'.
        let path = format!("/handovers/{}", handover["id"].as_str().unwrap_or(""));
        west.get(&path).await.expect(404);
        assert_eq!(west.get("/handovers").await.json["items"], json!([]));
        assert_eq!(admin.get("/handovers").await.json["items"].as_array().map(Vec::len), Some(1));
    }

    async fn bad_handovers_are_refused(db) {
        let app = open(db).await;
        let Office { admin, leaver, east, west } = office(&app).await;
        let gone = app.user("gone", "member", "销售部").await;
        admin.patch(&format!("/records/user/{}", gone.id()), json!({"active": false})).await.expect(200);
        leaver.create("customer", json!({"name": "甲"})).await;
        let to = [east.id()];
        for (request, wrong) in [
            (json!({"from": leaver.id(), "parts": []}), "parts"),
            (json!({"from": gone.id(), "parts": [{"object": "nix", "to": to}]}), "parts[0].object"),
            (json!({"from": leaver.id(), "parts": [{"object": "customer", "to": []}]}), "parts[0].to"),
            (json!({"from": leaver.id(), "parts": [{"object": "customer", "to": [leaver.id()]}]}), "parts[0].to"),
            (json!({"from": leaver.id(), "parts": [{"object": "customer", "to": [gone.id()]}]}), "parts[0].to"),
            (json!({"from": leaver.id(), "parts": [{"object": "product", "to": to}]}), "parts[0].field"),
            (json!({"from": leaver.id(), "parts": [{"object": "customer", "field": "created_by", "to": to}]}), "parts[0].field"),
            (json!({"from": leaver.id(), "parts": [{"object": "customer", "to": to, "along": ["product"]}]}), "parts[0].along"),
            (json!({"parts": [{"object": "customer", "to": to}]}), "parts[0].filter"),
            (json!({"from": leaver.id(), "note": "长".repeat(501), "parts": [{"object": "customer", "to": to}]}), "note"),
            (json!({"deactivate": true, "parts": []}), "from"),
        ] {
            let answer = admin.post("/handovers", request.clone()).await.expect(422);
            assert_eq!(answer.errors()[0].0, wrong, "{request}: {}", answer.text);
        }
        for request in [json!([]), json!({"parts": "all"}), json!({"frm": 1}), json!({"from": "x", "parts": []})] {
            assert_eq!(admin.post("/handovers", request).await.expect(400).code(), "bad_request");
        }
        let filter = json!({"from": leaver.id(), "parts": [{"object": "customer", "filter": ["nix", "=", 1], "to": to}]});
        assert_eq!(admin.post("/handovers", filter).await.expect(400).code(), "bad_filter");
        // Whose right it is not.
        app.change_role("member", |rights| rights.abilities.clear()).await;
        let his = app.client_of(leaver.id()).await;
        his.post("/handovers", json!({"from": leaver.id(), "parts": [{"object": "customer", "to": to}]})).await.expect(403);
        his.get(&format!("/users/{}/holdings", leaver.id())).await.expect(403);
        west.post("/handovers", json!({"from": leaver.id(), "deactivate": true, "parts": [{"object": "customer", "to": to}]})).await.expect(403);
        west.post("/handovers", json!({"from": leaver.id(), "parts": [{"object": "department", "field": "manager", "to": to}]})).await.expect(403);
        assert_eq!(owners(&admin, "customer").await, BTreeMap::from([("leaver".into(), 1)]));
        // The last administrator stays: what was moved is moved, and the rest is told.
        let failed = hand_over(&admin, json!({"from": admin.id(), "deactivate": true, "parts": []})).await;
        assert_eq!(failed["state"], json!("failed"), "{failed}");
        assert!(failed["message"].as_str().is_some_and(|text| !text.is_empty()), "{failed}");
        assert_eq!(admin.get(&format!("/records/user/{}", admin.id())).await.json["active"], json!(true));
    }

    /// Many batches; stopped in between it goes on where it stood, nothing doubled and nothing left.
    async fn a_stopped_handover_goes_on(db) {
        let app = open(db).await;
        let Office { admin, leaver, east, west } = office(&app).await;
        let system = guanxi_engine::Viewer::system("test");
        for number in 0..1020 {
            let values = json!({"name": format!("客户{number}"), "owner": leaver.id()});
            app.engine.create(&system, "customer", values.as_object().expect("an object"), true).await.expect("made");
        }
        let request = json!({"from": leaver.id(), "parts": [{"object": "customer", "to": [east.id(), west.id()]}]});
        let started = admin.post("/handovers", request).await.expect(202).json;
        let path = format!("/handovers/{}", started["id"].as_str().expect("an id"));
        let stopped = admin.post(&format!("{path}/cancel"), json!({})).await;
        let mut now = finished(&admin, &started).await;
        if stopped.status == 200 && now["state"] == json!("cancelled") {
            assert!(now["moved"].as_i64().is_some_and(|moved| moved < 1020), "{now}");
            let resumed = admin.post(&format!("{path}/resume"), json!({})).await.expect(202).json;
            now = finished(&admin, &resumed).await;
        }
        assert_eq!((&now["state"], &now["moved"]), (&json!("done"), &json!(1020)), "{now}");
        assert_eq!(owners(&admin, "customer").await, BTreeMap::from([("east".into(), 510), ("west".into(), 510)]));
        admin.post(&format!("{path}/resume"), json!({})).await.expect(409);
        admin.post(&format!("{path}/cancel"), json!({})).await.expect(409);
        let back = undo(&admin, &now).await;
        assert_eq!((&back["returned"], &back["kept"]), (&json!(1020), &json!(0)));
        assert_eq!(owners(&admin, "customer").await, BTreeMap::from([("leaver".into(), 1020)]));
    }

    /// A process that dies in the middle: the next one goes on by itself.
    async fn a_killed_handover_goes_on_by_itself(db) {
        let mut app = open(db).await;
        let Office { admin, leaver, east, .. } = office(&app).await;
        for number in 0..20 {
            leaver.create("customer", json!({"name": format!("客户{number}")})).await;
        }
        let request = json!({"from": leaver.id(), "parts": [{"object": "customer", "to": [east.id()]}]});
        let done = hand_over(&admin, request).await;
        // As if it had died after the half: ten are the leaver's still, and the job says it runs.
        let id: uuid::Uuid = done["id"].as_str().and_then(|id| id.parse().ok()).expect("an id");
        let database = app.engine.database();
        let mut job = guanxi_store::platform::job(database, id).await.expect("read").expect("there");
        let mut detail: Json = serde_json::from_str(&job.detail).expect("JSON");
        detail["owner"]["pid"] = json!(u32::MAX);
        job.detail = detail.to_string();
        job.state = "running".into();
        guanxi_store::platform::put_job(database, job).await.expect("written");
        let half = guanxi_store::sql::statement(database.dialect(), "DELETE FROM _handed WHERE seq > 10", vec![], &[]);
        database.execute(half).await.expect("forgotten");
        for made in admin.list("customer", &[("limit", "10")]).await.expect(200).each("id") {
            admin.patch(&format!("/records/customer/{made}"), json!({"owner": leaver.id()})).await.expect(200);
        }
        app.reopen().await;
        app.engine.start_followers();
        let admin = app.client_of(admin.id()).await;
        let done = finished(&admin, &done).await;
        for _ in 0..200 {
            if owners(&admin, "customer").await.len() == 1 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        assert_eq!(owners(&admin, "customer").await, BTreeMap::from([("east".into(), 20)]), "{done}");
        assert_eq!(finished(&admin, &done).await["moved"], json!(20));
    }
}
