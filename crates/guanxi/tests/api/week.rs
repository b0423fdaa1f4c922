//! The week that `examples/week` plays: every figure that it prints is what a count of the records and of the change log gives.

mod expected;
mod nights;
mod people;
mod raw;

use crate::open;
use guanxi_testkit::{Client, TestApp, both_databases};
use raw::{Raw, day_of, decimal, text};
use rust_decimal::Decimal;
use serde_json::{Map, Value as Json, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
};

const PASSWORD: &str = "the first password";

/// Plays the week and gives what the script prints as JSON.
async fn play(app: &TestApp) -> Json {
    // A Sunday evening.
    app.clock.set("2026-11-22T10:00:00Z".parse().expect("a moment"));
    app.engine.ensure_administrator(Some(PASSWORD)).await.expect("an administrator");
    let address = app.serve_with_door().await;
    let script = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../examples/week/play.py");
    let played = tokio::process::Command::new("/usr/bin/python3")
        .arg("-B")
        .arg(script)
        .args(["--server", &format!("http://{address}"), "--password", PASSWORD, "--json"])
        .env("no_proxy", "127.0.0.1")
        .kill_on_drop(true)
        .output()
        .await
        .expect("python3 runs");
    assert!(played.status.success(), "{}", String::from_utf8_lossy(&played.stderr));
    serde_json::from_slice(&played.stdout).expect("JSON")
}

/// What is told of a figure besides: not counted by the test.
const BESIDES: [&str; 3] = ["filter", "further", "pipeline"];

/// Every leaf by its path. Rows stand under what they are about, since their order is another matter; numbers are written alike.
fn leaves(value: &Json, path: &str, out: &mut BTreeMap<String, String>) {
    match value {
        Json::Object(members) => {
            for (name, inner) in members.iter().filter(|(name, _)| !BESIDES.contains(&name.as_str())) {
                leaves(inner, &format!("{path}/{name}"), out);
            }
        }
        Json::Array(rows) => {
            out.insert(format!("{path}/rows"), rows.len().to_string());
            for (number, row) in rows.iter().enumerate() {
                let about =
                    ["id", "owner", "month", "day", "reason", "competitor", "status", "currency", "source", "kind"]
                        .iter()
                        .filter(|name| row[**name].is_string() || row[**name].is_object())
                        .map(|name| text(row, name))
                        .collect::<Vec<_>>();
                let key = if about.is_empty() { number.to_string() } else { about.join("+") };
                leaves(row, &format!("{path}/{key}"), out);
            }
        }
        Json::String(text) => {
            let number = text.parse::<Decimal>().map(|number| number.normalize().to_string());
            out.insert(path.to_owned(), number.unwrap_or_else(|_| text.clone()));
        }
        other => drop(out.insert(path.to_owned(), other.to_string())),
    }
}

