//! `guanxi-bench crash [KILLS]`: the released program killed with `kill -9` in the middle of mixed writes, imports and
//! followers, again and again, and checked each time against the ledger of what it acknowledged.
//!
//! What must hold after every kill: an acknowledged write is there with exactly the values that were sent; one that was
//! under way is there whole or not at all, and not twice when it is sent again with its key; an interrupted import is
//! resumed or undone to the exact row; followers have acted on every follow-up exactly once.

use crate::{
    Setting,
    client::Client,
    company::{self, Chance},
    process::Server,
};
use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value as Json, json};
use std::{
    cell::RefCell,
    collections::HashMap,
    path::Path,
    process::{Child, Stdio},
    rc::Rc,
    time::{Duration, Instant},
};

const WRITERS: usize = 6;
/// Rows of the file that is imported while the server is killed.
const ROWS: usize = 3000;

/// What is known about one customer.
#[derive(Debug, Clone, Default)]
struct Known {
    id: String,
    /// As of the last acknowledged write.
    remark: String,
    deleted: bool,
    /// Latest `happened_at` of an acknowledged follow-up.
    last_contact: Option<String>,
    follow_ups: usize,
    /// A write that was sent and not answered.
    open: Option<Open>,
}

#[derive(Debug, Clone)]
enum Open {
    Remark(String),
    FollowUp(String),
    Delete,
    Restore,
}

/// A creation that was sent and not answered.
#[derive(Debug, Clone)]
struct Unborn {
    key: String,
    body: Json,
}

#[derive(Default)]
struct Ledger {
    customers: HashMap<String, Known>,
    unborn: Vec<Unborn>,
    acknowledged: usize,
    /// Names of customers by writer, so that no two writers touch the same record.
    names: Vec<Vec<String>>,
}

#[derive(Default)]
struct Counts {
    kills: usize,
    in_flight: usize,
    survived: usize,
    resumed: usize,
    undone: usize,
    imports_killed: usize,
}

/// Kills the server `kills` times; an error names what was lost or doubled.
pub(crate) async fn run(setting: &Setting, kills: usize) -> Result<()> {
    let folder = setting.folder.join("crash");
    std::fs::remove_dir_all(&folder).ok();
    std::fs::create_dir_all(&folder)?;
    if let Some(url) = &setting.database {
        let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await?;
        tokio::spawn(connection);
        client.batch_execute("DROP SCHEMA IF EXISTS bench_crash CASCADE").await?;
    }
    let place = company::place(setting, "bench_crash");
    company::add_people(setting, &folder, &place)?;
    let ledger = Rc::new(RefCell::new(Ledger { names: vec![Vec::new(); WRITERS], ..Ledger::default() }));
    let mut counts = Counts::default();
    let mut chance = Chance::new(u64::from(std::process::id()));
    let begun = Instant::now();
    let mut server = Server::start(setting, &folder, "bench_crash").await?;
    let token = Client::connect(server.address).await?.sign_in("admin").await?;
    while counts.kills < kills {
        let round = counts.kills;
        let import = start_import(setting, &folder, &place, round, &server, &token).await?;
        let wait = Duration::from_millis(60 + chance.below(700) as u64);
        write_until_killed(&mut server, &token, &ledger, round, wait).await?;
        let mut import = import;
        if let Importing::Command(child) = &mut import {
            child.kill()?;
            child.wait()?;
        }
        counts.kills += 1;
        server = Server::start(setting, &folder, "bench_crash").await?;
        let mut client = Client::connect(server.address).await?;
        settle(&mut client, &token, &ledger, &mut counts).await.with_context(|| format!("after kill {}", round + 1))?;
        settle_import(&mut client, &token, round, &mut counts)
            .await
            .with_context(|| format!("import, kill {}", round + 1))?;
        if (round + 1).is_multiple_of(20) {
            eprintln!("{} kills, {} writes acknowledged, nothing lost", counts.kills, ledger.borrow().acknowledged);
        }
    }
    let mut client = Client::connect(server.address).await?;
    everything(&mut client, &token, &ledger).await?;
    drop(server);
    let check = company::program(setting, &folder, &["check"]).args(&place).stdout(Stdio::piped()).output()?;
    ensure!(check.status.success(), "guanxi check: {}", String::from_utf8_lossy(&check.stdout));
    let ledger = ledger.borrow();
    println!(
        "{}: {} kills in {:.0} s; {} writes acknowledged, {} customers, 0 lost, 0 doubled; {} writes were under way ({} of them \
         had been kept); {} imports interrupted, {} resumed and {} undone to the row; guanxi check: {}",
        setting.name,
        counts.kills,
        begun.elapsed().as_secs_f64(),
        ledger.acknowledged,
        ledger.customers.len(),
        counts.in_flight,
        counts.survived,
        counts.imports_killed,
        counts.resumed,
        counts.undone,
        String::from_utf8_lossy(&check.stdout).trim(),
    );
    std::fs::remove_dir_all(folder).ok();
    Ok(())
}

