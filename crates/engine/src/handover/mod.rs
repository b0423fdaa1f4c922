//! Handing over (交接): everything that somebody owns, or part of it, goes to others as one operation that is journaled, goes on
//! after an interruption and can be taken back as one. The same gives a filtered list of records to others.

mod holdings;
mod plan;
mod run;
mod undo;

use crate::{
    Engine, Error, Result,
    process::Owner,
    transfer::state::{Running, detail_of},
};
use guanxi_access::{Ability, Verb, Viewer};
use guanxi_model::{FieldDef, Label, Value};
use guanxi_store::platform::{self, Job};
use plan::{Plan, Request};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use uuid::Uuid;

/// The kind of job.
const KIND: &str = "handover";
/// So many are listed.
const LISTED: usize = 100;

/// All that is remembered about a handover.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct Detail {
    owner: Option<Owner>,
    request: Request,
    /// How many records there were to move when it began.
    total: i64,
    /// How many it has moved.
    moved: i64,
    /// Entries of the journal.
    seq: i64,
    /// Is it being taken back, and down to which entry?
    undoing: bool,
    undo_from: Option<i64>,
    /// Given back.
    returned: i64,
    /// Not given back, because somebody else has them now.
    kept: i64,
    message: Option<Label>,
}

impl Engine {
    /// Says what a handover would move: `{"parts": [{"object", "field", "count"}], "total"}`.
    ///
    /// # Errors
    /// 422 for a request that makes no sense, 403 for what is not the viewer's to give.
    pub async fn preview_handover(&self, viewer: &Viewer, input: &Json) -> Result<Json> {
        let plan = Plan::read(self, viewer, Request::parse(input)?).await?;
        let mut parts = Vec::new();
        let mut total = 0;
        for index in 0..plan.parts.len() {
            let count = plan.count(self, viewer, index).await?;
            total += count;
            let part = &plan.parts[index];
            parts.push(json!({"object": part.object.name, "field": part.field, "count": count}));
        }
        Ok(json!({"parts": parts, "total": total}))
    }

    /// Starts a handover in the background.
    ///
    /// # Errors
    /// As [`Engine::preview_handover`].
    pub async fn start_handover(&self, viewer: &Viewer, input: &Json) -> Result<Json> {
        let request = Request::parse(input)?;
        let plan = Plan::read(self, viewer, request.clone()).await?;
        let mut total = 0;
        for index in 0..plan.parts.len() {
            total += plan.count(self, viewer, index).await?;
        }
        let now = self.now();
        let job = Job {
            id: Uuid::now_v7(),
            kind: KIND.to_owned(),
            user: viewer.id,
            object: plan.parts.first().map(|part| part.object.name.clone()).unwrap_or_default(),
            state: "running".to_owned(),
            file_name: String::new(),
            detail: String::new(),
            created_at: now,
            updated_at: now,
        };
        self.launch_handover(viewer, job, Detail { request, total, ..Detail::default() }).await
    }

    /// Goes on with a handover that was interrupted, cancelled or failed.
    ///
    /// # Errors
    /// 404 for one that is not the viewer's, 409 for one that is not stopped.
    pub async fn resume_handover(&self, viewer: &Viewer, id: Uuid) -> Result<Json> {
        let (job, detail) = self.own_handover(viewer, id).await?;
        if !matches!(job.state.as_str(), "interrupted" | "cancelled" | "failed") {
            return Err(Error::conflict("cannot_resume", "这次交接不能继续", "this handover cannot be resumed"));
        }
        self.launch_handover(viewer, job, detail).await
    }

    /// Takes a handover back: whoever had a record before has it again, unless somebody else has got it meanwhile.
    ///
    /// # Errors
    /// 404 for one that is not the viewer's, 409 for one that is running or taken back already.
    pub async fn undo_handover(&self, viewer: &Viewer, id: Uuid) -> Result<Json> {
        let (job, mut detail) = self.own_handover(viewer, id).await?;
        if !matches!(job.state.as_str(), "done" | "interrupted" | "cancelled" | "failed") {
            return Err(Error::conflict("cannot_undo", "这次交接不能撤销", "this handover cannot be taken back"));
        }
        // Who may give nothing any more takes nothing back either.
        let catalogue = self.catalogue();
        let access = self.access(&catalogue);
        let objects = detail.request.parts.iter().filter_map(|part| catalogue.object(&part.object));
        let may = objects.filter(|object| object.is_owned()).all(|object| {
            access.has_ability(viewer, Ability::Transfer, Some(object))
                && access.may_at_all(viewer, object, Verb::Update)
        });
        if !may || (detail.request.deactivate && !self.may(viewer, Ability::Administer)) {
            return Err(Error::forbidden("没有移交记录的权限", "you may not hand anything over"));
        }
        detail.undoing = true;
        self.launch_handover(viewer, job, detail).await
    }

