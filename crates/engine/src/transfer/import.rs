//! Carries an import out: the file is read and coerced on one thread, batches are written beside it.

use super::{
    batch::{Work, write_batch},
    journal::Journal,
    later::write_later,
    lookups::Resolver,
    mapping::Mapping,
    plan,
    prepare::{InFile, look_ahead, produce},
    source::{Place, ReadOptions, bad},
    state::{Control, Detail, Refused, Running, Summary},
};
use crate::{Engine, Error, Result, process::Owner};
use guanxi_access::Viewer;
use guanxi_model::Label;
use guanxi_store::platform::Job;
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};
use tokio::sync::{Mutex, mpsc};
use uuid::Uuid;

/// How an import ended.
#[derive(Debug, Clone)]
pub struct Imported {
    /// Its id: by it the import can be undone.
    pub id: Uuid,
    /// What it came to.
    pub summary: Summary,
    /// `done`, `failed` or `cancelled`.
    pub state: &'static str,
    /// Why it stopped before the end of the file, if it did.
    pub message: Option<Label>,
    /// The first refused rows.
    pub first_errors: Vec<Refused>,
}

/// Called after every batch.
pub type Progress<'a> = dyn FnMut(&Summary) + Send + 'a;

/// Runs something that reads a file on a thread where it may block.
pub(crate) async fn blocking<T: Send + 'static>(job: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(job).await.unwrap_or_else(|error| {
        Err(bad(format!("读取文件时出错：{error}"), format!("reading the file failed: {error}")))
    })
}

impl Engine {
    pub(crate) fn import_folder(&self, id: Uuid) -> PathBuf {
        self.folder().join("imports").join(id.to_string())
    }

    /// Imports a file from beginning to end; for the command line. Calls `progress` after every batch.
    ///
    /// # Errors
    /// For a mapping or a file that cannot be used; refused rows are no error but counted.
    pub async fn import_file(
        &self,
        viewer: &Viewer,
        mapping: &Mapping,
        path: &Path,
        dry_run: bool,
        control: Arc<Control>,
        progress: &mut Progress<'_>,
    ) -> Result<Imported> {
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let file_name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let now = self.now();
        let job = Job {
            id: Uuid::now_v7(),
            kind: "import".to_owned(),
            user: viewer.id,
            object: mapping.object.clone(),
            state: "running".to_owned(),
            file_name,
            detail: String::new(),
            created_at: now,
            updated_at: now,
        };
        let detail = Detail {
            path,
            mapping: Some(mapping.clone()),
            dry_run,
            owner: Some(Owner::this_process()),
            ..Detail::default()
        };
        let running = Running::begin(job.id)?;
        let work = self.prepare_import(viewer, job, detail, !dry_run).await?;
        work.keep().await?;
        run(work, control, running, progress).await
    }

    /// Checks mapping and file; answers an import ready to run.
    pub(crate) async fn prepare_import(
        &self,
        viewer: &Viewer,
        job: Job,
        mut detail: Detail,
        kept: bool,
    ) -> Result<Work> {
        let mapping = detail.mapping.clone().ok_or_else(|| super::mapping::bad("没有映射", "there is no mapping"))?;
        let place = Place { path: detail.path.clone(), options: ReadOptions::of(&mapping)? };
        let stamp = stamp_of(&place.path);
        if detail.stamp.is_some_and(|known| Some(known) != stamp) {
            return Err(Error::conflict(
                "file_changed",
                "文件在中断后被修改过，不能继续；可以撤销后重新导入",
                "the file has changed since; undo this import and begin anew",
            ));
        }
        detail.stamp = stamp;
        let opened = place.clone();
        let (columns, true_dates) =
            blocking(move || opened.open().map(|source| (source.columns, source.true_dates))).await?;
        let plan = Arc::new(plan::plan(self, viewer, &mapping, &columns, true_dates)?);
        let in_file = if plan.waits().next().is_some() {
            let (plan, context) = (plan.clone(), self.coercion());
            blocking(move || look_ahead(&place, &plan, &context)).await?
        } else {
            InFile::default()
        };
        let folder = self.import_folder(job.id);
        Ok(Work {
            engine: self.clone(),
            viewer: viewer.clone(),
            plan,
            in_file,
            errors: Journal::new(folder.join("errors.csv"), detail.errors_size),
            later: Journal::new(folder.join("later.jsonl"), detail.later_size),
            resolver: Resolver::default(),
            job,
            detail,
            kept,
        })
    }
}

