//! Exports that wait: above a number of rows an administrator lets them go on or refuses them, not the one who asked
//! unless there is nobody else.

use super::{
    exports::Detail,
    jobs::LISTED,
    state::{Running, detail_of},
};
use crate::{
    Engine, Error, Result,
    access_log::{Entry, Kind},
    organisation,
    process::Owner,
};
use guanxi_access::{Ability, Viewer};
use guanxi_model::{FieldDef, FieldType, Label, Lang, Value};
use guanxi_store::platform::{self, Job};
use serde_json::{Value as Json, json};
use uuid::Uuid;

/// Longest reason of a refusal, in characters.
const REASON: usize = 500;

fn not_waiting() -> Error {
    Error::conflict("not_waiting", "这次导出不在等待审批", "this export does not wait for approval")
}

impl Engine {
    /// The viewer's latest exports, newest first; everybody's for an administrator. With a state, only those in it.
    ///
    /// # Errors
    /// The database's.
    pub async fn exports(&self, viewer: &Viewer, state: Option<&str>) -> Result<Vec<Json>> {
        let all = self.may(viewer, Ability::Administer);
        let user = if all { None } else { Some(viewer.id.unwrap_or_default()) };
        let jobs = match state {
            Some(state) => platform::jobs_in(self.database(), "export", state, user, LISTED).await?,
            None => platform::jobs(self.database(), "export", user, LISTED).await?,
        };
        let field = FieldDef::new("user", FieldType::User, Label::default());
        let users: Vec<Value> = jobs.iter().map(|job| job.user.into()).collect();
        let catalogue = self.catalogue();
        let titles = self.titles_for(viewer, &catalogue, users.iter().map(|user| (&field, user)).collect()).await?;
        let mut out = Vec::with_capacity(jobs.len());
        for job in jobs {
            let job = self.see_through(job).await?;
            let detail: Detail = detail_of(&job);
            let mut item = self.export_json(viewer, &job, &detail);
            item["user"] = json!(job.user.map(|user| titles.reference(user)));
            item["fields"] = json!(detail.request.fields);
            item["filter"] = match &detail.audit {
                Some(filter) => json!(filter),
                None => json!(detail.request.filter),
            };
            out.push(item);
        }
        Ok(out)
    }

    /// Lets an export that waits go on, with the rights that who asked for it has now.
    ///
    /// # Errors
    /// 403 for who may not decide, 409 when it does not wait any more or who asked for it has left, 429 `export_limit`.
    pub async fn approve_export(&self, viewer: &Viewer, id: Uuid) -> Result<Json> {
        let (mut job, mut detail) = self.deciding(viewer, id).await?;
        let requester = match job.user {
            Some(user) => self.active_viewer(user).await?,
            None => None,
        };
        let requester = requester
            .ok_or_else(|| {
                Error::conflict("requester_gone", "申请人已停用", "who asked for it is not active any more")
            })?
            .from_address(detail.address.clone())
            .speaking(detail.lang.as_deref().map_or(viewer.lang, Lang::from_tag));
        let running = Running::begin(id)?;
        if let Some(budget) = self.export_budget(&requester, &job.object).await? {
            budget.cover(detail.size.unwrap_or_default()).await?;
            running.control.keep_to(budget);
        }
        (detail.owner, detail.decided_by) = (Some(Owner::this_process()), viewer.id);
        let decided = async {
            self.move_export(&mut job, "waiting", "running", &detail).await?;
            self.log_decision(viewer, &job, &detail, "批准").await
        };
        if let Err(error) = decided.await {
            if let Some(budget) = running.control.budget() {
                budget.settle(0).await?;
            }
            if job.state == "running" {
                // What is not noted does not happen.
                self.move_export(&mut job, "running", "failed", &detail).await?;
            }
            return Err(error);
        }
        let answer = self.export_json(viewer, &job, &detail);
        self.launch_export(&requester, job, detail, running);
        Ok(answer)
    }

    /// Refuses an export that waits.
    ///
    /// # Errors
    /// 403 for who may not decide, 409 when it does not wait any more.
    pub async fn reject_export(&self, viewer: &Viewer, id: Uuid, reason: &str) -> Result<Json> {
        let (mut job, mut detail) = self.deciding(viewer, id).await?;
        let reason: String = reason.trim().chars().filter(|c| *c != '\0').take(REASON).collect();
        detail.message = Some(match reason.as_str() {
            "" => Label::new("管理员没有批准这次导出", "an administrator did not approve this export"),
            given => Label::new(given, given),
        });
        detail.decided_by = viewer.id;
        self.move_export(&mut job, "waiting", "rejected", &detail).await?;
        self.log_decision(viewer, &job, &detail, "驳回").await?;
        Ok(self.export_json(viewer, &job, &detail))
    }

    /// The export, if the viewer may decide on it.
    async fn deciding(&self, viewer: &Viewer, id: Uuid) -> Result<(Job, Detail)> {
        let (job, detail) = self.own_export(viewer, id).await?;
        self.require_administrator(viewer)?;
        if job.state != "waiting" {
            return Err(not_waiting());
        }
        if job.user == viewer.id {
            let others =
                self.database().write(|tx| Box::pin(async move { organisation::administrators(tx).await })).await?;
            if others > 1 {
                return Err(Error::forbidden(
                    "自己的导出要由另一位管理员审批",
                    "another administrator has to decide on your own export",
                ));
            }
        }
        Ok((job, detail))
    }

    /// Moves an export on, unless somebody else has.
    pub(super) async fn move_export(&self, job: &mut Job, from: &'static str, to: &str, detail: &Detail) -> Result<()> {
        let mut moved = job.clone();
        to.clone_into(&mut moved.state);
        moved.detail = serde_json::to_string(detail).unwrap_or_default();
        moved.updated_at = self.now();
        let written = moved.clone();
        let done = self
            .database()
            .write(move |tx| Box::pin(async move { Ok::<_, Error>(platform::move_job(tx, &written, from).await?) }))
            .await?;
        if !done {
            return Err(not_waiting());
        }
        *job = moved;
        Ok(())
    }

    async fn log_decision(&self, viewer: &Viewer, job: &Job, detail: &Detail, word: &str) -> Result<()> {
        let mut entry = Entry::of(viewer, Kind::ExportDecision, format!("{word} {}", job.file_name));
        entry.object = Some(job.object.clone());
        entry.record = Some(job.id);
        entry.rows = detail.size.and_then(|size| i64::try_from(size).ok());
        self.log_access(entry).await
    }
}
