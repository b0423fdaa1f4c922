//! The write path. Creating, changing and importing all come through [`save_many`]; a single write is a batch of one.

use crate::{
    Engine, Error, Live, Result, duplicates, files, numbering,
    rules::{Context, Draft},
};
use guanxi_access::{RowFilter, Verb, Via, Viewer};
use guanxi_model::{
    Catalogue, FieldDef, FieldError, FieldType, Label, ObjectDef, Trait, Value, coerce, json, normalise,
    object::Normalize,
    pinyin,
    tokens::{self, TokenClass},
};
use guanxi_store::{
    Tx,
    changes::{self, Change, ChangeKind},
    claims,
    query::Life,
    records::{self, Keys, Record},
    schema,
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
            known: HashSet::new(),
            live: Vec::new(),
        }
    }
}

impl Engine {
    /// Creates a record from what a client sent.
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
        let values = self.coerce_input(viewer, &definition, input)?;
        let saved = self.save_one(viewer, &definition, Write { values, allow_duplicate, ..Write::default() }).await?;
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
        let write = Write { id: Some(id), values, version, allow_duplicate, imported: false };
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
        self.announce(live);
        Ok(results)
    }

    /// Forgets remembered titles of what changed. Open pages hear of it from the change log.
    pub(crate) fn announce(&self, live: Vec<Live>) {
        let mut seen = HashSet::new();
        for event in live {
            if let Live::Record { object, .. } = event
                && seen.insert(object.clone())
            {
                self.forget(&object);
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
                .filter(|field| access.can_read(viewer, object, field) || access.can_write(viewer, object, field));
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
    let mut items = draft_all(session, tx, object, writes).await?;
    let mut pending = Vec::new();
    complete(session, tx, object, &mut items).await?;
    run_rules(session, tx, object, &mut items, &mut pending).await?;
    for item in items.iter_mut().filter(|item| item.problem.is_none()) {
        settle(session, object, item);
    }
    own_departments(session, tx, object, &mut items).await?;
    validate(session, tx, object, &mut items).await?;
    duplicates::check(session, tx, object, &mut items.iter_mut().map(Checked::from_item).collect::<Vec<_>>()).await?;
    files::claim(session, tx, object, &mut items.iter_mut().map(Checked::from_item).collect::<Vec<_>>()).await?;
    write_all(session, tx, object, &mut items).await?;
    after_rules(session, tx, object, &mut items, &mut pending).await?;
    let results = items.into_iter().map(finish).collect();
    write_pending(session, tx, pending, depth).await?;
    Ok(results)
}

/// Does what rules asked for, in the same transaction.
pub(crate) async fn write_pending(
    session: &mut Session<'_>,
    tx: &mut Tx,
    pending: Vec<Pending>,
    depth: usize,
) -> Result<()> {
    if pending.is_empty() {
        return Ok(());
    }
    if depth >= MAX_CHAIN {
        return Err(Error::conflict("rule_chain", "规则相互触发过深", "rules cause each other too deeply"));
    }
    let rule = Viewer::system("rule").on_behalf_of(session.viewer.id).through(Via::Rule);
    let mut by_object: Vec<(&'static str, Vec<Write>)> = Vec::new();
    for Pending { object, id, values } in pending {
        let write = Write { id, values, allow_duplicate: true, imported: false, version: None };
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
        let mut inner = Session { viewer: &rule, ..Session::new(session.engine, session.viewer) };
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
    Ok(())
}

/// Reads and locks what is to be changed, and lays the new values over it.
async fn draft_all(
    session: &mut Session<'_>,
    tx: &mut Tx,
    object: &Arc<ObjectDef>,
    writes: Vec<Write>,
) -> Result<Vec<Item>> {
    let catalogue = session.catalogue.clone();
    let access = session.engine.access(&catalogue);
    let ids: Vec<Uuid> = writes.iter().filter_map(|write| write.id).collect();
    let mut existing: HashMap<Uuid, Record> = HashMap::new();
    for chunk in ids.chunks(500) {
        let rows = access.rows(session.viewer, object, Verb::Update);
        let found = records::lock(tx, object, chunk, &rows, Life::Living).await?;
        existing.extend(found.into_iter().map(|record| (record.id, record)));
    }
    let can_create = access.can_create(session.viewer, object);
    let mut items = Vec::with_capacity(writes.len());
    for write in writes {
        let given: HashSet<String> = write.values.keys().cloned().collect();
        let (id, before, problem) = match write.id {
            None => {
                let problem = (!can_create).then(|| {
                    Error::forbidden(
                        format!("没有新建{}的权限", object.label.zh),
                        format!("you may not create {}", object.plural.as_ref().unwrap_or(&object.label).en),
                    )
                });
                (Uuid::now_v7(), None, problem)
            }
            Some(id) => match existing.get(&id).cloned() {
                Some(record) if write.version.is_some_and(|version| version != record.version) => {
                    (id, Some(record), Some(Error::Stale(Box::default())))
                }
                Some(record) => (id, Some(record), None),
                None => (id, None, Some(Error::NotFound)),
            },
        };
        let mut after = before.as_ref().map(|record| record.values.clone()).unwrap_or_default();
        after.extend(write.values);
        let version = before.as_ref().map_or(1, |record| record.version + 1);
        items.push(Item {
            draft: Draft { object: object.clone(), id, before, after, given, imported: write.imported },
            version,
            allow_duplicate: write.allow_duplicate,
            problem,
            refused: Vec::new(),
            changed: Vec::new(),
        });
    }
    Ok(items)
}

/// Defaults, owner and numbers of new records.
async fn complete(session: &mut Session<'_>, tx: &mut Tx, object: &Arc<ObjectDef>, items: &mut [Item]) -> Result<()> {
    let engine = session.engine;
    let context = engine.coercion();
    let today = session.now.to_zoned(engine.settings().zone.clone()).date();
    for item in items.iter_mut().filter(|item| item.problem.is_none() && item.draft.is_new()) {
        for field in object.fields.values() {
            let Some(default) = &field.default else { continue };
            if item.draft.given.contains(&field.name) {
                continue;
            }
            let value = match default.as_str() {
                Some("today") => Value::Date(today),
                Some("now") => Value::Instant(session.now),
                Some("me") => session.viewer.id.into(),
                _ => coerce::from_json(field, default, &context).unwrap_or_default(),
            };
            item.draft.set(&field.name, value);
        }
        if object.field("currency").is_some() && item.draft.get("currency").is_null() {
            item.draft.set("currency", engine.settings().currency.as_str());
        }
        if object.is_owned() && item.draft.get("owner").is_null() && !item.draft.was_given("owner") {
            item.draft.set("owner", session.viewer.id);
        }
    }
    for field in object.fields.values().filter(|field| field.kind == FieldType::AutoNumber) {
        let wanting: Vec<usize> = items
            .iter()
            .enumerate()
            .filter(|(_, item)| item.problem.is_none() && item.draft.is_new() && item.draft.get(&field.name).is_null())
            .map(|(index, _)| index)
            .collect();
        if !wanting.is_empty() {
            let numbers = numbering::next(engine, tx, object, field, today, wanting.len()).await?;
            for (index, number) in wanting.into_iter().zip(numbers) {
                items[index].draft.set(&field.name, number);
            }
        }
    }
    Ok(())
}

async fn run_rules(
    session: &mut Session<'_>,
    tx: &mut Tx,
    object: &ObjectDef,
    items: &mut [Item],
    pending: &mut Vec<Pending>,
) -> Result<()> {
    let engine = session.engine;
    for rule in engine.inner.rules.on(&object.name) {
        for item in items.iter_mut().filter(|item| item.problem.is_none()) {
            let mut context = Context {
                engine,
                tx,
                viewer: session.viewer,
                now: session.now,
                cache: &mut session.cache,
                problems: Vec::new(),
                pending: Vec::new(),
            };
            rule.before_save(&mut item.draft, &mut context).await?;
            pending.append(&mut context.pending);
            item.refused.append(&mut context.problems);
        }
    }
    Ok(())
}

async fn after_rules(
    session: &mut Session<'_>,
    tx: &mut Tx,
    object: &ObjectDef,
    items: &mut [Item],
    pending: &mut Vec<Pending>,
) -> Result<()> {
    let engine = session.engine;
    for rule in engine.inner.rules.on(&object.name) {
        for item in items.iter().filter(|item| item.problem.is_none() && !item.changed.is_empty()) {
            let mut context = Context {
                engine,
                tx,
                viewer: session.viewer,
                now: session.now,
                cache: &mut session.cache,
                problems: Vec::new(),
                pending: Vec::new(),
            };
            rule.after_save(&item.draft, &mut context).await?;
            pending.append(&mut context.pending);
            if !context.problems.is_empty() {
                return Err(Error::Invalid(context.problems));
            }
        }
    }
    Ok(())
}

/// Formulas, stamps, and which fields really change.
fn settle(session: &Session<'_>, object: &ObjectDef, item: &mut Item) {
    for formula in &object.formulas {
        let value = formula.evaluate(|name| item.draft.get(name).clone());
        item.draft.set(&formula.field, value);
    }
    item.changed = item.draft.changes();
    if item.changed.is_empty() && !item.draft.is_new() {
        return;
    }
    let who = session.viewer.id;
    if item.draft.is_new() {
        for (field, value) in [("created_at", Value::Instant(session.now)), ("created_by", who.into())] {
            if !item.draft.was_given(field) {
                item.draft.set(field, value);
            }
        }
    }
    for (field, value) in [("updated_at", Value::Instant(session.now)), ("updated_by", who.into())] {
        if !(item.draft.is_new() && item.draft.was_given(field)) {
            item.draft.set(field, value);
        }
    }
    item.changed = item.draft.changes();
}

/// A record's department is its owner's.
async fn own_departments(session: &mut Session<'_>, tx: &mut Tx, object: &ObjectDef, items: &mut [Item]) -> Result<()> {
    if !object.is_owned() {
        return Ok(());
    }
    for item in items.iter_mut().filter(|item| item.problem.is_none() && item.draft.changed("owner")) {
        let department = match item.draft.get("owner").as_id() {
            None => Value::Null,
            Some(owner) => {
                let mut context = Context {
                    engine: session.engine,
                    tx,
                    viewer: session.viewer,
                    now: session.now,
                    cache: &mut session.cache,
                    problems: Vec::new(),
                    pending: Vec::new(),
                };
                context.read("user", owner).await?.map_or(Value::Null, |user| user.get("department").clone())
            }
        };
        item.draft.set("department", department);
        item.changed = item.draft.changes();
    }
    Ok(())
}

/// Required fields, lookups that exist within the viewer's sight, candidates.
async fn validate(session: &mut Session<'_>, tx: &mut Tx, object: &Arc<ObjectDef>, items: &mut [Item]) -> Result<()> {
    find_targets(session, tx, object, items).await?;
    for item in items.iter_mut().filter(|item| item.problem.is_none()) {
        let mut problems = Vec::new();
        for field in object.fields.values() {
            let value = item.draft.get(&field.name);
            let touched = item.draft.is_new() || item.draft.changed(&field.name);
            if !touched {
                continue;
            }
            if value.is_null() {
                if field.required {
                    problems.push(FieldError::new(
                        &field.name,
                        "required",
                        format!("请填写{}", field.label.zh),
                        format!("{} is required", field.label.en),
                    ));
                }
                continue;
            }
            let Some(target) = field.target() else { continue };
            let members = if value.members().is_empty() { std::slice::from_ref(value) } else { value.members() };
            for id in members.iter().filter_map(Value::as_id) {
                let itself = target == object.name && id == item.draft.id;
                if itself && (field.name == "parent" || object.has(Trait::Tree)) {
                    problems.push(FieldError::new(
                        &field.name,
                        "own_parent",
                        "不能选择自己",
                        "a record cannot be its own parent",
                    ));
                } else if !itself && !session.known.contains(&(target.to_owned(), id)) {
                    problems.push(FieldError::new(
                        &field.name,
                        "unknown_record",
                        format!("{}不存在", field.label.zh),
                        format!("{}: there is no such record", field.label.en),
                    ));
                }
            }
        }
        item.refused.append(&mut problems);
    }
    check_candidates(session, tx, object, items).await?;
    if object.field("parent").and_then(FieldDef::target) == Some(object.name.as_str()) {
        check_circles(session, tx, object, items).await?;
    }
    for item in items.iter_mut().filter(|item| item.problem.is_none() && !item.refused.is_empty()) {
        item.problem = Some(Error::Invalid(std::mem::take(&mut item.refused)));
    }
    Ok(())
}

/// Asks once per target object which of the named records exist and may be seen.
async fn find_targets(session: &mut Session<'_>, tx: &mut Tx, object: &ObjectDef, items: &[Item]) -> Result<()> {
    let catalogue = session.catalogue.clone();
    let mut wanted: HashMap<String, HashSet<Uuid>> = HashMap::new();
    for item in items.iter().filter(|item| item.problem.is_none()) {
        for field in object.fields.values() {
            // The platform's own stamps are not the writer's claim.
            if field.system && field.name != "owner" {
                continue;
            }
            let Some(target) = field.target() else { continue };
            let value = item.draft.get(&field.name);
            if value.is_null() || !(item.draft.is_new() || item.draft.changed(&field.name)) {
                continue;
            }
            let members = if value.members().is_empty() { std::slice::from_ref(value) } else { value.members() };
            let fresh =
                members.iter().filter_map(Value::as_id).filter(|id| !session.known.contains(&(target.to_owned(), *id)));
            wanted.entry(target.to_owned()).or_default().extend(fresh);
        }
    }
    for stamp in ["created_by", "updated_by", "department"] {
        for item in items {
            if let (Some(id), Some(target)) =
                (item.draft.get(stamp).as_id(), object.field(stamp).and_then(FieldDef::target))
            {
                session.known.insert((target.to_owned(), id));
            }
        }
    }
    for (name, ids) in wanted {
        let target = catalogue.object(&name).ok_or(Error::NotFound)?;
        let rows = session.engine.readable(&catalogue, session.viewer, target);
        let ids: Vec<Uuid> = ids.into_iter().collect();
        for chunk in ids.chunks(500) {
            let mut sql = tx.sql();
            sql.push("SELECT t.id FROM ").ident(&name).push(" t WHERE t.deleted_at IS NULL AND t.id IN (");
            sql.bind_all(chunk.iter().copied()).push(")");
            if rows != RowFilter::All {
                sql.push(" AND ");
                guanxi_store::query::scope(&mut sql, &rows, "t", 0);
            }
            sql.returning([guanxi_model::Kind::Id]);
            let found = tx.query(&sql).await?;
            session.known.extend(found.into_iter().filter_map(|row| row[0].as_id()).map(|id| (name.clone(), id)));
        }
    }
    Ok(())
}

/// A lookup with `where` names a record that fits, e.g. a stage of this pipeline.
async fn check_candidates(
    session: &mut Session<'_>,
    tx: &mut Tx,
    object: &ObjectDef,
    items: &mut [Item],
) -> Result<()> {
    for field in object.fields.values().filter(|field| !field.candidates.is_empty() && field.kind.is_single_reference())
    {
        for item in items.iter_mut().filter(|item| item.problem.is_none()) {
            let related = field.candidates.values().any(|ours| item.draft.changed(ours));
            let (Some(id), Some(target)) = (item.draft.get(&field.name).as_id(), field.target()) else { continue };
            if !(item.draft.changed(&field.name) || related) {
                continue;
            }
            let mut context = Context {
                engine: session.engine,
                tx,
                viewer: session.viewer,
                now: session.now,
                cache: &mut session.cache,
                problems: Vec::new(),
                pending: Vec::new(),
            };
            let Some(record) = context.read(target, id).await? else { continue };
            let fits = field.candidates.iter().all(|(theirs, ours)| {
                let ours = item.draft.get(ours);
                ours.is_null() || record.get(theirs) == ours
            });
            if !fits {
                item.refused.push(FieldError::new(
                    &field.name,
                    "not_a_candidate",
                    format!("{}不在可选范围内", field.label.zh),
                    format!("{} is not among those that can be chosen here", field.label.en),
                ));
            }
        }
    }
    Ok(())
}

/// A parent must not lie below its own child.
async fn check_circles(session: &mut Session<'_>, tx: &mut Tx, object: &ObjectDef, items: &mut [Item]) -> Result<()> {
    for item in
        items.iter_mut().filter(|item| item.problem.is_none() && !item.draft.is_new() && item.draft.changed("parent"))
    {
        // That it is not its own parent has been looked at already.
        let mut above = item.draft.get("parent").as_id().filter(|parent| *parent != item.draft.id);
        for _ in 0..100 {
            let Some(id) = above else { break };
            if id == item.draft.id {
                item.refused.push(FieldError::new(
                    "parent",
                    "circle",
                    "上级不能是自己的下级",
                    "the parent lies below this record",
                ));
                break;
            }
            // Read past the cache: an earlier record of the batch may just have moved.
            let found = records::read(tx, object, &[id], &RowFilter::All, Life::Any).await?.pop();
            above = found.and_then(|record| record.get("parent").as_id());
        }
    }
    let _ = session;
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

/// The record as it is to be stored. Its values are lent: they go back into the draft.
fn take_record(item: &mut Item) -> Record {
    let values = std::mem::take(&mut item.draft.after);
    Record { id: item.draft.id, version: item.version, deleted_at: None, values }
}

/// Writes rows, keys, tokens and the change log.
async fn write_all(session: &mut Session<'_>, tx: &mut Tx, object: &Arc<ObjectDef>, items: &mut [Item]) -> Result<()> {
    let fresh: Vec<usize> = items
        .iter()
        .enumerate()
        .filter(|(_, item)| item.problem.is_none() && item.draft.is_new())
        .map(|(index, _)| index)
        .collect();
    let alone = items.len() == 1;
    if !fresh.is_empty() {
        let rows: Vec<(Record, Keys)> = fresh
            .iter()
            .map(|index| {
                let keys = keys_of(object, &items[*index].draft);
                (take_record(&mut items[*index]), keys)
            })
            .collect();
        let results = records::insert(tx, object, &rows, alone).await?;
        for ((index, result), (record, _)) in fresh.into_iter().zip(results).zip(rows) {
            items[index].draft.after = record.values;
            if let Err(error) = result {
                items[index].problem = Some(not_unique(object, error)?);
            }
        }
    }
    for item in items.iter_mut() {
        if item.problem.is_some() || item.draft.is_new() || item.changed.is_empty() {
            continue;
        }
        let keys = keys_of(object, &item.draft);
        let record = take_record(item);
        let result = records::update(tx, object, &record, &item.changed, &keys, alone).await;
        item.draft.after = record.values;
        match result {
            Ok(true) => {}
            Ok(false) => item.problem = Some(Error::Stale(Box::default())),
            Err(error) => item.problem = Some(not_unique(object, error)?),
        }
    }
    log(session, tx, object, items).await
}

/// A violated unique index in the words of the fields it covers; any other error stays what it is.
pub(crate) fn not_unique(object: &ObjectDef, error: guanxi_store::Error) -> Result<Error> {
    let guanxi_store::Error::NotUnique(message) = &error else { return Err(error.into()) };
    let fields = schema::violated_fields(object, message);
    let name = fields.last().cloned().unwrap_or_default();
    let label = object.field(&name).map_or_else(|| Label::new("值", "value"), |field| field.label.clone());
    Ok(Error::invalid(&name, "not_unique", format!("{}已存在", label.zh), format!("{} is taken already", label.en)))
}

async fn log(session: &mut Session<'_>, tx: &mut Tx, object: &Arc<ObjectDef>, items: &[Item]) -> Result<()> {
    let mut entries = Vec::new();
    for item in items.iter().filter(|item| item.problem.is_none() && (item.draft.is_new() || !item.changed.is_empty()))
    {
        let mut diff = Map::new();
        for name in &item.changed {
            let Some(field) = object.field(name) else { continue };
            if field.system && !matches!(name.as_str(), "owner" | "department") {
                continue;
            }
            diff.insert(
                name.clone(),
                Json::Array(vec![
                    json::to_json(field, item.draft.before(name)),
                    json::to_json(field, item.draft.get(name)),
                ]),
            );
        }
        let kind = if item.draft.is_new() { ChangeKind::Create } else { ChangeKind::Update };
        entries.push(session.change(object, item.draft.id, kind, item.version, &diff));
    }
    changes::append(tx, entries).await?;
    Ok(())
}

impl Session<'_> {
    /// A row for the change log, and word to open pages.
    pub fn change(
        &mut self,
        object: &ObjectDef,
        id: Uuid,
        kind: ChangeKind,
        version: i64,
        diff: &Map<String, Json>,
    ) -> Change {
        self.live.push(Live::Record {
            object: object.name.clone(),
            id,
            kind: kind.as_str(),
            version,
            actor: self.viewer.id,
        });
        self.cache.remove(&(object.name.clone(), id));
        Change {
            seq: 0,
            xid: 0,
            at: self.now,
            actor: self.viewer.id,
            via: self.viewer.via.as_str().to_owned(),
            reason: self.viewer.is_system().then(|| self.viewer.name.clone()),
            object: object.name.clone(),
            record: id,
            kind,
            version,
            diff: Json::Object(diff.clone()).to_string(),
        }
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

/// The value that a duplicate rule compares; nothing when too little is left to compare.
pub(crate) fn match_key(normalize: Normalize, text: &str) -> Option<String> {
    let (key, least) = match normalize {
        Normalize::Exact => (normalise::exact_key(text), 1),
        Normalize::Phone => (normalise::phone_key(text), 5),
        Normalize::Company => (normalise::company_key(text), 2),
    };
    (key.chars().count() >= least).then_some(key)
}

fn keys_of(object: &ObjectDef, draft: &Draft) -> Keys {
    let touched = |name: &str| draft.is_new() || draft.changed(name);
    let sort = object
        .field(&object.title)
        .filter(|field| object.has_sort_key(field) && touched(&field.name))
        .map(|field| pinyin::sort_key(draft.get(&field.name).as_text().unwrap_or_default()));
    let matching = schema::match_columns(object)
        .into_iter()
        .filter(|(field, _, _)| touched(field))
        .map(|(field, normalize, column)| {
            (column, draft.get(field).as_text().and_then(|text| match_key(normalize, text)))
        })
        .collect();
    let tokens =
        object.search_fields().any(|field| touched(&field.name)).then(|| search_tokens(object, |name| draft.get(name)));
    Keys { sort, matching, tokens }
}

/// The class of search tokens for a field.
pub(crate) fn token_class(object: &ObjectDef, field: &FieldDef) -> TokenClass {
    match field.kind {
        FieldType::Phone => TokenClass::Phone,
        FieldType::AutoNumber => TokenClass::Number,
        FieldType::Text if field.name == object.title => TokenClass::Name,
        _ => TokenClass::Text,
    }
}

/// The search tokens of a record: those of every searchable field, each marked with its field.
pub(crate) fn search_tokens<'v>(object: &ObjectDef, read: impl Fn(&str) -> &'v Value) -> String {
    let mut out = String::new();
    let mut scratch = String::new();
    for field in object.search_fields() {
        let value = read(&field.name);
        let texts: Vec<&str> = match value {
            Value::Text(text) => vec![text],
            Value::List(members) => members.iter().filter_map(Value::as_text).collect(),
            _ => continue,
        };
        let code = guanxi_model::catalogue::search_code(&field.name);
        for text in texts {
            // The beginning of a long text is enough to find it by.
            let end = text.char_indices().nth(2000).map_or(text.len(), |(index, _)| index);
            scratch.clear();
            tokens::write_tokens(&text[..end], token_class(object, field), &mut scratch);
            for token in scratch.split_ascii_whitespace() {
                if !out.is_empty() {
                    out.push(' ');
                }
                out.push_str(&code);
                out.push_str(token);
            }
        }
    }
    out
}
