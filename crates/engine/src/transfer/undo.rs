//! Undoing an import: what it created goes to the recycle bin, what it changed gets its old values back, the last entry
//! first. What somebody has edited or uses since is kept and listed.

use super::state::{Detail, Running, detail_of};
use crate::{
    Engine, Error, Live, Result,
    save::{Session, Write},
};
use guanxi_access::{RowFilter, Via, Viewer};
use guanxi_model::{Catalogue, FieldDef, Kind, ObjectDef, Trait, coerce};
use guanxi_store::{
    Tx,
    changes::{self, Change, ChangeKind},
    platform::{self, ImportRow, Job},
    query::Life,
    records::{self, Record},
    sql::{Row, statement},
};
use serde_json::{Map, Value as Json, json};
use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};
use uuid::Uuid;

/// Entries of one transaction.
const PAGE: usize = 500;
/// So many kept records are listed; more nobody reads.
const LISTED: usize = 1000;

/// What undoing remembers between transactions.
#[derive(Debug, Clone, Default)]
struct Memory {
    /// Versions that undoing itself left: an earlier entry of the same record expects them.
    left: HashMap<Uuid, i64>,
    kept: HashSet<Uuid>,
}

impl Engine {
    /// Undoes an import. Answers `{"removed","reverted","kept"}`.
    ///
    /// # Errors
    /// 404 for an import that is not the viewer's, 409 for one that is running or wrote nothing.
    pub async fn undo_import(&self, viewer: &Viewer, id: Uuid) -> Result<Json> {
        let (job, mut detail) = self.own_import(viewer, id).await?;
        let state = job.state.clone();
        if !matches!(state.as_str(), "done" | "failed" | "cancelled" | "interrupted") || detail.dry_run {
            return Err(Error::conflict("cannot_undo", "这次导入不能撤销", "this import cannot be undone"));
        }
        let _running = Running::begin(id)?;
        let mut memory = Memory { kept: detail.undo.kept.iter().map(|(_, id)| *id).collect(), ..Memory::default() };
        loop {
            let from = detail.undo.from.unwrap_or(i64::MAX);
            let entries = platform::import_rows(self.database(), id, from, PAGE).await?;
            if entries.is_empty() {
                break;
            }
            let page = Page {
                engine: self.clone(),
                viewer: viewer.clone(),
                job: job.clone(),
                detail: detail.clone(),
                memory: memory.clone(),
            };
            let (done, live) =
                self.database().write(move |tx| Box::pin(async move { page.undo(tx, entries).await })).await?;
            self.announce(live).await;
            (detail, memory) = done;
        }
        let kept = self.kept_json(viewer, &detail).await?;
        let answer = json!({"removed": detail.undo.removed, "reverted": detail.undo.reverted, "kept": kept});
        let mut job = job;
        "undone".clone_into(&mut job.state);
        job.detail = serde_json::to_string(&detail).unwrap_or_default();
        job.updated_at = self.now();
        platform::put_job(self.database(), job).await?;
        tracing::info!(import = %id, removed = detail.undo.removed, reverted = detail.undo.reverted, kept = detail.undo.kept.len(), "import undone");
        Ok(answer)
    }

    async fn kept_json(&self, viewer: &Viewer, detail: &Detail) -> Result<Vec<Json>> {
        let mut by_object: HashMap<&str, Vec<Uuid>> = HashMap::new();
        for (object, id) in detail.undo.kept.iter().take(LISTED) {
            by_object.entry(object).or_default().push(*id);
        }
        let catalogue = self.catalogue();
        let mut titles: HashMap<Uuid, String> = HashMap::new();
        for (name, ids) in by_object {
            let Some(object) = catalogue.object(name) else { continue };
            titles.extend(self.read_titles(viewer, &catalogue, object, &ids).await?);
        }
        Ok(detail
            .undo
            .kept
            .iter()
            .take(LISTED)
            .map(|(object, id)| json!({"object": object, "id": id, "title": titles.get(id)}))
            .collect())
    }
}

struct Page {
    engine: Engine,
    viewer: Viewer,
    job: Job,
    detail: Detail,
    memory: Memory,
}

