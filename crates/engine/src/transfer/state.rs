//! Where an import or export stands: kept in the job's entry, committed with every batch.

use super::mapping::Mapping;
use crate::{Engine, Error, Result, data_safety::Budget, process::Owner};
use guanxi_access::{Ability, Viewer};
use guanxi_model::Label;
use guanxi_store::platform::{self, Job};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use std::{
    collections::HashMap,
    path::PathBuf,
    sync::{
        Arc, LazyLock, Mutex, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
};
use uuid::Uuid;

/// A job that says it is running and has not moved for so long is not running any more.
const SILENT: i64 = 60;

/// What an import came to; counts are rows of the file.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Summary {
    /// Rows read.
    pub read: u64,
    /// Rows that became new records.
    pub created: u64,
    /// Rows that changed a record.
    pub updated: u64,
    /// Rows that said what was there already.
    pub unchanged: u64,
    /// Rows that were refused.
    pub failed: u64,
    /// Records that lookups made.
    pub created_by_lookup: u64,
    /// The refused rows with their reasons.
    pub errors_file: Option<String>,
}

/// One of the first refused rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// Line of the file.
    pub line: u64,
    /// Why.
    pub reason: Label,
}

/// A column of an uploaded file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ColumnInfo {
    pub name: String,
    pub samples: Vec<String>,
    pub field: Option<String>,
}

/// Whose job it is: part of the detail of every kind of job.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Owned {
    owner: Option<Owner>,
}

/// All that is remembered about an import.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Detail {
    pub path: PathBuf,
    pub columns: Vec<ColumnInfo>,
    pub mapping: Option<Mapping>,
    pub dry_run: bool,
    pub rows_total: Option<u64>,
    pub summary: Summary,
    /// Rows of the file that are dealt with, in the first pass.
    pub rows_done: u64,
    pub first_pass_done: bool,
    /// Number of the next entry of what undoing needs.
    pub seq: i64,
    /// Sizes of the files beside the database, as of the last commit.
    pub errors_size: u64,
    pub later_size: u64,
    /// How far the second pass has come in its file.
    pub later_done: u64,
    /// The second pass first looks through its file, until nothing has to be taken back any more, and then writes.
    pub later_writes: bool,
    pub later_taken_back: bool,
    /// Lines whose change was taken back (created records are gone, which says the same).
    pub later_refused: Vec<u64>,
    pub first_errors: Vec<Refused>,
    pub message: Option<Label>,
    pub owner: Option<Owner>,
    /// Size and time of the file when it was first read: going on with another one would mix two files.
    pub stamp: Option<(u64, u64)>,
    /// How far undoing has come, from the last entry down.
    pub undo: Undone,
}

/// How far undoing has come.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Undone {
    /// Entries from this one on are dealt with.
    pub from: Option<i64>,
    pub removed: u64,
    pub reverted: u64,
    pub kept: Vec<(String, Uuid)>,
}

impl Detail {
    /// Begins anew: what a dry run or an earlier try counted is forgotten.
    pub fn restart(&mut self) {
        *self = Self {
            path: std::mem::take(&mut self.path),
            columns: std::mem::take(&mut self.columns),
            mapping: self.mapping.take(),
            dry_run: self.dry_run,
            rows_total: self.rows_total,
            ..Self::default()
        };
    }
}

/// How a running job is told to stop, and how much it may write.
#[derive(Debug, Default)]
pub struct Control {
    cancelled: AtomicBool,
    budget: OnceLock<Budget>,
}

impl Control {
    /// Asks the job to stop after the batch it is at.
    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::Relaxed);
    }

    /// Gives the job a budget of rows that it must keep.
    pub(crate) fn keep_to(&self, budget: Budget) {
        // A job is given one, once.
        let _ = self.budget.set(budget);
    }

    /// The budget, if there is one.
    pub(crate) fn budget(&self) -> Option<&Budget> {
        self.budget.get()
    }

    /// May so many rows be written in all? Without a budget: any number.
    pub(crate) async fn cover(&self, rows: u64) -> Result<()> {
        match self.budget.get() {
            Some(budget) => budget.cover(rows).await,
            None => Ok(()),
        }
    }

    /// Shall it stop?
    pub fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }
}

