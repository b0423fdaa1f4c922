//! Who has reported and who has not, and how much everybody did.

use crate::{
    counts::{MEASURES, of_all},
    draft::bad_kind,
    duty::Duties,
    report::REPORT,
    span::Span,
};
use async_trait::async_trait;
use guanxi_access::Verb;
use guanxi_engine::{Engine, Error, Figures, Result, Viewer};
use guanxi_model::{FieldDef, Value};
use guanxi_store::records::Record;
use serde_json::{Map, Value as Json, json};
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// Everybody whose reports are the viewer's to read by his roles, on a `day` (today) or in its week, by `kind` (`daily`, `weekly`).
pub(crate) struct WorkReports;

#[async_trait]
impl Figures for WorkReports {
    fn name(&self) -> &'static str {
        "work_reports"
    }

    fn takes(&self) -> Vec<FieldDef> {
        Span::takes()
    }

    async fn of(&self, engine: &Engine, viewer: &Viewer, asked: &HashMap<String, Value>) -> Result<Json> {
        let span = Span::asked(engine, asked).ok_or_else(bad_kind)?;
        if !["owner", "kind", "first_day", "sent_at", "late"].iter().all(|field| engine.may_read(viewer, REPORT, field))
        {
            return Err(Error::forbidden("没有查看工作汇报的权限", "you may not read work reports"));
        }
        let people = people(engine, viewer).await?;
        let ids: Vec<Uuid> = people.iter().map(|user| user.id).collect();
        let duties = Duties::on(engine, &span).await?;
        let counts = of_all(engine, viewer, &ids, &span).await?;
        let sent = json!({"and": [["kind", "=", span.kind()], ["first_day", "=", span.first]]});
        let sent: HashMap<Uuid, Record> = engine
            .find_all(viewer, REPORT, &sent)
            .await?
            .into_iter()
            .filter_map(|report| Some((report.get("owner").as_id()?, report)))
            .collect();
        let named = engine.may_read(viewer, "user", "name");
        let mut rows: Vec<Json> = Vec::with_capacity(people.len());
        for user in &people {
            let whole = whole(engine, viewer, user).await?;
            let duty = duties.of(user);
            let mut counted = Map::new();
            let mut short = false;
            for measure in &MEASURES {
                // Part of somebody's work says nothing of how much it was.
                let known = counts.get(measure.name).filter(|_| whole.contains(measure.object));
                let Some(people) = known else { continue };
                let count = people.get(&user.id).copied().unwrap_or_default();
                let least = duty.as_ref().and_then(|duty| duty.least(measure.name));
                short |= least.is_some_and(|least| count < least);
                counted.insert(measure.name.to_owned(), json!({"count": count, "least": least}));
            }
            let report = sent.get(&user.id);
            rows.push(json!({
                "who": {"id": user.id, "title": user.get("name").as_text().filter(|_| named)},
                "expected": duty.is_some(), "short": short, "counts": counted,
                "report": report.map(|report| report.id),
                "sent_at": report.and_then(|report| report.get("sent_at").as_instant()),
                "late": report.and_then(|report| report.get("late").as_bool()),
            }));
        }
        Ok(json!({"kind": span.kind(), "first_day": span.first, "last_day": span.last, "rows": rows}))
    }
}

/// Active users whose reports the viewer may read, by name.
async fn people(engine: &Engine, viewer: &Viewer) -> Result<Vec<Record>> {
    let mut found = Vec::new();
    for user in engine.find_all(viewer, "user", &json!(["active", "=", true])).await? {
        if engine.would_hold(viewer, Verb::Read, REPORT, Some(user.id), user.get("department").as_id()).await? {
            found.push(user);
        }
    }
    found.sort_by(|one, other| one.get("name").as_text().cmp(&other.get("name").as_text()));
    Ok(found)
}

/// The objects whose records the viewer sees all of that are a user's.
async fn whole(engine: &Engine, viewer: &Viewer, user: &Record) -> Result<BTreeSet<&'static str>> {
    let mut found = BTreeSet::new();
    let objects: BTreeSet<&'static str> = MEASURES.iter().map(|measure| measure.object).collect();
    for object in objects {
        let department = user.get("department").as_id();
        if engine.would_hold(viewer, Verb::Read, object, Some(user.id), department).await? {
            found.insert(object);
        }
    }
    Ok(found)
}
