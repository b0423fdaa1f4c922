//! Two hundred people of one manager, with customers, deals, follow-ups, tasks and leads: what a salesman's day costs when all of
//! them work, and what the nights do with a million customers.

use crate::{
    Setting,
    client::{Client, Times, escape},
    company::{self, Chance, PASSWORD},
    floors, measures,
    process::Server,
    report::Report,
};
use anyhow::{Context, Result, ensure};
use guanxi_engine::{Clock, Engine, ListRequest, Module, SystemClock, Viewer};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value as Json, json};
use std::{
    fs,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};
use uuid::Uuid;

/// People below the manager.
const PEOPLE: usize = 200;
/// Customers of each of them.
const CUSTOMERS_EACH: usize = 500;
/// Those who claim at once, and what they claim.
const CLAIMERS: usize = 64;
const CLAIMED: usize = 1_000;
/// Their manager's login.
pub(crate) const DIRECTOR: &str = "director";

fn login(number: usize) -> String {
    format!("team{number}")
}

fn map(object: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("team").join(format!("{object}.toml"))
}

struct Rows<'s> {
    setting: &'s Setting,
    place: Vec<&'s str>,
}

impl Rows<'_> {
    /// Writes a file of rows and imports it.
    fn import(&self, map: &Path, headings: &[&str], rows: impl Iterator<Item = Vec<String>>) -> Result<()> {
        let file = self.setting.folder.join("team.csv");
        let mut out = csv::Writer::from_path(&file)?;
        out.write_record(headings)?;
        let mut count = 0;
        for row in rows {
            out.write_record(row)?;
            count += 1;
        }
        out.flush()?;
        let imported = company::import(self.setting, &company::data(self.setting), &self.place, map, &file, count)?;
        eprintln!("imported {count} rows by {} at {:.0}/s", map.display(), imported.rows_per_second);
        fs::remove_file(file)?;
        Ok(())
    }
}

/// Adds them to the kept workspace unless they are there.
pub(crate) async fn build(setting: &Setting) -> Result<()> {
    let done = setting.folder.join("team-built");
    if done.exists() {
        return Ok(());
    }
    let workspace = setting.workspace();
    let rows = Rows { setting, place: company::place(setting, &workspace) };
    company::add_person(setting, &company::data(setting), &rows.place, DIRECTOR, "manager", "大区")?;
    let people = (0..PEOPLE).map(|number| vec![login(number), format!("大区/{}组", 1 + number / 10)]);
    rows.import(&map("user"), &["login", "department"], people)?;
    let customers = (0..PEOPLE * CUSTOMERS_EACH).map(|number| {
        let mut cells = company::customer(setting.rows + number);
        if let Some(owner) = cells.last_mut() {
            *owner = login(number % PEOPLE);
        }
        cells
    });
    rows.import(&company::customer_map(), &company::HEADINGS, customers)?;
    let owned = {
        let server = Server::start(setting, &company::data(setting), &workspace).await?;
        let mut client = Client::connect(server.address).await?;
        let admin = client.sign_in("admin").await?;
        for number in 0..CLAIMERS {
            let filter = escape(&json!(["login", "=", login(number)]).to_string());
            let found = client.json("GET", &format!("/api/v1/records/user?filter={filter}"), &admin, None).await?;
            let id = found["items"][0]["id"].as_str().context("a user")?;
            let path = format!("/api/v1/records/user/{id}/actions/set_password");
            client.json("POST", &path, &admin, Some(json!({"password": PASSWORD}))).await?;
        }
        customers_of_team(&mut client, &admin).await?
    };
    let now = SystemClock.now();
    let mut chance = Chance::new(11);
    let mut hours_ago = |hours: usize| moment(now, -i64::try_from(chance.below(hours)).unwrap_or_default());
    let follow_ups: Vec<Vec<String>> = owned
        .iter()
        .flat_map(|(id, owner)| [(id, owner, "call", "interested"), (id, owner, "visit", "progress")])
        .map(|(id, owner, kind, result)| {
            vec![id.clone(), kind.into(), "谈了报价和交期".into(), result.into(), hours_ago(60 * 24), owner.clone()]
        })
        .collect();
    let headings = ["customer", "kind", "content", "result", "happened_at", "owner"];
    rows.import(&map("follow_up"), &headings, follow_ups.into_iter())?;
    let mut chance = Chance::new(12);
    let half = || owned.iter().step_by(2);
    let deals = half().enumerate().map(|(number, (id, owner))| {
        let day = moment(now, i64::try_from(chance.below(120 * 24)).unwrap_or_default() - 30 * 24);
        let amount = (1 + chance.below(500)) * 1000;
        vec![format!("商机{number}"), id.clone(), amount.to_string(), day[..10].to_owned(), owner.clone()]
    });
    rows.import(&map("opportunity"), &["name", "customer", "amount", "close_date", "owner"], deals)?;
    let mut chance = Chance::new(13);
    let tasks = half().enumerate().map(|(number, (id, owner))| {
        let due = moment(now, i64::try_from(chance.below(40 * 24)).unwrap_or_default() - 20 * 24);
        let status = if chance.below(2) == 0 { "open" } else { "done" };
        vec![format!("任务{number}"), id.clone(), due, status.into(), owner.clone()]
    });
    rows.import(&map("task"), &["name", "customer", "due_at", "status", "owner"], tasks)?;
    let leads = (0..owned.len() / 2).map(|number| {
        let cells = company::customer(2 * setting.rows + number);
        vec![cells[0].clone(), cells[0].clone(), cells[8].clone(), cells[3].clone(), login(number % PEOPLE)]
    });
    rows.import(&map("lead"), &["name", "company", "mobile", "source", "owner"], leads)?;
    fs::write(done, "")?;
    Ok(())
}