impl Page {
    async fn undo(mut self, tx: &mut Tx, entries: Vec<ImportRow>) -> Result<((Detail, Memory), Vec<Live>)> {
        // What an import wrote its undoing may take back, whatever else the viewer may do.
        let actor = Viewer::system("undo")
            .on_behalf_of(self.viewer.id)
            .from_address(self.viewer.address.clone())
            .through(Via::Import);
        let engine = self.engine.clone();
        let mut session = Session::new(&engine, &actor);
        let mut current = read_all(&engine, tx, &entries).await?;
        let named = named_by_others(&session, tx, &entries).await?;
        let mut log = Vec::new();
        for entry in entries {
            self.detail.undo.from = Some(entry.seq);
            let Some(object) = session.catalogue.object(&entry.object).cloned() else { continue };
            // Gone already: somebody else has removed it.
            let Some(record) = current.get(&entry.record) else { continue };
            if self.memory.kept.contains(&entry.record) {
                continue;
            }
            let expected = self.memory.left.get(&entry.record).copied().unwrap_or(entry.version);
            let untouched = record.version == expected;
            let outcome = if !untouched {
                None
            } else if entry.created {
                // Most records nobody names; for the others it counts whether those that do are gone by now.
                let removed = !named.contains(&entry.record) || !is_used(&session, tx, &object, record.id).await?;
                if removed {
                    log.push(remove(&mut session, tx, &object, record).await?);
                }
                removed.then(|| {
                    current.remove(&entry.record);
                    self.detail.undo.removed += 1;
                })
            } else {
                let version = revert(&mut session, tx, &object, &entry).await?;
                version.map(|version| {
                    let first = self.memory.left.insert(entry.record, version).is_none();
                    if first && version != expected {
                        self.detail.undo.reverted += 1;
                    }
                    if let Some(record) = current.get_mut(&entry.record) {
                        record.version = version;
                    }
                })
            };
            if outcome.is_none() {
                self.memory.kept.insert(entry.record);
                self.detail.undo.kept.push((entry.object.clone(), entry.record));
            }
        }
        changes::append(tx, log).await?;
        self.job.detail = serde_json::to_string(&self.detail).unwrap_or_default();
        self.job.updated_at = engine.now();
        platform::put_job_in(tx, &self.job).await?;
        Ok(((self.detail, self.memory), session.live))
    }
}

async fn read_all(engine: &Engine, tx: &mut Tx, entries: &[ImportRow]) -> Result<HashMap<Uuid, Record>> {
    let catalogue = engine.catalogue();
    let mut by_object: HashMap<&str, HashSet<Uuid>> = HashMap::new();
    for entry in entries {
        by_object.entry(&entry.object).or_default().insert(entry.record);
    }
    let mut found = HashMap::new();
    for (name, ids) in by_object {
        let Some(object) = catalogue.object(name) else { continue };
        let ids: Vec<Uuid> = ids.into_iter().collect();
        let records = records::lock(tx, object, &ids, &RowFilter::All, Life::Living).await?;
        found.extend(records.into_iter().map(|record| (record.id, record)));
    }
    Ok(found)
}

/// The lookups that make use of a record: not the platform's own stamps, and not its lines, which are a part of it.
fn lookups_to<'c>(
    catalogue: &'c Catalogue,
    object: &'c str,
) -> impl Iterator<Item = (&'c Arc<ObjectDef>, &'c FieldDef)> {
    catalogue.pointing_at(object).filter(|(other, field)| {
        let stamp = field.system && !matches!(field.name.as_str(), "owner" | "department");
        let line = other.has(Trait::ChildOf) && other.parent.as_ref() == Some(&field.name);
        !stamp && !line
    })
}

