//! One batch of an import in one transaction: lookups, keys, records, what undoing needs, and where the import stands.

use super::{
    find::{self, placeholder_numbers},
    journal::{ErrorLines, Journal},
    lookups::{Resolved, Resolver, Resolving},
    mapping::Mode,
    plan::Plan,
    prepare::{InFile, Prepared, reason},
    source::Row,
    state::{Detail, Refused},
};
use crate::{
    Engine, Error, Live, Result,
    save::{Outcome, Saved, Session, Write, save_many},
};
use guanxi_access::{RowFilter, Viewer};
use guanxi_model::{FieldDef, FieldType, Label, ObjectDef, Value, json};
use guanxi_store::{
    Tx,
    platform::{self, ImportRow, Job},
};
use serde_json::{Map, Value as Json, json};
use std::{collections::HashMap, sync::Arc};
use tokio::sync::Mutex;
use uuid::Uuid;

/// So many refused rows are told at once, besides the file.
const FIRST_ERRORS: usize = 10;

/// An import being carried out.
pub(crate) struct Work {
    pub engine: Engine,
    pub viewer: Viewer,
    pub plan: Arc<Plan>,
    pub in_file: InFile,
    pub job: Job,
    pub detail: Detail,
    pub resolver: Resolver,
    pub errors: Journal,
    pub later: Journal,
    /// Is the job kept in the database? A dry run of the command line leaves no trace.
    pub kept: bool,
}

/// What a transaction leaves behind.
pub(crate) struct Done {
    pub detail: Detail,
    pub live: Vec<Live>,
}

/// Why a transaction was rolled back.
pub(crate) enum Halt {
    /// It was only a try.
    Dry(Box<Done>),
    Failed(Error),
}

impl From<guanxi_store::Error> for Halt {
    fn from(error: guanxi_store::Error) -> Self {
        Self::Failed(error.into())
    }
}

impl From<Error> for Halt {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

/// Writes a batch. One that fails as a whole is tried row by row, so that only the guilty row is refused.
pub(crate) async fn write_batch(work: &Arc<Mutex<Work>>, rows: Arc<Vec<Prepared>>) -> Result<()> {
    let error = match try_batch(work, rows.clone()).await {
        Ok(()) => return Ok(()),
        Err(Error::Store(error)) => return Err(Error::Store(error)),
        Err(error) => error,
    };
    if let [row] = rows.as_slice() {
        let problem = reason(&work.lock().await.plan, &error);
        let refused = Prepared { problem: Some(problem), ..row.clone() };
        return try_batch(work, Arc::new(vec![refused])).await;
    }
    for row in rows.iter() {
        Box::pin(write_batch(work, Arc::new(vec![row.clone()]))).await?;
    }
    Ok(())
}

/// Writes a batch; a deadlock or a lock held too long by somebody else is waited out.
async fn try_batch(work: &Arc<Mutex<Work>>, rows: Arc<Vec<Prepared>>) -> Result<()> {
    for pause in [50, 200, 1000] {
        match try_once(work, rows.clone()).await {
            Err(Error::Store(guanxi_store::Error::Busy(_))) => {
                tokio::time::sleep(std::time::Duration::from_millis(pause)).await
            }
            result => return result,
        }
    }
    try_once(work, rows).await
}

async fn try_once(work: &Arc<Mutex<Work>>, rows: Arc<Vec<Prepared>>) -> Result<()> {
    let database = work.lock().await.engine.database().clone();
    let shared = work.clone();
    let result = database
        .write(move |tx| {
            Box::pin(async move {
                let mut work = shared.lock().await;
                let done = work.rows(tx, &rows).await?;
                if done.detail.dry_run { Err(Halt::Dry(Box::new(done))) } else { Ok(done) }
            })
        })
        .await;
    work.lock().await.settle(result).await
}

impl Work {
    /// Takes over what a transaction did, or cuts back what it left beside the database.
    pub async fn settle(&mut self, result: Result<Done, Halt>) -> Result<()> {
        match result {
            Ok(done) => {
                self.engine.announce(done.live).await;
                self.detail = done.detail;
            }
            Err(Halt::Dry(done)) => {
                self.detail = done.detail;
                if self.kept {
                    self.keep().await?;
                }
            }
            Err(Halt::Failed(error)) => {
                self.resolver.forget();
                self.errors.truncate(self.detail.errors_size)?;
                self.later.truncate(self.detail.later_size)?;
                return Err(error);
            }
        }
        Ok(())
    }

