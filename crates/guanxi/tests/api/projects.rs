//! What was won is carried out and looked after: projects, milestones, maintenance and its visits.

use crate::{open, opportunities::stages};
use futures::future::join_all;
use guanxi_testkit::{Client, Made, Response, both_databases};
use serde_json::{Value as Json, json};

async fn act(client: &Client, path: &str, action: &str, input: Json) -> Response {
    client.post(&format!("{path}/actions/{action}"), input).await
}

/// Records of an object whose lookup names one, as a field says in some order.
async fn of(client: &Client, object: &str, (lookup, id): (&str, &str), sort: &str) -> Vec<Json> {
    let filter = json!([lookup, "=", id]).to_string();
    let listed = client.list(object, &[("filter", &filter), ("sort", sort), ("limit", "200")]).await.expect(200);
    listed.json["items"].as_array().expect("items").clone()
}

fn each(items: &[Json], field: &str) -> Vec<String> {
    items.iter().map(|item| item[field].as_str().unwrap_or_default().to_owned()).collect()
}

fn path(object: &str, record: &Json) -> String {
    format!("/records/{object}/{}", record["id"].as_str().expect("an id"))
}

fn named(field: &str, code: &str) -> Vec<(String, String)> {
    vec![(field.to_owned(), code.to_owned())]
}

async fn won(client: &Client) -> Made {
    let stages = stages(client).await;
    let customer = client.create("customer", json!({"name": "海象科技"})).await;
    client
        .create(
            "opportunity",
            json!({"name": "仓储一期", "customer": customer.id, "stage": stages["赢单"], "amount": 5}),
        )
        .await
}