#[track_caller]
fn same(printed: &Json, counted: &Json) {
    let (mut one, mut other) = (BTreeMap::new(), BTreeMap::new());
    leaves(printed, "", &mut one);
    leaves(counted, "", &mut other);
    let paths: BTreeSet<&String> = one.keys().chain(other.keys()).collect();
    let wrong: Vec<String> = paths
        .into_iter()
        .filter(|path| one.get(*path) != other.get(*path))
        .map(|path| format!("{path}: printed {:?}, counted {:?}", one.get(path), other.get(path)))
        .collect();
    assert!(wrong.is_empty(), "{} figures are wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert!(one.len() > 1000, "{} figures are compared", one.len());
}

/// All figures, in the shape of the script's.
fn counted(raw: &Raw) -> Json {
    let measures = ["won_amount", "won_count", "new_customers", "sold_quantity"];
    let of = |period: &str| -> Map<String, Json> {
        measures
            .iter()
            .map(|measure| ((*measure).to_owned(), expected::targets(raw, period, measure, &|_| true)))
            .collect()
    };
    let team = raw.all("user").iter().filter(|user| !user["department"].is_null());
    let people: Map<String, Json> = team.map(|user| (text(user, "login"), people::figures(raw, user))).collect();
    let pools = raw.all("pool").iter().map(|pool| {
        let object = text(pool, "object");
        let records = raw.all(&object).iter().filter(|record| text(record, "pool") == text(pool, "id")).count();
        json!({
            "id": pool["id"], "name": pool["name"], "object": object, "records": records, "claimed_today": 0,
            "daily_claim_limit": pool["daily_claim_limit"], "cooldown_days": 3, "protect_days": null, "admin": true, "hidden_fields": [],
        })
    });
    json!({
        "targets": {"2026-11": of("2026-11"), "2026-Q4": of("2026-Q4")},
        "forecast": expected::forecast(raw), "analysis": expected::analysis(raw),
        "pools": pools.collect::<Vec<_>>(), "claimed": claimed(raw),
        "follow_ups": expected::by(raw.all("follow_up"), &["owner", "kind"]),
        "leads": expected::by(raw.all("lead"), &["status"]), "sources": expected::by(raw.all("lead"), &["source"]),
        "people": people,
    })
}

/// Claims by day, person and kind, from the change log: who took for himself what lay in a pool.
fn claims(raw: &Raw) -> BTreeMap<(String, String, &'static str), u64> {
    let mut claims = BTreeMap::new();
    for kind in ["lead", "customer"] {
        for change in raw.log(kind).iter().filter(|change| change.kind == "update") {
            let taken = change.of("pool").is_some_and(|(before, after)| !before.is_empty() && after.is_empty());
            if taken && change.of("owner") == Some((String::new(), change.actor.clone())) {
                let login = text(raw.find("user", &change.actor), "login");
                *claims.entry((day_of(change.at).to_string(), login, kind)).or_default() += 1;
            }
        }
    }
    claims
}

fn claimed(raw: &Raw) -> Json {
    let claims = claims(raw);
    let mut days = Map::new();
    let limit = |kind: &str| -> Json {
        raw.all("pool").iter().find(|pool| pool["object"] == json!(kind)).expect("a pool")["daily_claim_limit"].clone()
    };
    for day in (23..29).map(|day| format!("2026-11-{day}")) {
        let sellers = raw.all("target").iter().filter(|target| target["measure"] == json!("won_count"));
        let people = sellers.map(|target| {
            let login = text(raw.find("user", &text(target, "owner")), "login");
            let of = |kind: &'static str| {
                json!([claims.get(&(day.clone(), login.clone(), kind)).copied().unwrap_or_default(), limit(kind)])
            };
            (login.clone(), json!({"lead": of("lead"), "customer": of("customer")}))
        });
        let people: Map<String, Json> = people.collect();
        days.insert(day, Json::Object(people));
    }
    Json::Object(days)
}

/// What the script says it did is what the log and the records tell.
fn compare_with_deeds(raw: &Raw, did: &Json) {
    let did: BTreeMap<String, Decimal> = did
        .as_object()
        .expect("deeds")
        .iter()
        .filter(|(key, _)| !["given/", "refused/", "moved/"].iter().any(|start| key.starts_with(start)))
        .map(|(key, count)| (key.clone(), decimal(count)))
        .collect();
    let mut found = BTreeMap::<String, Decimal>::new();
    let mut add = |key: String, by: Decimal| *found.entry(key).or_default() += by;
    let login = |id: &str| text(raw.find("user", id), "login");
    for lead in raw.log("lead").iter().filter(|change| change.kind == "create") {
        add(format!("leads/{}", lead.via), Decimal::ONE);
    }
    for (object, fields, name) in
        [("follow_up", &["kind"][..], "follow_ups"), ("event", &[], "events"), ("task", &[], "tasks")]
    {
        for record in raw.all(object) {
            let more: String = fields.iter().map(|field| format!("/{}", text(record, field))).collect();
            add(format!("{name}/{}{more}", login(&text(record, "owner"))), Decimal::ONE);
        }
    }
    for (object, name) in [("customer", "customers"), ("opportunity", "deals")] {
        for change in raw.log(object).iter().filter(|change| change.kind == "create") {
            add(format!("{name}/{}", login(&change.actor)), Decimal::ONE);
        }
    }
    for task in raw.all("task").iter().filter(|task| task["status"] == json!("done")) {
        add(format!("tasks_done/{}", login(&text(task, "owner"))), Decimal::ONE);
    }
    for change in raw.log("lead").iter().filter(|change| change.kind == "update") {
        if let Some((_, status)) =
            change.of("status").filter(|(_, after)| ["converted", "invalid"].contains(&after.as_str()))
        {
            add(format!("{status}/{}", login(&change.actor)), Decimal::ONE);
        }
    }
    for change in raw.log("opportunity").iter().filter(|change| change.kind == "update") {
        let who = || login(&change.actor);
        let deal = raw.find("opportunity", &change.record);
        match change.of("status").map(|(_, after)| after).as_deref() {
            Some("won") => {
                add(format!("won/{}", who()), Decimal::ONE);
                if deal["currency"] == json!("CNY") {
                    add(format!("won_amount/{}", who()), decimal(&deal["amount"]));
                }
            }
            Some("lost") => add(format!("lost/{}/{}", who(), text(deal, "loss_reason")), Decimal::ONE),
            _ => {}
        }
    }
    for change in raw.log("customer").iter().filter(|change| change.kind == "update" && !change.actor.is_empty()) {
        match change.of("owner") {
            Some((_, to)) if to.is_empty() => add(format!("released/{}", login(&change.actor)), Decimal::ONE),
            Some((from, to)) if from.is_empty() && to != change.actor => {
                add(format!("assigned/{}/{}", login(&change.actor), login(&to)), Decimal::ONE);
            }
            _ => {}
        }
    }
    for ((day, login, kind), count) in claims(raw) {
        add(format!("claims/{day}/{login}/{kind}"), Decimal::from(count));
    }
    assert_eq!(did, found);
}