    /// The job's entry as it is now.
    pub fn entry(&self, detail: &Detail) -> Job {
        let mut job = self.job.clone();
        job.detail = serde_json::to_string(detail).unwrap_or_default();
        job.updated_at = self.engine.now();
        job
    }

    /// Writes the job's entry.
    pub async fn keep(&self) -> Result<()> {
        if self.kept {
            platform::put_job(self.engine.database(), self.entry(&self.detail)).await?;
        }
        Ok(())
    }

    async fn rows(&mut self, tx: &mut Tx, rows: &[Prepared]) -> Result<Done> {
        let (engine, viewer, plan) = (self.engine.clone(), self.viewer.clone(), self.plan.clone());
        let mut detail = self.detail.clone();
        let mut session = Session::new(&engine, &viewer);
        if detail.dry_run {
            // What the last batch made is gone again.
            self.resolver.forget();
        }
        let mut resolving = Resolving {
            plan: &plan,
            in_file: &self.in_file,
            session: &mut session,
            tx,
            dry_run: detail.dry_run,
            made: Vec::new(),
            counted: 0,
        };
        let mut resolved = self.resolver.resolve(&mut resolving, rows).await?;
        let Resolving { made, counted, .. } = resolving;
        detail.summary.created_by_lookup += counted;
        let mut notes = Vec::new();
        for made in &made {
            note(&mut notes, &mut detail.seq, &plan, &made.object, &made.saved);
        }
        let ids = existing(&mut session, tx, &plan, rows, &mut resolved).await?;
        let results = save(&mut session, tx, &plan, &mut resolved, &ids, detail.dry_run).await?;
        let mut lines = ErrorLines::new(&plan.columns, viewer.lang, detail.errors_size == 0)?;
        let mut later = Vec::new();
        let failed_before = detail.summary.failed;
        for ((prepared, resolved), result) in rows.iter().zip(&resolved).zip(results) {
            detail.summary.read += 1;
            detail.rows_done = detail.rows_done.max(prepared.number);
            match result {
                // Its first time vanished with the last batch of a dry run.
                Ok(_) if detail.dry_run && prepared.again => count(&mut detail, Outcome::Unchanged, 1),
                Ok(saved) => {
                    count(&mut detail, saved.outcome, 1);
                    note(&mut notes, &mut detail.seq, &plan, &plan.object.name, &saved);
                    if !resolved.later.is_empty() {
                        waiting(&mut later, &plan, prepared, resolved, &saved);
                    }
                }
                Err(label) => refuse(&mut detail, &mut lines, &plan, &prepared.row, &label, &viewer)?,
            }
        }
        if detail.summary.failed > failed_before {
            self.errors.append(&lines.finish()?, false)?;
            detail.errors_size = self.errors.size;
            detail.summary.errors_file = Some(self.errors.path().display().to_string());
        }
        if !detail.dry_run {
            self.later.append(&later, true)?;
            detail.later_size = self.later.size;
            platform::add_import_rows(tx, self.job.id, notes).await?;
            platform::put_job_in(tx, &self.entry(&detail)).await?;
        }
        Ok(Done { detail, live: session.live })
    }
}

/// Counts a row.
pub(crate) fn count(detail: &mut Detail, outcome: Outcome, by: i64) {
    let summary = &mut detail.summary;
    let counter = match outcome {
        Outcome::Created => &mut summary.created,
        Outcome::Updated => &mut summary.updated,
        Outcome::Unchanged => &mut summary.unchanged,
    };
    *counter = counter.saturating_add_signed(by);
}

/// Counts and tells a refused row.
pub(crate) fn refuse(
    detail: &mut Detail,
    lines: &mut ErrorLines,
    plan: &Plan,
    row: &Row,
    label: &Label,
    viewer: &Viewer,
) -> Result<()> {
    detail.summary.failed += 1;
    if detail.first_errors.len() < FIRST_ERRORS {
        detail.first_errors.push(Refused { line: row.line, reason: label.clone() });
    }
    lines.add(row.cells(), plan.columns.len(), row.line, label, viewer.lang)
}

/// Notes what undoing needs to know of a written record.
pub(crate) fn note(notes: &mut Vec<ImportRow>, seq: &mut i64, plan: &Plan, object: &str, saved: &Saved) {
    if saved.outcome == Outcome::Unchanged {
        return;
    }
    let before = (saved.outcome == Outcome::Updated).then(|| {
        // Lookups may have changed records of other objects; their definition is the one the record was saved with.
        let definition = if object == plan.object.name {
            Some(&plan.object)
        } else {
            plan.lookups.iter().map(|lookup| &lookup.target).find(|target| target.name == object)
        };
        definition.map_or_else(|| "{}".to_owned(), |definition| before_json(definition, &saved.before).to_string())
    });
    notes.push(ImportRow {
        seq: *seq,
        object: object.to_owned(),
        record: saved.record.id,
        created: saved.outcome == Outcome::Created,
        version: saved.record.version,
        before,
    });
    *seq += 1;
}

/// The values a record had, as far as somebody can write them.
pub(crate) fn before_json(object: &ObjectDef, before: &HashMap<String, Value>) -> Json {
    let fields = object.fields.values().filter(|field| before.contains_key(&field.name));
    let kept = fields.filter(|field| field.kind != FieldType::Formula && (!field.system || field.name == "owner"));
    Json::Object(kept.map(|field| (field.name.clone(), json::to_json(field, &before[&field.name]))).collect())
}

/// A row that waits for others: a line of the file of the second pass.
fn waiting(out: &mut Vec<u8>, plan: &Plan, prepared: &Prepared, resolved: &Resolved, saved: &Saved) {
    let outcome = match saved.outcome {
        Outcome::Created => "created",
        Outcome::Updated => "updated",
        Outcome::Unchanged => "unchanged",
    };
    let texts: Map<String, Json> =
        resolved.later.iter().map(|(target, text)| (target.to_string(), json!(text))).collect();
    let line = json!({
        "line": prepared.row.line,
        "id": saved.record.id,
        "outcome": outcome,
        "before": before_json(&plan.object, &saved.before),
        "texts": texts,
        "cells": prepared.row.cells().collect::<Vec<_>>(),
    });
    out.extend_from_slice(line.to_string().as_bytes());
    out.push(b'\n');
}

/// Finds the records that rows name by their key.
async fn existing(
    session: &mut Session<'_>,
    tx: &mut Tx,
    plan: &Plan,
    rows: &[Prepared],
    resolved: &mut [Resolved],
) -> Result<Vec<Option<Uuid>>> {
    let mut ids: Vec<Option<Uuid>> = vec![None; resolved.len()];
    if plan.key.is_empty() {
        return Ok(ids);
    }
    let fields: Vec<&FieldDef> = plan.key.iter().map(|index| &plan.targets[*index].field).collect();
    let scope: RowFilter = session.engine.readable(&session.catalogue, session.viewer, &plan.object);
    let key_of = |row: &Resolved| {
        fields.iter().map(|field| row.values.get(&field.name).cloned().unwrap_or_default()).collect::<Vec<Value>>()
    };
    let canonical =
        |key: &[Value]| key.iter().zip(&fields).map(|(value, field)| find::canonical(field, value)).collect::<Vec<_>>();
    // Keys with their empty values at the same places are asked for together.
    let mut groups: HashMap<Vec<bool>, Vec<Vec<Value>>> = HashMap::new();
    for row in resolved.iter().filter(|row| row.problem.is_none()) {
        let key = key_of(row);
        groups.entry(key.iter().map(Value::is_null).collect()).or_default().push(key);
    }
    let mut found: HashMap<Vec<Value>, Vec<Uuid>> = HashMap::new();
    for keys in groups.values() {
        for hit in find::by_values(tx, &plan.object, &fields, keys, &[], &scope).await? {
            let known = found.entry(canonical(&hit.values)).or_default();
            if !known.contains(&hit.id) {
                known.push(hit.id);
            }
        }
    }
    let mut taken: HashMap<Uuid, u64> = HashMap::new();
    for (index, row) in resolved.iter_mut().enumerate().filter(|(_, row)| row.problem.is_none()) {
        let key = key_of(row);
        let none = Vec::new();
        let hits = if key.iter().all(Value::is_null) { &none } else { found.get(&canonical(&key)).unwrap_or(&none) };
        let label = &plan.object.label;
        let problem = match (hits.as_slice(), plan.mode) {
            ([], Mode::Update) => Some(Label::new(
                format!("没有与 key 相符的{}", label.zh),
                format!("there is no {} with this key", label.en.to_lowercase()),
            )),
            ([], _) => None,
            ([_], Mode::Create) => Some(Label::new(
                format!("已有与 key 相符的{}", label.zh),
                format!("there is a {} with this key already", label.en.to_lowercase()),
            )),
            ([id], _) => match taken.insert(*id, rows[index].row.line) {
                None => {
                    ids[index] = Some(*id);
                    None
                }
                Some(line) => Some(Label::new(
                    format!("与第 {line} 行是同一条记录"),
                    format!("the same record as in line {line}"),
                )),
            },
            (several, _) => {
                let count = several.len();
                Some(Label::new(
                    format!("有 {count} 条{}与 key 相符", label.zh),
                    format!("{count} records of {} have this key", label.en.to_lowercase()),
                ))
            }
        };
        row.problem = problem;
    }
    Ok(ids)
}

/// Writes the rows that have no problem; answers for every row.
async fn save(
    session: &mut Session<'_>,
    tx: &mut Tx,
    plan: &Plan,
    resolved: &mut [Resolved],
    ids: &[Option<Uuid>],
    dry_run: bool,
) -> Result<Vec<Result<Saved, Label>>> {
    let mut writes = Vec::with_capacity(resolved.len());
    let mut places = Vec::with_capacity(resolved.len());
    for (index, row) in resolved.iter_mut().enumerate().filter(|(_, row)| row.problem.is_none()) {
        let mut values = std::mem::take(&mut row.values);
        if ids[index].is_some() {
            // A row without a number says nothing about the number that its record has.
            values.retain(|name, value| {
                !value.is_null() || plan.object.field(name).is_none_or(|field| field.kind != FieldType::AutoNumber)
            });
        } else if dry_run {
            placeholder_numbers(&plan.object, &mut values);
        }
        writes.push(Write {
            id: ids[index],
            values,
            allow_duplicate: !plan.refuse_duplicates,
            imported: true,
            ..Write::default()
        });
        places.push(index);
    }
    let mut out: Vec<Result<Saved, Label>> = resolved
        .iter_mut()
        .map(|row| Err(row.problem.take().unwrap_or_else(|| Label::new("没有写入", "not written"))))
        .collect();
    if writes.is_empty() {
        return Ok(out);
    }
    let results = save_kept(session, tx, &plan.object, writes).await?;
    for (index, result) in places.into_iter().zip(results) {
        out[index] = result.map_err(|error| reason(plan, &error));
    }
    Ok(out)
}

/// Saves within a savepoint where a single refused record would otherwise spoil the transaction.
pub(crate) async fn save_kept(
    session: &mut Session<'_>,
    tx: &mut Tx,
    object: &Arc<ObjectDef>,
    writes: Vec<Write>,
) -> Result<Vec<Result<Saved>>> {
    if writes.len() > 1 {
        return save_many(session, tx, object, writes).await;
    }
    tx.savepoint().await?;
    let results = save_many(session, tx, object, writes).await;
    let keep = matches!(&results, Ok(results) if results.iter().all(Result::is_ok));
    tx.end_savepoint(keep).await?;
    results
}
