//! What stands in people's schedules around today.

use jiff::{ToSpan, civil::Date};
use serde_json::{Value, json};

use super::company::PEOPLE;
use super::customers::{Contact, Customer};
use super::deals::Deal;
use super::rng::Rng;
use super::words::CITIES;
use super::{Record, at, moment, office_minutes, record, working_day};

/// What one visits a customer for, by the stage of the deal.
const VISITS: [&[&str]; 4] = [
    &["拜访{}", "去{}做产品介绍"],
    &["{}需求沟通会", "{}现场勘查"],
    &["{}方案汇报", "与{}技术交流"],
    &["{}商务谈判", "与{}核对合同"],
];

/// Days and evenings that are one's own.
const PERSONAL: &[&str] = &["体检", "接孩子", "牙医", "家长会"];

fn monday_of(today: Date) -> Date {
    today.saturating_sub(i64::from(today.weekday().to_monday_zero_offset()).days())
}

/// Who manages and who sells, as the places of people.
fn with_role(role: &str) -> Vec<usize> {
    (0..PEOPLE.len()).filter(|place| PEOPLE[*place].role == role).collect()
}

/// Meetings that come back every week, visits to the customers of open deals, journeys and what is one's own.
pub fn events(rng: &mut Rng, today: Date, customers: &[Customer], contacts: &[Contact], deals: &[Deal]) -> Vec<Record> {
    let mut events = regular(today);
    let open: Vec<&Deal> = deals.iter().filter(|deal| deal.open()).collect();
    let monday = monday_of(today);
    for number in 0..60 {
        let deal = rng.pick(&open);
        let customer = &customers[deal.customer];
        let day = working_day(monday.saturating_add((rng.between(-7, 20)).days()));
        // Nobody visits two customers at ten.
        let begins = [9 * 60, 10 * 60 + 30, 14 * 60, 15 * 60 + 30][number % 4];
        let words = VISITS[deal.stage().min(3)][number % 2];
        let call = number % 5 == 4;
        let title = if call {
            format!("与{}通电话", contacts[deal.contact].called)
        } else {
            words.replace("{}", &customer.short)
        };
        let city = &CITIES[customer.city];
        let created = working_day(day.min(today).saturating_sub(rng.between(2, 6).days())).max(customer.created);
        events.push((
            created,
            record([
                ("title", json!(title)),
                ("kind", json!(if call { "@event_kind=电话" } else { "@event_kind=拜访" })),
                ("starts_at", json!(moment(day, begins))),
                ("ends_at", json!(moment(day, begins + if call { 30 } else { 90 }))),
                ("place", if call { Value::Null } else { json!(format!("{}{}", city.name, city.street)) }),
                ("customer", at("customer", deal.customer)),
                ("contact", at("contact", deal.contact)),
                ("remind_minutes", json!(if call { 10 } else { 60 })),
                ("owner", at("user", deal.owner)),
                ("created_by", at("user", deal.owner)),
                ("created_at", json!(moment(created, office_minutes(rng)))),
            ]),
        ));
    }
    for (number, owner) in with_role("member").into_iter().enumerate() {
        let first = monday.saturating_add((7 * (number as i64 % 3) + 1 + number as i64 % 2).days());
        let created = working_day(today.saturating_sub(4.days()));
        let own = number % 3 == 2;
        let city = CITIES[rng.below(CITIES.len())].name;
        events.push((
            created,
            record([
                ("title", if own { json!(rng.pick(PERSONAL)) } else { json!(format!("{city}出差")) }),
                ("kind", json!(if own { "@event_kind=个人" } else { "@event_kind=出差" })),
                ("starts_at", json!(moment(first, if own { 17 * 60 } else { 0 }))),
                (
                    "ends_at",
                    json!(moment(
                        if own { first } else { first.saturating_add(1.days()) },
                        if own { 18 * 60 } else { 0 }
                    )),
                ),
                ("all_day", json!(!own)),
                ("place", if own { Value::Null } else { json!(city) }),
                ("owner", at("user", owner)),
                ("created_by", at("user", owner)),
                ("created_at", json!(moment(created, office_minutes(rng)))),
            ]),
        ));
    }
    events.sort_by_key(|(created, _)| *created);
    events.into_iter().map(|(_, event)| event).collect()
}

/// The week's meetings: of each team on Monday morning, of its leaders on Friday, and a word every morning.
fn regular(today: Date) -> Vec<(Date, Record)> {
    let begun = monday_of(today).saturating_sub((7 * 12).days());
    let (leaders, members) = (with_role("manager"), with_role("member"));
    let everybody = |but: usize| -> Value {
        let all = leaders.iter().chain(&members).filter(|one| **one != but);
        Value::Array(all.map(|one| at("user", *one)).collect())
    };
    let mut meetings = Vec::new();
    let mut add = |title: &str, owner: usize, day: Date, begins: i64, lasts: i64, rule: &str, place: &str| {
        meetings.push((
            begun,
            record([
                ("title", json!(title)),
                ("kind", json!("@event_kind=会议")),
                ("starts_at", json!(moment(day, begins))),
                ("ends_at", json!(moment(day, begins + lasts))),
                ("repeat", json!(rule)),
                ("place", json!(place)),
                ("participants", everybody(owner)),
                ("accepted", everybody(owner)),
                ("remind_minutes", json!(15)),
                ("owner", at("user", owner)),
                ("created_by", at("user", owner)),
                ("created_at", json!(moment(begun, 8 * 60))),
            ]),
        ));
    };
    if let Some(leader) = leaders.first().copied() {
        add("销售周会", leader, begun, 9 * 60 + 30, 60, "FREQ=WEEKLY", "三楼会议室");
        add("晨会", leader, begun.saturating_add(1.days()), 8 * 60 + 45, 15, "FREQ=WEEKLY;BYDAY=TU,WE,TH,FR", "办公区");
        add(
            "月度经营分析会",
            leader,
            begun.saturating_add(4.days()),
            15 * 60,
            90,
            "FREQ=MONTHLY;BYDAY=-1FR",
            "大会议室",
        );
    }
    meetings
}
