//! Moving: batch by batch, each a transaction of its own with its entries in the journal, so that nobody waits long and an
//! interruption costs nothing.

use super::{
    Detail,
    plan::{Part, Plan, givable},
    undo,
};
use crate::{
    Engine, Error, Result,
    pace::Pace,
    save::{Session, Write, save_many},
    transfer::state::Running,
};
use guanxi_access::{RowFilter, Via, Viewer};
use guanxi_model::{FieldType, Label, ObjectDef, Value, json};
use guanxi_store::{
    Tx,
    changes::{self, ChangeKind},
    platform::{self, Handed, Job},
    records,
};
use serde_json::{Map, json};
use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
    time::Instant,
};
use uuid::Uuid;

/// Entries of the journal whose followers are looked for at a time.
const WINDOW: i64 = 250;

/// Carries a handover out, or takes it back, and writes down how it ended.
pub(super) async fn run(engine: Engine, viewer: Viewer, job: Job, detail: Detail, running: Running) {
    let mut work = Work { engine, viewer, job, detail, running, pace: Pace::default() };
    let outcome = if work.detail.undoing { undo::undo(&mut work).await } else { work.hand_over().await };
    let state = match outcome {
        Ok(true) if work.detail.undoing => "undone",
        Ok(true) => "done",
        Ok(false) => "cancelled",
        Err(error) => {
            tracing::error!(handover = %work.job.id, %error, "handover failed");
            work.detail.message = Some(error.message());
            "failed"
        }
    };
    work.engine.log_handover(&work.viewer, &work.detail, state).await;
    state.clone_into(&mut work.job.state);
    let job = work.entry();
    if let Err(error) = platform::put_job(work.engine.database(), job).await {
        tracing::error!(handover = %work.job.id, %error, "the end of a handover cannot be written");
    }
}

/// A handover at work.
pub(super) struct Work {
    pub engine: Engine,
    pub viewer: Viewer,
    pub job: Job,
    pub detail: Detail,
    pub running: Running,
    pub pace: Pace,
}

/// A record that goes to somebody.
#[derive(Clone, Copy)]
struct Gift {
    record: Uuid,
    to: Uuid,
}

impl Work {
    /// The job's entry as it stands.
    pub fn entry(&self) -> Job {
        let mut job = self.job.clone();
        job.detail = serde_json::to_string(&self.detail).unwrap_or_default();
        job.updated_at = self.engine.now();
        job
    }

    /// In whose name the log has it.
    pub fn actor(&self) -> Viewer {
        let words = if self.detail.undoing { "handover taken back" } else { "handover" };
        Viewer::system(words).on_behalf_of(self.viewer.id).through(Via::Page).from_address(self.viewer.address.clone())
    }

    /// True when all is done, false when it was asked to stop.
    async fn hand_over(&mut self) -> Result<bool> {
        let plan = Arc::new(Plan::read(&self.engine, &self.viewer, self.detail.request.clone()).await?);
        self.detail.seq = platform::last_handed(self.engine.database(), self.job.id).await?;
        self.detail.moved = self.detail.seq;
        for index in 0..plan.parts.len() {
            let part = &plan.parts[index];
            let done = if part.field == "owner" {
                self.owners(&plan, index).await?
            } else {
                self.places(&plan, index).await?
            };
            if !done {
                return Ok(false);
            }
            for (other, field) in &part.along {
                if !self.along(&plan, index, other, field).await? {
                    return Ok(false);
                }
            }
        }
        if let Some(from) = plan.from.filter(|_| plan.deactivate) {
            self.deactivate(from).await?;
        }
        Ok(true)
    }

