//! A report of one's own as far as it writes itself.

use crate::{
    counts::{MEASURES, of_all},
    duty::Duties,
    report::REPORT,
    span::Span,
    words::{Words, done, planned},
};
use async_trait::async_trait;
use guanxi_engine::{Engine, Error, Figures, Result, Viewer};
use guanxi_model::{FieldDef, Value};
use serde_json::{Value as Json, json};
use std::collections::HashMap;

/// What one did on a `day` (today) or in its week, by `kind` (`daily`, `weekly`): counts beside what is expected at least, and the
/// texts that a report could begin with, in one's own language.
pub(crate) struct WorkDraft;

#[async_trait]
impl Figures for WorkDraft {
    fn name(&self) -> &'static str {
        "work_draft"
    }

    fn takes(&self) -> Vec<FieldDef> {
        Span::takes()
    }

    async fn of(&self, engine: &Engine, viewer: &Viewer, asked: &HashMap<String, Value>) -> Result<Json> {
        let span = Span::asked(engine, asked).ok_or_else(bad_kind)?;
        let system = Viewer::system("work_reports");
        let user = match viewer.id {
            Some(id) => engine.find_all(&system, "user", &json!(["id", "=", id])).await?.pop(),
            None => None,
        };
        let Some(user) = user.filter(|_| engine.may_read(viewer, REPORT, "summary")) else {
            return Err(Error::forbidden("没有写工作汇报的权限", "you may not write work reports"));
        };
        let duties = Duties::on(engine, &span).await?;
        let duty = duties.of(&user);
        let counts = of_all(engine, viewer, &[user.id], &span).await?;
        let counted: Vec<Json> = MEASURES
            .iter()
            .map(|measure| {
                let count = counts.get(measure.name).map(|people| people.get(&user.id).copied().unwrap_or_default());
                let least = duty.as_ref().and_then(|duty| duty.least(measure.name));
                json!({"name": measure.name, "count": count, "least": least})
            })
            .collect();
        let words = Words { engine, viewer, lang: viewer.lang };
        let mine = json!({"and": [
            ["owner", "=", user.id], ["kind", "=", span.kind()], ["first_day", "=", span.first],
        ]});
        let sent = engine.find_all(viewer, REPORT, &mine).await?.pop();
        Ok(json!({
            "kind": span.kind(), "first_day": span.first, "last_day": span.last,
            "expected": duty.is_some(), "sent": sent.map(|sent| sent.id), "counts": counted,
            "summary": done(&words, user.id, &span).await?,
            "plan": planned(&words, user.id, &span.next()).await?,
        }))
    }
}

pub(crate) fn bad_kind() -> Error {
    Error::bad("bad_kind", "kind 应为 daily 或 weekly", "kind is daily or weekly")
}