/// Lets the writers work, kills the server under them, and waits until all have noticed.
async fn write_until_killed(
    server: &mut Server,
    token: &str,
    ledger: &Rc<RefCell<Ledger>>,
    round: usize,
    wait: Duration,
) -> Result<()> {
    let address = server.address;
    let local = tokio::task::LocalSet::new();
    local
        .run_until(async {
            let tasks: Vec<_> = (0..WRITERS)
                .map(|writer| {
                    let (ledger, token) = (ledger.clone(), token.to_owned());
                    tokio::task::spawn_local(async move {
                        let mut client = Client::connect(address).await?;
                        let mut chance = Chance::new((round * WRITERS + writer) as u64);
                        // Until the connection breaks; an answer that is no success is an error of the server's.
                        let mut number = 0;
                        while write(&mut client, &token, &ledger, &mut chance, round, writer, number).await? {
                            number += 1;
                        }
                        Ok::<_, anyhow::Error>(())
                    })
                })
                .collect();
            tokio::time::sleep(wait).await;
            server.kill()?;
            for task in tasks {
                task.await??;
            }
            Ok(())
        })
        .await
}

/// Sends one write; false when the connection broke.
async fn write(
    client: &mut Client,
    token: &str,
    ledger: &Rc<RefCell<Ledger>>,
    chance: &mut Chance,
    round: usize,
    writer: usize,
    number: usize,
) -> Result<bool> {
    let names = ledger.borrow().names[writer].len();
    if names < 5 || chance.below(3) == 0 {
        let name = format!("崩溃测试{round}之{writer}之{number}公司");
        let body = json!({"name": name, "mobile": format!("13{:09}", chance.below(1_000_000_000)), "remark": "0"});
        let unborn = Unborn { key: format!("{round}-{writer}-{number}"), body };
        ledger.borrow_mut().unborn.push(unborn.clone());
        let Some(answer) = born(client, token, &unborn).await? else { return Ok(false) };
        let mut ledger = ledger.borrow_mut();
        ledger.unborn.retain(|known| known.key != unborn.key);
        ledger.keep(writer, name, &answer)?;
        return Ok(true);
    }
    let name = ledger.borrow().names[writer][chance.below(names)].clone();
    let known = ledger.borrow().customers[&name].clone();
    let path = format!("/api/v1/records/customer/{}", known.id);
    let (open, method, path, body) = match (known.deleted, chance.below(10)) {
        (true, _) => (Open::Restore, "POST", format!("/api/v1/trash/customer/{}/restore", known.id), Some(json!({}))),
        (false, 0) => (Open::Delete, "DELETE", path, None),
        (false, 1..=3) => {
            // Later than every other follow-up of this customer.
            let moment = format!("2026-{:02}-{:02}T08:{:02}:00Z", 1 + round / 28 % 12, 1 + round % 28, number % 60);
            let body = json!({"customer": known.id, "kind": "call", "content": format!("第{number}次电话"), "happened_at": moment});
            (Open::FollowUp(moment), "POST", "/api/v1/records/follow_up".to_owned(), Some(body))
        }
        _ => {
            let remark = format!("{round}/{writer}/{number}");
            (Open::Remark(remark.clone()), "PATCH", path, Some(json!({"remark": remark})))
        }
    };
    ledger.borrow_mut().known(&name)?.open = Some(open);
    let sent = client.send(method, &path, token, body.map(|body| body.to_string())).await;
    let Ok((status, answer)) = sent else { return Ok(false) };
    ensure!((200..300).contains(&status), "{method} {path}: {status} {}", String::from_utf8_lossy(&answer));
    let mut ledger = ledger.borrow_mut();
    ledger.acknowledged += 1;
    let known = ledger.known(&name)?;
    let open = known.open.take().context("a write under way")?;
    known.apply(open);
    Ok(true)
}