    /// Asks a running handover to stop after the batch it is at.
    ///
    /// # Errors
    /// 404 for one that is not the viewer's, 409 when it is not running here.
    pub async fn cancel_handover(&self, viewer: &Viewer, id: Uuid) -> Result<Json> {
        let (job, detail) = self.own_handover(viewer, id).await?;
        match Running::control_of(id) {
            Some(control) => control.cancel(),
            None => return Err(Error::conflict("not_running", "这次交接没有在运行", "this handover is not running")),
        }
        self.handover_json(viewer, &job, &detail).await
    }

    /// One handover.
    ///
    /// # Errors
    /// 404 for one that is not the viewer's.
    pub async fn handover(&self, viewer: &Viewer, id: Uuid) -> Result<Json> {
        let (job, detail) = self.own_handover(viewer, id).await?;
        self.handover_json(viewer, &job, &detail).await
    }

    /// The viewer's latest handovers, newest first; everybody's for an administrator.
    ///
    /// # Errors
    /// The database's.
    pub async fn handovers(&self, viewer: &Viewer) -> Result<Vec<Json>> {
        let all = self.may(viewer, Ability::Administer);
        let user = if all { None } else { Some(viewer.id.unwrap_or_default()) };
        let mut out = Vec::new();
        for job in platform::jobs(self.database(), KIND, user, LISTED).await? {
            let job = self.see_through(job).await?;
            out.push(self.handover_json(viewer, &job, &detail_of(&job)).await?);
        }
        Ok(out)
    }

    /// Goes on with the handovers of a process that is gone: what was begun is finished, without anybody having to look.
    pub(crate) async fn resume_handovers(&self) -> Result<()> {
        for job in platform::jobs(self.database(), KIND, None, LISTED).await? {
            let job = self.see_through(job).await?;
            let Some(user) = job.user.filter(|_| job.state == "interrupted") else { continue };
            let viewer = self.viewer_of_user(user).await?;
            tracing::info!(handover = %job.id, "going on with an interrupted handover");
            let detail = detail_of(&job);
            self.launch_handover(&viewer, job, detail).await?;
        }
        Ok(())
    }

    async fn launch_handover(&self, viewer: &Viewer, mut job: Job, mut detail: Detail) -> Result<Json> {
        let running = Running::begin(job.id)?;
        detail.owner = Some(Owner::this_process());
        detail.message = None;
        "running".clone_into(&mut job.state);
        job.updated_at = self.now();
        job.detail = serde_json::to_string(&detail).unwrap_or_default();
        platform::put_job(self.database(), job.clone()).await?;
        let answer = self.handover_json(viewer, &job, &detail).await?;
        let (engine, viewer) = (self.clone(), viewer.clone());
        tokio::spawn(async move { run::run(engine, viewer, job, detail, running).await });
        Ok(answer)
    }

    async fn own_handover(&self, viewer: &Viewer, id: Uuid) -> Result<(Job, Detail)> {
        let job = self
            .read_job(id)
            .await?
            .filter(|job| job.kind == KIND && self.owns_job(viewer, job))
            .ok_or(Error::NotFound)?;
        let detail = detail_of(&job);
        Ok((job, detail))
    }

    async fn handover_json(&self, viewer: &Viewer, job: &Job, detail: &Detail) -> Result<Json> {
        let counts = platform::handed_counts(self.database(), job.id).await?;
        let field = FieldDef::new("user", guanxi_model::FieldType::User, Label::default());
        let mut people: Vec<Value> = counts.iter().filter_map(|(_, to, _)| to.map(Value::Id)).collect();
        people.extend(detail.request.from.map(Value::Id));
        people.extend(job.user.map(Value::Id));
        let catalogue = self.catalogue();
        let titles = self.titles_for(viewer, &catalogue, people.iter().map(|id| (&field, id)).collect()).await?;
        let moved: Vec<Json> = counts
            .iter()
            .map(|(object, to, count)| json!({"object": object, "to": to.map(|to| titles.reference(to)), "count": count}))
            .collect();
        Ok(json!({
            "id": job.id,
            "state": job.state,
            "undoing": detail.undoing,
            "from": detail.request.from.map(|from| titles.reference(from)),
            "started_by": job.user.map(|user| titles.reference(user)),
            "note": detail.request.note,
            "deactivate": detail.request.deactivate,
            "total": detail.total,
            "moved": detail.moved,
            "returned": detail.returned,
            "kept": detail.kept,
            "by_object": moved,
            "message": detail.message.as_ref().map(|message| message.get(viewer.lang)),
            "created_at": job.created_at,
            "updated_at": job.updated_at,
        }))
    }
}
