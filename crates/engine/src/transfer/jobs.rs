//! Imports as the API has them: upload, start, watch, cancel, resume. A user sees only his own; administrators see all.

use super::{
    guess::guess,
    import::{blocking, run},
    mapping::Mapping,
    source::{ReadOptions, Source},
    state::{ColumnInfo, Control, Detail, Running, detail_of},
};
use crate::{Engine, Error, Result, process::Owner};
use guanxi_access::{Ability, Via, Viewer};
use guanxi_model::ObjectDef;
use guanxi_store::platform::{self, Job};
use serde_json::Value as Json;
use std::{
    ops::ControlFlow,
    path::{Path, PathBuf},
    sync::Arc,
};
use uuid::Uuid;

/// So many values of a column are shown before the import.
const SAMPLES: usize = 5;
/// The rows of files up to this size are counted when they are uploaded.
const COUNTED: u64 = 64 * 1024 * 1024;
/// So many jobs are listed.
pub(crate) const LISTED: usize = 100;

/// A file's name as it is shown: without folders, not endless.
pub(crate) fn shown_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    last.chars().filter(|c| !c.is_control()).take(200).collect()
}

impl Engine {
    pub(crate) fn require_ability(&self, viewer: &Viewer, ability: Ability, object: &ObjectDef) -> Result<()> {
        let catalogue = self.catalogue();
        if self.access(&catalogue).has_ability(viewer, ability, Some(object)) {
            return Ok(());
        }
        Err(match ability {
            Ability::Import => Error::forbidden("没有导入的权限", "you may not import"),
            _ => Error::forbidden("没有导出的权限", "you may not export"),
        })
    }

    /// Takes an uploaded file over and looks at it: columns, samples, guessed fields. The file at `uploaded` is moved.
    ///
    /// # Errors
    /// 403 without the right to import, 400 `bad_file` for a file that cannot be read.
    pub async fn create_import(&self, viewer: &Viewer, object: &str, file_name: &str, uploaded: &Path) -> Result<Json> {
        let definition = self.object(object)?;
        self.require_ability(viewer, Ability::Import, &definition)?;
        let id = Uuid::now_v7();
        let folder = self.import_folder(id);
        let path = folder.join("upload");
        let (from, to) = (uploaded.to_owned(), path.clone());
        let looked = blocking(move || {
            let failed = |error: std::io::Error| {
                super::source::bad(format!("无法保存文件：{error}"), format!("the file cannot be stored: {error}"))
            };
            std::fs::create_dir_all(&folder).map_err(failed)?;
            if std::fs::rename(&from, &to).is_err() {
                // Another disk.
                std::fs::copy(&from, &to).map_err(failed)?;
                let _ = std::fs::remove_file(&from);
            }
            look(&to).inspect_err(|_| {
                let _ = std::fs::remove_dir_all(&folder);
            })
        })
        .await?;
        let (columns, samples, rows_total) = looked;
        let catalogue = self.catalogue();
        let guesses = guess(&self.access(&catalogue), viewer, &definition, &columns);
        let columns = columns
            .into_iter()
            .zip(samples)
            .zip(guesses)
            .map(|((name, samples), field)| ColumnInfo { name, samples, field })
            .collect();
        let detail = Detail { path, columns, rows_total, ..Detail::default() };
        let now = self.now();
        let job = Job {
            id,
            kind: "import".to_owned(),
            user: viewer.id,
            object: object.to_owned(),
            state: "uploaded".to_owned(),
            file_name: shown_name(file_name),
            detail: serde_json::to_string(&detail).unwrap_or_default(),
            created_at: now,
            updated_at: now,
        };
        platform::put_job(self.database(), job.clone()).await?;
        Ok(self.import_json(viewer, &job, &detail))
    }

    /// The viewer's latest imports, newest first; everybody's for an administrator.
    ///
    /// # Errors
    /// The database's.
    pub async fn imports(&self, viewer: &Viewer) -> Result<Vec<Json>> {
        let all = self.may(viewer, Ability::Administer);
        let user = if all { None } else { Some(viewer.id.unwrap_or_default()) };
        let jobs = platform::jobs(self.database(), "import", user, LISTED).await?;
        let mut out = Vec::with_capacity(jobs.len());
        for job in jobs {
            let job = self.see_through(job).await?;
            out.push(self.import_json(viewer, &job, &detail_of(&job)));
        }
        Ok(out)
    }

    /// One import.
    ///
    /// # Errors
    /// 404 for one that is not the viewer's.
    pub async fn import(&self, viewer: &Viewer, id: Uuid) -> Result<Json> {
        let (job, detail) = self.own_import(viewer, id).await?;
        Ok(self.import_json(viewer, &job, &detail))
    }

