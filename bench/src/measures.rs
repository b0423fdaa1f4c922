//! The measures, in the order of the table.

use crate::{
    Setting,
    client::{Ask, Client, Times, escape, load},
    company::{self, Chance},
    floors::{self, Bare},
    organisation,
    process::Server,
    report::Report,
    team, trade,
};
use anyhow::{Context, Result, ensure};
use guanxi_engine::{Clock, Engine, ListRequest, Options, SystemClock, Viewer};
use guanxi_store::{Location, Sql};
use serde_json::{Value as Json, json};
use std::{
    fmt::Write,
    sync::Arc,
    time::{Duration, Instant},
};

/// The columns that the page shows in a list of customers.
const FIELDS: &str = "name,life_cycle,level,industry,region,phone,owner,last_contact_at,next_contact_at";

/// Everything, or only the measures whose name begins with `only`.
pub(crate) async fn all(setting: &Setting, report: &mut Report, only: Option<&str>) -> Result<()> {
    let wanted = |name: &str| only.is_none_or(|only| name.starts_with(only));
    let workspace = setting.workspace();
    {
        let server = Server::start(setting, &company::data(setting), &workspace).await?;
        if wanted("start") {
            start(report, &server).await;
        }
        let tokens = Tokens::make(&server).await?;
        if wanted("list") {
            lists(setting, report, &server, &workspace, &tokens).await?;
        }
        if wanted("get") {
            get(setting, report, &server, &tokens).await?;
        }
        if wanted("search") {
            search(setting, report, &server, &tokens).await?;
        }
        if wanted("shared") {
            floors::analyze(setting, &workspace).await?;
            organisation::shared(report, &server, &tokens.admin).await?;
        }
        if wanted("handover") {
            organisation::handover(setting, &workspace, report, &server, &tokens.admin).await?;
        }
        if wanted("create") {
            create(setting, report, &server, &workspace, &tokens).await?;
        }
        if wanted("orders") {
            trade::orders(setting, &workspace, report, &server, &tokens.admin).await?;
        }
        if wanted("claim") {
            team::claim(setting, report, &server, &tokens.admin).await?;
        }
    }
    if wanted("recycle") || wanted("classing") {
        team::nights(setting, report, only).await?;
    }
    if wanted("import") {
        import(setting, report, &workspace).await?;
    }
    Ok(())
}

struct Tokens {
    admin: String,
    manager: String,
    member: String,
}

impl Tokens {
    async fn make(server: &Server) -> Result<Self> {
        let mut client = Client::connect(server.address).await?;
        let admin = client.sign_in("admin").await?;
        let manager = client.sign_in("manager").await?;
        Ok(Self { admin, manager, member: client.sign_in("sales0").await? })
    }
}

async fn start(report: &mut Report, server: &Server) {
    let ready = server.ready.as_secs_f64() * 1000.0;
    report.add("start to first answer", format!("{ready:.0} ms"), "–".into(), "300 ms", Some(ready <= 300.0));
    tokio::time::sleep(Duration::from_secs(2)).await;
    let (resident, own) = server.memory();
    let text = format!("{resident:.0} MiB ({own:.0} MiB its own, the rest mapped files)");
    report.add("idle memory", text, "–".into(), "80 MB", Some(resident * 1.048_576 <= 80.0));
}

/// A list as somebody would look at it.
struct Named {
    name: &'static str,
    token: fn(&Tokens) -> &str,
    sort: &'static str,
    filter: fn(usize) -> Option<Json>,
    seek: fn(usize) -> Option<String>,
    /// Can an index give the order and most of the selection?
    indexed: bool,
}

const NONE: fn(usize) -> Option<Json> = |_| None;
const START: fn(usize) -> Option<String> = |_| None;
const CYCLES: [&str; 5] = ["stranger", "potential", "signed", "maintained", "lost"];

