//! A report is its author's own, of a day or a week that has begun, and carries what was counted when it was sent.

use crate::{
    counts,
    span::{Span, begins, today},
};
use async_trait::async_trait;
use guanxi_access::Verb;
use guanxi_engine::{Context, Draft, Result, Rule};
use guanxi_model::{FieldError, Value};
use guanxi_store::records::Record;
use jiff::ToSpan as _;
use serde_json::json;
use uuid::Uuid;

/// The object.
pub(crate) const REPORT: &str = "work_report";

/// What is set when it is sent, and kept.
pub(crate) struct ReportRule;

#[async_trait]
impl Rule for ReportRule {
    fn object(&self) -> &'static str {
        REPORT
    }

    async fn before_save(&self, draft: &mut Draft, context: &mut Context<'_>) -> Result<()> {
        if !draft.is_new() {
            return kept(draft, context);
        }
        let me = context.viewer.id;
        if me.is_some() && draft.get("owner").as_id() != me {
            context.refuse(FieldError::new(
                "owner",
                "own_only",
                "只能提交自己的汇报",
                "everybody sends his own reports",
            ));
            return Ok(());
        }
        let Value::Date(day) = *draft.get("first_day") else { return Ok(()) };
        let span = Span::around(draft.get("kind").as_text() == Some("weekly"), day);
        if span.first > today(context.engine) {
            context.refuse(FieldError::new(
                "first_day",
                "not_begun",
                "不能提交未来日期的汇报",
                "it cannot be of a day or week that has not begun",
            ));
            return Ok(());
        }
        draft.set("first_day", Value::Date(span.first));
        draft.set("last_day", Value::Date(span.last));
        let sent = draft.get("sent_at").as_instant().filter(|_| draft.imported).unwrap_or(context.now);
        draft.set("sent_at", sent);
        draft.set("late", sent >= begins(context.engine, span.last.saturating_add(2.days())));
        let Some(author) = draft.get("owner").as_id() else { return Ok(()) };
        // The table keeps it unique, too; this says what to do.
        let same = json!({"and": [["owner", "=", author], ["kind", "=", span.kind()], ["first_day", "=", span.first]]});
        if context.count(REPORT, &same).await? > 0 {
            context.refuse(FieldError::new(
                "first_day",
                "sent_already",
                "这份汇报已经提交过，请直接修改",
                "this report was sent already; change that one",
            ));
            return Ok(());
        }
        let user = context.read("user", author).await?;
        let name = user.as_ref().and_then(|user| user.get("name").as_text()).unwrap_or_default();
        let name = match span.weekly {
            true => format!("{name} {} – {}", span.first, span.last.strftime("%m-%d")),
            false => format!("{name} {}", span.first),
        };
        draft.set("name", name);
        if draft.get("recipients").members().is_empty() {
            let to = match &user {
                Some(user) => superior(user, context).await?,
                None => None,
            };
            draft.set("recipients", to.map(|to| Value::List(vec![to.into()])).unwrap_or_default());
        }
        for (name, count) in counts::of_one(context, author, &span).await? {
            draft.set(name, count);
        }
        Ok(())
    }
}

/// What was sent is still the same report, in its author's words.
fn kept(draft: &Draft, context: &mut Context<'_>) -> Result<()> {
    let someone = context.viewer.id.is_some();
    for field in ["kind", "first_day", "owner"] {
        if draft.changed(field) && (someone || field != "owner") {
            context.refuse(FieldError::new(
                field,
                "fixed",
                "已提交的汇报不能改类型、日期和汇报人",
                "a report that was sent stays of its kind, day and author",
            ));
        }
    }
    let others = someone && context.viewer.id != draft.before("owner").as_id();
    for field in ["summary", "plan", "problems"] {
        if others && draft.changed(field) {
            context.refuse(words_of_another(field));
        }
    }
    Ok(())
}

/// Nobody rewrites what somebody else has said.
pub(crate) fn words_of_another(field: &str) -> FieldError {
    FieldError::new(field, "not_the_author", "只有本人可以修改", "only its author changes it")
}

/// Whom somebody reports to: his manager, or else who leads his department, or the nearest one above it, as far as they work here
/// still and he may know them.
pub(crate) async fn superior(user: &Record, context: &mut Context<'_>) -> Result<Option<Uuid>> {
    if let Some(manager) = user.get("manager").as_id()
        && hears(manager, user, context).await?
    {
        return Ok(Some(manager));
    }
    let mut department = user.get("department").as_id();
    // Deep enough for any company; a circle ends here, too.
    for _ in 0..20 {
        let Some(id) = department else { break };
        let Some(found) = context.read("department", id).await? else { break };
        if let Some(manager) = found.get("manager").as_id()
            && hears(manager, user, context).await?
        {
            return Ok(Some(manager));
        }
        department = found.get("parent").as_id();
    }
    Ok(None)
}

async fn hears(manager: Uuid, user: &Record, context: &mut Context<'_>) -> Result<bool> {
    let active = context.read("user", manager).await?.is_some_and(|found| found.get("active").as_bool() == Some(true));
    Ok(manager != user.id && active && context.may(Verb::Read, "user", manager).await?)
}