fn moment(now: Timestamp, hours: i64) -> String {
    (now + SignedDuration::from_hours(hours)).strftime("%Y-%m-%d %H:%M").to_string()
}

/// Their customers, each with its owner's login.
async fn customers_of_team(client: &mut Client, admin: &str) -> Result<Vec<(String, String)>> {
    let filter = escape(&json!(["owner.login", "starts_with", "team"]).to_string());
    let mut found = Vec::new();
    let mut cursor = String::new();
    loop {
        let path = format!("/api/v1/records/customer?limit=200&fields=owner.login&filter={filter}{cursor}");
        let page = client.json("GET", &path, admin, None).await?;
        for item in page["items"].as_array().into_iter().flatten() {
            let text = |name: &str| item[name].as_str().map(str::to_owned);
            found.push((text("id").context("an id")?, text("owner.login").context("a login")?));
        }
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={}", escape(next)),
            None => return Ok(found),
        }
    }
}

/// Sixty-four people claim the same thousand customers.
pub(crate) async fn claim(setting: &Setting, report: &mut Report, server: &Server, admin: &str) -> Result<()> {
    let mut client = Client::connect(server.address).await?;
    let filter = escape(&json!(["owner.login", "starts_with", "team"]).to_string());
    let mut ids: Vec<String> = Vec::new();
    let mut cursor = String::new();
    while ids.len() < CLAIMED {
        let path = format!("/api/v1/records/customer?limit=200&fields=name&filter={filter}{cursor}");
        let page = client.json("GET", &path, admin, None).await?;
        let items = page["items"].as_array().into_iter().flatten();
        ids.extend(items.filter_map(|item| item["id"].as_str().map(str::to_owned)));
        cursor = format!("&cursor={}", escape(page["next"].as_str().context("more of them")?));
    }
    ids.truncate(CLAIMED);
    for part in ids.chunks(200) {
        let body = json!({"action": "release", "ids": part, "values": {"reason": "bench"}});
        client.json("POST", "/api/v1/records/customer/bulk", admin, Some(body)).await?;
    }
    let mut people = Vec::new();
    for number in 0..CLAIMERS {
        people.push(client.sign_in(&login(number)).await?);
    }
    let ids = Arc::new(ids);
    let won = Arc::new(AtomicUsize::new(0));
    let begun = Instant::now();
    let mut running = Vec::new();
    for token in people {
        let mut client = Client::connect(server.address).await?;
        let (ids, won) = (ids.clone(), won.clone());
        running.push(tokio::spawn(async move {
            let (mut gained, mut refused) = (Times::default(), Times::default());
            for id in ids.iter() {
                let asked = Instant::now();
                let path = format!("/api/v1/records/customer/{id}/actions/claim");
                let (status, answer) = client.send("POST", &path, &token, Some("{}".into())).await?;
                match status {
                    200 => {
                        gained.add(asked.elapsed());
                        won.fetch_add(1, Ordering::Relaxed);
                    }
                    404 | 409 => refused.add(asked.elapsed()),
                    _ => anyhow::bail!("{status} {}", String::from_utf8_lossy(&answer)),
                }
            }
            Ok((gained, refused))
        }));
    }
    let (mut gained, mut refused) = (Times::default(), Times::default());
    for one in running {
        let (some, others) = one.await??;
        gained.join(some);
        refused.join(others);
    }
    let seconds = begun.elapsed().as_secs_f64();
    let won = won.load(Ordering::Relaxed);
    ensure!(won == CLAIMED, "{won} of {CLAIMED} were claimed");
    let floor = measures::floor(setting, &setting.workspace(), 64).await?;
    report.add(
        &format!("claim: {CLAIMERS} people, the same {CLAIMED} customers"),
        format!(
            "all in {seconds:.1} s, {:.0} attempts/s; a claim p50 {:.0} ms, p99 {:.0} ms; a refusal p99 {:.0} ms",
            (CLAIMERS * CLAIMED) as f64 / seconds,
            gained.quantile(0.5),
            gained.quantile(0.99),
            refused.quantile(0.99)
        ),
        format!("{floor:.0} rows/s bare, 64 to a commit"),
        "each exactly one owner",
        Some(true),
    );
    Ok(())
}

