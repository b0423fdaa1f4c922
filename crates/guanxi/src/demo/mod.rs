//! The demo: a believable company with a year behind it, made of nothing but a seed and a day.
//!
//! Pure: [`generate`] neither reads a clock nor writes anything; the same seed and day give the same company, byte for
//! byte. It returns records in the order in which they can be created. A text `@customer:17` in a lookup stands for
//! the 18th record of that object in the batches, `@stage=赢单` for the record of that title which every workspace has.
//! No other text begins with `@`.
//!
//! Nobody real is meant or can be reached: mobile numbers are of the range 154, telephone numbers begin with 1 after the
//! area code (neither is given out), mail and web addresses end in `example.com`, and tax numbers contain letters the
//! official code does not use.

mod catalogue;
mod channel;
mod company;
mod customer_records;
mod customers;
mod deal_records;
mod deals;
mod events;
mod follow_ups;
mod leads;
mod organisation;
mod projects;
mod rng;
mod rules;
mod talk;
mod targets;
mod tasks;
mod words;
mod work;

use jiff::{ToSpan, civil::Date, civil::Weekday};
use serde_json::{Map, Value, json};

use customer_records::{contact_records, customer_records, links};
use deal_records::{buying_centres, competitors, lines, meetings, opportunity_records, stage_changes};
use follow_ups::talks;
use organisation::{departments, positions, users};
use rng::Rng;
use tasks::tasks;

/// A record to be created.
pub type Record = Map<String, Value>;