/// Size and time of a file.
fn stamp_of(path: &Path) -> Option<(u64, u64)> {
    let data = std::fs::metadata(path).ok()?;
    let changed = data.modified().ok()?.duration_since(std::time::UNIX_EPOCH).ok()?;
    Some((data.len(), changed.as_secs()))
}

/// Runs an import to its end. A database that fails leaves it `failed` after the last committed batch.
pub(crate) async fn run(
    work: Work,
    control: Arc<Control>,
    running: Running,
    progress: &mut Progress<'_>,
) -> Result<Imported> {
    let work = Arc::new(Mutex::new(work));
    let result = both_passes(&work, &control, &running.control, progress).await;
    let mut work = work.lock().await;
    let state = match &result {
        Ok(true) => "done",
        Ok(false) => "cancelled",
        Err(_) => "failed",
    };
    state.clone_into(&mut work.job.state);
    if let Err(error) = &result {
        work.detail.message = Some(error.message());
    }
    if state == "done" {
        work.detail.rows_total = Some(work.detail.summary.read);
        work.detail.message = None;
    }
    let kept = work.keep().await;
    let detail = &work.detail;
    tracing::info!(import = %work.job.id, object = %work.job.object, state, dry_run = detail.dry_run, read = detail.summary.read,
        created = detail.summary.created, updated = detail.summary.updated, failed = detail.summary.failed, "import ended");
    // The database's own refusal says more than that the state could not be written.
    if let Err(Error::Store(error)) = result {
        return Err(Error::Store(error));
    }
    kept?;
    Ok(Imported {
        id: work.job.id,
        summary: detail.summary.clone(),
        state,
        message: detail.message.clone(),
        first_errors: detail.first_errors.clone(),
    })
}

/// True at the end, false when it was cancelled.
async fn both_passes(
    work: &Arc<Mutex<Work>>,
    control: &Control,
    also: &Control,
    progress: &mut Progress<'_>,
) -> Result<bool> {
    let cancelled = || control.is_cancelled() || also.is_cancelled();
    let (plan, place, context, skip, first_pass_done, dry_run) = {
        let work = work.lock().await;
        let mapping = work.detail.mapping.clone().unwrap_or_default();
        let place = Place { path: work.detail.path.clone(), options: ReadOptions::of(&mapping)? };
        (
            work.plan.clone(),
            place,
            work.engine.coercion(),
            work.detail.rows_done,
            work.detail.first_pass_done,
            work.detail.dry_run,
        )
    };
    if !first_pass_done {
        // Two batches ahead: enough to keep the writer busy, little to hold.
        let (sender, mut batches) = mpsc::channel(2);
        let reader = tokio::task::spawn_blocking(move || produce(&place, &plan, &context, skip, &sender));
        while let Some(batch) = batches.recv().await {
            if cancelled() {
                return Ok(false);
            }
            write_batch(work, batch).await?;
            progress(&work.lock().await.detail.summary);
        }
        reader.await.unwrap_or_else(|error| {
            Err(bad(format!("读取文件时出错：{error}"), format!("reading the file failed: {error}")))
        })?;
        work.lock().await.detail.first_pass_done = true;
    }
    if !dry_run {
        loop {
            if cancelled() {
                return Ok(false);
            }
            if !write_later(work).await? {
                break;
            }
        }
        progress(&work.lock().await.detail.summary);
    }
    Ok(true)
}