/// Which of the created records some living record names: one question per lookup.
async fn named_by_others(session: &Session<'_>, tx: &mut Tx, entries: &[ImportRow]) -> Result<HashSet<Uuid>> {
    let catalogue = session.catalogue.clone();
    let mut by_object: HashMap<&str, Vec<Uuid>> = HashMap::new();
    for entry in entries.iter().filter(|entry| entry.created) {
        by_object.entry(&entry.object).or_default().push(entry.record);
    }
    let mut named = HashSet::new();
    for (object, ids) in by_object {
        if object == "user" {
            // Passwords count as use too; users are few.
            named.extend(ids.iter().copied());
        }
        for (other, field) in lookups_to(&catalogue, object) {
            if field.storage() == Kind::List {
                for id in &ids {
                    if !pointing(tx, other, field, *id).await?.is_empty() {
                        named.insert(*id);
                    }
                }
                continue;
            }
            let mut sql = tx.sql();
            sql.push("SELECT DISTINCT ")
                .column("t", &field.name)
                .push(" FROM ")
                .ident(&other.name)
                .push(" t WHERE t.deleted_at IS NULL AND ");
            sql.column("t", &field.name).push(" IN (").bind_all(ids.iter().copied()).push(")").returning([Kind::Id]);
            named.extend(tx.query(&sql).await?.iter().filter_map(|row| row[0].as_id()));
        }
    }
    Ok(named)
}

async fn pointing(tx: &mut Tx, other: &ObjectDef, field: &FieldDef, id: Uuid) -> Result<Vec<Row>> {
    let mut sql = tx.sql();
    sql.push("SELECT t.id FROM ").ident(&other.name).push(" t WHERE t.deleted_at IS NULL AND ");
    if field.storage() == Kind::List {
        tx.dialect().has_member(&mut sql, "t", &field.name, &id.into());
    } else {
        sql.column("t", &field.name).push(" = ").bind(id);
    }
    sql.push(" LIMIT 1").returning([Kind::Id]);
    Ok(tx.query(&sql).await?)
}

/// Does a living record point at this one?
pub(crate) async fn is_used(session: &Session<'_>, tx: &mut Tx, object: &ObjectDef, id: Uuid) -> Result<bool> {
    let catalogue = session.catalogue.clone();
    for (other, field) in lookups_to(&catalogue, &object.name) {
        if !pointing(tx, other, field, id).await?.is_empty() {
            return Ok(true);
        }
    }
    if object.name == "user" {
        let sql =
            statement(tx.dialect(), "SELECT user_id FROM _credentials WHERE user_id = ?", vec![id.into()], &[Kind::Id]);
        return Ok(!tx.query(&sql).await?.is_empty());
    }
    Ok(false)
}

/// Puts a created record into the recycle bin; answers its entry for the change log.
async fn remove(session: &mut Session<'_>, tx: &mut Tx, object: &Arc<ObjectDef>, record: &Record) -> Result<Change> {
    // Not the door's own delete: users, who are otherwise only deactivated, go too as long as nobody has made use of them.
    let version = record.version + 1;
    records::set_deleted(tx, object, record.id, version, Some((session.now, session.viewer.id))).await?;
    if object.name == "department" {
        crate::organisation::after_removal(tx, object).await?;
    }
    Ok(session.change(object, record.id, ChangeKind::Delete, version, &Map::new()))
}

/// Gives a changed record its old values back; answers its version, or nothing when a rule refuses.
async fn revert(
    session: &mut Session<'_>,
    tx: &mut Tx,
    object: &Arc<ObjectDef>,
    entry: &ImportRow,
) -> Result<Option<i64>> {
    let before: Map<String, Json> =
        entry.before.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    let context = session.engine.coercion();
    let values = before
        .iter()
        .filter_map(|(name, json)| Some((name.clone(), coerce::from_json(object.field(name)?, json, &context).ok()?)))
        .collect();
    let write = Write { id: Some(entry.record), values, allow_duplicate: true, imported: true, ..Write::default() };
    let mut results = super::batch::save_kept(session, tx, object, vec![write]).await?;
    match results.pop() {
        Some(Ok(saved)) => Ok(Some(saved.record.version)),
        Some(Err(Error::Store(error))) => Err(Error::Store(error)),
        _ => Ok(None),
    }
}

impl Engine {
    /// An import of the viewer's, or any for an administrator.
    pub(crate) async fn own_import(&self, viewer: &Viewer, id: Uuid) -> Result<(Job, Detail)> {
        let job = self
            .read_job(id)
            .await?
            .filter(|job| job.kind == "import" && self.owns_job(viewer, job))
            .ok_or(Error::NotFound)?;
        let detail = detail_of(&job);
        Ok((job, detail))
    }
}