/// Everything that fills a demo workspace.
#[derive(Debug, Clone, PartialEq)]
pub struct Demo {
    /// Name of the company, for the title of the workspace.
    pub name: &'static str,
    /// Object and its records, in the order of creation. `created_at` and, for records with an owner, `created_by` are set.
    pub batches: Vec<(&'static str, Vec<Record>)>,
    /// Changes to make at the end, where two records name each other: reference and fields.
    pub updates: Vec<(String, Record)>,
}

/// Customers, opportunities and follow-ups of the demo.
const CUSTOMERS: usize = 300;
const OPPORTUNITIES: usize = 150;
const FOLLOW_UPS: usize = 1500;

/// The company as it is on `today`.
pub fn generate(seed: u64, today: Date) -> Demo {
    let mut rng = Rng::new(seed);
    let (customers, contacts) = customers::make(&mut rng, today, CUSTOMERS);
    let deals = deals::make(&mut rng, today, OPPORTUNITIES, &customers, &contacts);
    let follow_ups = talks(&mut rng, today, &customers, &contacts, &deals);
    // Chance of their own, so that the rest of the company stays as it was.
    let (leads, lead_talks) = leads::leads(&mut Rng::new(!seed), today, &customers, &contacts, &deals);
    let (reports, comments) = work::reported(today, &customers, &follow_ups);
    let events = events::events(&mut Rng::new(!seed ^ 1), today, &customers, &contacts, &deals);
    let through_dealers = |mut records: Vec<Record>| {
        for (place, record) in records.iter_mut().enumerate() {
            record.extend(channel::supplied_by(place).map(|dealer| ("dealer".to_owned(), dealer)));
        }
        records
    };
    let batches = vec![
        ("department", departments(today)),
        ("position", positions(today)),
        ("user", users(&mut rng, today)),
        ("territory", rules::territories(today)),
        ("sharing_rule", rules::sharing_rules(today)),
        ("recycle_rule", rules::recycle_rules(today)),
        ("capacity", rules::capacities(today)),
        ("product_category", catalogue::categories(today)),
        ("product", catalogue::products(today)),
        ("product_attribute", catalogue::attributes(today)),
        ("product_component", catalogue::components(today)),
        ("price_book", catalogue::price_books(today)),
        ("price_item", catalogue::prices(today)),
        ("dealer", channel::dealers(today)),
        ("partner", channel::partners(today)),
        ("supplier", channel::suppliers(today)),
        ("customer", through_dealers(customer_records(&mut rng, &customers, &deals))),
        ("contact", contact_records(&mut rng, today, &customers, &contacts)),
        ("customer_link", links(&mut rng, &customers)),
        ("competitor", competitors(today)),
        ("opportunity", through_dealers(opportunity_records(&mut rng, &deals))),
        ("opportunity_product", lines(&deals)),
        ("opportunity_competitor", meetings(&mut Rng::new(seed ^ 7), &deals)),
        ("opportunity_contact", buying_centres(&mut Rng::new(seed ^ 8), &deals, &contacts)),
        ("stage_change", stage_changes(&mut rng, &deals)),
        ("follow_up", follow_ups),
        ("task", tasks(&mut rng, today, &customers, &deals)),
        ("event", events),
        ("lead_score_rule", leads::score_rules(today)),
        ("lead_assignment", leads::assignments(today)),
        ("lead", leads),
        ("follow_up", lead_talks),
        ("project", projects::projects(today, &deals)),
        ("milestone", projects::milestones(today, &deals)),
        ("maintenance", projects::maintenance(today, &deals)),
        ("target", targets::targets(today, &deals)),
        ("forecast_move", targets::forecast_moves(today, &deals)),
        ("archive_closing", closings(today)),
        ("report_rule", work::rules(today)),
        ("work_report", reports),
        ("report_comment", comments),
    ];
    let entry = |fields: &[&str]| record([("required_fields", json!(fields))]);
    let mut updates: Vec<(String, Record)> = company::HEADS
        .iter()
        .map(|(department, head)| {
            let fields = record([("manager", at("user", *head))]);
            (format!("@department:{department}"), fields)
        })
        .collect();
    updates.extend([
        ("@stage=方案报价".to_owned(), entry(&["amount"])),
        ("@stage=商务谈判".to_owned(), entry(&["amount", "contact"])),
        ("@stage=赢单".to_owned(), entry(&["amount", "close_date"])),
    ]);
    Demo { name: company::NAME, batches, updates }
}

/// Last year's archives, to be closed.
fn closings(today: Date) -> Vec<Record> {
    let made = moment(working_day(today.saturating_sub(4.days())), 9 * 60);
    vec![record([("year", json!(today.year() - 1)), ("created_at", json!(made))])]
}

/// A reference to the record at `place` among those of `object`.
fn at(object: &str, place: usize) -> Value {
    Value::String(format!("@{object}:{place}"))
}

/// A record of the fields that have a value.
fn record<const N: usize>(fields: [(&str, Value); N]) -> Record {
    fields.into_iter().filter(|(_, value)| !value.is_null()).map(|(name, value)| (name.to_owned(), value)).collect()
}

/// An instant in the company's time zone, which has had no summer time since 1991.
fn moment(date: Date, minutes: i64) -> String {
    format!("{date}T{:02}:{:02}:00+08:00", minutes / 60, minutes % 60)
}

/// Some time in working hours, not at lunch.
fn office_minutes(rng: &mut Rng) -> i64 {
    if rng.chance(45) { rng.between(9 * 60, 11 * 60 + 50) } else { rng.between(13 * 60 + 30, 17 * 60 + 50) }
}

/// The day itself, or the Friday before when it is on a weekend.
fn working_day(date: Date) -> Date {
    match date.weekday() {
        Weekday::Saturday => date.saturating_sub(1.day()),
        Weekday::Sunday => date.saturating_sub(2.days()),
        _ => date,
    }
}

fn days_between(from: Date, to: Date) -> i64 {
    i64::from((to - from).get_days())
}

/// 1234567 → 123.4万元.
fn in_wan(amount: i64) -> String {
    format!("{}.{}万元", amount / 10_000, amount % 10_000 / 1_000)
}

/// The range 154 is not given out to anybody.
fn mobile(rng: &mut Rng) -> String {
    format!("154{:04}{:04}", rng.between(0, 9999), rng.between(0, 9999))
}

/// Numbers as the numbering rule would have given them on the day of creation.
fn numbers(prefix: &str, dates: impl Iterator<Item = Date>) -> Vec<String> {
    let mut last: Option<Date> = None;
    let mut count = 0;
    dates
        .map(|date| {
            count = if last == Some(date) { count + 1 } else { 1 };
            last = Some(date);
            format!("{prefix}-{}-{count:04}", date.strftime("%Y%m%d"))
        })
        .collect()
}

#[cfg(test)]
mod tests;