const LISTS: [Named; 11] = [
    Named { name: "all, newest", token: |t| &t.admin, sort: "-updated_at", filter: NONE, seek: START, indexed: true },
    Named {
        name: "all by name, from a letter",
        token: |t| &t.admin,
        sort: "name",
        filter: NONE,
        seek: |number| Some(char::from(b'a' + (number % 26) as u8).to_string()),
        indexed: true,
    },
    Named {
        name: "one life-cycle stage, newest",
        token: |t| &t.admin,
        sort: "-updated_at",
        filter: |number| Some(json!(["life_cycle", "=", CYCLES[number % 5]])),
        seek: START,
        indexed: true,
    },
    Named {
        name: "grade and industry, newest",
        token: |t| &t.admin,
        sort: "-updated_at",
        filter: |number| {
            let industry = company::INDUSTRIES[number % company::INDUSTRIES.len()];
            Some(json!({"and": [["level", "=", "a"], ["industry", "=", industry]]}))
        },
        seek: START,
        indexed: true,
    },
    Named {
        name: "a manager's, newest",
        token: |t| &t.manager,
        sort: "-updated_at",
        filter: NONE,
        seek: START,
        indexed: true,
    },
    Named {
        name: "a manager's, by name",
        token: |t| &t.manager,
        sort: "name",
        filter: NONE,
        seek: START,
        indexed: true,
    },
    Named {
        name: "a member's, newest",
        token: |t| &t.member,
        sort: "-updated_at",
        filter: NONE,
        seek: START,
        indexed: true,
    },
    Named {
        name: "a member's, next contact due",
        token: |t| &t.member,
        sort: "next_contact_at",
        filter: |_| Some(json!(["next_contact_at", "not_null"])),
        seek: START,
        indexed: true,
    },
    Named {
        name: "by annual revenue (no index)",
        token: |t| &t.admin,
        sort: "-annual_revenue",
        filter: NONE,
        seek: START,
        indexed: false,
    },
    Named {
        name: "a member's with a text in the remark (no index)",
        token: |t| &t.member,
        sort: "-updated_at",
        filter: |_| Some(json!(["remark", "contains", "厦门"])),
        seek: START,
        indexed: false,
    },
    Named {
        name: "region, by next contact (no index)",
        token: |t| &t.admin,
        sort: "next_contact_at",
        filter: |_| Some(json!({"and": [["region", "under", "440000"], ["next_contact_at", "not_null"]]})),
        seek: START,
        indexed: false,
    },
];

impl Named {
    fn path(&self, number: usize) -> String {
        let mut path = format!("/api/v1/records/customer?limit=50&fields={FIELDS}&sort={}", self.sort);
        if let Some(filter) = (self.filter)(number) {
            let _ = write!(path, "&filter={}", escape(&filter.to_string()));
        }
        if let Some(seek) = (self.seek)(number) {
            let _ = write!(path, "&seek={seek}");
        }
        path
    }

    async fn statement(&self, engine: &Engine, viewer: &Viewer, number: usize) -> Result<Sql> {
        let request = ListRequest {
            filter: (self.filter)(number),
            sort: Some(self.sort.to_owned()),
            fields: Some(FIELDS.split(',').map(str::to_owned).collect()),
            limit: Some(50),
            seek: (self.seek)(number),
            ..ListRequest::default()
        };
        Ok(engine.list_statement(viewer, "customer", &request).await?)
    }
}

pub(crate) async fn open(setting: &Setting, workspace: &str) -> Result<Engine> {
    let folder = company::data(setting).join("workspaces").join(workspace);
    let location = match &setting.database {
        None => Location::File(folder.join("guanxi.db")),
        Some(url) => Location::Schema { url: url.clone(), schema: workspace.to_owned(), connections: 4 },
    };
    let modules = vec![
        guanxi_customer::module(),
        guanxi_lead::module(),
        guanxi_pool::module(),
        guanxi_product::module(),
        guanxi_sales::module(),
        guanxi_targets::module(),
        guanxi_trade::module(),
        guanxi_channel::module(),
        guanxi_project::module(),
        guanxi_office::module(),
        guanxi_reports::module(),
    ];
    let clock = Arc::new(SystemClock);
    let name = workspace.to_owned();
    let time_zone = "Asia/Shanghai".into();
    let currency = "CNY".into();
    Ok(Engine::open(Options { location, folder, name, modules, clock, time_zone, currency, seal_key: None }).await?)
}

