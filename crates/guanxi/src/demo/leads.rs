//! Leads: who has asked lately, and what is being done about it.

use jiff::{ToSpan, civil::Date};
use serde_json::{Value, json};

use super::company::{PRODUCTS, SELLERS};
use super::customers::{Contact, Customer};
use super::deals::Deal;
use super::rng::Rng;
use super::words::{BRAND_FIRST, BRAND_SECOND, CITIES, GIVEN, INDUSTRIES, SOURCES, SURNAMES, TITLES};
use super::{Record, at, mobile, moment, numbers, office_minutes, record, working_day};

/// How many, and in which states: they stand in this order again and again.
const LEADS: usize = 40;
const STATES: [&str; 10] =
    ["new", "contacted", "converted", "qualified", "new", "contacted", "invalid", "pool", "contacted", "qualified"];

const NEEDS: &[&str] = &[
    "看到我们在展会上的{}，想了解价格和交付周期",
    "新厂房下半年投产，需要{}的方案",
    "现有设备老旧，打算更换{}，请安排演示",
    "同行用了{}效果不错，希望参观案例",
    "想先小批量试用{}",
];

const SAID: &[&str] = &[
    "电话联系上了，对{}有兴趣，约了下周视频介绍",
    "加了微信，发了{}的资料，等对方看过再联系",
    "对方确认今年有{}的预算，正在比较三家",
    "介绍了{}的几个案例，对方要内部讨论",
];

const REASONS: &[&str] = &["no_need", "unreachable", "wrong_number", "competitor"];

/// Rules by which leads are scored.
pub fn score_rules(today: Date) -> Vec<Record> {
    [
        ("老客户转介绍", json!(["source", "=", "referral"]), 40),
        ("展会当面聊过", json!(["source", "=", "exhibition"]), 25),
        ("预算 30 万以上", json!(["budget", ">=", "300000"]), 30),
        ("决策人", json!({"and": [["title", "contains", "总"], {"not": ["title", "contains", "助理"]}]}), 20),
        ("留了手机", json!(["mobile", "not_null"]), 10),
        ("没有说明需求", json!(["need", "is_null"]), -20),
    ]
    .into_iter()
    .map(|(name, criteria, points)| {
        record([
            ("name", json!(name)),
            ("criteria", json!(criteria.to_string())),
            ("points", json!(points)),
            ("created_at", json!(moment(working_day(today.saturating_sub(90.days())), 10 * 60))),
        ])
    })
    .collect()
}

/// Who gets what comes in by itself.
pub fn assignments(today: Date) -> Vec<Record> {
    let mut sellers: Vec<usize> = SELLERS.iter().flat_map(|area| area[1..].iter().copied()).collect();
    sellers.dedup();
    let users: Vec<Value> = sellers.into_iter().map(|seller| at("user", seller)).collect();
    vec![record([
        ("name", json!("官网线索轮流分配")),
        ("sort_order", json!(10)),
        ("criteria", json!(json!(["source", "in", ["website", "search"]]).to_string())),
        ("channels", json!(["api"])),
        ("method", json!("round_robin")),
        ("users", json!(users)),
        ("created_at", json!(moment(working_day(today.saturating_sub(90.days())), 10 * 60))),
    ])]
}

