//! What the organisation costs: a list for somebody with several roles, shares and a territory, and handing over fifty thousand
//! records while others work.

use crate::{
    Setting,
    client::{Client, Times, escape},
    company::PASSWORD,
    floors,
    process::Server,
    report::Report,
};
use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value as Json, json};
use std::time::{Duration, Instant};

/// The columns that the page shows in a list of customers.
const LIST: &str = "/api/v1/records/customer?limit=50&fields=name,life_cycle,level,industry,region,phone,owner&sort=";
/// Half of an industry's customers: fifty thousand of a million.
const FIFTY_THOUSAND: &str = r#"{"and":[["industry","=","medical"],["level","in",["a","b"]]]}"#;

/// Somebody for the measure: there already, or made.
async fn person(client: &mut Client, admin: &str, login: &str, roles: &[&str]) -> Result<String> {
    let filter = escape(&json!(["login", "=", login]).to_string());
    let found = client.json("GET", &format!("/api/v1/records/user?filter={filter}"), admin, None).await?;
    if let Some(id) = found["items"][0]["id"].as_str() {
        return Ok(id.to_owned());
    }
    let values = json!({"name": login, "login": login, "roles": roles});
    let made = client.json("POST", "/api/v1/records/user", admin, Some(values)).await?;
    let id = made["id"].as_str().context("an id")?.to_owned();
    let path = format!("/api/v1/records/user/{id}/actions/set_password");
    client.json("POST", &path, admin, Some(json!({"password": PASSWORD}))).await?;
    Ok(id)
}

async fn role(client: &mut Client, admin: &str, code: &str, rights: &Json) -> Result<()> {
    let filter = escape(&json!(["code", "=", code]).to_string());
    let found = client.json("GET", &format!("/api/v1/records/role?filter={filter}"), admin, None).await?;
    if found["items"][0].is_null() {
        let values = json!({"name": code, "code": code, "rights": rights.to_string()});
        client.json("POST", "/api/v1/records/role", admin, Some(values)).await?;
    }
    Ok(())
}

/// Lists of a member with three roles, two shares and a territory, beside the administrator's.
pub(crate) async fn shared(report: &mut Report, server: &Server, admin: &str) -> Result<()> {
    let mut client = Client::connect(server.address).await?;
    role(&mut client, admin, "bench_team", &json!({"owned": {"read": "department", "create": true, "update": "own"}}))
        .await?;
    let departments = client.json("GET", "/api/v1/records/department?limit=3&sort=name", admin, None).await?;
    let chosen = json!({"owned": {"read": "chosen", "departments": [departments["items"][1]["id"]]}});
    role(&mut client, admin, "bench_chosen", &chosen).await?;
    let user = person(&mut client, admin, "benchshared", &["member", "bench_team", "bench_chosen"]).await?;
    let page = client.json("GET", &format!("{LIST}name&seek=m"), admin, None).await?;
    for index in 0..2 {
        let id = page["items"][index]["id"].as_str().context("a customer")?;
        let path = format!("/api/v1/records/customer/{id}/team/{user}");
        client.json("PUT", &path, admin, Some(json!({"level": "write"}))).await?;
    }
    let token = client.sign_in("benchshared").await?;
    for (name, values) in [
        ("a territory of a city", json!({"region": "350200"})),
        ("a territory of a city and an industry", json!({"region": "350200", "industries": ["medical"]})),
        ("a territory nobody lives in", json!({"region": "540000"})),
    ] {
        let mut territory = values;
        territory["name"] = json!(format!("bench {name}"));
        territory["members"] = json!([user]);
        let made = client.json("POST", "/api/v1/records/territory", admin, Some(territory)).await?;
        for sort in ["-updated_at", "name"] {
            let (mut his, mut all) = (Times::default(), Times::default());
            for number in 0..250 {
                for (times, token) in [(&mut his, token.as_str()), (&mut all, admin)] {
                    let begun = Instant::now();
                    let (status, answer) = client.get(&format!("{LIST}{sort}"), token).await?;
                    let taken = begun.elapsed();
                    ensure!(status == 200, "{status} {}", String::from_utf8_lossy(&answer));
                    if number >= 50 {
                        times.add(taken);
                    }
                }
            }
            let (middle, late) = (his.quantile(0.5), his.quantile(0.99));
            let ratio = middle / all.quantile(0.5);
            report.add(
                &format!("shared list: 3 roles, 2 shares, {name}, by {sort}"),
                format!("p50 {middle:.2} ms, p99 {late:.2} ms, {ratio:.1} × administrator's"),
                format!("p50 {:.2} ms, p99 {:.2} ms", all.quantile(0.5), all.quantile(0.99)),
                "1.5 × or p99 20 ms",
                Some(ratio <= 1.5 || late <= 20.0),
            );
        }
        let id = made["id"].as_str().context("a territory")?;
        client.json("DELETE", &format!("/api/v1/records/territory/{id}"), admin, None).await?;
    }
    Ok(())
}

