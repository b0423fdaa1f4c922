//! The write path. Creating, changing and importing all come through [`save_many`]; a single write is a batch of one.

mod check;
mod closed;
mod draft;
mod keys;
mod lines;
mod together;
mod write;

pub(crate) use closed::check_removal;
pub(crate) use keys::{match_key, token_class};
pub use together::Step;
pub(crate) use write::not_unique;

use crate::{
    Engine, Error, Live, Result, duplicates, files,
    rules::{Context, Draft},
};
use guanxi_access::{RowFilter, Verb, Via, Viewer};
use guanxi_model::{Catalogue, FieldError, FieldType, Label, ObjectDef, Value, coerce};
use guanxi_store::{
    Tx, claims,
    query::Life,
    records::{self, Record},
};
use jiff::Timestamp;
use serde_json::{Map, Value as Json};
use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};
use uuid::Uuid;

/// One record to be written.
#[derive(Debug, Clone, Default)]
pub struct Write {
    /// The record to change; nothing for a new one.
    pub id: Option<Uuid>,
    /// The id of a new one, where it is known beforehand.
    pub new_id: Option<Uuid>,
    /// Values by field, coerced.
    pub values: HashMap<String, Value>,
    /// The version the writer saw; unset: whatever it is now.
    pub version: Option<i64>,
    /// The writer insists although there may be such a record already.
    pub allow_duplicate: bool,
    /// It comes from an import: rules keep what the file says.
    pub imported: bool,
}

/// What became of a write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// A new record.
    Created,
    /// Fields changed.
    Updated,
    /// It said what was there already; nothing was written.
    Unchanged,
}

/// A written record.
#[derive(Debug, Clone)]
pub struct Saved {
    /// What became of it.
    pub outcome: Outcome,
    /// The record as it is now.
    pub record: Record,
    /// Values of the changed fields as they were; empty for a new record.
    pub before: HashMap<String, Value>,
}

/// A write that a rule asked for.
#[derive(Debug, Clone)]
pub(crate) struct Pending {
    pub object: &'static str,
    pub id: Option<Uuid>,
    /// The id that a new record is to have, where others name it.
    pub new_id: Option<Uuid>,
    pub values: HashMap<String, Value>,
}

/// How deep rules may cause writes that cause writes.
const MAX_CHAIN: usize = 4;

/// What is remembered for the length of a transaction.
pub(crate) struct Session<'a> {
    pub engine: &'a Engine,
    pub catalogue: Arc<Catalogue>,
    pub viewer: &'a Viewer,
    pub now: Timestamp,
    pub cache: HashMap<(String, Uuid), Option<Record>>,
    /// Records that say how others are treated, by object.
    pub settings: HashMap<String, Arc<Vec<Record>>>,
    /// Lookup targets found to exist within the viewer's scope.
    pub known: HashSet<(String, Uuid)>,
    /// What open pages are told after the commit.
    pub live: Vec<Live>,
}

impl<'a> Session<'a> {
    pub fn new(engine: &'a Engine, viewer: &'a Viewer) -> Self {
        Self {
            engine,
            catalogue: engine.catalogue(),
            viewer,
            now: engine.now(),
            cache: HashMap::new(),
            settings: HashMap::new(),
            known: HashSet::new(),
            live: Vec::new(),
        }
    }
}

impl Session<'_> {
    /// What rules get to work with.
    pub(crate) fn context<'c>(&'c mut self, tx: &'c mut Tx) -> Context<'c> {
        Context {
            engine: self.engine,
            tx,
            viewer: self.viewer,
            now: self.now,
            cache: &mut self.cache,
            settings: &mut self.settings,
            problems: Vec::new(),
            pending: Vec::new(),
            made: Vec::new(),
        }
    }
}

impl Engine {
    /// Creates a record, and its lines, from what a client sent.
    ///
    /// # Errors
    /// See [`Error`]; input problems come all at once.
    pub async fn create(
        &self,
        viewer: &Viewer,
        object: &str,
        input: &Map<String, Json>,
        allow_duplicate: bool,
    ) -> Result<Map<String, Json>> {
        let definition = self.object(object)?;
        let mut input = input.clone();
        let lines = self.take_lines(viewer, &definition, &mut input)?;
        let values = self.coerce_input(viewer, &definition, &input)?;
        let write = Write { values, allow_duplicate, ..Write::default() };
        let saved = self.save_with_lines(viewer, &definition, write, lines).await?;
        self.present_record(viewer, &definition, saved.record).await
    }

    /// Changes the named fields of a record. With a version, only if the record still has it.
    ///
    /// # Errors
    /// See [`Error`]; [`Error::Stale`] carries the record as it is now.
    pub async fn update(
        &self,
        viewer: &Viewer,
        object: &str,
        id: Uuid,
        input: &Map<String, Json>,
        version: Option<i64>,
        allow_duplicate: bool,
    ) -> Result<Map<String, Json>> {
        let definition = self.object(object)?;
        // Input is looked at only after the record is known to be the viewer's to change: a stranger gets 404 for anything.
        self.require(viewer, &definition, id, Verb::Update).await?;
        let values = self.coerce_input(viewer, &definition, input)?;
        let write = Write { id: Some(id), values, version, allow_duplicate, ..Write::default() };
        match self.save_one(viewer, &definition, write).await {
            Ok(saved) => self.present_record(viewer, &definition, saved.record).await,
            Err(Error::Stale(_)) => Err(Error::Stale(Box::new(self.get(viewer, object, id, None).await?))),
            Err(error) => Err(error),
        }
    }

