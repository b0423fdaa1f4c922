//! Exports as the API has them: start, watch, cancel, fetch. Every export stands in the jobs and in the log.

use super::{
    audit_table::{AUDIT, AuditTable},
    export::{ExportRequest, Format},
    state::{Control, Running, detail_of},
};
use crate::{AuditFilter, Engine, Error, Result, data_safety::DataSafety, process::Owner};
use guanxi_access::Viewer;
use guanxi_model::{Label, Lang};
use guanxi_store::{
    audit,
    platform::{self, Job},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use std::{
    path::PathBuf,
    sync::atomic::{AtomicU64, Ordering},
};
use uuid::Uuid;

/// So many rows of the audit are counted before an export of it begins; what is more is counted as it is written.
const MOST_COUNTED: u64 = 100_000;

/// All that is remembered about an export.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Detail {
    pub request: ExportRequest,
    /// Of the change log, instead of records.
    pub audit: Option<AuditFilter>,
    pub rows: u64,
    pub message: Option<Label>,
    pub owner: Option<Owner>,
    /// How many rows it was to have when it was asked for, where it had to wait for that.
    pub size: Option<u64>,
    /// Where it was asked for from, for when it is carried out later.
    pub address: Option<String>,
    pub lang: Option<String>,
    /// Who let it go on, or refused it.
    pub decided_by: Option<Uuid>,
}

fn tag(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "zh",
        Lang::En => "en",
    }
}

impl Engine {
    fn export_file_path(&self, id: Uuid, format: Format) -> PathBuf {
        self.folder().join("exports").join(format!("{id}.{}", format.ending()))
    }

    pub(super) fn export_json(&self, viewer: &Viewer, job: &Job, detail: &Detail) -> Json {
        json!({
            "id": job.id,
            "object": job.object,
            "format": detail.request.format,
            "state": job.state,
            "rows": detail.rows,
            "file_name": job.file_name,
            "size": detail.size,
            "message": detail.message.as_ref().map(|message| message.get(viewer.lang)),
            "created_at": job.created_at,
        })
    }

    pub(super) async fn own_export(&self, viewer: &Viewer, id: Uuid) -> Result<(Job, Detail)> {
        let job = self
            .read_job(id)
            .await?
            .filter(|job| job.kind == "export" && self.owns_job(viewer, job))
            .ok_or(Error::NotFound)?;
        let detail = detail_of(&job);
        Ok((job, detail))
    }

    /// Starts an export in the background.
    ///
    /// # Errors
    /// 403 without the right to export; bad fields, filters and sort orders are named.
    pub async fn create_export(&self, viewer: &Viewer, request: &Json) -> Result<Json> {
        let request = ExportRequest::from_json(request)?;
        let object = self.check_export(viewer, &request)?;
        let plural = object.plural.as_ref().unwrap_or(&object.label).get(viewer.lang).to_owned();
        self.begin_export(viewer, &object.name, &plural, Detail { request, ..Detail::default() }).await
    }

    /// Starts an export of what the audit finds.
    ///
    /// # Errors
    /// 403 for anyone but an administrator; a part of the filter that makes no sense is named.
    pub async fn create_audit_export(&self, viewer: &Viewer, format: Format, filter: AuditFilter) -> Result<Json> {
        self.require_administrator(viewer)?;
        self.audit_search(&self.catalogue(), &filter)?;
        let request = ExportRequest { object: AUDIT.to_owned(), format, ..ExportRequest::default() };
        let title = AuditTable::title().get(viewer.lang).to_owned();
        self.begin_export(viewer, AUDIT, &title, Detail { request, audit: Some(filter), ..Detail::default() }).await
    }

    async fn begin_export(&self, viewer: &Viewer, object: &str, title: &str, mut detail: Detail) -> Result<Json> {
        let now = self.now();
        let format = detail.request.format;
        let stamp = now.to_zoned(self.settings().zone.clone()).strftime("%Y%m%d-%H%M%S").to_string();
        let file_name = super::jobs::shown_name(&format!("{title}-{stamp}.{}", format.ending()));
        let mut job = Job {
            id: Uuid::now_v7(),
            kind: "export".to_owned(),
            user: viewer.id,
            object: object.to_owned(),
            state: "running".to_owned(),
            file_name,
            detail: String::new(),
            created_at: now,
            updated_at: now,
        };
        let above = self.section::<DataSafety>().await?.approve_exports_above.filter(|_| !viewer.is_system());
        if let Some(above) = above {
            let size = self.export_size(viewer, &detail, above).await?;
            if size > above {
                "waiting".clone_into(&mut job.state);
                detail.size = Some(size);
                (detail.address, detail.lang) = (viewer.address.clone(), Some(tag(viewer.lang).to_owned()));
                job.detail = serde_json::to_string(&detail).unwrap_or_default();
                platform::put_job(self.database(), job.clone()).await?;
                return Ok(self.export_json(viewer, &job, &detail));
            }
        }
        let running = Running::begin(job.id)?;
        if let Some(budget) = self.export_budget(viewer, object).await? {
            // What cannot be written is refused before it is begun.
            let size = self.export_size(viewer, &detail, MOST_COUNTED).await?;
            budget.cover(size).await?;
            running.control.keep_to(budget);
        }
        detail.owner = Some(Owner::this_process());
        job.detail = serde_json::to_string(&detail).unwrap_or_default();
        platform::put_job(self.database(), job.clone()).await?;
        let answer = self.export_json(viewer, &job, &detail);
        self.launch_export(viewer, job, detail, running);
        Ok(answer)
    }