/// Leads, oldest first, and what was said to them.
pub fn leads(
    rng: &mut Rng,
    today: Date,
    customers: &[Customer],
    contacts: &[Contact],
    deals: &[Deal],
) -> (Vec<Record>, Vec<Record>) {
    let mut days: Vec<i64> = (0..LEADS).map(|_| rng.between(1, 75)).collect();
    days.sort_unstable_by(|a, b| b.cmp(a));
    let dates: Vec<Date> = days.iter().map(|days| working_day(today.saturating_sub(days.days()))).collect();
    // Deals that came of a lead: the newest, of companies.
    let mut won: Vec<usize> = (0..deals.len()).filter(|deal| customers[deals[*deal].customer].company).collect();
    won.sort_by_key(|deal| std::cmp::Reverse(deals[*deal].opened()));
    let mut made = Vec::new();
    let mut talks = Vec::new();
    for (place, (date, number)) in dates.iter().zip(numbers("XS", dates.iter().copied())).enumerate() {
        let state = STATES[place % STATES.len()];
        let deal = (state == "converted").then(|| won.get(place / STATES.len()).copied()).flatten();
        let status = match state {
            "pool" => "new",
            "converted" if deal.is_none() => "qualified",
            status => status,
        };
        let (mut city, mut trade) = (rng.below(CITIES.len()), rng.below(INDUSTRIES.len()));
        if let Some(deal) = deal {
            (city, trade) = (customers[deals[deal].customer].city, customers[deals[deal].customer].industry);
        }
        let city = &CITIES[city];
        let (industry, businesses) = INDUSTRIES[trade];
        let brand = format!("{}{}", rng.pick(BRAND_FIRST), rng.pick(BRAND_SECOND));
        let product = rng.pick(&[0, 2, 5, 9, 10, 11]);
        let short = PRODUCTS[product].short;
        let mut owner = rng.pick(SELLERS[city.sales]);
        let mut company = format!("{}{brand}{}有限公司", city.name, rng.pick(businesses));
        let mut person = format!("{}{}", rng.pick(SURNAMES), rng.pick(GIVEN));
        let mut title = rng.pick(TITLES).0;
        let mut became = [Value::Null, Value::Null, Value::Null];
        if let Some(deal) = deal {
            let contact = &contacts[deals[deal].contact];
            owner = deals[deal].owner;
            company.clone_from(&customers[deals[deal].customer].name);
            person.clone_from(&contact.name);
            title = TITLES[contact.title].0;
            became =
                [at("customer", deals[deal].customer), at("contact", deals[deal].contact), at("opportunity", deal)];
        }
        let [customer, contact, opportunity] = became;
        let minutes = office_minutes(rng);
        let converted =
            deal.map_or(Value::Null, |_| json!(moment(working_day(today.saturating_sub(1.day())), 16 * 60)));
        let budget = if rng.chance(60) { json!((rng.between(4, 80) * 10_000).to_string()) } else { Value::Null };
        let need = if rng.chance(85) { json!(rng.pick(NEEDS).replace("{}", short)) } else { Value::Null };
        let next = (status != "converted" && status != "invalid" && state != "pool" && rng.chance(55))
            .then(|| moment(working_day(today.saturating_add(rng.between(3, 14).days())), 10 * 60));
        let reason = if status == "invalid" { json!(rng.pick(REASONS)) } else { Value::Null };
        let tenant = if state == "pool" { Value::Null } else { at("user", owner) };
        if matches!(status, "contacted" | "qualified" | "converted") {
            let said = working_day(*date).saturating_add(1.day()).min(today.saturating_sub(1.day()));
            let when = moment(said, office_minutes(rng));
            // Who became a customer only later was none yet.
            let known = deal.filter(|deal| customers[deals[*deal].customer].created < said);
            let known = known.map_or(Value::Null, |deal| at("customer", deals[deal].customer));
            talks.push((
                said,
                record([
                    ("content", json!(rng.pick(SAID).replace("{}", short))),
                    ("kind", json!(rng.pick(&["call", "call", "message", "visit"]))),
                    ("lead", at("lead", place)),
                    ("customer", known),
                    ("happened_at", json!(when)),
                    ("owner", at("user", owner)),
                    ("created_by", at("user", owner)),
                    ("created_at", json!(when)),
                ]),
            ));
        }
        made.push(record([
            ("number", json!(number)),
            ("name", json!(format!("{company} · {person}"))),
            ("company", json!(company)),
            ("contact_name", json!(person)),
            ("title", json!(title)),
            ("mobile", if rng.chance(90) { json!(mobile(rng)) } else { Value::Null }),
            ("region", json!(city.region)),
            ("industry", json!(industry)),
            ("source", json!(rng.pick(SOURCES))),
            ("need", need),
            ("budget", budget),
            ("status", json!(status)),
            ("invalid_reason", reason),
            ("pool", if state == "pool" { json!("@pool=线索公海") } else { Value::Null }),
            ("next_contact_at", next.map_or(Value::Null, Value::String)),
            ("converted_at", converted),
            ("converted_customer", customer),
            ("converted_contact", contact),
            ("converted_opportunity", opportunity),
            ("owner", tenant),
            ("created_by", at("user", owner)),
            ("created_at", json!(moment(*date, minutes))),
        ]));
    }
    talks.sort_by_key(|(said, _)| *said);
    (made, talks.into_iter().map(|(_, talk)| talk).collect())
}
