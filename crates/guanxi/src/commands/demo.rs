//! `guanxi demo`: fills a workspace with a made-up company.

use super::demo_trade;
use crate::{
    demo::{self, Record},
    failure::Outcome,
    settings::{Common, language},
    workspace,
};
use clap::Args;
use guanxi_engine::{Engine, Error, ListRequest, Viewer};
use guanxi_model::Lang;
use guanxi_store::platform;
use serde_json::{Value as Json, json};
use std::{collections::HashMap, process::ExitCode};
use uuid::Uuid;

/// The password of everybody in the demo.
const PASSWORD: &str = "guanxi-demo";
/// The company that is made where no other is asked for.
pub(crate) const SEED: u64 = 1;
/// Records of one transaction.
const BATCH: usize = 200;

/// Fill a workspace with a made-up company to try things out on
#[derive(Args)]
pub(crate) struct Demo {
    #[command(flatten)]
    common: Common,

    /// Another seed makes another company
    #[arg(long, default_value_t = SEED)]
    seed: u64,
}

impl Demo {
    pub async fn run(self) -> Outcome {
        let workspace = workspace::open(&self.common).await?;
        let result = fill(&workspace.engine, self.seed).await;
        workspace.engine.close().await;
        let Some(Made { company, counts, logins }) = result? else {
            match language() {
                Lang::Zh => println!("这已经是演示帐套，没有改动"),
                Lang::En => println!("this is a demo workspace already; nothing was changed"),
            }
            return Ok(ExitCode::SUCCESS);
        };
        match language() {
            Lang::Zh => println!("演示帐套“{company}”已建立：{counts}\n登录名：{logins}\n密码：{PASSWORD}"),
            Lang::En => println!("demo workspace “{company}” made: {counts}\nlogins: {logins}\npassword: {PASSWORD}"),
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// A demo that was made.
pub(crate) struct Made {
    company: &'static str,
    counts: String,
    logins: String,
}

/// Fills a workspace; nothing when it is a demo already.
pub(crate) async fn fill(engine: &Engine, seed: u64) -> Result<Option<Made>, Error> {
    let viewer = Viewer::system("demo");
    let database = engine.database();
    let state = platform::meta(database, "demo").await?.unwrap_or_default();
    if state == "true" {
        return Ok(None);
    }
    let some = engine.list(&viewer, "customer", &ListRequest { limit: Some(1), ..ListRequest::default() }).await?;
    if !some.items.is_empty() {
        return Err(match state.as_str() {
            "filling" => Error::conflict(
                "demo_cut_off",
                "演示数据上次没有写完，请换一个数据目录重新生成",
                "the demo was cut off while it was made; make it anew in another data folder",
            ),
            _ => Error::conflict(
                "not_empty",
                "帐套中已有客户，不会写入演示数据；请换一个 --data 或 --workspace",
                "there are customers in this workspace; choose another --data or --workspace for the demo",
            ),
        });
    }
    platform::set_meta(database, "demo", "filling").await?;
    let today = engine.now().to_zoned(engine.settings().zone.clone()).date();
    let company = demo::generate(seed, today);
    let mut known = References { engine, viewer: &viewer, ids: HashMap::new(), named: HashMap::new() };
    let mut counts = Vec::new();
    for (object, records) in &company.batches {
        if *object == "stage_change" {
            forget_today(engine, &viewer).await?;
        }
        known.create(object, records).await?;
        counts.push(format!("{} {object}", records.len()));
    }
    for (reference, fields) in &company.updates {
        let (object, id) = known.meant(reference).await?;
        let Some(fields) = known.filled(fields).await? else { return Err(unknown(reference)) };
        engine.update(&viewer, &object, id, &fields, None, true).await?;
    }
    demo_trade::fill(engine, today).await?;
    engine.pass_history().await?;
    // Followers would otherwise do this when the server starts.
    engine.settle().await?;
    let logins = passwords(engine, &viewer, &company, &known).await?;
    platform::set_meta(database, "title", company.name).await?;
    platform::set_meta(database, "demo", "true").await?;
    Ok(Some(Made { company: company.name, counts: counts.join(", "), logins }))
}

/// The rule on opportunities has noted that they all came to their stage just now; the demo's own history says otherwise.
async fn forget_today(engine: &Engine, viewer: &Viewer) -> Result<(), Error> {
    loop {
        let request = ListRequest { fields: Some(Vec::new()), limit: Some(100), ..ListRequest::default() };
        let page = engine.list(viewer, "stage_change", &request).await?;
        if page.items.is_empty() {
            return Ok(());
        }
        for id in
            page.items.iter().filter_map(|item| item.get("id")?.as_str()).filter_map(|id| Uuid::try_parse(id).ok())
        {
            engine.delete(viewer, "stage_change", id, None).await?;
            engine.purge(viewer, "stage_change", id).await?;
        }
    }
}

/// Gives everybody the same password; answers the logins with their roles.
async fn passwords(
    engine: &Engine,
    viewer: &Viewer,
    company: &demo::Demo,
    known: &References<'_>,
) -> Result<String, Error> {
    let mut logins = Vec::new();
    for (_, people) in company.batches.iter().filter(|(object, _)| *object == "user") {
        for (place, person) in people.iter().enumerate() {
            let (_, id) = known.target(&format!("@user:{place}"))?;
            engine.set_password(viewer, id, PASSWORD).await?;
            let role = person.get("roles").and_then(|roles| roles.get(0)).and_then(Json::as_str).unwrap_or_default();
            logins.push(format!("{} ({role})", person.get("login").and_then(Json::as_str).unwrap_or_default()));
        }
    }
    Ok(logins.join(", "))
}

fn unknown(reference: &str) -> Error {
    Error::bad("demo", format!("演示数据：找不到 {reference}"), format!("demo: {reference} is not known"))
}

/// What the references in the demo's records stand for.
struct References<'a> {
    engine: &'a Engine,
    viewer: &'a Viewer,
    ids: HashMap<String, Vec<Uuid>>,
    named: HashMap<String, Uuid>,
}

impl References<'_> {
    /// Creates records in batches; one that names another of the same batch begins the next.
    async fn create(&mut self, object: &str, records: &[Record]) -> Result<(), Error> {
        let mut batch: Vec<Record> = Vec::new();
        for record in records {
            let mut filled = self.filled(record).await?;
            if filled.is_none() || batch.len() >= BATCH {
                self.write(object, &mut batch).await?;
                filled = self.filled(record).await?;
            }
            batch.push(filled.ok_or_else(|| unknown(&Json::Object(record.clone()).to_string()))?);
        }
        self.write(object, &mut batch).await
    }

    async fn write(&mut self, object: &str, batch: &mut Vec<Record>) -> Result<(), Error> {
        if !batch.is_empty() {
            let ids = self.engine.load_records(self.viewer, object, batch).await?;
            self.ids.entry(object.to_owned()).or_default().extend(ids);
            batch.clear();
        }
        Ok(())
    }

    /// A record with ids in place of references; nothing when one of them does not exist yet.
    async fn filled(&mut self, record: &Record) -> Result<Option<Record>, Error> {
        let mut out = Record::new();
        for (name, value) in record {
            let value = match value {
                Json::String(text) if text.starts_with('@') => match self.id(text).await? {
                    Some(id) => json!(id),
                    None => return Ok(None),
                },
                Json::Array(members) => {
                    let mut list = Vec::new();
                    for member in members {
                        match member.as_str().filter(|text| text.starts_with('@')) {
                            Some(text) => match self.id(text).await? {
                                Some(id) => list.push(json!(id)),
                                None => return Ok(None),
                            },
                            None => list.push(member.clone()),
                        }
                    }
                    Json::Array(list)
                }
                other => other.clone(),
            };
            out.insert(name.clone(), value);
        }
        Ok(Some(out))
    }

    async fn id(&mut self, reference: &str) -> Result<Option<Uuid>, Error> {
        let Some((object, title)) = reference[1..].split_once('=') else { return Ok(self.place(reference)) };
        if let Some(id) = self.named.get(reference) {
            return Ok(Some(*id));
        }
        let definition = self.engine.object(object)?;
        let filter = json!([definition.title, "=", title]);
        let request = ListRequest { filter: Some(filter), limit: Some(1), ..ListRequest::default() };
        let page = self.engine.list(self.viewer, object, &request).await?;
        let id = page
            .items
            .first()
            .and_then(|item| item.get("id"))
            .and_then(Json::as_str)
            .and_then(|id| Uuid::try_parse(id).ok());
        let id = id.ok_or_else(|| unknown(reference))?;
        self.named.insert(reference.to_owned(), id);
        Ok(Some(id))
    }

    fn place(&self, reference: &str) -> Option<Uuid> {
        let (object, place) = reference.strip_prefix('@')?.split_once(':')?;
        self.ids.get(object)?.get(place.parse::<usize>().ok()?).copied()
    }

    /// Object and id of a reference of either kind.
    async fn meant(&mut self, reference: &str) -> Result<(String, Uuid), Error> {
        let object = reference.trim_start_matches('@').split([':', '=']).next().unwrap_or_default().to_owned();
        self.id(reference).await?.map(|id| (object, id)).ok_or_else(|| unknown(reference))
    }

    fn target(&self, reference: &str) -> Result<(String, Uuid), Error> {
        let object =
            reference.strip_prefix('@').and_then(|rest| rest.split_once(':')).map(|(object, _)| object.to_owned());
        object.zip(self.place(reference)).ok_or_else(|| unknown(reference))
    }
}
