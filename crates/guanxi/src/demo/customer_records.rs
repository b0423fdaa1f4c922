//! Records of customers, contacts and the links between customers.

use std::collections::HashSet;

use guanxi_model::pinyin::login_name;
use jiff::{ToSpan, civil::Date};
use serde_json::{Value, json};

use super::company::{LOST, WON};
use super::customers::{Contact, Customer};
use super::deals::Deal;
use super::rng::Rng;
use super::words::{CITIES, INDUSTRIES, PERSON_TAGS, SOURCES, TAGS, TITLES};
use super::{Record, at, days_between, mobile, moment, numbers, office_minutes, record, working_day};

fn mail_domain(customer: &Customer) -> String {
    let letters: String = customer.short.chars().take(2).collect();
    format!("{}.example.com", login_name(&letters))
}

/// What the deals with a customer say about where he stands.
fn life_cycle(rng: &mut Rng, customer: usize, deals: &[Deal]) -> &'static str {
    let stages = || deals.iter().filter(|d| d.customer == customer).map(Deal::stage);
    if stages().any(|stage| stage == WON) {
        if rng.chance(60) { "maintained" } else { "signed" }
    } else if stages().any(|stage| stage < WON) {
        "potential"
    } else if stages().any(|stage| stage == LOST) {
        if rng.chance(45) { "lost" } else { "potential" }
    } else if rng.chance(8) {
        "lost"
    } else if rng.chance(55) {
        "stranger"
    } else {
        "potential"
    }
}

/// Some of those of whom nothing came lie in the pool.
fn in_pool(place: usize, customers: &[Customer], deals: &[Deal]) -> bool {
    let alone = customers[place].parent.is_none() && customers.iter().all(|other| other.parent != Some(place));
    place % 7 == 3 && customers[place].company && alone && deals.iter().all(|deal| deal.customer != place)
}

pub fn customer_records(rng: &mut Rng, customers: &[Customer], deals: &[Deal]) -> Vec<Record> {
    let numbers = numbers("KH", customers.iter().map(|c| c.created));
    customers
        .iter()
        .zip(numbers)
        .enumerate()
        .map(|(place, (customer, number))| {
            let city = &CITIES[customer.city];
            let life_cycle = life_cycle(rng, place, deals);
            let worth: i64 = deals.iter().filter(|d| d.customer == place && d.stage() != LOST).map(|d| d.amount).sum();
            let level = match worth {
                1_500_000.. => "vip",
                600_000.. => "a",
                1.. => "b",
                _ => rng.pick(&["b", "c", "c"]),
            };
            let employees = rng.between(2, 90) * rng.between(5, 30);
            let if_company = |value: Value| if customer.company { value } else { Value::Null };
            let fitting = if customer.company { TAGS } else { PERSON_TAGS };
            let mut tags: Vec<&str> = (0..rng.below(3)).map(|_| rng.pick(fitting)).collect();
            tags.sort_unstable();
            tags.dedup();
            let pooled = in_pool(place, customers, deals);
            let owner = at("user", customer.owner);
            record([
                ("number", json!(number)),
                ("name", json!(customer.name)),
                ("kind", json!(if customer.company { "company" } else { "person" })),
                ("life_cycle", json!(life_cycle)),
                ("level", json!(level)),
                ("source", json!(rng.pick(SOURCES))),
                ("industry", if_company(json!(INDUSTRIES[customer.industry].0))),
                ("parent", customer.parent.map_or(Value::Null, |p| at("customer", p))),
                ("phone", if_company(json!(format!("{}-1{:07}", city.area, rng.between(0, 9_999_999))))),
                ("mobile", if customer.company { Value::Null } else { json!(mobile(rng)) }),
                ("email", if_company(json!(format!("info@{}", mail_domain(customer))))),
                ("website", if_company(json!(format!("https://www.{}", mail_domain(customer))))),
                ("region", json!(city.region)),
                ("address", json!(format!("{} {} 号", city.street, rng.between(1, 1988)))),
                // I and O are no letters of the unified credit code, so no real one looks like this.
                ("tax_number", if_company(json!(format!("91{}DEMOI{place:05}", city.region)))),
                ("employees", if_company(json!(employees))),
                ("annual_revenue", if_company(json!((employees * rng.between(28, 90) * 10_000).to_string()))),
                ("established", if_company(json!(rng.between(1992, 2022)))),
                ("tags", if tags.is_empty() { Value::Null } else { json!(tags) }),
                ("pool", if pooled { json!("@pool=客户公海") } else { Value::Null }),
                ("former_owner", if pooled { owner.clone() } else { Value::Null }),
                ("owner", if pooled { Value::Null } else { owner.clone() }),
                ("created_by", owner),
                ("created_at", json!(moment(customer.created, office_minutes(rng)))),
            ])
        })
        .collect()
}

pub fn contact_records(rng: &mut Rng, today: Date, customers: &[Customer], contacts: &[Contact]) -> Vec<Record> {
    contacts
        .iter()
        .map(|contact| {
            let customer = &customers[contact.customer];
            let (title, role, _) = TITLES[contact.title];
            let login = login_name(&contact.name);
            let birthday = today.saturating_sub(rng.between(25 * 365, 58 * 365).days());
            let number = mobile(rng);
            let wechat = rng.chance(50).then(|| format!("{login}_{}", rng.between(10, 999)));
            let days = rng.between(0, days_between(customer.created, today).min(60));
            let created = customer.created.saturating_add(days.days()).min(today.saturating_sub(1.day()));
            record([
                ("name", json!(contact.name)),
                ("customer", at("customer", contact.customer)),
                ("role", json!(role)),
                ("title", json!(title)),
                ("mobile", json!(number)),
                (
                    "email",
                    if rng.chance(70) { json!(format!("{login}@{}", mail_domain(customer))) } else { Value::Null },
                ),
                ("wechat", wechat.map_or(Value::Null, Value::String)),
                ("birthday", if rng.chance(55) { json!(birthday.to_string()) } else { Value::Null }),
                ("owner", at("user", customer.owner)),
                ("created_by", at("user", customer.owner)),
                ("created_at", json!(moment(created, office_minutes(rng)))),
            ])
        })
        .collect()
}

pub fn links(rng: &mut Rng, customers: &[Customer]) -> Vec<Record> {
    let mut pairs = HashSet::new();
    let mut links = Vec::new();
    while links.len() < 24 {
        let from = rng.below(customers.len());
        let to = rng.below(customers.len());
        if from == to || !pairs.insert((from.min(to), from.max(to))) {
            continue;
        }
        let (kind, remark) = match (customers[from].company, customers[to].company) {
            (true, true) => rng.pick(&[
                ("partner", "同一条产业链的上下游，项目上有合作"),
                ("partner", "共用一个第三方仓库"),
                ("referral", "介绍对方了解我们的产品"),
            ]),
            (false, false) => ("family", "亲属，经常一起决定"),
            _ => ("referral", "本人介绍给这家公司"),
        };
        let later = customers[from].created.max(customers[to].created);
        links.push(record([
            ("customer", at("customer", from)),
            ("other", at("customer", to)),
            ("kind", json!(kind)),
            ("remark", json!(remark)),
            ("owner", at("user", customers[from].owner)),
            ("created_by", at("user", customers[from].owner)),
            ("created_at", json!(moment(working_day(later.saturating_add(3.days())), office_minutes(rng)))),
        ]));
    }
    links
}