    /// Gives the records of a part to new owners, in turn.
    async fn owners(&mut self, plan: &Arc<Plan>, index: usize) -> Result<bool> {
        let part = &plan.parts[index];
        let database = self.engine.database().clone();
        let moved = platform::handed_records(&database, self.job.id, index as i64, &part.object.name).await?;
        let moved: HashSet<Uuid> = moved.into_iter().collect();
        let rows = database.read(plan.records(&self.engine, &self.viewer, index)).await?;
        let records = rows.into_iter().filter_map(|mut row| row.pop().and_then(|id| id.as_id()));
        let gifts: Vec<Gift> = records
            // Where somebody hands over, what is still his is still to be moved, whatever happened to it meanwhile.
            .filter(|record| plan.from.is_some() || !moved.contains(record))
            .enumerate()
            .map(|(turn, record)| Gift { record, to: part.to[(moved.len() + turn) % part.to.len()] })
            .collect();
        self.give_all(plan, index, part.object.clone(), gifts).await
    }

    /// Gives what follows the records of a part to their new owners.
    async fn along(&mut self, plan: &Arc<Plan>, index: usize, other: &Arc<ObjectDef>, field: &str) -> Result<bool> {
        let object = plan.parts[index].object.name.clone();
        let rows = givable(&self.engine, &plan.catalogue, &self.viewer, other);
        let (end, mut from) = (self.detail.seq, 0);
        while from < end {
            let window = (from, from + WINDOW);
            let moved = (self.job.id, index as i64, object.as_str());
            let database = self.engine.database();
            let sql = records::following(database.dialect(), other, field, moved, window, &rows);
            let found = database.read(sql).await?;
            let gifts: Vec<Gift> =
                found.iter().filter_map(|row| Some(Gift { record: row[0].as_id()?, to: row[1].as_id()? })).collect();
            if !self.give_all(plan, index, other.clone(), gifts).await? {
                return Ok(false);
            }
            from = window.1;
        }
        Ok(true)
    }

    async fn give_all(
        &mut self,
        plan: &Arc<Plan>,
        index: usize,
        object: Arc<ObjectDef>,
        gifts: Vec<Gift>,
    ) -> Result<bool> {
        let mut left = gifts.as_slice();
        while !left.is_empty() {
            if self.running.control.is_cancelled() {
                return Ok(false);
            }
            let (batch, later) = left.split_at(self.pace.size().min(left.len()));
            left = later;
            let (records, begun) = (batch.len(), Instant::now());
            let batch = Batch {
                engine: self.engine.clone(),
                plan: plan.clone(),
                part: index,
                object: object.clone(),
                rows: givable(&self.engine, &plan.catalogue, &self.viewer, &object),
                actor: self.actor(),
                detail: self.detail.clone(),
                job: self.job.clone(),
                gifts: batch.to_vec(),
            };
            let (detail, live) =
                self.engine.database().write(move |tx| Box::pin(async move { batch.give(tx).await })).await?;
            self.pace.learn(records, begun.elapsed());
            self.detail = detail;
            self.engine.announce(live).await;
        }
        Ok(true)
    }

    /// Puts others into his place where he stands in another field: head of a department, manager of colleagues.
    async fn places(&mut self, plan: &Arc<Plan>, index: usize) -> Result<bool> {
        let part = &plan.parts[index];
        let rows = self.engine.database().read(plan.records(&self.engine, &self.viewer, index)).await?;
        let records: Vec<Uuid> = rows.into_iter().filter_map(|mut row| row.pop().and_then(|id| id.as_id())).collect();
        for (turn, record) in records.into_iter().enumerate() {
            if self.running.control.is_cancelled() {
                return Ok(false);
            }
            let to = part.to[turn % part.to.len()];
            // Nobody becomes his own manager.
            let to = if part.object.name == "user" && to == record { None } else { Some(to) };
            self.replace(part, index, record, plan.from, to).await?;
        }
        Ok(true)
    }