    /// Starts an uploaded import in the background, or tries it without writing.
    ///
    /// # Errors
    /// `bad_mapping` for a mapping that does not fit, 409 when it has run already.
    pub async fn start_import(&self, viewer: &Viewer, id: Uuid, mapping: &Json, dry_run: bool) -> Result<Json> {
        let (job, mut detail) = self.own_import(viewer, id).await?;
        self.require_ability(viewer, Ability::Import, &*self.object(&job.object)?)?;
        let state = job.state.as_str();
        if state != "uploaded" && !(detail.dry_run && state != "running") {
            return Err(Error::conflict(
                "already_started",
                "这次导入已经执行过，请重新上传文件",
                "this import has run already; upload the file again",
            ));
        }
        let mapping = Mapping::from_json(mapping)?;
        if mapping.object != job.object {
            return Err(super::mapping::bad(
                "映射的 object 与上传时不同",
                "the mapping's object differs from the upload's",
            ));
        }
        detail.mapping = Some(mapping);
        detail.restart();
        detail.dry_run = dry_run;
        self.launch(viewer, job, detail).await
    }

    /// Goes on with an import after its last committed batch.
    ///
    /// # Errors
    /// 409 when it is running, done or undone.
    pub async fn resume_import(&self, viewer: &Viewer, id: Uuid) -> Result<Json> {
        let (job, mut detail) = self.own_import(viewer, id).await?;
        if !matches!(job.state.as_str(), "interrupted" | "cancelled" | "failed") || detail.mapping.is_none() {
            return Err(Error::conflict("cannot_resume", "这次导入不能继续", "this import cannot be resumed"));
        }
        if detail.dry_run {
            detail.restart();
        }
        self.launch(viewer, job, detail).await
    }

    async fn launch(&self, viewer: &Viewer, mut job: Job, mut detail: Detail) -> Result<Json> {
        let running = Running::begin(job.id)?;
        detail.owner = Some(Owner::this_process());
        detail.message = None;
        "running".clone_into(&mut job.state);
        let importer = viewer.clone().through(Via::Import);
        let work = self.prepare_import(&importer, job, detail, true).await?;
        work.keep().await?;
        let answer = self.import_json(viewer, &work.entry(&work.detail), &work.detail);
        let id = work.job.id;
        tokio::spawn(async move {
            if let Err(error) = run(work, Arc::new(Control::default()), running, &mut |_| {}).await {
                tracing::error!(import = %id, %error, "import failed");
            }
        });
        Ok(answer)
    }

    /// Asks a running import to stop after the batch it is at.
    ///
    /// # Errors
    /// 409 when it is not running, or in another process.
    pub async fn cancel_import(&self, viewer: &Viewer, id: Uuid) -> Result<Json> {
        let (mut job, detail) = self.own_import(viewer, id).await?;
        if let Some(control) = Running::control_of(id) {
            control.cancel();
            return Ok(self.import_json(viewer, &job, &detail));
        }
        match job.state.as_str() {
            "uploaded" | "interrupted" => {
                "cancelled".clone_into(&mut job.state);
                job.updated_at = self.now();
                platform::put_job(self.database(), job.clone()).await?;
                Ok(self.import_json(viewer, &job, &detail))
            }
            "running" => Err(Error::conflict(
                "runs_elsewhere",
                "这次导入在另一个进程（命令行）中运行",
                "this import runs in another process (the command line)",
            )),
            _ => Err(Error::conflict("not_running", "这次导入没有在运行", "this import is not running")),
        }
    }

    /// Where the refused rows of an import are, as CSV.
    ///
    /// # Errors
    /// 404 when there are none.
    pub async fn import_errors_path(&self, viewer: &Viewer, id: Uuid) -> Result<PathBuf> {
        let (_, detail) = self.own_import(viewer, id).await?;
        let path = self.import_folder(id).join("errors.csv");
        if detail.errors_size == 0 || !path.exists() {
            return Err(Error::NotFound);
        }
        Ok(path)
    }
}

type Looked = (Vec<String>, Vec<Vec<String>>, Option<u64>);

/// Headings, some values of each column, and how many rows there are where that is quickly counted.
fn look(path: &Path) -> Result<Looked> {
    let options = ReadOptions::default();
    let (columns, rows) = Source::sample(path, &options, 50)?;
    let samples = (0..columns.len())
        .map(|column| {
            let cells = rows.iter().map(|row| row.cell(column).trim()).filter(|cell| !cell.is_empty());
            let mut samples: Vec<String> = Vec::new();
            for cell in cells {
                let short: String = cell.chars().take(80).collect();
                if samples.len() < SAMPLES && !samples.contains(&short) {
                    samples.push(short);
                }
            }
            samples
        })
        .collect();
    let size = std::fs::metadata(path).map_or(u64::MAX, |data| data.len());
    let mut total = None;
    if size <= COUNTED {
        let mut count = 0;
        // A file that breaks off further down is told when it is imported.
        let whole = Source::open(path, &options)?.rows(&mut |_| {
            count += 1;
            ControlFlow::Continue(())
        });
        total = whole.is_ok().then_some(count);
    }
    Ok((columns, samples, total))
}