    /// How many rows an export will have; of the audit, counted only until it is more than `most`.
    async fn export_size(&self, viewer: &Viewer, detail: &Detail, most: u64) -> Result<u64> {
        let catalogue = self.catalogue();
        let Some(filter) = &detail.audit else {
            let object = catalogue.object(&detail.request.object).ok_or(Error::NotFound)?;
            let filter = self.parse_filter(viewer, &catalogue, object, detail.request.filter.as_ref())?;
            return Ok(self.count(viewer, &catalogue, object, &filter).await?.unsigned_abs());
        };
        let mut search = self.audit_search(&catalogue, filter)?;
        let mut rows = 0;
        loop {
            let found = audit::search(self.database(), &search, 1000).await?;
            let shown = self.shown_changes(viewer, &catalogue, &found.changes, false).await?;
            rows += shown.entries.iter().map(|(_, fields)| fields.len().max(1) as u64).sum::<u64>();
            search.before = found.next;
            if found.next.is_none() || rows > most {
                return Ok(rows);
            }
        }
    }

    /// Carries an export out in the background.
    pub(super) fn launch_export(&self, viewer: &Viewer, mut job: Job, mut detail: Detail, running: Running) {
        let (engine, viewer) = (self.clone(), viewer.clone());
        tokio::spawn(async move {
            let result = engine.run_export(&viewer, &job, &detail, &running.control).await;
            let state = match &result {
                Ok(_) => "done",
                Err(error) if error.code() == "cancelled" => "cancelled",
                Err(_) => "failed",
            };
            if let Some(budget) = running.control.budget()
                && let Err(error) = budget.settle(*result.as_ref().unwrap_or(&0)).await
            {
                tracing::warn!(%error, "rows that were not exported still count for their day");
            }
            match result {
                Ok(rows) => detail.rows = rows,
                Err(error) => detail.message = Some(error.message()),
            }
            state.clone_into(&mut job.state);
            job.detail = serde_json::to_string(&detail).unwrap_or_default();
            job.updated_at = engine.now();
            if let Err(error) = platform::put_job(engine.database(), job).await {
                tracing::error!(%error, "the state of an export could not be written");
            }
            drop(running);
        });
    }

    async fn run_export(&self, viewer: &Viewer, job: &Job, detail: &Detail, control: &Control) -> Result<u64> {
        let path = self.export_file_path(job.id, detail.request.format);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(|error| {
                super::source::bad(format!("无法建立目录：{error}"), format!("cannot make the folder: {error}"))
            })?;
        }
        let rows = AtomicU64::new(0);
        let ticker = async {
            let mut told = 0;
            loop {
                tokio::time::sleep(std::time::Duration::from_secs(1)).await;
                let now = rows.load(Ordering::Relaxed);
                if now != told {
                    told = now;
                    let detail = Detail { rows: now, ..detail.clone() };
                    let job = Job {
                        detail: serde_json::to_string(&detail).unwrap_or_default(),
                        updated_at: self.now(),
                        ..job.clone()
                    };
                    // Only how far it is; the end is written for certain.
                    let _ = platform::put_job(self.database(), job).await;
                }
            }
        };
        let mut written = |count| rows.store(count, Ordering::Relaxed);
        tokio::select! {
            result = async {
                match &detail.audit {
                    Some(filter) => self.audit_file(viewer, filter, detail.request.format, &path, control, &mut written).await,
                    None => self.export_file(viewer, &detail.request, &path, control, &mut written).await,
                }
            } => result,
            () = ticker => Ok(0),
        }
    }

    /// One export.
    ///
    /// # Errors
    /// 404 for one that is not the viewer's.
    pub async fn export(&self, viewer: &Viewer, id: Uuid) -> Result<Json> {
        let (job, detail) = self.own_export(viewer, id).await?;
        Ok(self.export_json(viewer, &job, &detail))
    }

    /// Asks a running export to stop, or takes one back that waits.
    ///
    /// # Errors
    /// 409 when it is not running in this process.
    pub async fn cancel_export(&self, viewer: &Viewer, id: Uuid) -> Result<Json> {
        let (mut job, detail) = self.own_export(viewer, id).await?;
        if job.state == "waiting" {
            self.move_export(&mut job, "waiting", "cancelled", &detail).await?;
            return Ok(self.export_json(viewer, &job, &detail));
        }
        let control = Running::control_of(id)
            .ok_or_else(|| Error::conflict("not_running", "这次导出没有在运行", "this export is not running"))?;
        control.cancel();
        Ok(self.export_json(viewer, &job, &detail))
    }

    /// Where the file of a finished export is, and the name to save it under.
    ///
    /// # Errors
    /// 404 when it is not the viewer's or not finished.
    pub async fn export_path(&self, viewer: &Viewer, id: Uuid) -> Result<(PathBuf, String)> {
        let (job, detail) = self.own_export(viewer, id).await?;
        let path = self.export_file_path(id, detail.request.format);
        if job.state != "done" || !path.exists() {
            return Err(Error::NotFound);
        }
        Ok((path, job.file_name))
    }
}