    /// Writes one coerced record.
    pub(crate) async fn save_one(&self, viewer: &Viewer, object: &Arc<ObjectDef>, write: Write) -> Result<Saved> {
        let mut results = self.save_batch(viewer, object, vec![write]).await?;
        results.pop().unwrap_or(Err(Error::NotFound))
    }

    /// Writes a batch in one transaction. A record that is refused does not hold up the others, except that a batch of
    /// one is rolled back with it.
    pub(crate) async fn save_batch(
        &self,
        viewer: &Viewer,
        object: &Arc<ObjectDef>,
        writes: Vec<Write>,
    ) -> Result<Vec<Result<Saved>>> {
        let (engine, viewer, object) = (self.clone(), viewer.clone(), object.clone());
        let single = writes.len() == 1;
        let (results, live) = self
            .inner
            .database
            .write(move |tx| {
                Box::pin(async move {
                    let mut session = Session::new(&engine, &viewer);
                    let results = save_many(&mut session, tx, &object, writes).await?;
                    if single {
                        match (results.first(), viewer.claim) {
                            (Some(Err(error)), _) => return Err(error.clone()),
                            (Some(Ok(saved)), Some(claim)) => {
                                claims::note(tx, claim, &object.name, saved.record.id).await?;
                            }
                            _ => {}
                        }
                    }
                    Ok((results, session.live))
                })
            })
            .await?;
        self.announce(live).await;
        Ok(results)
    }

    /// Forgets what was remembered of what changed, and brings changed roles into force. Open pages hear of it from the
    /// change log.
    pub(crate) async fn announce(&self, live: Vec<Live>) {
        let mut seen = HashSet::new();
        for event in live {
            if let Live::Record { object, .. } = event
                && seen.insert(object.clone())
            {
                self.forget(&object).await;
            }
        }
    }

    /// Coerces what a client sent, refusing unknown fields and fields that are not his to write.
    pub(crate) fn coerce_input(
        &self,
        viewer: &Viewer,
        object: &ObjectDef,
        input: &Map<String, Json>,
    ) -> Result<HashMap<String, Value>> {
        let catalogue = self.catalogue();
        let access = self.access(&catalogue);
        let context = self.coercion();
        let mut values = HashMap::new();
        let mut problems = Vec::new();
        for (name, value) in input {
            // What a read gives may be sent back: these say nothing.
            if matches!(name.as_str(), "id" | "version" | "_can") {
                continue;
            }
            let field = object
                .field(name)
                .filter(|field| access.can_show(viewer, object, field) || access.can_write(viewer, object, field));
            let Some(field) = field else {
                problems.push(FieldError::new(name, "unknown_field", "没有这个字段", "there is no such field"));
                continue;
            };
            // Numbers are given, except where an import or the system brings them along.
            let numbered = field.kind == FieldType::AutoNumber && !viewer.is_system();
            if numbered || !access.can_write(viewer, object, field) {
                problems.push(FieldError::new(name, "read_only", "这个字段不能修改", "this field cannot be written"));
                continue;
            }
            match coerce::from_json(field, value, &context) {
                Ok(value) => {
                    values.insert(name.clone(), value);
                }
                Err(problem) => problems.push(problem),
            }
        }
        if problems.is_empty() { Ok(values) } else { Err(Error::Invalid(problems)) }
    }

    /// Is the record there and within the viewer's scope for the verb? Else 404, or 403 where he may at least read it.
    pub(crate) async fn require(&self, viewer: &Viewer, object: &ObjectDef, id: Uuid, verb: Verb) -> Result<()> {
        let catalogue = self.catalogue();
        let access = self.access(&catalogue);
        let rows = access.rows(viewer, object, verb);
        let readable = access.rows(viewer, object, Verb::Read);
        let dialect = self.inner.database.dialect();
        let found = |rows: RowFilter| {
            let sql = records::select(dialect, object, &[id], &rows, Life::Living);
            async move { Ok::<_, Error>(!self.inner.database.read_few(sql).await?.is_empty()) }
        };
        if !rows.is_nothing() && found(rows).await? {
            return Ok(());
        }
        if found(readable).await? { Err(not_allowed(verb)) } else { Err(Error::NotFound) }
    }
}

fn not_allowed(verb: Verb) -> Error {
    Error::Forbidden(match verb {
        Verb::Delete => Label::new("没有删除这条记录的权限", "you may not delete this record"),
        _ => Label::new("没有修改这条记录的权限", "you may not change this record"),
    })
}

