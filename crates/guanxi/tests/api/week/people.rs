//! What each of the team has on his desk and sees of the rest, as the test counts it.

use super::{
    expected::forecast_total,
    raw::{Raw, date, day_of, moment, text},
};
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use rust_decimal::Decimal;
use serde_json::{Value as Json, json};
use std::collections::{BTreeMap, BTreeSet};

/// What somebody of the team may read.
pub(super) struct Sight<'a> {
    raw: &'a Raw,
    who: String,
    /// Himself, or everybody of his department and below.
    owners: BTreeSet<String>,
    /// Whose records he reads through their department.
    departments: BTreeSet<String>,
}

impl<'a> Sight<'a> {
    pub(super) fn of(raw: &'a Raw, user: &Json) -> Self {
        let mut departments = BTreeSet::new();
        if user["roles"] == json!(["manager"]) {
            departments.insert(text(user, "department"));
            // The team has two levels.
            let below = raw.all("department").iter();
            departments.extend(
                below
                    .filter(|department| text(department, "parent") == text(user, "department"))
                    .map(|department| text(department, "id")),
            );
        }
        let who = text(user, "id");
        Self { raw, owners: BTreeSet::from([who.clone()]), who, departments }
    }

    fn owns(&self, record: &Json) -> bool {
        self.owners.contains(&text(record, "owner")) || self.departments.contains(&text(record, "department"))
    }

    /// Pools are everybody's.
    fn sees(&self, object: &str, record: &Json) -> bool {
        let his = |customer: &Json| self.owns(customer) || !customer["pool"].is_null();
        match object {
            "customer" | "lead" => his(record),
            _ => {
                let customer = text(record, "customer");
                self.owns(record) || (!customer.is_empty() && his(self.raw.find("customer", &customer)))
            }
        }
    }

    pub(super) fn all(&self, object: &str) -> Vec<&'a Json> {
        self.raw.all(object).iter().filter(|record| self.sees(object, record)).collect()
    }

    fn mine(&self, object: &str) -> impl Iterator<Item = &'a Json> {
        self.raw.all(object).iter().filter(|record| text(record, "owner") == self.who)
    }
}

fn begins(day: Date) -> Timestamp {
    let zone = TimeZone::get("Asia/Shanghai").expect("a zone");
    day.at(0, 0, 0, 0).to_zoned(zone).expect("a moment").timestamp()
}

/// His part of the figures.
pub(super) fn figures(raw: &Raw, user: &Json) -> Json {
    let sight = Sight::of(raw, user);
    let today = day_of(raw.now);
    let (monday, after) = (begins(Date::constant(2026, 11, 23)), begins(Date::constant(2026, 11, 30)));
    let this_week =
        |record: &Json, field: &str| moment(&record[field]).is_some_and(|moment| moment >= monday && moment < after);
    let open_tasks: Vec<&Json> = sight.mine("task").filter(|task| task["status"] == json!("open")).collect();
    let late = |task: &&&Json| moment(&task["due_at"]).is_some_and(|due| due < raw.now);
    let due = |task: &&&Json| late(task) || moment(&task["due_at"]).is_some_and(|due| day_of(due) == today);
    let mut deals = BTreeMap::<(String, String), (usize, Decimal)>::new();
    for deal in sight.mine("opportunity") {
        let closed = date(&deal["close_date"]).is_some_and(|day| (day.year(), day.month()) == (2026, 11));
        let status = text(deal, "status");
        if status == "open" || (status == "won" && closed) {
            let (count, sum) = deals.entry((status, text(deal, "currency"))).or_default();
            *count += 1;
            *sum += super::raw::decimal(&deal["amount"]);
        }
    }
    let deals = deals.into_iter().map(|((status, currency), (count, sum))| {
        json!({"status": status, "currency": currency, "count": count, "sum_amount": sum.to_string()})
    });
    let recycling = ["customer", "lead"].iter().flat_map(|object| {
        let soon = sight.mine(object).filter(|record| !record["recycle_at"].is_null());
        soon.map(move |record| {
            json!({"object": object, "id": record["id"], "title": record["name"], "recycle_at": record["recycle_at"]})
        })
    });
    let invited = |event: &Json| {
        let participants = event["participants"].as_array().into_iter().flatten();
        text(event, "owner") == sight.who || participants.map(|one| text(one, "id")).any(|one| one == sight.who)
    };
    let events = raw.all("event").iter().filter(|event| invited(event) && this_week(event, "starts_at")).count();
    let seen = |object: &str| sight.all(object).len();
    let visible = sight.all("opportunity");
    let mut total = forecast_total(&visible);
    total.insert("target".into(), goal(raw, user, &sight));
    let won: Vec<&Json> = visible.into_iter().filter(|deal| deal["status"] == json!("won")).collect();
    let targets = super::expected::targets(raw, "2026-11", "won_amount", &|target| sight.owns(target));
    json!({
        "id": user["id"],
        "tasks_due": open_tasks.iter().filter(due).count(),
        "tasks_overdue": open_tasks.iter().filter(late).count(),
        "customers_due": sight.mine("customer").filter(|customer| moment(&customer["next_contact_at"]).is_some_and(|due| due < raw.now)).count(),
        "deals": deals.collect::<Vec<_>>(),
        "new_leads": sight.mine("lead").filter(|lead| lead["status"] == json!("new") && lead["last_contact_at"].is_null()).count(),
        "follow_ups_week": sight.mine("follow_up").filter(|contact| this_week(contact, "happened_at")).count(),
        "recycling": recycling.collect::<Vec<_>>(),
        "schedule": {
            "event": events,
            "task": sight.mine("task").filter(|task| this_week(task, "due_at")).count(),
            "follow_up": sight.mine("follow_up").filter(|contact| this_week(contact, "next_at")).count(),
        },
        "own": {"customer": sight.mine("customer").count(), "lead": sight.mine("lead").count(), "opportunity": sight.mine("opportunity").count()},
        "sees": {"customer": seen("customer"), "lead": seen("lead"), "opportunity": seen("opportunity"), "follow_up": seen("follow_up")},
        "targets": targets["rows"], "forecast": total, "won": super::expected::sum(&won),
    })
}

/// The target beside his forecast: of his department where he reads one, else what those of his people add up to.
fn goal(raw: &Raw, user: &Json, sight: &Sight<'_>) -> Json {
    let quarter = |target: &Json| -> Decimal {
        ["m10", "m11", "m12"].iter().map(|month| super::raw::decimal(&target[*month])).sum()
    };
    let goals: Vec<&Json> = raw
        .all("target")
        .iter()
        .filter(|target| target["measure"] == json!("won_amount") && sight.owns(target))
        .collect();
    let of = |level: &str| -> Vec<Decimal> {
        goals.iter().filter(|target| target["level"] == json!(level)).map(|target| quarter(target)).collect()
    };
    let own = goals
        .iter()
        .find(|target| target["level"] == json!("department") && text(target, "team") == text(user, "department"));
    let people = of("person");
    match (of("company").first(), own) {
        (Some(sum), _) => json!(sum.to_string()),
        (None, Some(target)) => json!(quarter(target).to_string()),
        (None, None) if people.is_empty() => Json::Null,
        (None, None) => json!(people.iter().sum::<Decimal>().to_string()),
    }
}
