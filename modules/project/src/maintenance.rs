//! A project goes into maintenance, and a maintenance has its plan of visits.

use crate::{PROJECT, milestones::done_on};
use async_trait::async_trait;
use guanxi_engine::{Action, Context, Draft, Error, Result, Rule};
use guanxi_model::{FieldError, Value};
use guanxi_store::records::Record;
use jiff::{ToSpan as _, civil::Date};
use std::collections::HashMap;

/// The objects.
const MAINTENANCE: &str = "maintenance";
const VISIT: &str = "maintenance_visit";
/// Most visits of a plan: ten years of one a month.
const MOST_VISITS: i64 = 120;
/// Days before a visit at which, and hour of the day at which, somebody is reminded.
const AHEAD: i64 = 7;
const HOUR: i8 = 9;

/// Ends after it starts; a new one gets its visits.
pub(crate) struct MaintenanceRule;

#[async_trait]
impl Rule for MaintenanceRule {
    fn object(&self) -> &'static str {
        MAINTENANCE
    }

    async fn before_save(&self, draft: &mut Draft, context: &mut Context<'_>) -> Result<()> {
        let (Value::Date(starts), Value::Date(ends)) = (draft.get("starts_on"), draft.get("ends_on")) else {
            return Ok(());
        };
        if ends < starts {
            context.refuse(FieldError::new(
                "ends_on",
                "ends_before_start",
                "不能早于开始日期",
                "it would end before it starts",
            ));
        } else if draft.is_new() && visits(draft).is_none() {
            context.refuse(FieldError::new(
                "ends_on",
                "too_many_visits",
                format!("回访超过 {MOST_VISITS} 次，请缩短期限或拉长间隔"),
                format!("more than {MOST_VISITS} visits: shorten it or visit less often"),
            ));
        }
        Ok(())
    }

    async fn after_save(&self, draft: &Draft, context: &mut Context<'_>) -> Result<()> {
        if !draft.is_new() {
            return Ok(());
        }
        let name = draft.get("name").as_text().unwrap_or_default().to_owned();
        for (place, day) in visits(draft).unwrap_or_default().into_iter().enumerate() {
            context.create(
                VISIT,
                vec![
                    ("name", format!("{name} {}", place + 1).into()),
                    ("maintenance", draft.id.into()),
                    ("planned_on", Value::Date(day)),
                    ("visitor", draft.get("owner").clone()),
                ],
            );
        }
        Ok(())
    }
}

/// Every so many months after the beginning, on the same day of the month or its last one; nothing when they are too many.
fn visits(draft: &Draft) -> Option<Vec<Date>> {
    let (Value::Date(starts), Value::Date(ends), Some(every)) =
        (draft.get("starts_on"), draft.get("ends_on"), draft.get("every_months").as_int())
    else {
        return Some(Vec::new());
    };
    let mut days = Vec::new();
    for number in 1.. {
        let Ok(day) = starts.checked_add((every.max(1) * number).months()) else { break };
        if day > *ends {
            break;
        }
        if number > MOST_VISITS {
            return None;
        }
        days.push(day);
    }
    Some(days)
}

/// Who goes there, when he is reminded, and when it was done.
pub(crate) struct VisitRule;

#[async_trait]
impl Rule for VisitRule {
    fn object(&self) -> &'static str {
        VISIT
    }

    async fn before_save(&self, draft: &mut Draft, context: &mut Context<'_>) -> Result<()> {
        done_on(draft, context);
        let maintenance = match draft.get("maintenance").as_id() {
            Some(id) => context.read(MAINTENANCE, id).await?,
            None => None,
        };
        if let Some(maintenance) = maintenance {
            if draft.get("visitor").is_null() {
                draft.set("visitor", maintenance.get("owner").clone());
            }
            if draft.get("name").is_null() {
                draft.set("name", maintenance.get("name").clone());
            }
        }
        if let Value::Date(day) = draft.get("planned_on")
            && draft.changed("planned_on")
        {
            let zone = context.engine.settings().zone.clone();
            let before = day.checked_sub(AHEAD.days()).ok();
            let at = before.and_then(|day| day.at(HOUR, 0, 0, 0).to_zoned(zone).ok()).map(|zoned| zoned.timestamp());
            draft.set("remind_at", at);
        }
        Ok(())
    }
}

/// Ends a project, if it has not ended, and begins its maintenance.
pub(crate) struct Maintain;

#[async_trait]
impl Action for Maintain {
    fn object(&self) -> &'static str {
        PROJECT
    }

    fn name(&self) -> &'static str {
        "maintain"
    }

    async fn act(&self, record: &Record, input: &HashMap<String, Value>, context: &mut Context<'_>) -> Result<()> {
        if !matches!(record.get("status").as_text(), Some("running" | "done")) {
            return Err(Error::conflict(
                "not_running",
                "进行中或已完成的项目才能转维护",
                "only a project that runs or is done",
            ));
        }
        if record.get("customer").is_null() {
            return Err(Error::conflict("no_customer", "项目没有客户，不能转维护", "it has no customer to look after"));
        }
        if !context.may_create(MAINTENANCE)? {
            return Err(Error::forbidden("没有新建维护的权限", "you may not create maintenance"));
        }
        // The project is held: of two who ask at once the second finds what the first began.
        let begun = context.find(MAINTENANCE, "project", record.id.into()).await?;
        if begun.iter().any(|one| one.get("status").as_text() == Some("active")) {
            return Err(Error::conflict("in_maintenance", "项目已在维护中", "it is in maintenance already"));
        }
        let given = |name: &str| input.get(name).cloned().unwrap_or_default();
        context.create(
            MAINTENANCE,
            vec![
                ("name", record.get("name").clone()),
                ("customer", record.get("customer").clone()),
                ("project", record.id.into()),
                ("starts_on", given("starts_on")),
                ("ends_on", given("ends_on")),
                ("every_months", given("every_months")),
                ("owner", record.get("owner").clone()),
            ],
        );
        if record.get("status").as_text() == Some("running") {
            context.update(PROJECT, record.id, vec![("status", "done".into())]);
        }
        Ok(())
    }
}