/// How a handover went: its seconds, what it moved, and how long others waited for a write.
struct Handed {
    seconds: f64,
    job: Json,
    others: Times,
}

/// Runs a handover to its end, while somebody else changes a record again and again.
async fn hand_over(client: &mut Client, admin: &str, path: &str, body: &Json, busy: &str) -> Result<Handed> {
    let begun = Instant::now();
    let started = client.json("POST", path, admin, Some(body.clone())).await?;
    let job = format!("/api/v1/handovers/{}", started["id"].as_str().context("an id")?);
    let mut others = Times::default();
    let mut number = 0;
    let mut looked = Instant::now();
    loop {
        number += 1;
        let asked = Instant::now();
        let remark = json!({"remark": format!("{number}")});
        client.json("PATCH", busy, admin, Some(remark)).await?;
        others.add(asked.elapsed());
        if looked.elapsed() >= Duration::from_millis(100) {
            looked = Instant::now();
            let now = client.json("GET", &job, admin, None).await?;
            match now["state"].as_str() {
                Some("running") => {}
                Some("done" | "undone") => {
                    return Ok(Handed { seconds: begun.elapsed().as_secs_f64(), job: now, others });
                }
                _ => bail!("the handover ended badly: {now}"),
            }
        }
    }
}

async fn owned(client: &mut Client, admin: &str, user: &str) -> Result<i64> {
    let body = json!({"filter": ["owner", "=", user], "measures": [{"fn": "count"}]});
    let rows = client.json("POST", "/api/v1/records/customer/aggregate", admin, Some(body)).await?;
    Ok(rows["rows"][0]["count"].as_i64().unwrap_or_default())
}

/// Fifty thousand customers of many go to one, from him to two others, back to him, and back to all of them.
pub(crate) async fn handover(
    setting: &Setting,
    workspace: &str,
    report: &mut Report,
    server: &Server,
    admin: &str,
) -> Result<()> {
    let mut client = Client::connect(server.address).await?;
    let leaver = person(&mut client, admin, "benchleaver", &["member"]).await?;
    let (left, right) = (
        person(&mut client, admin, "benchleft", &["member"]).await?,
        person(&mut client, admin, "benchright", &["member"]).await?,
    );
    let bare = floors::give_bare(setting, workspace, 50_000).await?;
    let page = client.json("GET", &format!("{LIST}name&seek=z"), admin, None).await?;
    let busy = format!("/api/v1/records/customer/{}", page["items"][0]["id"].as_str().context("a customer")?);
    let filter: Json = serde_json::from_str(FIFTY_THOUSAND)?;
    let path = "/api/v1/handovers";
    let gather = json!({"parts": [{"object": "customer", "filter": filter, "to": [leaver]}]});
    let gathered = hand_over(&mut client, admin, path, &gather, &busy).await?;
    let before = owned(&mut client, admin, &leaver).await?;
    let give = json!({"from": leaver, "parts": [{"object": "customer", "to": [left, right]}]});
    let given = hand_over(&mut client, admin, path, &give, &busy).await?;
    ensure!(owned(&mut client, admin, &leaver).await? == 0, "nothing stays with the leaver");
    let undo = |handed: &Handed| format!("{path}/{}/undo", handed.job["id"].as_str().unwrap_or_default());
    let back = hand_over(&mut client, admin, &undo(&given), &json!({}), &busy).await?;
    ensure!(owned(&mut client, admin, &leaver).await? == before, "everything is his again");
    let all = hand_over(&mut client, admin, &undo(&gathered), &json!({}), &busy).await?;
    ensure!(owned(&mut client, admin, &leaver).await? == 0, "everybody has his own again");
    for (what, mut handed, count) in [
        ("a filtered list to one", gathered, "moved"),
        ("one to two others", given, "moved"),
        ("taken back", back, "returned"),
        ("the list taken back", all, "returned"),
    ] {
        let records = handed.job[count].as_i64().unwrap_or_default();
        let most = handed.others.quantile(1.0);
        report.add(
            &format!("handover: {what}"),
            format!(
                "{records} customers in {:.1} s; a write beside it p99 {:.0} ms, at most {most:.0} ms",
                handed.seconds,
                handed.others.quantile(0.99)
            ),
            format!("one UPDATE of 50,000: {bare:.1} s"),
            "10 s for 50,000",
            Some(handed.seconds * 50_000.0 / records.max(1) as f64 <= 10.0),
        );
    }
    Ok(())
}
