//! An opportunity that was won becomes a project, once; a project gets the milestones of its template.

use crate::{MILESTONE, PROJECT};
use async_trait::async_trait;
use guanxi_engine::{Action, Context, Draft, Error, Result, Rule};
use guanxi_model::{FieldError, Value};
use guanxi_store::records::Record;
use jiff::{ToSpan as _, civil::Date};
use std::collections::HashMap;
use uuid::Uuid;

/// Milestones from the template, days that make sense, one project of an opportunity.
pub(crate) struct ProjectRule;

#[async_trait]
impl Rule for ProjectRule {
    fn object(&self) -> &'static str {
        PROJECT
    }

    async fn before_save(&self, draft: &mut Draft, context: &mut Context<'_>) -> Result<()> {
        if let (Value::Date(starts), Value::Date(due)) = (draft.get("starts_on"), draft.get("due_on"))
            && due < starts
        {
            context.refuse(FieldError::new(
                "due_on",
                "ends_before_start",
                "不能早于开始日期",
                "it would be due before it starts",
            ));
        }
        if draft.changed("opportunity")
            && let Some(opportunity) = draft.get("opportunity").as_id()
        {
            // Two that come at once wait for each other here.
            let known = context.lock("opportunity", opportunity).await?;
            if draft.get("customer").is_null() {
                draft.set("customer", known.map_or(Value::Null, |known| known.get("customer").clone()));
            }
            let others = context.find(PROJECT, "opportunity", opportunity.into()).await?;
            if others.iter().any(|other| other.id != draft.id) {
                context.refuse(FieldError::new(
                    "opportunity",
                    "has_project",
                    "这个商机已有项目",
                    "there is a project of this opportunity",
                ));
            }
        }
        let done = draft.get("status").as_text() == Some("done");
        if draft.changed("status") {
            let today = context.now.to_zoned(context.engine.settings().zone.clone()).date();
            draft.set("finished_on", if done { Value::Date(today) } else { Value::Null });
        }
        if draft.is_new() && draft.get("due_on").is_null() {
            let last = of_template(draft, context).await?.iter().map(|step| step.get("days").as_int()).max().flatten();
            if let (Some(days), Value::Date(starts)) = (last, draft.get("starts_on").clone()) {
                draft.set("due_on", after(starts, days).map_or(Value::Null, Value::Date));
            }
        }
        Ok(())
    }

    async fn after_save(&self, draft: &Draft, context: &mut Context<'_>) -> Result<()> {
        if !draft.is_new() {
            return Ok(());
        }
        let Value::Date(starts) = draft.get("starts_on").clone() else { return Ok(()) };
        for (place, step) in of_template(draft, context).await?.into_iter().enumerate() {
            let days = step.get("days").as_int().unwrap_or_default();
            context.create(
                MILESTONE,
                vec![
                    ("name", step.get("name").clone()),
                    ("project", draft.id.into()),
                    ("sort_order", i64::try_from(place + 1).unwrap_or_default().into()),
                    ("due_on", after(starts, days).map_or(Value::Null, Value::Date)),
                    ("weight", step.get("weight").clone()),
                    ("deliverable", step.get("deliverable").clone()),
                    ("responsible", draft.get("owner").clone()),
                ],
            );
        }
        Ok(())
    }
}

fn after(day: Date, days: i64) -> Option<Date> {
    day.checked_add(days.days()).ok()
}

/// The steps of its template, by day.
async fn of_template(draft: &Draft, context: &mut Context<'_>) -> Result<Vec<Record>> {
    let Some(template) = draft.get("template").as_id() else { return Ok(Vec::new()) };
    let mut steps = context.find("template_milestone", "template", template.into()).await?;
    steps.sort_by_key(|step| (step.get("days").as_int(), step.id));
    Ok(steps)
}

/// Makes a project of an opportunity that was won.
pub(crate) struct StartProject;

#[async_trait]
impl Action for StartProject {
    fn object(&self) -> &'static str {
        "opportunity"
    }

    fn name(&self) -> &'static str {
        "start_project"
    }

    async fn act(&self, record: &Record, input: &HashMap<String, Value>, context: &mut Context<'_>) -> Result<()> {
        if record.get("status").as_text() != Some("won") {
            return Err(Error::conflict("not_won", "赢单的商机才能转项目", "only what was won becomes a project"));
        }
        if !context.may_create(PROJECT)? {
            return Err(Error::forbidden("没有新建项目的权限", "you may not create projects"));
        }
        let given = |name: &str| input.get(name).cloned().unwrap_or_default();
        let template = match given("template").as_id() {
            Some(template) => Some(template),
            None => default_template(context).await?,
        };
        let mut values = vec![
            ("name", record.get("name").clone()),
            ("opportunity", record.id.into()),
            ("customer", record.get("customer").clone()),
            ("contact", record.get("contact").clone()),
            ("template", template.into()),
            ("owner", Some(given("owner")).filter(|owner| !owner.is_null()).unwrap_or(record.get("owner").clone())),
        ];
        let starts = given("starts_on");
        if !starts.is_null() {
            values.push(("starts_on", starts));
        }
        context.create(PROJECT, values);
        Ok(())
    }
}

async fn default_template(context: &mut Context<'_>) -> Result<Option<Uuid>> {
    let templates = context.find("project_template", "is_default", true.into()).await?;
    Ok(templates.iter().find(|template| template.get("active").as_bool() == Some(true)).map(|template| template.id))
}