    async fn replace(
        &mut self,
        part: &Part,
        index: usize,
        record: Uuid,
        from: Option<Uuid>,
        to: Option<Uuid>,
    ) -> Result<()> {
        let handed = Handed {
            seq: self.detail.seq + 1,
            part: index as i64,
            object: part.object.name.clone(),
            record,
            field: part.field.clone(),
            before: from,
            after: to,
        };
        let (engine, actor, object, job) = (self.engine.clone(), self.actor(), part.object.clone(), self.job.id);
        let (written, live) = self
            .engine
            .database()
            .write(move |tx| {
                Box::pin(async move {
                    let mut session = Session::new(&engine, &actor);
                    let written = put_in_place(&mut session, tx, &object, &handed, handed.before, handed.after).await?;
                    if written {
                        platform::add_handed(tx, job, vec![handed]).await?;
                    }
                    Ok::<_, Error>((written, session.live))
                })
            })
            .await?;
        if written {
            self.detail.seq += 1;
            self.detail.moved += 1;
        }
        self.engine.announce(live).await;
        Ok(())
    }

    async fn deactivate(&mut self, user: Uuid) -> Result<()> {
        let values = Map::from_iter([("active".to_owned(), json!(false))]);
        let person = self.engine.get(&Viewer::system("handover"), "user", user, None).await?;
        if person.get("active") == Some(&json!(false)) {
            return Ok(());
        }
        // By the viewer's own right: the last administrator stays.
        self.engine.update(&self.viewer, "user", user, &values, None, true).await?;
        let handed = Handed {
            seq: self.detail.seq + 1,
            part: -1,
            object: "user".into(),
            record: user,
            field: "active".into(),
            before: None,
            after: None,
        };
        let job = self.job.id;
        self.engine
            .database()
            .write(move |tx| Box::pin(async move { platform::add_handed(tx, job, vec![handed]).await }))
            .await?;
        self.detail.seq += 1;
        Ok(())
    }
}

/// Writes `to` where `from` stands in a field of one or of several people; false where he stands there no longer.
pub(super) async fn put_in_place(
    session: &mut Session<'_>,
    tx: &mut Tx,
    object: &Arc<ObjectDef>,
    place: &Handed,
    from: Option<Uuid>,
    to: Option<Uuid>,
) -> Result<bool> {
    let found =
        records::lock(tx, object, &[place.record], &RowFilter::All, guanxi_store::query::Life::Living).await?.pop();
    let Some(record) = found else { return Ok(false) };
    let many = object.field(&place.field).is_some_and(|field| field.kind == FieldType::MultiLookup);
    let value = if many {
        let mut members: Vec<Value> = record.get(&place.field).members().to_vec();
        let stood = from.is_none_or(|from| members.contains(&Value::Id(from)));
        if !stood {
            return Ok(false);
        }
        members.retain(|member| member.as_id() != from);
        if let Some(to) = to
            && !members.contains(&Value::Id(to))
        {
            members.push(Value::Id(to));
        }
        if members.is_empty() { Value::Null } else { Value::List(members) }
    } else {
        if record.get(&place.field).as_id() != from {
            return Ok(false);
        }
        to.into()
    };
    let write = Write {
        id: Some(place.record),
        values: HashMap::from([(place.field.clone(), value)]),
        allow_duplicate: true,
        ..Write::default()
    };
    for result in save_many(session, tx, object, vec![write]).await? {
        result?;
    }
    Ok(true)
}

/// One transaction.
struct Batch {
    engine: Engine,
    plan: Arc<Plan>,
    part: usize,
    object: Arc<ObjectDef>,
    rows: RowFilter,
    actor: Viewer,
    detail: Detail,
    job: Job,
    gifts: Vec<Gift>,
}