/// Writes a batch within a transaction; answers for each record in order.
pub(crate) async fn save_many(
    session: &mut Session<'_>,
    tx: &mut Tx,
    object: &Arc<ObjectDef>,
    writes: Vec<Write>,
) -> Result<Vec<Result<Saved>>> {
    save_at(session, tx, object, writes, 0).await
}

struct Item {
    draft: Draft,
    version: i64,
    allow_duplicate: bool,
    problem: Option<Error>,
    /// What rules and validation refuse, gathered so that the writer sees all of it at once.
    refused: Vec<FieldError>,
    changed: Vec<String>,
}

async fn save_at(
    session: &mut Session<'_>,
    tx: &mut Tx,
    object: &Arc<ObjectDef>,
    writes: Vec<Write>,
    depth: usize,
) -> Result<Vec<Result<Saved>>> {
    let parents = closed::hold_parents(session, tx, object, &writes).await?;
    let mut items = draft::draft_all(session, tx, object, writes).await?;
    closed::check(session, object, &mut items, &parents);
    let mut pending = Vec::new();
    draft::complete(session, tx, object, &mut items).await?;
    draft::run_rules(session, tx, object, &mut items, &mut pending).await?;
    for item in items.iter_mut().filter(|item| item.problem.is_none()) {
        draft::settle(session, object, item);
    }
    draft::own_departments(session, tx, object, &mut items).await?;
    check::validate(session, tx, object, &mut items).await?;
    duplicates::check(session, tx, object, &mut items.iter_mut().map(Checked::from_item).collect::<Vec<_>>()).await?;
    files::claim(session, tx, object, &mut items.iter_mut().map(Checked::from_item).collect::<Vec<_>>()).await?;
    write::write_all(session, tx, object, &mut items).await?;
    draft::after_rules(session, tx, object, &mut items, &mut pending).await?;
    let results = items.into_iter().map(finish).collect();
    let rule = rule_of(session.viewer);
    write_pending(session, tx, pending, depth, &rule).await?;
    Ok(results)
}

/// In whose name it is written what a rule asks for on somebody's write.
pub(crate) fn rule_of(viewer: &Viewer) -> Viewer {
    Viewer::system("rule").on_behalf_of(viewer.id).from_address(viewer.address.clone()).through(Via::Rule)
}

/// Does what rules or an action asked for, in the same transaction and in the actor's name.
pub(crate) async fn write_pending(
    session: &mut Session<'_>,
    tx: &mut Tx,
    pending: Vec<Pending>,
    depth: usize,
    actor: &Viewer,
) -> Result<()> {
    if pending.is_empty() {
        return Ok(());
    }
    if depth >= MAX_CHAIN {
        return Err(Error::conflict("rule_chain", "规则相互触发过深", "rules cause each other too deeply"));
    }
    let mut by_object: Vec<(&'static str, Vec<Write>)> = Vec::new();
    for Pending { object, id, new_id, values } in pending {
        let write = Write { id, new_id, values, allow_duplicate: true, ..Write::default() };
        match by_object.iter_mut().find(|(name, _)| *name == object) {
            // One record twice in a batch would be written from a stale copy; the later values join the earlier ones.
            Some((_, writes)) => match writes.iter_mut().find(|known| id.is_some() && known.id == id) {
                Some(known) => known.values.extend(write.values),
                None => writes.push(write),
            },
            None => by_object.push((object, vec![write])),
        }
    }
    for (name, writes) in by_object {
        let object = session.catalogue.object(name).ok_or(Error::NotFound)?.clone();
        let mut inner = Session { viewer: actor, ..Session::new(session.engine, session.viewer) };
        let results = Box::pin(save_at(&mut inner, tx, &object, writes, depth + 1)).await?;
        session.live.append(&mut inner.live);
        for result in results {
            match result {
                // The record that a rule wanted to change is gone: there is nothing to change.
                Ok(_) | Err(Error::NotFound) => {}
                Err(error) => return Err(error),
            }
        }
    }
    session.cache.clear();
    session.settings.clear();
    Ok(())
}
/// What checks in other files need to see of an item.
pub(crate) struct Checked<'a> {
    pub draft: &'a Draft,
    pub allow: bool,
    pub problem: &'a mut Option<Error>,
}

impl<'a> Checked<'a> {
    fn from_item(item: &'a mut Item) -> Self {
        Self { draft: &item.draft, allow: item.allow_duplicate, problem: &mut item.problem }
    }
}
fn finish(item: Item) -> Result<Saved> {
    if let Some(problem) = item.problem {
        return Err(problem);
    }
    let outcome = match (item.draft.is_new(), item.changed.is_empty()) {
        (true, _) => Outcome::Created,
        (false, false) => Outcome::Updated,
        (false, true) => Outcome::Unchanged,
    };
    let before = match outcome {
        // A new record has no before.
        Outcome::Created => HashMap::new(),
        _ => item.changed.iter().map(|name| (name.clone(), item.draft.before(name).clone())).collect(),
    };
    let version = if outcome == Outcome::Unchanged { item.version - 1 } else { item.version };
    Ok(Saved {
        outcome,
        record: Record { id: item.draft.id, version, deleted_at: None, values: item.draft.after },
        before,
    })
}
