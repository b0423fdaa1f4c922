//! The write path: what is kept, what is refused, what happens when many write at once.

use guanxi_engine::{Error, ListRequest, Viewer, requests::Keyed};
use guanxi_testkit::{Client, Made, Response, TestApp, both_databases, specimen};
use jiff::SignedDuration;
use serde_json::{Value as Json, json};
use std::collections::BTreeSet;

async fn specimens(app: &TestApp) -> Client {
    app.admin().await
}

fn problem(answer: &Response) -> (u16, &str) {
    (answer.status, answer.code())
}

fn errors(answer: &Response) -> Vec<(String, String)> {
    let mut errors = answer.errors();
    errors.sort();
    errors
}

fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
    list.iter().map(|(field, code)| ((*field).to_owned(), (*code).to_owned())).collect()
}

async fn deleted(client: &Client, made: &Made) {
    client.delete(&made.path()).await.expect(204);
}

async fn purged(client: &Client, made: &Made) -> Response {
    client.delete(&format!("/trash/{}/{}", made.object, made.id)).await
}

both_databases! {
    async fn a_stale_version_is_refused_and_shown(db) {
        let app = TestApp::open(db, vec![specimen::module()]).await;
        let admin = specimens(&app).await;
        let made = admin.create("specimen", json!({"name": "甲", "text": "一"})).await;
        let save = async |version: &str, text: &str| admin.request("PATCH", &made.path()).header("if-match", version).json(&json!({"text": text})).send().await;
        let first = save("\"1\"", "二").await.expect(200);
        assert_eq!((first.header("etag"), &first.json["version"]), ("\"2\"", &json!(2)));
        let stale = save("\"1\"", "三").await;
        assert_eq!(problem(&stale), (409, "stale_version"));
        assert_eq!((&stale.json["current"]["text"], &stale.json["current"]["version"]), (&json!("二"), &json!(2)));
        assert_eq!(admin.get(&made.path()).await.json["text"], json!("二"));
        // Without a version just the named fields change.
        assert_eq!(admin.patch(&made.path(), json!({"integer": 5})).await.expect(200).json["text"], json!("二"));
        let stale = admin.request("DELETE", &made.path()).header("if-match", "\"2\"").send().await;
        assert_eq!(problem(&stale), (409, "stale_version"));
        admin.request("DELETE", &made.path()).header("if-match", "\"3\"").send().await.expect(204);
    }

    /// Of many savers of one version, one wins and no change is lost.
    async fn of_many_savers_one_wins(db) {
        let app = TestApp::open(db, vec![specimen::module()]).await;
        let admin = specimens(&app).await;
        let made = admin.create("specimen", json!({"name": "甲"})).await;
        let tasks: Vec<_> = (0..12)
            .map(|number| {
                let (admin, path) = (admin.clone(), made.path());
                tokio::spawn(async move { admin.request("PATCH", &path).header("if-match", "\"1\"").json(&json!({"integer": number})).send().await.status })
            })
            .collect();
        let mut statuses = Vec::new();
        for task in tasks {
            statuses.push(task.await.expect("the request ends"));
        }
        statuses.sort_unstable();
        assert_eq!(statuses, [vec![200], vec![409; 11]].concat());
        assert_eq!(admin.get(&made.path()).await.json["version"], json!(2));
        // Without a version each of them counts.
        let tasks: Vec<_> = (0..12)
            .map(|number| {
                let (admin, path) = (admin.clone(), made.path());
                tokio::spawn(async move { admin.patch(&path, json!({"decimal": format!("{number}.5")})).await.status })
            })
            .collect();
        for task in tasks {
            assert_eq!(task.await.expect("the request ends"), 200);
        }
        assert_eq!(admin.get(&made.path()).await.json["version"], json!(14));
    }

    /// More writers than connections: none waits for ever, no number is given twice.
    async fn numbers_are_given_once(db) {
        let app = TestApp::with_connections(db, vec![specimen::module()], 4).await;
        let admin = specimens(&app).await;
        let tasks: Vec<_> = (0..32)
            .map(|number| {
                let admin = admin.clone();
                tokio::spawn(async move { admin.create("specimen", json!({"name": number.to_string()})).await.json["auto_number"].as_str().map(str::to_owned) })
            })
            .collect();
        let mut numbers = BTreeSet::new();
        for task in tasks {
            numbers.insert(task.await.expect("the request ends").expect("a number"));
        }
        assert_eq!(numbers.len(), 32);
        assert!(numbers.contains("BB-20261121-0001") && numbers.contains("BB-20261121-0032"), "{numbers:?}");
        // A new day begins at one, in the workspace's time zone.
        app.clock.set("2026-11-21T16:00:00Z".parse().expect("midnight in Shanghai"));
        assert_eq!(admin.create("specimen", json!({"name": "new"})).await.json["auto_number"], json!("BB-20261122-0001"));
    }

    async fn unique_values_are_taken_once(db) {
        let app = TestApp::open(db, vec![specimen::module()]).await;
        let admin = specimens(&app).await;
        let first = admin.create("specimen_target", json!({"name": "甲", "code": "A1"})).await;
        let second = admin.create("specimen_target", json!({"name": "乙", "code": "A2"})).await;
        let taken = admin.post("/records/specimen_target", json!({"name": "丙", "code": "A1"})).await;
        assert_eq!((taken.status, errors(&taken)), (422, pairs(&[("code", "not_unique")])));
        let taken = admin.patch(&second.path(), json!({"code": "A1"})).await;
        assert_eq!((taken.status, errors(&taken)), (422, pairs(&[("code", "not_unique")])));
        // Empty ones do not meet; in bulk the others go through.
        admin.create("specimen_target", json!({"name": "丁"})).await;
        let third = admin.create("specimen_target", json!({"name": "戊"})).await;
        let bulk = admin.post("/records/specimen_target/bulk", json!({"action": "update", "ids": [second.id, third.id], "values": {"code": "A3"}})).await.expect(200);
        assert_eq!((&bulk.json["done"], &bulk.json["failed"][0]["code"]), (&json!(1), &json!("invalid")), "{}", bulk.text);
        // The bin does not hold a value; coming back to a taken one is refused.
        deleted(&admin, &first).await;
        let heir = admin.create("specimen_target", json!({"name": "己", "code": "A1"})).await;
        let restored = admin.post(&format!("/trash/specimen_target/{}/restore", first.id), json!({})).await;
        assert_eq!((restored.status, errors(&restored)), (422, pairs(&[("code", "not_unique")])));
        admin.patch(&heir.path(), json!({"code": "A9"})).await.expect(200);
        admin.post(&format!("/trash/specimen_target/{}/restore", first.id), json!({})).await.expect(200);
        // Of many at once, one gets it.
        let tasks: Vec<_> = (0..8)
            .map(|number| {
                let admin = admin.clone();
                tokio::spawn(async move { admin.post("/records/specimen_target", json!({"name": number.to_string(), "code": "race"})).await.status })
            })
            .collect();
        let mut statuses = Vec::new();
        for task in tasks {
            statuses.push(task.await.expect("the request ends"));
        }
        statuses.sort_unstable();
        assert_eq!(statuses, [vec![201], vec![422; 7]].concat());
    }

    async fn duplicates_warn_or_block_and_are_masked(db) {
        let app = TestApp::open(db, vec![specimen::module()]).await;
        let admin = specimens(&app).await;
        let (zhang, li) = (app.user("zhang", "member", "销售部").await, app.user("li", "member", "销售部").await);
        let first = zhang.create("specimen", json!({"name": "张的客户", "hotline": "+86 138-1234-5678", "mailbox": "A@b.cn"})).await;
        // The same number written otherwise.
        let met = zhang.post("/records/specimen", json!({"name": "又来", "hotline": "13812345678"})).await;
        assert_eq!(problem(&met), (409, "duplicate_warning"));
        assert_eq!(met.json["blocked"], json!(false));
        assert_eq!(met.json["duplicates"], json!([{"id": first.id, "title": "张的客户", "owner": {"id": zhang.id(), "title": "zhang"}, "fields": ["hotline"], "mode": "warn"}]));
        // Who may not read it learns that there is one and whose it is, no more.
        let met = li.post("/records/specimen", json!({"name": "我的", "hotline": "138 1234 5678"})).await;
        assert_eq!(problem(&met), (409, "duplicate_warning"));
        assert_eq!(met.json["duplicates"], json!([{"id": null, "title": null, "owner": {"id": zhang.id(), "title": "zhang"}, "fields": ["hotline"], "mode": "warn"}]));
        let asked = li.post("/records/specimen/duplicates", json!({"hotline": "13812345678", "mailbox": "not yet"})).await.expect(200);
        assert_eq!(asked.json["items"], met.json["duplicates"]);
        let itself = zhang.post("/records/specimen/duplicates", json!({"hotline": "13812345678", "id": first.id})).await.expect(200);
        assert_eq!(itself.json["items"], json!([]), "not of itself");
        // One may insist where the rule warns, not where it blocks.
        let second = li.post("/records/specimen?allow_duplicate=true", json!({"name": "我的", "hotline": "138 1234 5678"})).await.expect(201);
        let blocked = li.post("/records/specimen?allow_duplicate=true", json!({"name": "乙", "mailbox": " a@B.cn "})).await;
        assert_eq!((problem(&blocked), &blocked.json["blocked"]), ((409, "duplicate_warning"), &json!(true)));
        // Only a change of the field asks again.
        let path = format!("/records/specimen/{}", second.json["id"].as_str().expect("an id"));
        li.patch(&path, json!({"text": "x"})).await.expect(200);
        assert_eq!(li.patch(&path, json!({"hotline": "13812345678 "})).await.status, 409);
        // What lies in the bin is no duplicate.
        admin.delete(&first.path()).await.expect(204);
        li.post("/records/specimen", json!({"name": "乙", "mailbox": "a@b.cn"})).await.expect(201);
    }

    /// Nobody learns from a refused lookup whether a record exists.
    async fn invisible_lookups_are_refused_like_absent_ones(db) {
        let app = TestApp::open(db, vec![specimen::module()]).await;
        let (zhang, li) = (app.user("zhang", "member", "销售部").await, app.user("li", "member", "销售部").await);
        let hidden = zhang.create("specimen", json!({"name": "藏"})).await;
        let mine = li.create("specimen", json!({"name": "我的"})).await;
        let gone = li.create("specimen", json!({"name": "没了"})).await;
        deleted(&li, &gone).await;
        let absent = "0197a000-0000-7000-8000-000000000000".to_owned();
        let mut answers = Vec::new();
        for id in [hidden.id(), absent, gone.id()] {
            for answer in [
                li.post("/records/specimen", json!({"name": "x", "peer": id})).await,
                li.patch(&mine.path(), json!({"peer": id})).await,
                li.post("/records/specimen_line", json!({"name": "x", "specimen": id})).await,
                li.get(&format!("/records/specimen/{id}")).await,
                li.patch(&format!("/records/specimen/{id}"), json!({"integer": "not even valid"})).await,
                li.delete(&format!("/records/specimen/{id}")).await,
                li.get(&format!("/records/specimen/{id}/attachments")).await,
                li.post(&format!("/records/specimen/{id}/actions/none"), json!({})).await,
            ] {
                answers.push((answer.status, answer.text));
            }
        }
        let (hidden, rest) = answers.split_at(8);
        let (absent, gone) = rest.split_at(8);
        assert_eq!(hidden, absent);
        assert_eq!(absent, gone);
        assert_eq!(hidden.iter().map(|(status, _)| *status).collect::<Vec<_>>(), [422, 422, 422, 404, 404, 404, 404, 404]);
    }

    /// A record somebody else owns can be taken as a lookup as soon as it can be read, and stays when it no longer can.
    async fn a_lookup_stays_when_its_target_leaves_the_scope(db) {
        let app = TestApp::open(db, vec![specimen::module()]).await;
        let admin = specimens(&app).await;
        let li = app.user("li", "member", "销售部").await;
        let target = admin.create("specimen", json!({"name": "先能看", "owner": li.id()})).await;
        let mine = li.create("specimen", json!({"name": "我的", "peer": target.id})).await;
        admin.patch(&target.path(), json!({"owner": admin.id()})).await.expect(200);
        let saved = li.patch(&mine.path(), json!({"text": "x"})).await.expect(200);
        assert_eq!(saved.json["peer"], json!({"id": target.id, "title": null}));
        let saved = li.patch(&mine.path(), json!({"peer": saved.json["peer"], "text": "y"})).await.expect(200);
        assert_eq!(saved.json["peer"]["id"], json!(target.id));
    }

    async fn all_problems_come_at_once(db) {
        let app = TestApp::open(db, vec![specimen::module()]).await;
        let admin = specimens(&app).await;
        let coerced = admin.post("/records/specimen_strict", json!({"name": "x".repeat(11), "level": 9, "target": 5, "nonsense": 1, "created_at": "2026-01-01"})).await;
        let wanted = [("created_at", "read_only"), ("level", "out_of_range"), ("name", "too_long"), ("nonsense", "unknown_field"), ("target", "wrong_type")];
        assert_eq!((coerced.status, errors(&coerced)), (422, pairs(&wanted)));
        let missing = admin.post("/records/specimen_strict", json!({})).await;
        assert_eq!((missing.status, errors(&missing)), (422, pairs(&[("level", "required"), ("name", "required"), ("target", "required")])));
        let ruled = admin.post("/records/specimen_strict", json!({"name": "坏", "level": 1})).await;
        assert_eq!((ruled.status, errors(&ruled)), (422, pairs(&[("level", "bad_level"), ("name", "bad_word"), ("target", "required")])));
        let both = ruled.json["errors"].as_array().expect("errors").iter().all(|error| error["message"].as_str().is_some_and(|text| !text.is_empty()));
        assert!(both);
        assert_eq!(admin.list("specimen_strict", &[("count", "true")]).await.json["total"], json!(0));
    }

    async fn the_bin_gives_back_and_empties(db) {
        let app = TestApp::open(db, vec![specimen::module()]).await;
        let admin = specimens(&app).await;
        let (zhang, li) = (app.user("zhang", "member", "销售部").await, app.user("li", "member", "销售部").await);
        let mut made = Vec::new();
        for name in ["一", "二", "三", "四", "五"] {
            app.clock.advance(SignedDuration::from_secs(1));
            made.push(zhang.create("specimen", json!({"name": name, "tags": ["旧"]})).await);
        }
        // In another order than they were made or changed.
        for index in [2, 0, 4, 1, 3] {
            app.clock.advance(SignedDuration::from_secs(1));
            deleted(&zhang, &made[index]).await;
        }
        let mut binned = Vec::new();
        let mut cursor = String::new();
        loop {
            let page = zhang.get(&format!("/trash?object=specimen&limit=2&cursor={cursor}")).await.expect(200);
            binned.extend(page.each("title"));
            match page.json["next"].as_str() {
                Some(next) => cursor = next.to_owned(),
                None => break,
            }
        }
        assert_eq!(binned, ["四", "二", "五", "一", "三"], "newest first, each once");
        assert_eq!(zhang.list("specimen", &[("count", "true")]).await.json["total"], json!(0));
        assert_eq!(zhang.search("一").await, Vec::<String>::new());
        assert_eq!(zhang.get(&made[0].path()).await.status, 404);
        // His bin, not everybody's.
        assert_eq!(li.get("/trash").await.json["items"], json!([]));
        assert_eq!(li.post(&format!("/trash/specimen/{}/restore", made[0].id), json!({})).await.status, 404);
        assert_eq!(purged(&li, &made[0]).await.status, 404);
        let back = zhang.post(&format!("/trash/specimen/{}/restore", made[0].id), json!({})).await.expect(200);
        assert_eq!((&back.json["name"], &back.json["tags"], &back.json["version"]), (&json!("一"), &json!(["旧"]), &json!(3)));
        assert_eq!(zhang.matching("specimen", &json!(["tags", "contains", "旧"])).await, ["一"]);
        assert_eq!(zhang.post(&format!("/trash/specimen/{}/restore", made[0].id), json!({})).await.status, 404, "it is no longer there");
        assert_eq!(purged(&zhang, &made[0]).await.status, 404, "the living are not purged");
        assert_eq!(purged(&zhang, &made[1]).await.status, 204);
        assert_eq!(admin.post(&format!("/trash/specimen/{}/restore", made[1].id), json!({})).await.status, 404);
        let kinds: Vec<Json> = zhang.get(&format!("{}/history", made[0].path())).await.json["items"].as_array().expect("items").iter().map(|entry| entry["kind"].clone()).collect();
        assert_eq!(kinds, [json!("restore"), json!("delete"), json!("create")]);
    }

    /// What points at a purged record is emptied, holds it, or goes with it.
    async fn purging_settles_what_points_at_it(db) {
        let app = TestApp::open(db, vec![specimen::module()]).await;
        let admin = specimens(&app).await;
        let target = admin.create("specimen_target", json!({"name": "目标"})).await;
        let other = admin.create("specimen_target", json!({"name": "别的"})).await;
        let specimen = admin.create("specimen", json!({"name": "甲", "lookup": target.id, "multi_lookup": [target.id, other.id]})).await;
        let strict = admin.create("specimen_strict", json!({"name": "绑", "target": target.id, "level": 1})).await;
        deleted(&admin, &target).await;
        // In the bin it is still what people read.
        assert_eq!(admin.get(&specimen.path()).await.json["lookup"], json!({"id": target.id, "title": "目标"}));
        let held = purged(&admin, &target).await;
        assert_eq!(problem(&held), (409, "in_use"));
        deleted(&admin, &strict).await;
        assert_eq!(problem(&purged(&admin, &target).await), (409, "in_use"), "what lies in the bin may come back");
        assert_eq!(purged(&admin, &strict).await.status, 204);
        assert_eq!(purged(&admin, &target).await.status, 204);
        let left = admin.get(&specimen.path()).await.expect(200).json;
        assert_eq!((&left["lookup"], &left["multi_lookup"], &left["version"]), (&Json::Null, &json!([{"id": other.id, "title": "别的"}]), &json!(3)));
        // Lines and their parts go along; a note only loses its specimen.
        let line = admin.create("specimen_line", json!({"name": "行", "specimen": specimen.id})).await;
        let part = admin.create("specimen_part", json!({"name": "件", "line": line.id})).await;
        let note = admin.create("specimen_note", json!({"name": "签", "specimen": specimen.id})).await;
        deleted(&admin, &specimen).await;
        assert_eq!(purged(&admin, &specimen).await.status, 204);
        for gone in [&line, &part] {
            assert_eq!(admin.get(&gone.path()).await.status, 404, "{}", gone.path());
        }
        assert_eq!(admin.get(&note.path()).await.expect(200).json["specimen"], Json::Null);
        assert_eq!(admin.search("签").await, ["签"]);
        assert_eq!(admin.search("行").await, Vec::<String>::new());
    }

    /// Moving a department or a person moves what may be seen, at once.
    async fn scopes_follow_the_organisation(db) {
        let app = TestApp::open(db, vec![specimen::module()]).await;
        let admin = specimens(&app).await;
        let boss = app.user("boss", "manager", "销售部").await;
        let zhang = app.user("zhang", "member", "销售部/华东").await;
        let other = app.user("other", "manager", "市场部").await;
        let made = zhang.create("specimen", json!({"name": "甲"})).await;
        let department = async |name: &str| {
            let found = admin.list("department", &[("filter", &json!(["name", "=", name]).to_string())]).await.expect(200);
            found.json["items"][0].clone()
        };
        let (east, market) = (department("华东").await, department("市场部").await);
        assert_eq!(made.json["department"], json!({"id": east["id"], "title": "华东"}));
        let seen = async |client: &Client| client.get(&made.path()).await.status == 200 && client.search("甲").await == ["甲"];
        assert!(seen(&boss).await && !seen(&other).await);
        admin.patch(&format!("/records/department/{}", east["id"].as_str().expect("an id")), json!({"parent": market["id"]})).await.expect(200);
        assert!(!seen(&boss).await && seen(&other).await, "the department moved");
        let (home, his) = (department("销售部").await, format!("/records/user/{}", zhang.id()));
        let before = admin.get(&made.path()).await.json["version"].clone();
        admin.patch(&his, json!({"department": home["id"]})).await.expect(200);
        assert!(seen(&boss).await && !seen(&other).await, "the person moved, his records with him");
        assert_eq!(admin.get(&made.path()).await.json["version"], before, "no record was rewritten for it");
        // A member who becomes the manager sees what his department has.
        admin.patch(&format!("/records/user/{}", other.id()), json!({"department": home["id"], "roles": ["member"]})).await.expect(200);
        assert!(!seen(&other).await);
        admin.patch(&format!("/records/user/{}", other.id()), json!({"roles": ["member", "manager"]})).await.expect(200);
        assert!(seen(&other).await);
        // A circle of departments is refused.
        let circle = admin.patch(&format!("/records/department/{}", market["id"].as_str().expect("an id")), json!({"parent": east["id"]})).await;
        assert_eq!((circle.status, errors(&circle)), (422, pairs(&[("parent", "circle")])));
    }

    async fn somebody_stays_administrator(db) {
        let app = TestApp::open(db, vec![specimen::module()]).await;
        let admin = specimens(&app).await;
        let himself = format!("/records/user/{}", admin.id());
        for (values, field) in [(json!({"roles": ["member"]}), "roles"), (json!({"active": false}), "active")] {
            let kept = admin.patch(&himself, values).await;
            assert_eq!((kept.status, errors(&kept)), (422, pairs(&[(field, "last_administrator")])));
        }
        assert_eq!(problem(&admin.delete(&himself).await), (409, "user_in_use"));
        let second = app.user("second", "administrator", "").await;
        second.patch(&himself, json!({"active": false})).await.expect(200);
        assert_eq!(admin.get("/session").await.status, 401, "who is deactivated is out at once");
        let kept = second.patch(&format!("/records/user/{}", second.id()), json!({"roles": ["manager"]})).await;
        assert_eq!(errors(&kept), pairs(&[("roles", "last_administrator")]));
    }

    /// Two administrators who dismiss each other at the same moment: one stays.
    async fn administrators_cannot_dismiss_each_other_at_once(db) {
        let app = TestApp::open(db, vec![specimen::module()]).await;
        let (one, two) = (specimens(&app).await, app.user("second", "administrator", "").await);
        for _ in 0..5 {
            let (first, second) = (one.clone(), two.clone());
            let (his, hers) = (format!("/records/user/{}", one.id()), format!("/records/user/{}", two.id()));
            let tasks = [
                tokio::spawn(async move { first.patch(&hers, json!({"roles": ["member"]})).await.status }),
                tokio::spawn(async move { second.patch(&his, json!({"roles": ["member"]})).await.status }),
            ];
            for task in tasks {
                task.await.expect("the request ends");
            }
            let request = ListRequest { filter: Some(json!(["roles", "contains", "administrator"])), ..ListRequest::default() };
            let left = app.engine.list(&Viewer::system("test"), "user", &request).await.expect("a list").items;
            assert!(!left.is_empty(), "nobody is administrator any more");
            for user in [&one, &two] {
                let system = Viewer::system("test");
                let roles = json!({"roles": ["administrator"]});
                app.engine.update(&system, "user", user.id(), roles.as_object().expect("values"), None, true).await.expect("made anew");
            }
        }
    }

    /// A field made while others write is a real one at once, and after the next start.
    async fn a_custom_field_is_a_field(db) {
        let mut app = TestApp::open(db, vec![specimen::module()]).await;
        let admin = specimens(&app).await;
        let writers: Vec<_> = (0..4)
            .map(|writer| {
                let admin = admin.clone();
                tokio::spawn(async move {
                    for number in 0..15 {
                        let made = admin.create("specimen", json!({"name": format!("w{writer}-{number}")})).await;
                        admin.patch(&made.path(), json!({"text": "x"})).await.expect(200);
                        admin.list("specimen", &[("limit", "200")]).await.expect(200);
                    }
                })
            })
            .collect();
        let add = async |field: Json| admin.post("/catalog/specimen/fields", field).await;
        let label = json!({"zh": "车牌", "en": "Plate"});
        let field = add(json!({"name": "plate", "type": "text", "label": label, "search": true, "max_length": 10})).await.expect(201);
        assert_eq!((&field.json["name"], &field.json["custom"], &field.json["max_length"]), (&json!("c_plate"), &json!(true), &json!(10)));
        add(json!({"name": "c_price", "type": "money", "label": label})).await.expect(201);
        add(json!({"name": "c_kind", "type": "choice", "label": label, "options": [{"value": "a", "label": {"zh": "甲", "en": "A"}}]})).await.expect(201);
        add(json!({"name": "c_owner2", "type": "user", "label": label})).await.expect(201);
        for writer in writers {
            writer.await.expect("no writer was disturbed");
        }
        for (bad, status, code) in [
            (json!({"name": "plate", "type": "text", "label": label}), 409, "field_exists"),
            (json!({"name": "c_x", "type": "text", "label": {"zh": "只有中文", "en": ""}}), 422, "invalid"),
            (json!({"name": "c_x", "type": "nonsense", "label": label}), 422, "invalid"),
            (json!({"name": "C-X; DROP TABLE specimen", "type": "text", "label": label}), 422, "invalid"),
            (json!({"name": "c_x", "type": "lookup", "to": "nothing", "label": label}), 422, "invalid"),
            (json!({"name": "c_x", "type": "formula", "returns": "decimal", "expression": "1", "label": label}), 422, "invalid"),
            (json!({"name": "c_x", "type": "choice", "label": label}), 422, "invalid"),
        ] {
            let refused = add(bad.clone()).await;
            assert_eq!(problem(&refused), (status, code), "{bad}: {}", refused.text);
        }
        let boss = app.user("boss", "manager", "").await;
        assert_eq!(boss.post("/catalog/specimen/fields", json!({"name": "c_y", "type": "text", "label": label})).await.status, 403);
        let use_it = async |admin: Client, name: &str| {
            let made = admin.create("specimen", json!({"name": name, "c_plate": "粤B12345", "c_price": "9.5", "c_kind": "甲", "c_owner2": admin.id()})).await;
            assert_eq!((&made.json["c_price"], &made.json["c_kind"]), (&json!("9.50"), &json!("a")));
            let long = admin.patch(&made.path(), json!({"c_plate": "x".repeat(11), "c_kind": "z"})).await;
            assert_eq!(errors(&long), pairs(&[("c_kind", "unknown_option"), ("c_plate", "too_long")]));
            assert!(admin.search("B12345").await.contains(&name.to_owned()));
            assert!(admin.matching("specimen", &json!({"and": [["c_price", ">", 9], ["c_plate", "starts_with", "粤"], ["c_owner2", "=", "me"]]})).await.contains(&name.to_owned()));
            let sorted = admin.list("specimen", &[("sort", "-c_price,-name"), ("limit", "1"), ("fields", "c_price,c_plate")]).await.expect(200);
            assert_eq!(sorted.json["items"][0]["c_plate"], json!("粤B12345"));
            let history = admin.get(&format!("{}/history", made.path())).await.expect(200);
            assert!(history.text.contains("粤B12345"));
            let rows = admin.post("/records/specimen/aggregate", json!({"group_by": ["c_kind"], "measures": [{"fn": "max", "field": "c_price"}]})).await.expect(200);
            assert!(rows.json["rows"].as_array().is_some_and(|rows| rows.contains(&json!({"c_kind": "a", "max_c_price": "9.50"}))), "{}", rows.text);
            made
        };
        let made = use_it(admin.clone(), "前").await;
        assert!(admin.get("/openapi.json").await.text.contains("c_plate"));
        // Records from before have it empty.
        assert_eq!(admin.list("specimen", &[("filter", &json!(["c_plate", "is_null"]).to_string()), ("count", "true")]).await.json["total"], json!(60));
        app.reopen().await;
        let admin = app.client_of(admin.id()).await;
        assert_eq!(admin.get(&made.path()).await.expect(200).json["c_plate"], json!("粤B12345"));
        use_it(admin.clone(), "后").await;
    }

    async fn another_process_learns_of_a_custom_field(db) {
        let app = TestApp::open(db, vec![specimen::module()]).await;
        let admin = specimens(&app).await;
        let other = app.second_engine().await;
        admin.post("/catalog/specimen/fields", json!({"name": "c_new", "type": "text", "label": {"zh": "新", "en": "New"}})).await.expect(201);
        other.start_followers();
        app.clock.advance(SignedDuration::from_secs(2));
        let mut known = false;
        for _ in 0..300 {
            known = other.object("specimen").expect("specimens").field("c_new").is_some();
            if known {
                break;
            }
            app.clock.advance(SignedDuration::from_secs(1));
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        assert!(known);
        other.close().await;
    }

    /// Search words go into the index with the commit: those of refused writes never do, those of purged records go, and a
    /// row number that is given again brings none of them back.
    async fn search_knows_what_was_committed(db) {
        let app = TestApp::open(db, vec![specimen::module()]).await;
        let admin = specimens(&app).await;
        let tasks: Vec<_> = (0..24)
            .map(|number| {
                let admin = admin.clone();
                // Every third one names a record that is not there, which is found out within the transaction.
                let lookup = if number % 3 == 0 { json!("01920000-0000-7000-8000-000000000000") } else { Json::Null };
                tokio::spawn(async move { admin.post("/records/specimen", json!({"name": format!("zebra{number}"), "lookup": lookup})).await.status })
            })
            .collect();
        let mut made = 0;
        for task in tasks {
            made += usize::from(task.await.expect("the request ends") == 201);
        }
        assert_eq!((made, admin.search("zebra").await.len()), (16, 16));
        let last = admin.create("specimen", json!({"name": "ostrich"})).await;
        assert_eq!(admin.search("ostrich").await.len(), 1);
        deleted(&admin, &last).await;
        purged(&admin, &last).await.expect(204);
        let next = admin.create("specimen", json!({"name": "pelican"})).await;
        assert_eq!((admin.search("ostrich").await.len(), admin.search("pelican").await.len()), (0, 1));
        admin.patch(&next.path(), json!({"name": "flamingo"})).await.expect(200);
        assert_eq!((admin.search("pelican").await.len(), admin.search("flamingo").await.len()), (0, 1));
    }

    async fn a_repeated_post_is_done_once(db) {
        let app = TestApp::open(db, vec![specimen::module()]).await;
        let admin = specimens(&app).await;
        let li = app.user("li", "member", "").await;
        let post = async |client: &Client, key: &str, name: &str| client.request("POST", "/records/specimen").header("idempotency-key", key).json(&json!({"name": name})).send().await;
        let first = post(&admin, "k1", "甲").await.expect(201);
        let again = post(&admin, "k1", "甲").await.expect(201);
        assert_eq!((&again.json, again.header("idempotency-replayed")), (&first.json, "true"));
        let other = post(&admin, "k1", "乙").await;
        assert_eq!((other.status, errors(&other)), (422, pairs(&[("Idempotency-Key", "idempotency_mismatch")])));
        // A refusal is an answer too; a key is one user's own.
        let refused = admin.request("POST", "/records/specimen").header("idempotency-key", "k2").json(&json!({})).send().await.expect(422);
        assert_eq!(admin.request("POST", "/records/specimen").header("idempotency-key", "k2").json(&json!({})).send().await.json, refused.json);
        assert_ne!(post(&li, "k1", "甲").await.expect(201).json["id"], first.json["id"]);
        // Many at once: one record, the others its answer or "wait".
        let tasks: Vec<_> = (0..8)
            .map(|_| {
                let admin = admin.clone();
                tokio::spawn(async move { admin.request("POST", "/records/specimen").header("idempotency-key", "k3").json(&json!({"name": "race"})).send().await })
            })
            .collect();
        for task in tasks {
            let answer = task.await.expect("the request ends");
            assert!(answer.status == 201 || problem(&answer) == (409, "request_in_progress"), "{}", answer.text);
        }
        assert_eq!(admin.matching("specimen", &json!(["name", "=", "race"])).await.len(), 1);
        // After a day the key is free again.
        app.clock.advance(SignedDuration::from_hours(25));
        assert_ne!(post(&admin, "k1", "甲").await.expect(201).json["id"], first.json["id"]);
        assert_eq!(problem(&post(&admin, &"k".repeat(201), "甲").await), (400, "bad_idempotency_key"));
    }

    /// A server that dies between writing and answering leaves its claim behind; who sends the request again gets what was
    /// written, or has it written, and never both.
    async fn a_request_that_was_cut_off_is_done_once(db) {
        let app = TestApp::open(db, vec![specimen::module()]).await;
        let admin = specimens(&app).await;
        let viewer = admin.viewer();
        let claim = async |key: &str, creates: Option<&'static str>| app.engine.claim(viewer, key, "asked".to_owned(), creates).await;
        let Ok(Keyed::Work(working)) = claim("written", Some("specimen")).await else { panic!("a free key") };
        assert!(matches!(claim("written", Some("specimen")).await, Err(error) if error.code() == "request_in_progress"));
        let input = json!({"name": "甲"});
        let claiming = viewer.clone().claiming(Some(working.claim()));
        let made = app.engine.create(&claiming, "specimen", input.as_object().expect("a map"), false).await.expect("created");
        drop(working);
        let Ok(Keyed::Created(again)) = claim("written", Some("specimen")).await else { panic!("it was created") };
        assert_eq!(again["id"], made["id"]);
        // Refused writes leave no note.
        let Ok(Keyed::Work(working)) = claim("nothing", Some("specimen")).await else { panic!("a free key") };
        let claiming = viewer.clone().claiming(Some(working.claim()));
        app.engine.create(&claiming, "specimen", json!({}).as_object().expect("a map"), false).await.expect_err("no name");
        drop(working);
        assert!(matches!(claim("nothing", Some("specimen")).await, Ok(Keyed::Work(_))));
        // What several writes make up cannot be told.
        drop(claim("bulk", None).await);
        assert!(matches!(claim("bulk", None).await, Err(error) if error.code() == "request_interrupted"));
    }

    async fn bulk_stands_for_each_by_itself(db) {
        let app = TestApp::open(db, vec![specimen::module()]).await;
        let admin = specimens(&app).await;
        let li = app.user("li", "member", "").await;
        let mine = li.create("specimen", json!({"name": "我的"})).await;
        let his = admin.create("specimen", json!({"name": "他的"})).await;
        let note = admin.create("specimen_note", json!({"name": "他的便签", "specimen": mine.id})).await;
        let bulk = async |object: &str, action: &str, ids: Json, values: Json| li.post(&format!("/records/{object}/bulk"), json!({"action": action, "ids": ids, "values": values})).await;
        let answer = bulk("specimen", "update", json!([mine.id, his.id, mine.id]), json!({"text": "x"})).await.expect(200);
        assert_eq!((&answer.json["done"], &answer.json["failed"][0]["id"], &answer.json["failed"][0]["code"]), (&json!(1), &json!(his.id), &json!("not_found")));
        // What he reads but may not change is said to be so.
        assert_eq!(li.get(&note.path()).await.status, 200);
        let answer = bulk("specimen_note", "delete", json!([note.id]), json!({})).await.expect(200);
        assert_eq!((&answer.json["done"], &answer.json["failed"][0]["code"]), (&json!(0), &json!("forbidden")));
        assert_eq!(bulk("specimen", "update", json!([mine.id]), json!({"integer": "x"})).await.status, 422);
        assert_eq!(problem(&bulk("specimen", "explode", json!([mine.id]), json!({})).await), (400, "bad_bulk"));
        assert_eq!(problem(&bulk("specimen", "delete", json!([]), json!({})).await), (400, "bad_bulk"));
        assert_eq!(bulk("specimen", "delete", json!([mine.id, his.id]), json!({})).await.json["done"], json!(1));
        assert_eq!(admin.get(&his.path()).await.json["text"], Json::Null);
    }

    /// A client that goes away in the middle leaves a whole record or none.
    async fn an_abandoned_request_leaves_no_half(db) {
        let app = TestApp::open(db, vec![specimen::module()]).await;
        let admin = specimens(&app).await;
        for number in 0..30_u64 {
            let client = admin.clone();
            let task = tokio::spawn(async move { client.post("/records/specimen", json!({"name": format!("abgebrochen {number}")})).await });
            tokio::time::sleep(std::time::Duration::from_micros(number * 100)).await;
            task.abort();
        }
        app.settle().await;
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        let listed = admin.list("specimen", &[("limit", "200")]).await.expect(200).each("id");
        for id in &listed {
            let history = admin.get(&format!("/records/specimen/{id}/history")).await.expect(200);
            assert_eq!(history.json["items"].as_array().map(Vec::len), Some(1));
        }
        let found = admin.get("/search?q=abgebrochen&limit=100").await.expect(200).each("id");
        assert_eq!(found.into_iter().collect::<BTreeSet<_>>(), listed.into_iter().collect());
        assert!(matches!(app.engine.get(admin.viewer(), "nothing", admin.id(), None).await, Err(Error::NotFound)));
    }
}