impl Batch {
    async fn give(mut self, tx: &mut Tx) -> Result<(Detail, Vec<crate::Live>)> {
        let ids: Vec<Uuid> = self.gifts.iter().map(|gift| gift.record).collect();
        let to: HashMap<Uuid, Uuid> = self.gifts.iter().map(|gift| (gift.record, gift.to)).collect();
        let mut wanted = Vec::new();
        for found in records::lock_owners(tx, &self.object, &ids, &self.rows).await? {
            // Somebody else was quicker, or it is his already.
            let his = self.plan.from.is_none_or(|from| found.owner == Some(from));
            if let Some(to) = to.get(&found.id)
                && his
                && found.owner != Some(*to)
            {
                let department = self.plan.departments.get(to).copied().flatten();
                wanted.push(Moved { found, owner: Some(*to), department });
            }
        }
        let mut session = Session::new(&self.engine, &self.actor);
        move_all(&mut session, tx, &self.object, &wanted).await?;
        let mut handed = Vec::with_capacity(wanted.len());
        for moved in &wanted {
            self.detail.seq += 1;
            self.detail.moved += 1;
            handed.push(Handed {
                seq: self.detail.seq,
                part: self.part as i64,
                object: self.object.name.clone(),
                record: moved.found.id,
                field: "owner".into(),
                before: moved.found.owner,
                after: moved.owner,
            });
        }
        platform::add_handed(tx, self.job.id, handed).await?;
        self.job.detail = serde_json::to_string(&self.detail).unwrap_or_default();
        self.job.updated_at = session.now;
        platform::put_job_in(tx, &self.job).await?;
        let live = session.live;
        Ok((self.detail, live))
    }
}

/// A locked record and whose it will be.
pub(super) struct Moved {
    pub found: records::Belonging,
    pub owner: Option<Uuid>,
    pub department: Option<Uuid>,
}

/// Gives locked records to their new owners and logs each as the change it is.
pub(super) async fn move_all(
    session: &mut Session<'_>,
    tx: &mut Tx,
    object: &Arc<ObjectDef>,
    all: &[Moved],
) -> Result<()> {
    let mut groups: HashMap<(Option<Uuid>, Option<Uuid>), Vec<Uuid>> = HashMap::new();
    for moved in all {
        groups.entry((moved.owner, moved.department)).or_default().push(moved.found.id);
    }
    for ((owner, department), ids) in groups {
        records::give(tx, object, &ids, owner, department, (session.now, session.viewer.id)).await?;
    }
    let mut entries = Vec::with_capacity(all.len());
    for moved in all {
        let mut diff = Map::from_iter([("owner".to_owned(), json!([moved.found.owner, moved.owner]))]);
        if moved.found.department != moved.department {
            diff.insert("department".to_owned(), json!([moved.found.department, moved.department]));
        }
        let since = object.ownership.as_ref().and_then(|ownership| ownership.since.as_deref());
        for (name, before) in &moved.found.besides {
            let Some(field) = object.field(name) else { continue };
            let after = match moved.owner {
                Some(_) if since == Some(name) => Value::from(session.now),
                Some(_) => Value::Null,
                None if since == Some(name) => Value::Null,
                None => before.clone(),
            };
            if *before != after {
                diff.insert(name.clone(), json!([json::to_json(field, before), json::to_json(field, &after)]));
            }
        }
        let version = moved.found.version + 1;
        entries.push(session.change(object, moved.found.id, ChangeKind::Update, version, &diff));
    }
    changes::append(tx, entries).await?;
    Ok(())
}

impl Engine {
    /// An entry in the access log beside the changes of every record: that it was one operation, whose and how large.
    async fn log_handover(&self, viewer: &Viewer, detail: &Detail, state: &str) {
        use crate::access_log::{Entry, Kind};
        let words = match state {
            "undone" => Label::new("撤销交接", "handover taken back"),
            "cancelled" => Label::new("交接已停止", "handover stopped"),
            "failed" => Label::new("交接失败", "handover failed"),
            _ => Label::new("交接完成", "handover done"),
        };
        let mut entry = Entry::of(viewer, Kind::Handover, words.zh);
        entry.object = Some("user".to_owned());
        entry.record = detail.request.from;
        entry.rows = Some(if detail.undoing { detail.returned } else { detail.moved });
        if let Err(error) = self.log_access(entry).await {
            tracing::error!(%error, "a handover cannot be logged");
        }
    }
}