/// What is done to the data before a night, so that every run finds the same: all have been spoken with lately but one in eighty,
/// nobody is new, and what earlier runs took away is back.
fn before_the_night(setting: &Setting) -> String {
    let (old, lately) = match setting.database {
        Some(_) => ("now() - interval '200 days'", "now() - interval '2 days'"),
        None => (
            "CAST((julianday('now') - 2440587.5 - 200) * 86400000000 AS INTEGER)",
            "CAST((julianday('now') - 2440587.5 - 2) * 86400000000 AS INTEGER)",
        ),
    };
    let neglected = "level = 'vip' AND industry = 'medical'";
    format!(
        "DELETE FROM recycle_rule WHERE name = 'bench';
         DELETE FROM customer_rule WHERE name = 'bench';
         UPDATE customer SET owner = (SELECT id FROM \"user\" WHERE login = 'sales0'), pool = NULL, pooled_at = NULL, former_owner = NULL,
            release_reason = NULL WHERE pool IS NOT NULL;
         UPDATE customer SET level = 'c' WHERE id IN (SELECT customer FROM customer_change WHERE rule = 'bench');
         DELETE FROM customer_change WHERE rule = 'bench';
         UPDATE customer SET recycle_at = NULL WHERE recycle_at IS NOT NULL;
         UPDATE customer SET owned_since = {old}, last_contact_at = CASE WHEN {neglected} THEN NULL ELSE {lately} END
            WHERE last_contact_at IS NULL AND NOT ({neglected}) OR last_contact_at < {lately} OR owned_since > {old}"
    )
}

/// The nights: what is neglected goes to a pool, what meets a rule changes its class, among a million customers.
pub(crate) async fn nights(setting: &Setting, report: &mut Report, only: Option<&str>) -> Result<()> {
    let workspace = setting.workspace();
    floors::execute(setting, &workspace, &before_the_night(setting)).await?;
    floors::analyze(setting, &workspace).await?;
    let engine = measures::open(setting, &workspace).await?;
    let admin = engine.find_all(&Viewer::system("bench"), "user", &json!(["login", "=", "admin"])).await?;
    let admin = admin.first().context("an administrator")?.id;
    let viewer = Viewer::system("bench").on_behalf_of(Some(admin));
    let wanted = |name: &str| only.is_none_or(|only| name.starts_with(only));
    if wanted("recycle") {
        let pools = engine.find_all(&viewer, "pool", &json!(["object", "=", "customer"])).await?;
        let pool = pools.first().context("a pool of customers")?.id;
        let rule = json!({"name": "bench", "object": "customer", "pool": pool, "idle_days": 30, "active": true});
        let rule = made(&engine, &viewer, "recycle_rule", rule).await?;
        night(setting, report, &engine, &viewer, "recycle: what is neglected", guanxi_pool::module()).await?;
        night(setting, report, &engine, &viewer, "recycle: nothing is", guanxi_pool::module()).await?;
        engine.delete(&viewer, "recycle_rule", rule, None).await?;
    }
    if wanted("classing") {
        let criteria = json!(["employees", ">=", 1950]).to_string();
        let rule = json!({"name": "bench", "field": "level", "from_values": ["c"], "to_value": "b", "criteria": criteria, "active": true});
        let rule = made(&engine, &viewer, "customer_rule", rule).await?;
        night(setting, report, &engine, &viewer, "classing: one in a hundred moves", classing()).await?;
        night(setting, report, &engine, &viewer, "classing: nobody moves", classing()).await?;
        engine.delete(&viewer, "customer_rule", rule, None).await?;
    }
    engine.close().await;
    Ok(())
}

/// The customers' module with nothing but its classing at night.
fn classing() -> Module {
    let mut module = guanxi_customer::module();
    module.chores.retain(|chore| chore.name() == "customer_classes");
    module
}

async fn made(engine: &Engine, viewer: &Viewer, object: &str, values: Json) -> Result<Uuid> {
    let Json::Object(values) = values else { anyhow::bail!("values of a record") };
    let made = engine.create(viewer, object, &values, false).await?;
    made.get("id").and_then(Json::as_str).and_then(|id| Uuid::try_parse(id).ok()).context("an id")
}

/// Does a module's daily work, while somebody changes a customer again and again.
async fn night(
    setting: &Setting,
    report: &mut Report,
    engine: &Engine,
    viewer: &Viewer,
    name: &str,
    module: Module,
) -> Result<()> {
    let request = ListRequest { filter: Some(json!(["level", "=", "a"])), limit: Some(1), ..ListRequest::default() };
    let busy = engine.list(viewer, "customer", &request).await?.items;
    let busy = busy.first().and_then(|item| item.get("id")?.as_str()).and_then(|id| Uuid::try_parse(id).ok());
    let busy = busy.context("a customer")?;
    let changes = "SELECT COALESCE(MAX(seq), 0) FROM _changes";
    let before = floors::number(setting, &setting.workspace(), changes).await?;
    let done = AtomicBool::new(false);
    let work = async {
        let begun = Instant::now();
        for chore in &module.chores {
            chore.run(engine).await?;
        }
        done.store(true, Ordering::Relaxed);
        Ok::<_, anyhow::Error>(begun.elapsed())
    };
    let others = async {
        let mut times = Times::default();
        let mut number = 0;
        while !done.load(Ordering::Relaxed) {
            number += 1;
            let values = Map::from_iter([("remark".to_owned(), json!(format!("{number}")))]);
            let asked = Instant::now();
            engine.update(viewer, "customer", busy, &values, None, true).await?;
            times.add(asked.elapsed());
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        Ok::<_, anyhow::Error>(times)
    };
    let (took, mut others) = tokio::try_join!(work, others)?;
    let changes = floors::number(setting, &setting.workspace(), changes).await? - before;
    let begun = Instant::now();
    let every = "SELECT COUNT(*) FROM customer WHERE employees + COALESCE(LENGTH(remark), 0) < 0";
    floors::number(setting, &setting.workspace(), every).await?;
    let bare = begun.elapsed().as_secs_f64();
    report.add(
        name,
        format!(
            "{:.1} s, {changes} changes; a write beside it p99 {:.0} ms, at most {:.0} ms",
            took.as_secs_f64(),
            others.quantile(0.99),
            others.quantile(1.0)
        ),
        format!("one look at every row: {bare:.1} s"),
        "seconds, no write waits 1 s",
        Some(took.as_secs_f64() < 60.0 && others.quantile(1.0) < 1000.0),
    );
    Ok(())
}
