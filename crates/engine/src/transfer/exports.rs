//! Exports as the API has them: start, watch, cancel, fetch. Every export stands in the jobs and in the log.

use super::{
    export::{ExportRequest, Format},
    state::{Control, Running, detail_of},
};
use crate::{Engine, Error, Result, process::Owner};
use guanxi_access::Viewer;
use guanxi_model::Label;
use guanxi_store::platform::{self, Job};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use std::{
    path::PathBuf,
    sync::atomic::{AtomicU64, Ordering},
};
use uuid::Uuid;

/// All that is remembered about an export.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
struct Detail {
    request: ExportRequest,
    rows: u64,
    message: Option<Label>,
    owner: Option<Owner>,
}

impl Engine {
    fn export_file_path(&self, id: Uuid, format: Format) -> PathBuf {
        self.folder().join("exports").join(format!("{id}.{}", format.ending()))
    }

    fn export_json(&self, viewer: &Viewer, job: &Job, detail: &Detail) -> Json {
        json!({
            "id": job.id,
            "object": job.object,
            "format": detail.request.format,
            "state": job.state,
            "rows": detail.rows,
            "file_name": job.file_name,
            "message": detail.message.as_ref().map(|message| message.get(viewer.lang)),
            "created_at": job.created_at,
        })
    }

    async fn own_export(&self, viewer: &Viewer, id: Uuid) -> Result<(Job, Detail)> {
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
        let now = self.now();
        let plural = object.plural.as_ref().unwrap_or(&object.label).get(viewer.lang);
        let stamp = now.to_zoned(self.settings().zone.clone()).strftime("%Y%m%d-%H%M%S").to_string();
        let file_name = super::jobs::shown_name(&format!("{plural}-{stamp}.{}", request.format.ending()));
        let mut detail = Detail { request, owner: Some(Owner::this_process()), ..Detail::default() };
        let mut job = Job {
            id: Uuid::now_v7(),
            kind: "export".to_owned(),
            user: viewer.id,
            object: object.name.clone(),
            state: "running".to_owned(),
            file_name,
            detail: serde_json::to_string(&detail).unwrap_or_default(),
            created_at: now,
            updated_at: now,
        };
        let running = Running::begin(job.id)?;
        platform::put_job(self.database(), job.clone()).await?;
        let answer = self.export_json(viewer, &job, &detail);
        let (engine, viewer) = (self.clone(), viewer.clone());
        tokio::spawn(async move {
            let result = engine.run_export(&viewer, &job, &detail, &running.control).await;
            let state = match &result {
                Ok(_) => "done",
                Err(error) if error.code() == "cancelled" => "cancelled",
                Err(_) => "failed",
            };
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
        Ok(answer)
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
            result = self.export_file(viewer, &detail.request, &path, control, &mut written) => result,
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

    /// Asks a running export to stop.
    ///
    /// # Errors
    /// 409 when it is not running in this process.
    pub async fn cancel_export(&self, viewer: &Viewer, id: Uuid) -> Result<Json> {
        let (job, detail) = self.own_export(viewer, id).await?;
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
