//! The care calendar: days on which customers are thought of every year.

use crate::lunar::{Yearly, year_of};
use async_trait::async_trait;
use guanxi_engine::{Chore, Context, Draft, Engine, Result, Rule, Viewer};
use guanxi_model::{FieldError, Value};
use jiff::{SignedDuration, Timestamp, ToSpan as _, civil::Date, tz::TimeZone};
use serde_json::json;
use std::sync::Arc;

/// The object.
const CARE: &str = "care_date";
/// The hour of the workspace's day at which people are reminded.
const HOUR: i8 = 9;
/// When whoever is late is reminded: after what is written has become readable.
pub(crate) const SOON: SignedDuration = SignedDuration::from_mins(1);

/// When it comes next, and how many years it is then.
pub(crate) struct CareDateRule;

#[async_trait]
impl Rule for CareDateRule {
    fn object(&self) -> &'static str {
        CARE
    }

    async fn before_save(&self, draft: &mut Draft, context: &mut Context<'_>) -> Result<()> {
        let number = |field: &str| draft.get(field).as_int().and_then(|number| i8::try_from(number).ok());
        let (Some(month), Some(day)) = (number("month"), number("day")) else { return Ok(()) };
        let lunar = draft.get("calendar").as_text() == Some("lunar");
        let leap = lunar && draft.get("leap").as_bool() == Some(true);
        let yearly = Yearly { lunar, month, day, leap };
        draft.set("leap", leap);
        if !yearly.exists() {
            context.refuse(FieldError::new("day", "no_such_day", "没有这一天", "there is no such day"));
            return Ok(());
        }
        name(draft, context).await?;
        let zone = context.engine.settings().zone.clone();
        let today = context.now.to_zoned(zone.clone()).date();
        let next = yearly.next(today);
        let years = next.zip(draft.get("year").as_int()).map(|(next, year)| i64::from(year_of(next, lunar)) - year);
        let ahead = draft.get("remind_days").as_int().unwrap_or_default();
        // Whoever is late in entering it is reminded at once.
        let remind = next.and_then(|next| reminder(next, ahead, &zone)).map(|at| at.max(context.now + SOON));
        let kept = !draft.changed("next_on") && draft.before("next_on") == &next.map_or(Value::Null, Value::Date);
        draft.set("next_on", next.map_or(Value::Null, Value::Date));
        draft.set("years", years.filter(|years| *years >= 0));
        // What was reminded of is not reminded of again because somebody mends a word.
        if !kept || draft.changed("remind_days") || draft.is_new() {
            draft.set("remind_at", remind);
        }
        Ok(())
    }
}

/// The hour of the reminder, so many days before.
pub(crate) fn reminder(next: Date, ahead: i64, zone: &TimeZone) -> Option<Timestamp> {
    let day = next.checked_sub(ahead.days()).ok()?;
    Some(day.at(HOUR, 0, 0, 0).to_zoned(zone.clone()).ok()?.timestamp())
}

/// The contact or the customer, where nobody gave it a name.
async fn name(draft: &mut Draft, context: &mut Context<'_>) -> Result<()> {
    let given = draft.was_given("name") && !draft.get("name").is_null();
    let stale = draft.changed("contact") || draft.changed("customer") || draft.changed("kind");
    if given || !(stale || draft.get("name").is_null()) {
        return Ok(());
    }
    let who = match (draft.get("contact").as_id(), draft.get("customer").as_id()) {
        (Some(contact), _) => context.read("contact", contact).await?,
        (None, Some(customer)) => context.read("customer", customer).await?,
        _ => None,
    };
    let who = who.and_then(|who| who.get("name").as_text().map(str::to_owned)).unwrap_or_default();
    let options = draft.object.field("kind").map(|field| field.options.as_slice()).unwrap_or_default();
    let kind = options.iter().find(|option| Some(option.value.as_str()) == draft.get("kind").as_text());
    let kind = kind.map(|option| option.label.zh.as_str()).unwrap_or_default();
    let name: String = format!("{who} {kind}").trim().chars().take(200).collect();
    draft.set("name", name);
    Ok(())
}

/// A contact's birthday is a care date of its own.
pub(crate) struct Birthday;

#[async_trait]
impl Rule for Birthday {
    fn object(&self) -> &'static str {
        "contact"
    }

    async fn after_save(&self, draft: &Draft, context: &mut Context<'_>) -> Result<()> {
        let touched = ["birthday", "birthday_calendar", "customer"].iter().any(|field| draft.changed(field));
        let (Value::Date(birthday), Some(customer)) = (draft.get("birthday"), draft.get("customer").as_id()) else {
            return Ok(());
        };
        if !touched {
            return Ok(());
        }
        let lunar = draft.get("birthday_calendar").as_text() == Some("lunar");
        let by_sun = Yearly { lunar: false, month: birthday.month(), day: birthday.day(), leap: false };
        let yearly = if lunar { Yearly::lunar_of(*birthday).unwrap_or(by_sun) } else { by_sun };
        let values = vec![
            ("customer", customer.into()),
            ("contact", draft.id.into()),
            ("kind", "birthday".into()),
            ("calendar", if yearly.lunar { "lunar" } else { "solar" }.into()),
            ("year", i64::from(year_of(*birthday, yearly.lunar)).into()),
            ("month", i64::from(yearly.month).into()),
            ("day", i64::from(yearly.day).into()),
            ("leap", yearly.leap.into()),
        ];
        let known = context.find(CARE, "contact", draft.id.into()).await?;
        match known.iter().find(|care| care.get("kind").as_text() == Some("birthday")) {
            Some(care) => context.update(CARE, care.id, values),
            None => {
                let owner = draft.get("owner").clone();
                context.create(CARE, [values, vec![("owner", owner)]].concat());
            }
        }
        Ok(())
    }
}

/// What is over comes again next year.
pub(crate) struct NextYear;

#[async_trait]
impl Chore for NextYear {
    fn name(&self) -> &'static str {
        "care_dates"
    }

    fn hour(&self) -> i8 {
        0
    }

    async fn run(&self, engine: &Engine) -> Result<()> {
        let today = engine.now().to_zoned(engine.settings().zone.clone()).date();
        let over = json!(["next_on", "<", today.to_string()]);
        // Nothing is said of it: the rule finds it.
        engine.sweep(&Viewer::system("care"), CARE, &over, Arc::new(|_| Some(Vec::new()))).await.map(|_| ())
    }
}