async fn lists(
    setting: &Setting,
    report: &mut Report,
    server: &Server,
    workspace: &str,
    tokens: &Tokens,
) -> Result<()> {
    let engine = open(setting, workspace).await?;
    let bare = Bare::open(setting, workspace).await?;
    for list in &LISTS {
        let token = (list.token)(tokens).to_owned();
        let viewer = engine.viewer_of_token(&token).await?;
        let runs = if list.indexed { 400 } else { 10 };
        let mut client = Client::connect(server.address).await?;
        let mut times = Times::default();
        let mut alone = Times::default();
        for number in 0..runs + runs / 4 {
            let begun = Instant::now();
            let (status, answer) = client.get(&list.path(number), &token).await?;
            let taken = begun.elapsed();
            ensure!(status == 200, "{}: {status} {}", list.name, String::from_utf8_lossy(&answer));
            let sql = list.statement(&engine, &viewer, number).await?;
            let begun = Instant::now();
            bare.run(&sql).await?;
            // The first runs warm both up.
            if number >= runs / 4 {
                times.add(taken);
                alone.add(begun.elapsed());
            }
        }
        let (middle, late) = (times.quantile(0.5), times.quantile(0.99));
        let (bare_middle, bare_late) = (alone.quantile(0.5), alone.quantile(0.99));
        let ratio = middle / bare_middle;
        report.add(
            &format!("list: {}", list.name),
            format!("p50 {middle:.2} ms, p99 {late:.2} ms, {ratio:.1} × bare"),
            format!("p50 {bare_middle:.2} ms, p99 {bare_late:.2} ms"),
            if list.indexed { "p99 20 ms, 1.5 × bare" } else { "–" },
            list.indexed.then_some(late <= 20.0 && ratio <= 1.5),
        );
    }
    engine.close().await;
    // Many at once: the same lists, mixed, from eight people.
    let asks: Vec<(String, String)> = (0..200)
        .map(|number| {
            let list = &LISTS[number % 8];
            (list.path(number), (list.token)(tokens).to_owned())
        })
        .collect();
    let ask = move |number: usize| {
        let (path, token) = asks[number % asks.len()].clone();
        Ask { method: "GET", path, token, body: None }
    };
    let mut times = load(server.address, 8, setting.seconds, ask).await?;
    let late = times.quantile(0.99);
    report.add(
        "list: the indexed ones mixed, 8 clients",
        format!("{:.0}/s, p50 {:.2} ms, p99 {late:.2} ms", times.per_second(), times.quantile(0.5)),
        "–".into(),
        "p99 20 ms",
        Some(late <= 20.0),
    );
    Ok(())
}

async fn get(setting: &Setting, report: &mut Report, server: &Server, tokens: &Tokens) -> Result<()> {
    let mut client = Client::connect(server.address).await?;
    let mut ids: Vec<String> = Vec::new();
    for letter in 'a'..='z' {
        let path = format!("/api/v1/records/customer?limit=200&fields=name&sort=name&seek={letter}");
        let page = client.json("GET", &path, &tokens.admin, None).await?;
        ids.extend(
            page["items"].as_array().into_iter().flatten().filter_map(|item| item["id"].as_str().map(str::to_owned)),
        );
    }
    let token = tokens.admin.clone();
    let ask = move |number: usize| Ask {
        method: "GET",
        path: format!("/api/v1/records/customer/{}", ids[(number * 7919) % ids.len()]),
        token: token.clone(),
        body: None,
    };
    let mut times = load(server.address, 32, setting.seconds, ask).await?;
    let empty = Server::start_empty().await?;
    let nothing = |_| Ask { method: "GET", path: "/".into(), token: String::new(), body: None };
    let floor = load(empty.address, 32, setting.seconds, nothing).await?.per_second();
    let speed = times.per_second();
    report.add(
        "get one record, 32 clients",
        format!("{speed:.0}/s, p99 {:.2} ms", times.quantile(0.99)),
        format!("{floor:.0}/s by an empty handler"),
        "15000/s",
        Some(speed >= 15_000.0),
    );
    Ok(())
}

/// What somebody would type to find a customer.
type Wording = fn(&[String]) -> String;