/// Lists of everybody, page by page and by his own token: exactly what is his, his department's, or in a pool.
async fn everybody_sees_his_own(app: &TestApp, raw: &Raw) {
    for user in raw.all("user").iter().filter(|user| !user["department"].is_null()) {
        let client: Client = app.client_of(text(user, "id").parse().expect("an id")).await;
        let sight = people::Sight::of(raw, user);
        for object in ["customer", "lead", "opportunity", "follow_up"] {
            let seen: BTreeSet<String> =
                raw::every(&client, object).await.iter().map(|record| text(record, "id")).collect();
            let expected: BTreeSet<String> = sight.all(object).iter().map(|record| text(record, "id")).collect();
            assert_eq!(seen, expected, "{object} of {}", text(user, "login"));
            assert!(
                seen.len() < raw.all(object).len() || text(user, "login") == "zhouming",
                "{object}: nobody sees all"
            );
        }
    }
}

/// Nobody has claimed more than he may, and who tried was refused.
fn limits_held(raw: &Raw, did: &Json) {
    let limits: BTreeMap<String, u64> = raw
        .all("pool")
        .iter()
        .map(|pool| (text(pool, "object"), pool["daily_claim_limit"].as_u64().expect("a limit")))
        .collect();
    let claims = claims(raw);
    assert!(claims.iter().all(|((_, _, kind), count)| *count <= limits[*kind]), "{claims:?}");
    for kind in ["lead", "customer"] {
        assert!(
            claims.iter().any(|((_, _, of), count)| *of == kind && *count == limits[kind]),
            "somebody reaches his limit"
        );
    }
    for refusal in ["claim_limit", "cooling_down", "not_found", "duplicate_warning"] {
        assert!(decimal(&did[format!("refused/{refusal}")]) > Decimal::ZERO, "{refusal}: {did}");
    }
}

/// Each lead and customer has one owner or lies in one pool of its kind.
fn everything_is_somebodys(raw: &Raw) {
    for object in ["customer", "lead"] {
        for record in raw.all(object) {
            assert!(record["owner"].is_null() != record["pool"].is_null(), "{object}: {record}");
            if !record["pool"].is_null() {
                assert_eq!(text(raw.find("pool", &text(record, "pool")), "object"), object);
            }
        }
    }
    // In turn: of what the website sent nobody has got more than one lead more than another.
    let mut turns = BTreeMap::<String, usize>::new();
    for change in raw.log("lead").iter().filter(|change| change.kind == "create" && change.via == "api") {
        *turns.entry(change.of("owner").expect("an owner").1).or_default() += 1;
    }
    let (least, most) = (turns.values().min().expect("turns"), turns.values().max().expect("turns"));
    assert!(turns.len() == 8 && most - least <= 1, "{turns:?}");
}

both_databases! {
    async fn every_figure_of_the_week_is_right(db) {
        let app = open(db).await;
        let played = play(&app).await;
        let auditor = app.user("auditor", "administrator", "").await;
        let raw = Raw::read(&auditor, app.engine.now()).await;
        assert_eq!(played["monday"], json!("2026-11-23"));
        same(&played["figures"], &counted(&raw));
        compare_with_deeds(&raw, &played["did"]);
        limits_held(&raw, &played["did"]);
        everything_is_somebodys(&raw);
        nights::what_was_neglected_went_back(&raw);
        everybody_sees_his_own(&app, &raw).await;
    }
}
