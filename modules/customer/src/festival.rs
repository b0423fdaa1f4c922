//! Festivals: when the day of the reminder comes, everybody who has customers to greet gets one record for all of them, so that
//! a million customers are not ten million records.

use crate::{
    CUSTOMER,
    care::{SOON, reminder},
    lunar::{Yearly, next_term, year_of},
};
use async_trait::async_trait;
use guanxi_engine::{AggregateRequest, Chore, Context, Draft, Engine, Error, Result, Rule, Viewer};
use guanxi_model::{FieldError, Filter, Label, Value, filter::FilterContext};
use guanxi_store::records::Record;
use jiff::{ToSpan as _, civil::Date};
use serde_json::{Map, Value as Json, json};
use std::{collections::HashSet, sync::Arc};
use uuid::Uuid;

/// The objects.
const FESTIVAL: &str = "festival";
const GREETING: &str = "festival_greeting";

/// When it comes next, and whom it concerns.
pub(crate) struct FestivalRule;

#[async_trait]
impl Rule for FestivalRule {
    fn object(&self) -> &'static str {
        FESTIVAL
    }

    async fn before_save(&self, draft: &mut Draft, context: &mut Context<'_>) -> Result<()> {
        let by_term = draft.get("calendar").as_text() == Some("term");
        // What the other calendars ask for says nothing here.
        for field in if by_term { &["month", "day"][..] } else { &["term"][..] } {
            draft.set(field, Value::Null);
        }
        let asked = if by_term { &["term"][..] } else { &["month", "day"][..] };
        let missing: Vec<&&str> = asked.iter().filter(|field| draft.get(field).is_null()).collect();
        for field in &missing {
            context.refuse(FieldError::new(field, "required", "请填写", "this is needed for the calendar chosen"));
        }
        if missing.is_empty() {
            if yearly(|field| draft.get(field)).is_some_and(|yearly| !yearly.exists()) {
                context.refuse(FieldError::new("day", "no_such_day", "没有这一天", "there is no such day"));
            } else {
                let next = next(|field| draft.get(field), today(context.engine));
                draft.set("next_on", next.map_or(Value::Null, Value::Date));
            }
        }
        if draft.changed("criteria")
            && let Some(text) = draft.get("criteria").as_text()
            && let Err(problem) = check(text, context)
        {
            context.refuse(FieldError::new("criteria", "bad_filter", problem.zh, problem.en));
        }
        Ok(())
    }
}

fn today(engine: &Engine) -> Date {
    engine.now().to_zoned(engine.settings().zone.clone()).date()
}

/// The day of the year, unless it is that of a solar term.
fn yearly<'v>(get: impl Fn(&str) -> &'v Value) -> Option<Yearly> {
    let number = |field: &str| get(field).as_int().and_then(|number| i8::try_from(number).ok());
    let lunar = get("calendar").as_text() == Some("lunar");
    Some(Yearly { lunar, month: number("month")?, day: number("day")?, leap: false })
}

/// The first such day from a day on.
fn next<'v>(get: impl Fn(&str) -> &'v Value, from: Date) -> Option<Date> {
    match get("term").as_text() {
        Some(term) => next_term(term, from),
        None => yearly(get)?.next(from),
    }
}

/// Criteria ask for a customer's own fields that the writer may read, and mean the same whoever asks.
fn check(text: &str, context: &Context<'_>) -> std::result::Result<(), Label> {
    let json: Json = serde_json::from_str(text).map_err(|error| {
        Label::new(format!("条件不是有效的 JSON：{error}"), format!("the criteria are not JSON: {error}"))
    })?;
    let catalogue = context.engine.catalogue();
    let Some(customer) = catalogue.object(CUSTOMER) else {
        return Err(Label::new("没有客户", "there are no customers"));
    };
    let settings = context.engine.settings();
    let asked_by = |who: Uuid| FilterContext {
        now: context.now,
        zone: settings.zone.clone(),
        rules: settings.rules.clone(),
        me: Some(who),
        my_department: Some(who),
    };
    let filter = Filter::parse(&json, &catalogue, customer, &asked_by(Uuid::nil())).map_err(|error| error.message)?;
    if filter.conditions().is_empty() {
        return Err(Label::new("请至少设置一个条件，或留空", "give at least one condition, or leave it empty"));
    }
    if Filter::parse(&json, &catalogue, customer, &asked_by(Uuid::max())).ok().as_ref() != Some(&filter) {
        return Err(Label::new("条件不能使用“我”", "criteria cannot depend on who asks (me)"));
    }
    let odd = filter.conditions().into_iter().find(|condition| {
        !condition.via.is_empty() || !context.engine.may_read(context.viewer, CUSTOMER, &condition.field)
    });
    match odd {
        Some(condition) => Err(Label::new(
            format!("条件不能使用字段“{}”：只能使用客户自己的、您能查看的字段", condition.field),
            format!(
                "criteria cannot ask for “{}”: only for fields of the customer itself that you may read",
                condition.field
            ),
        )),
        None => Ok(()),
    }
}