async fn born(client: &mut Client, token: &str, unborn: &Unborn) -> Result<Option<Json>> {
    let path = "/api/v1/records/customer?allow_duplicate=true";
    let Ok((status, answer)) = client.keyed(path, token, &unborn.key, &unborn.body).await else { return Ok(None) };
    ensure!((200..300).contains(&status), "{path}: {status} {}", String::from_utf8_lossy(&answer));
    Ok(Some(serde_json::from_slice(&answer)?))
}

impl Ledger {
    fn known(&mut self, name: &str) -> Result<&mut Known> {
        self.customers.get_mut(name).context("a customer of the ledger")
    }

    fn keep(&mut self, writer: usize, name: String, answer: &Json) -> Result<()> {
        let id = answer["id"].as_str().context("an id")?.to_owned();
        self.acknowledged += 1;
        self.names[writer].push(name.clone());
        self.customers.insert(name, Known { id, remark: "0".into(), ..Known::default() });
        Ok(())
    }
}

impl Known {
    fn apply(&mut self, open: Open) {
        match open {
            Open::Remark(remark) => self.remark = remark,
            Open::Delete => self.deleted = true,
            Open::Restore => self.deleted = false,
            Open::FollowUp(moment) => {
                self.follow_ups += 1;
                if self.last_contact.as_ref().is_none_or(|known| *known < moment) {
                    self.last_contact = Some(moment);
                }
            }
        }
    }
}

/// Finds out what became of the writes that were under way, and compares the customers they touched.
async fn settle(client: &mut Client, token: &str, ledger: &Rc<RefCell<Ledger>>, counts: &mut Counts) -> Result<()> {
    let unborn = std::mem::take(&mut ledger.borrow_mut().unborn);
    for unborn in unborn {
        counts.in_flight += 1;
        let name = unborn.body["name"].as_str().context("a name")?.to_owned();
        let before = named(client, token, &name).await?;
        ensure!(before.len() <= 1, "{name} is there twice");
        counts.survived += before.len();
        // Sent again with its key: the same record if it had been kept, a new one if not.
        let answer = born(client, token, &unborn).await?.context("an answer")?;
        let after = named(client, token, &name).await?;
        ensure!(after.len() == 1, "{name} is there {} times after it was sent again", after.len());
        ensure!(answer["id"] == after[0]["id"], "{name}: another record was answered");
        let writer = name.split('之').nth(1).and_then(|text| text.parse().ok()).context("a writer")?;
        ledger.borrow_mut().keep(writer, name, &answer)?;
    }
    let touched: Vec<String> = ledger
        .borrow()
        .customers
        .iter()
        .filter(|(_, known)| known.open.is_some())
        .map(|(name, _)| name.clone())
        .collect();
    for name in touched {
        counts.in_flight += 1;
        let mut known = ledger.borrow().customers[&name].clone();
        let open = known.open.take().context("a write under way")?;
        let mut kept = known.clone();
        kept.apply(open);
        let there = seen(client, token, &known).await?;
        if there == kept.state() {
            counts.survived += 1;
            known = kept;
        }
        ensure!(there == known.state(), "{name}: {there:?} is neither before nor after the write under way: {known:?}");
        ledger.borrow_mut().customers.insert(name, known);
    }
    Ok(())
}