both_databases! {
    async fn what_was_won_becomes_a_project(db) {
        let app = open(db).await;
        let (admin, zhang, li) = (app.admin().await, app.user("zhang", "member", "销售部").await, app.user("li", "member", "客服部").await);
        let stages = stages(&admin).await;
        let deal = won(&zhang).await;
        assert_eq!(act(&li, &deal.path(), "start_project", json!({})).await.status, 404);
        zhang.patch(&deal.path(), json!({"stage": stages["方案报价"]})).await.expect(200);
        assert_eq!(act(&zhang, &deal.path(), "start_project", json!({})).await.code(), "not_won");
        zhang.patch(&deal.path(), json!({"stage": stages["赢单"]})).await.expect(200);
        // Once, however many ask at once.
        let place = deal.path();
        let answers = join_all((0..6).map(|_| act(&zhang, &place, "start_project", json!({"starts_on": "2026-12-01"})))).await;
        assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1, "{:?}", answers.iter().map(|answer| answer.text.clone()).collect::<Vec<_>>());
        assert!(answers.iter().filter(|answer| answer.status != 200).all(|answer| answer.errors() == named("opportunity", "has_project")));
        let project = of(&zhang, "project", ("opportunity", &deal.id()), "name").await.remove(0);
        assert_eq!((&project["customer"]["title"], &project["owner"]["title"], &project["status"], &project["progress"]), (&json!("海象科技"), &json!("zhang"), &json!("running"), &json!("0")));
        assert_eq!((&project["starts_on"], &project["due_on"]), (&json!("2026-12-01"), &json!("2027-03-01")));
        let id = project["id"].as_str().expect("an id");
        let steps = of(&zhang, "milestone", ("project", id), "sort_order").await;
        assert_eq!(each(&steps, "name"), ["项目启动会", "方案确认", "到货与安装", "调试与试运行", "培训", "验收"]);
        assert_eq!(each(&steps, "due_on"), ["2026-12-01", "2026-12-15", "2027-01-15", "2027-01-30", "2027-02-14", "2027-03-01"]);
        // Progress is the weight of what is done.
        let progress = async || zhang.get(&path("project", &project)).await.expect(200).json["progress"].clone();
        let done = act(&zhang, &path("milestone", &steps[0]), "complete", json!({})).await.expect(200).json;
        assert_eq!((done["done_on"].clone(), progress().await), (json!("2026-11-21"), json!("8")), "one of twelve");
        zhang.patch(&path("milestone", &steps[2]), json!({"status": "done", "done_on": "2027-01-10"})).await.expect(200);
        assert_eq!(progress().await, json!("33"));
        zhang.patch(&path("milestone", &steps[4]), json!({"status": "skipped"})).await.expect(200);
        assert_eq!(progress().await, json!("36"), "four of eleven");
        zhang.delete(&path("milestone", &steps[3])).await.expect(204);
        assert_eq!(progress().await, json!("50"));
        let reopened = zhang.patch(&path("milestone", &steps[2]), json!({"status": "open"})).await.expect(200).json;
        assert_eq!((reopened["done_on"].clone(), progress().await), (Json::Null, json!("13")));
        // Members read it; others do not, and its milestones neither.
        assert_eq!(li.get(&path("project", &project)).await.status, 404);
        zhang.patch(&path("project", &project), json!({"members": [li.id()]})).await.expect(200);
        assert_eq!(li.get(&path("project", &project)).await.status, 200);
        assert_eq!(of(&li, "milestone", ("project", id), "sort_order").await.len(), 5);
        for (field, code, values) in [
            ("due_on", "ends_before_start", json!({"due_on": "2026-11-30"})), ("progress", "read_only", json!({"progress": 100})), ("starts_on", "bad_date", json!({"starts_on": "某天"})),
        ] {
            assert_eq!(zhang.patch(&path("project", &project), values).await.errors(), named(field, code));
        }
        assert_eq!(zhang.patch(&path("milestone", &steps[1]), json!({"weight": 0})).await.errors(), named("weight", "out_of_range"));
    }

    async fn what_is_done_at_once_counts_together(db) {
        let app = open(db).await;
        let zhang = app.user("zhang", "member", "销售部").await;
        let deal = won(&zhang).await;
        act(&zhang, &deal.path(), "start_project", json!({})).await.expect(200);
        let project = of(&zhang, "project", ("opportunity", &deal.id()), "name").await.remove(0);
        let steps = of(&zhang, "milestone", ("project", project["id"].as_str().expect("an id")), "sort_order").await;
        let places: Vec<String> = steps.iter().map(|step| path("milestone", step)).collect();
        let answers = join_all(places.iter().map(|place| act(&zhang, place, "complete", json!({})))).await;
        assert!(answers.iter().all(|answer| answer.status == 200), "{:?}", answers.iter().map(|answer| answer.text.clone()).collect::<Vec<_>>());
        assert_eq!(zhang.get(&path("project", &project)).await.json["progress"], json!("100"));
    }

    async fn a_project_goes_into_maintenance(db) {
        let app = open(db).await;
        let zhang = app.user("zhang", "member", "销售部").await;
        let deal = won(&zhang).await;
        act(&zhang, &deal.path(), "start_project", json!({})).await.expect(200);
        let project = of(&zhang, "project", ("opportunity", &deal.id()), "name").await.remove(0);
        let maintain = async |input: Json| act(&zhang, &path("project", &project), "maintain", input).await;
        for (field, input) in [
            ("every_months", json!({"starts_on": "2026-12-31", "ends_on": "2027-12-31", "every_months": 0})), ("every_months", json!({"starts_on": "2026-12-31", "ends_on": "2027-12-31"})),
            ("ends_on", json!({"starts_on": "2026-12-31", "ends_on": "2026-12-30", "every_months": 1})), ("ends_on", json!({"starts_on": "2026-12-31", "ends_on": "2090-12-30", "every_months": 1})),
        ] {
            let answer = maintain(input.clone()).await;
            assert_eq!((answer.status, answer.errors().first().map(|error| error.0.clone())), (422, Some(field.to_owned())), "{input}: {}", answer.text);
        }
        assert_eq!(zhang.get(&path("project", &project)).await.json["status"], json!("running"), "nothing happened");
        maintain(json!({"starts_on": "2026-12-31", "ends_on": "2027-12-31", "every_months": 2})).await.expect(200);
        let again = maintain(json!({"starts_on": "2026-12-31", "ends_on": "2027-12-31", "every_months": 2})).await;
        assert_eq!((again.status, again.code()), (409, "in_maintenance"));
        let ended = zhang.get(&path("project", &project)).await.expect(200).json;
        assert_eq!((&ended["status"], &ended["finished_on"]), (&json!("done"), &json!("2026-11-21")));
        let kept = of(&zhang, "maintenance", ("project", project["id"].as_str().expect("an id")), "name").await.remove(0);
        assert_eq!((&kept["name"], &kept["customer"]["title"], &kept["status"]), (&json!("仓储一期"), &json!("海象科技"), &json!("active")));
        let visits = of(&zhang, "maintenance_visit", ("maintenance", kept["id"].as_str().expect("an id")), "planned_on").await;
        // The thirty-first, or the month's last day.
        assert_eq!(each(&visits, "planned_on"), ["2027-02-28", "2027-04-30", "2027-06-30", "2027-08-31", "2027-10-31", "2027-12-31"]);
        assert_eq!((&visits[0]["visitor"]["title"], &visits[0]["remind_at"], &visits[0]["name"]), (&json!("zhang"), &json!("2027-02-21T01:00:00Z"), &json!("仓储一期 1")));
        // Who is to go is told a week before, unless he was there already.
        app.engine.remind().await.expect("reminders");
        app.clock.set("2027-02-21T02:00:00Z".parse().expect("a moment"));
        app.engine.remind().await.expect("reminders");
        act(&zhang, &path("maintenance_visit", &visits[1]), "complete", json!({})).await.expect(200);
        app.clock.set("2027-04-25T02:00:00Z".parse().expect("a moment"));
        app.engine.remind().await.expect("reminders");
        let news = zhang.get("/notifications").await.expect(200).json;
        let told: Vec<&str> = news["items"].as_array().expect("news").iter().filter(|item| item["kind"] == json!("maintenance_visit.visit")).filter_map(|item| item["title"].as_str()).collect();
        assert_eq!(told, ["仓储一期 1"]);
    }
}
