//! Taking a handover back, its journal read from the end: whoever had a record has it again, unless it has gone on to somebody
//! else since.

use super::run::{Moved, Work, move_all, put_in_place};
use crate::{Engine, Error, Live, Result, save::Session};
use guanxi_access::{RowFilter, Viewer};
use guanxi_model::ObjectDef;
use guanxi_store::{
    Tx,
    platform::{self, Handed, Job},
    query::Life,
    records,
};
use serde_json::{Map, json};
use std::{collections::HashMap, sync::Arc, time::Instant};
use uuid::Uuid;

/// True when all is given back, false when it was asked to stop.
pub(super) async fn undo(work: &mut Work) -> Result<bool> {
    loop {
        if work.running.control.is_cancelled() {
            return Ok(false);
        }
        let from = work.detail.undo_from.unwrap_or(i64::MAX);
        let entries = platform::handed(work.engine.database(), work.job.id, from, work.pace.size()).await?;
        let Some(last) = entries.last() else { return Ok(true) };
        let lowest = last.seq;
        if entries.iter().any(|entry| entry.object == "user" && entry.field == "active") {
            let user =
                entries.iter().find(|entry| entry.field == "active").map(|entry| entry.record).unwrap_or_default();
            let values = Map::from_iter([("active".to_owned(), json!(true))]);
            work.engine.update(&work.viewer, "user", user, &values, None, true).await?;
        }
        work.detail.undo_from = Some(lowest);
        let page = Page { engine: work.engine.clone(), actor: work.actor(), job: work.entry(), entries };
        let (records, begun) = (page.entries.len(), Instant::now());
        let (returned, kept, live) =
            work.engine.database().write(move |tx| Box::pin(async move { page.give_back(tx).await })).await?;
        work.pace.learn(records, begun.elapsed());
        work.detail.returned += returned;
        work.detail.kept += kept;
        work.engine.announce(live).await;
    }
}

struct Page {
    engine: Engine,
    actor: Viewer,
    job: Job,
    entries: Vec<Handed>,
}

impl Page {
    async fn give_back(self, tx: &mut Tx) -> Result<(i64, i64, Vec<Live>)> {
        let mut session = Session::new(&self.engine, &self.actor);
        let (mut returned, mut kept) = (0, 0);
        let mut by_object: HashMap<&str, Vec<&Handed>> = HashMap::new();
        for entry in &self.entries {
            if entry.field == "owner" {
                by_object.entry(&entry.object).or_default().push(entry);
            } else if entry.field != "active" {
                let object = self.engine.object(&entry.object)?;
                if put_in_place(&mut session, tx, &object, entry, entry.after, entry.before).await? {
                    returned += 1;
                } else {
                    kept += 1;
                }
            }
        }
        for (object, entries) in by_object {
            let object: Arc<ObjectDef> = self.engine.object(object)?;
            let ids: Vec<Uuid> = entries.iter().map(|entry| entry.record).collect();
            let wanted: HashMap<Uuid, &Handed> = entries.iter().map(|entry| (entry.record, *entry)).collect();
            let mut back = Vec::new();
            for found in records::lock_owners(tx, &object, &ids, &RowFilter::All).await? {
                if let Some(entry) = wanted.get(&found.id)
                    && found.owner == entry.after
                {
                    let department = self.department_of(tx, entry.before).await?;
                    back.push(Moved { found, owner: entry.before, department });
                }
            }
            returned += back.len() as i64;
            kept += (entries.len() - back.len()) as i64;
            move_all(&mut session, tx, &object, &back).await?;
        }
        let mut job = self.job;
        let mut detail: super::Detail = serde_json::from_str(&job.detail).unwrap_or_default();
        detail.returned += returned;
        detail.kept += kept;
        job.detail = serde_json::to_string(&detail).unwrap_or_default();
        platform::put_job_in(tx, &job).await?;
        Ok::<_, Error>((returned, kept, session.live))
    }

    async fn department_of(&self, tx: &mut Tx, user: Option<Uuid>) -> Result<Option<Uuid>> {
        let Some(user) = user else { return Ok(None) };
        let people = self.engine.object("user")?;
        let found = records::read(tx, &people, &[user], &RowFilter::All, Life::Any).await?.pop();
        Ok(found.and_then(|user| user.get("department").as_id()))
    }
}