/// Whom it concerns: what has an owner, is in no pool and not lost, and matches.
fn concerned(criteria: Option<&str>) -> Result<Json> {
    let mut parts =
        vec![json!(["owner", "not_null"]), json!(["pool", "is_null"]), json!({"not": ["life_cycle", "=", "lost"]})];
    if let Some(text) = criteria {
        let read = serde_json::from_str(text);
        parts.push(read.map_err(|error| Error::bad("bad_filter", error.to_string(), error.to_string()))?);
    }
    Ok(json!({"and": parts}))
}

/// What is over comes again next year; what is near is told to those who have customers to greet.
pub(crate) struct Greetings;

#[async_trait]
impl Chore for Greetings {
    fn name(&self) -> &'static str {
        "festivals"
    }

    fn hour(&self) -> i8 {
        0
    }

    async fn run(&self, engine: &Engine) -> Result<()> {
        let viewer = Viewer::system("festivals");
        let today = today(engine);
        let over = json!(["next_on", "<", today.to_string()]);
        // Nothing is said of it: the rule finds it.
        engine.sweep(&viewer, FESTIVAL, &over, Arc::new(|_| Some(Vec::new()))).await?;
        let mut failed = None;
        for festival in engine.find_all(&viewer, FESTIVAL, &json!(["active", "=", true])).await? {
            if let Err(error) = greet(engine, &viewer, &festival, today).await {
                let name = festival.get("name").as_text().unwrap_or_default();
                tracing::warn!(name, %error, "the greetings of a festival cannot be prepared");
                // Criteria may ask for a field that has gone since: the others hold nevertheless, and tomorrow asks again.
                if matches!(error, Error::Store(_)) {
                    failed = Some(error);
                }
            }
        }
        failed.map_or(Ok(()), Err)
    }
}

/// One record for everybody who has customers to greet and has none for this year yet.
async fn greet(engine: &Engine, viewer: &Viewer, festival: &Record, today: Date) -> Result<()> {
    let &Value::Date(day) = festival.get("next_on") else { return Ok(()) };
    let ahead = festival.get("remind_days").as_int().unwrap_or_default();
    let from = day.checked_sub(ahead.days()).unwrap_or(day);
    if !(from..=day).contains(&today) {
        return Ok(());
    }
    let criteria = festival.get("criteria").as_text();
    let year = year_of(day, festival.get("calendar").as_text() == Some("lunar"));
    let made = json!({"and": [["festival", "=", festival.id], ["year", "=", year]]});
    let made: HashSet<Uuid> =
        engine.find_all(viewer, GREETING, &made).await?.iter().filter_map(|made| made.get("owner").as_id()).collect();
    // One aggregate, however many customers there are. Who has left greets nobody.
    let active: HashSet<Uuid> =
        engine.find_all(viewer, "user", &json!(["active", "=", true])).await?.iter().map(|user| user.id).collect();
    let request: AggregateRequest = serde_json::from_value(json!({
        "group_by": ["owner"], "measures": [{"fn": "count"}], "limit": 10_000, "filter": concerned(criteria)?,
    }))
    .unwrap_or_default();
    let counted = engine.aggregate(viewer, CUSTOMER, &request).await?;
    let remind = reminder(day, ahead, &engine.settings().zone).map(|at| at.max(engine.now() + SOON));
    let name = format!("{} {year}", festival.get("name").as_text().unwrap_or_default());
    let new: Vec<Map<String, Json>> = counted
        .iter()
        .filter_map(|row| {
            let owner: Uuid = row.get("owner")?.get("id")?.as_str()?.parse().ok()?;
            if made.contains(&owner) || !active.contains(&owner) {
                return None;
            }
            let values = [
                ("name", json!(name)),
                ("festival", json!(festival.id)),
                ("year", json!(year)),
                ("day", json!(day.to_string())),
                ("customers", row.get("count")?.clone()),
                ("criteria", json!(criteria)),
                ("remind_at", json!(remind)),
                ("owner", json!(owner)),
            ];
            Some(values.into_iter().map(|(field, value)| (field.to_owned(), value)).collect())
        })
        .collect();
    for some in new.chunks(200) {
        engine.load_records(viewer, GREETING, some).await?;
    }
    if !new.is_empty() {
        tracing::info!(festival = name, people = new.len(), "greetings are due");
    }
    Ok(())
}