/// Remark, whether it is in the recycle bin, and how many follow-ups there are.
type State = (Option<String>, bool, usize);

impl Known {
    fn state(&self) -> State {
        ((!self.deleted).then(|| self.remark.clone()), self.deleted, self.follow_ups)
    }
}

async fn named(client: &mut Client, token: &str, name: &str) -> Result<Vec<Json>> {
    let filter = crate::client::escape(&json!(["name", "=", name]).to_string());
    let page =
        client.json("GET", &format!("/api/v1/records/customer?fields=name&filter={filter}"), token, None).await?;
    Ok(page["items"].as_array().cloned().unwrap_or_default())
}

async fn seen(client: &mut Client, token: &str, known: &Known) -> Result<State> {
    let (status, answer) = client.get(&format!("/api/v1/records/customer/{}", known.id), token).await?;
    let remark = match status {
        200 => serde_json::from_slice::<Json>(&answer)?["remark"].as_str().map(str::to_owned),
        404 => None,
        _ => bail!("customer {}: {status} {}", known.id, String::from_utf8_lossy(&answer)),
    };
    let filter = crate::client::escape(&json!(["customer", "=", known.id]).to_string());
    let page = client
        .json("GET", &format!("/api/v1/records/follow_up?fields=kind&limit=1&count=true&filter={filter}"), token, None)
        .await?;
    let follow_ups = page["total"].as_u64().context("a count")?;
    Ok((remark.clone(), remark.is_none(), usize::try_from(follow_ups)?))
}