/// The jobs that this process carries out.
static RUNNING: LazyLock<Mutex<HashMap<Uuid, Arc<Control>>>> = LazyLock::new(Mutex::default);

fn running() -> std::sync::MutexGuard<'static, HashMap<Uuid, Arc<Control>>> {
    RUNNING.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// Stands for a job while it runs; whatever ends the job ends this too.
pub(crate) struct Running {
    id: Uuid,
    pub control: Arc<Control>,
}

impl Running {
    /// Takes the job on, unless this process is at it already.
    pub fn begin(id: Uuid) -> Result<Self> {
        let control = Arc::new(Control::default());
        let mut jobs = running();
        if jobs.contains_key(&id) {
            return Err(Error::conflict("already_running", "任务正在进行中", "the job is running"));
        }
        jobs.insert(id, control.clone());
        Ok(Self { id, control })
    }

    /// The control of a job of this process.
    pub fn control_of(id: Uuid) -> Option<Arc<Control>> {
        running().get(&id).cloned()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        running().remove(&self.id);
    }
}

impl Engine {
    /// A job as it stands.
    pub(crate) async fn read_job(&self, id: Uuid) -> Result<Option<Job>> {
        match platform::job(self.database(), id).await? {
            Some(job) => self.see_through(job).await.map(Some),
            None => Ok(None),
        }
    }

    /// One that says it runs though its process has gone is `interrupted`.
    pub(crate) async fn see_through(&self, job: Job) -> Result<Job> {
        let unknown = |job: &Job| job.state == "running" && Running::control_of(job.id).is_none();
        if !unknown(&job) {
            return Ok(job);
        }
        // It may have ended since it was read (its end is written before it is forgotten): only what still says so is looked into.
        let Some(mut job) = platform::job(self.database(), job.id).await? else { return Ok(job) };
        if unknown(&job) {
            let Owned { owner } = detail_of(&job);
            let silent = self.now().as_second() - job.updated_at.as_second() > SILENT;
            if silent || owner.as_ref().is_none_or(Owner::is_gone) {
                "interrupted".clone_into(&mut job.state);
            }
        }
        Ok(job)
    }

    /// May the viewer see this job?
    pub(crate) fn owns_job(&self, viewer: &Viewer, job: &Job) -> bool {
        (viewer.id.is_some() && job.user == viewer.id) || self.may(viewer, Ability::Administer)
    }

    /// An import as the API shows it.
    pub(crate) fn import_json(&self, viewer: &Viewer, job: &Job, detail: &Detail) -> Json {
        let summary = &detail.summary;
        let reason = |refused: &Refused| json!({"line": refused.line, "reason": refused.reason.get(viewer.lang)});
        json!({
            "id": job.id,
            "object": job.object,
            "file_name": job.file_name,
            "state": job.state,
            "dry_run": detail.dry_run,
            "rows_total": detail.rows_total,
            "read": summary.read,
            "created": summary.created,
            "updated": summary.updated,
            "unchanged": summary.unchanged,
            "failed": summary.failed,
            "created_by_lookup": summary.created_by_lookup,
            "columns": detail.columns,
            "mapping": detail.mapping,
            "message": detail.message.as_ref().map(|message| message.get(viewer.lang)),
            "created_at": job.created_at,
            "has_errors": summary.failed > 0 && detail.errors_size > 0,
            "first_errors": detail.first_errors.iter().map(reason).collect::<Vec<_>>(),
        })
    }
}

/// Reads a job's detail.
pub(crate) fn detail_of<T: Default + for<'d> Deserialize<'d>>(job: &Job) -> T {
    serde_json::from_str(&job.detail).unwrap_or_default()
}