async fn search(setting: &Setting, report: &mut Report, server: &Server, tokens: &Tokens) -> Result<()> {
    let kinds: [(&str, Wording); 4] = [
        ("Chinese, three characters of a name", |row| row[0].chars().skip(2).take(3).collect()),
        ("Chinese, a whole name", |row| row[0].clone()),
        ("phone fragment, six digits", |row| row[8].chars().skip(3).take(6).collect()),
        ("pinyin initials", |row| {
            let initials = guanxi_model::pinyin::sort_key(&row[0]);
            initials
                .split('\u{1}')
                .next()
                .unwrap_or_default()
                .split(' ')
                .filter_map(|part| part.chars().next())
                .take(6)
                .collect()
        }),
    ];
    for (who, token) in [("administrator", &tokens.admin), ("member", &tokens.member)] {
        for (name, make) in kinds {
            let mut client = Client::connect(server.address).await?;
            let mut times = Times::default();
            let mut chance = Chance::new(7);
            for number in 0..250 {
                let query = make(&company::customer(chance.below(setting.rows)));
                let begun = Instant::now();
                client.json("GET", &format!("/api/v1/search?q={}", escape(&query)), token, None).await?;
                if number >= 50 {
                    times.add(begun.elapsed());
                }
            }
            let late = times.quantile(0.99);
            report.add(
                &format!("search, {who}: {name}"),
                format!("p50 {:.2} ms, p99 {late:.2} ms", times.quantile(0.5)),
                "–".into(),
                "p99 30 ms",
                Some(late <= 30.0),
            );
        }
    }
    Ok(())
}

async fn create(
    setting: &Setting,
    report: &mut Report,
    server: &Server,
    workspace: &str,
    tokens: &Tokens,
) -> Result<()> {
    let token = tokens.admin.clone();
    let run = SystemClock.now().as_second();
    let ask = move |number: usize| {
        Ask {
        method: "POST",
        path: "/api/v1/records/customer?allow_duplicate=true".into(),
        token: token.clone(),
        body: Some(
            json!({"name": format!("新客户{run}第{number}有限公司"), "mobile": format!("139{:08}", (run as usize + number) % 100_000_000),
                "level": "b", "industry": "software", "region": "310000", "source": "website"})
            .to_string(),
        ),
    }
    };
    let mut times = load(server.address, 64, setting.seconds, ask).await?;
    let speed = times.per_second();
    let (budget, least) = if setting.database.is_some() { ("1500/s", 1500.0) } else { ("3000/s", 3000.0) };
    let floor = floor(setting, workspace, 64).await?;
    report.add(
        "create, 64 clients, durable",
        format!("{speed:.0}/s, p50 {:.1} ms, p99 {:.1} ms", times.quantile(0.5), times.quantile(0.99)),
        format!("{floor:.0}/s bare, 64 rows to a commit"),
        budget,
        Some(speed >= least),
    );
    Ok(())
}

/// Rows per second that the database takes without Guanxi.
pub(crate) async fn floor(setting: &Setting, workspace: &str, batch: usize) -> Result<f64> {
    let rows = 50_000.min(setting.rows);
    if setting.database.is_some() {
        return floors::copy_rows(setting, workspace, rows, batch).await;
    }
    let file = setting.folder.join("floor.csv");
    company::write_csv(&file, 0, rows)?;
    let speed = floors::insert_csv(setting, workspace, &file, batch)?;
    std::fs::remove_file(file)?;
    Ok(speed)
}

async fn import(setting: &Setting, report: &mut Report, workspace: &str) -> Result<()> {
    let rows = 200_000.min(setting.rows);
    let folder = setting.folder.join("fresh");
    std::fs::remove_dir_all(&folder).ok();
    std::fs::create_dir_all(&folder)?;
    if let Some(url) = &setting.database {
        let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await?;
        tokio::spawn(connection);
        client.batch_execute("DROP SCHEMA IF EXISTS bench_fresh CASCADE").await.context("the last run's schema")?;
    }
    let place = company::place(setting, "bench_fresh");
    let file = setting.folder.join("fresh.csv");
    company::write_csv(&file, 0, rows)?;
    company::add_people(setting, &folder, &place)?;
    let imported = company::import(setting, &folder, &place, &company::customer_map(), &file, rows)?;
    let floor = floor(setting, workspace, 1000).await?;
    let speed = imported.rows_per_second;
    report.add(
        &format!("import, {rows} rows into an empty workspace"),
        format!("{speed:.0} rows/s"),
        format!("{floor:.0} rows/s bare, 1000 to a commit"),
        "20000 rows/s",
        Some(speed >= 20_000.0),
    );
    let (first, second) = (imported.first_kib as f64 / 1024.0, imported.second_kib as f64 / 1024.0);
    report.add(
        "memory of the import, its first and second half",
        format!("at most {first:.0} MiB, then {second:.0} MiB"),
        "–".into(),
        "flat",
        Some(second <= first * 1.25 + 16.0),
    );
    std::fs::remove_file(file)?;
    std::fs::remove_dir_all(folder)?;
    Ok(())
}