/// Every customer of the ledger: values, history without gaps, and what the follower made of the follow-ups.
async fn everything(client: &mut Client, token: &str, ledger: &Rc<RefCell<Ledger>>) -> Result<()> {
    let customers = ledger.borrow().customers.clone();
    let page = client.json("GET", "/api/v1/records/customer?fields=name&limit=1&count=true", token, None).await?;
    let living = customers.values().filter(|known| !known.deleted).count();
    let mut imported = 0;
    for (name, known) in &customers {
        let there = seen(client, token, known).await?;
        ensure!(there == known.state(), "{name}: {there:?}, but {known:?} was acknowledged");
        if known.deleted {
            continue;
        }
        let path = format!("/api/v1/records/customer/{}", known.id);
        // Followers act after the commit; they have had time since the last kill, but not for ever.
        let deadline = Instant::now() + Duration::from_secs(20);
        let record = loop {
            let record = client.json("GET", &path, token, None).await?;
            if record["last_contact_at"].as_str() == known.last_contact.as_deref() || Instant::now() > deadline {
                break record;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        };
        ensure!(
            record["last_contact_at"].as_str() == known.last_contact.as_deref(),
            "{name}: last contact is {}, not {:?}",
            record["last_contact_at"],
            known.last_contact
        );
        let history = client.json("GET", &format!("{path}/history?limit=200"), token, None).await?;
        let versions: Vec<i64> =
            history["items"].as_array().into_iter().flatten().filter_map(|entry| entry["version"].as_i64()).collect();
        let newest = record["version"].as_i64().context("a version")?;
        let expected: Vec<i64> = (1..=newest).rev().take(versions.len()).collect();
        ensure!(versions == expected, "{name}: its history has the versions {versions:?}");
        imported += 1;
    }
    ensure!(imported == living, "{imported} of {living}");
    let total = page["total"].as_u64().context("a count")?;
    eprintln!("{living} living customers of the ledger agree ({total} with the imported ones)");
    Ok(())
}

/// An import that runs while the server is killed.
enum Importing {
    /// Within the server.
    Server,
    /// `guanxi import`, killed by itself.
    Command(Child),
}

fn csv_of(round: usize) -> String {
    let mut text = "name,mobile,level\n".to_owned();
    for row in 0..ROWS {
        text.push_str(&format!("导入{round}号{row}行公司,13{row:09},b\n"));
    }
    text
}

const MAP: &str = "object = \"customer\"\nmode = \"create\"\n[columns.name]\nfield = \"name\"\n[columns.mobile]\nfield = \"mobile\"\n[columns.level]\nfield = \"level\"\n";

async fn start_import(
    setting: &Setting,
    folder: &Path,
    place: &[&str],
    round: usize,
    server: &Server,
    token: &str,
) -> Result<Importing> {
    if round.is_multiple_of(2) {
        let mut client = Client::connect(server.address).await?;
        let upload = client.upload(token, "customer", &format!("{round}.csv"), &csv_of(round)).await?;
        let id = upload["id"].as_str().context("an import")?;
        let columns = json!({"name": {"field": "name"}, "mobile": {"field": "mobile"}, "level": {"field": "level"}});
        let mapping = json!({"mapping": {"object": "customer", "mode": "create", "columns": columns}});
        client.json("POST", &format!("/api/v1/imports/{id}/start"), token, Some(mapping)).await?;
        return Ok(Importing::Server);
    }
    let (file, map) = (folder.join("crash.csv"), folder.join("crash.toml"));
    std::fs::write(&file, csv_of(round))?;
    std::fs::write(&map, MAP)?;
    let child = company::program(setting, folder, &["import"])
        .arg("--map")
        .arg(&map)
        .args(place)
        .arg(&file)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    Ok(Importing::Command(child))
}

/// Resumes or undoes the import of this round and counts its rows.
async fn settle_import(client: &mut Client, token: &str, round: usize, counts: &mut Counts) -> Result<()> {
    let imports = client.json("GET", "/api/v1/imports", token, None).await?;
    let newest = imports["items"].as_array().and_then(|items| items.first()).cloned().unwrap_or(Json::Null);
    let prefix = format!("导入{round}号");
    let filter = crate::client::escape(&json!(["name", "starts_with", prefix]).to_string());
    let path = format!("/api/v1/records/customer?fields=name&limit=1&count=true&filter={filter}");
    let count = async |client: &mut Client| -> Result<u64> {
        client.json("GET", &path, token, None).await?["total"].as_u64().context("a count")
    };
    // A command may have been killed before it began.
    let this = newest["file_name"].as_str().is_some_and(|name| name == format!("{round}.csv") || name == "crash.csv");
    if !this || (newest["state"] == "done" && count(client).await? == 0) {
        ensure!(count(client).await? == 0, "rows of an import that nobody knows of");
        return Ok(());
    }
    let id = newest["id"].as_str().context("an id")?;
    if newest["state"] == "done" {
        let rows = count(client).await?;
        // The command of an earlier round, when this one's did not come to begin.
        ensure!(rows == ROWS as u64, "{rows} rows of {ROWS} though the import is done");
        return Ok(());
    }
    ensure!(newest["state"] == "interrupted", "the import is {}", newest["state"]);
    if count(client).await? == 0 && newest["read"] != 0 {
        bail!("the import says {} rows, the table has none", newest["read"]);
    }
    counts.imports_killed += 1;
    if round % 4 < 2 {
        client.json("POST", &format!("/api/v1/imports/{id}/resume"), token, Some(json!({}))).await?;
        let deadline = Instant::now() + Duration::from_secs(60);
        loop {
            let state = client.json("GET", &format!("/api/v1/imports/{id}"), token, None).await?;
            match state["state"].as_str() {
                Some("running") if Instant::now() < deadline => tokio::time::sleep(Duration::from_millis(20)).await,
                Some("done") => break,
                _ => bail!("resumed, the import is {state}"),
            }
        }
        counts.resumed += 1;
        let rows = count(client).await?;
        ensure!(rows == ROWS as u64, "{rows} rows of {ROWS} after it was resumed");
    } else {
        client.json("POST", &format!("/api/v1/imports/{id}/undo"), token, Some(json!({}))).await?;
        counts.undone += 1;
        let rows = count(client).await?;
        ensure!(rows == 0, "{rows} rows after it was undone");
    }
    Ok(())
}
