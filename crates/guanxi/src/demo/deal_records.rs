//! Records of opportunities and of their way through the stages.

use jiff::{ToSpan, civil::Date};
use serde_json::{Value, json};

use super::company::{PIPELINE, PROBABILITY, PRODUCTS, STAGES};
use super::customers::Contact;
use super::deals::Deal;
use super::follow_ups::facts;
use super::rng::Rng;
use super::talk::{self, Topic};
use super::words::{COMPETITORS, TITLES};
use super::{Record, at, days_between, moment, numbers, office_minutes, record};

pub fn opportunity_records(rng: &mut Rng, deals: &[Deal]) -> Vec<Record> {
    let numbers = numbers("SJ", deals.iter().map(Deal::opened));
    deals
        .iter()
        .zip(numbers)
        .map(|(deal, number)| {
            let stage = deal.stage();
            let next = if deal.open() {
                let facts = facts(deal, "", "", "");
                json!(talk::note(rng, Topic::Stage(stage), &facts).next_step)
            } else {
                Value::Null
            };
            record([
                ("number", json!(number)),
                ("name", json!(deal.name)),
                ("customer", at("customer", deal.customer)),
                ("contact", at("contact", deal.contact)),
                ("product", at("product", deal.product)),
                ("pipeline", json!(format!("@pipeline={PIPELINE}"))),
                ("stage", json!(format!("@stage={}", STAGES[stage]))),
                ("amount", json!(deal.amount.to_string())),
                ("probability", json!(PROBABILITY[stage].to_string())),
                ("opened_on", json!(deal.opened().to_string())),
                ("close_date", json!(deal.close.to_string())),
                ("competitor", deal.competitor.map_or(Value::Null, met)),
                ("furthest_stage", json!(format!("@stage={}", STAGES[deal.furthest()]))),
                ("loss_reason", deal.loss_reason.map_or(Value::Null, |r| json!(r))),
                ("next_step", next),
                ("owner", at("user", deal.owner)),
                ("created_by", at("user", deal.owner)),
                ("created_at", json!(moment(deal.opened(), office_minutes(rng)))),
            ])
        })
        .collect()
}

/// The competitor of this name.
fn met(name: &str) -> Value {
    at("competitor", COMPETITORS.iter().position(|known| *known == name).unwrap_or_default())
}

/// Who sells against the company.
pub fn competitors(today: Date) -> Vec<Record> {
    let known = [
        ("价格低，交货快", "售后人手少，大项目经验不足"),
        ("软件功能全，界面好", "硬件靠外购，联调慢"),
        ("传感器品类多", "平台不开放接口"),
        ("现场实施队伍大", "设备故障率偏高"),
        ("外资品牌，资质齐全", "报价高，响应慢"),
        ("与客户关系近", "没有自己的产品"),
    ];
    let made = json!(moment(today.saturating_sub(300.days()), 9 * 60));
    COMPETITORS
        .iter()
        .zip(known)
        .map(|(name, (strengths, weaknesses))| {
            record([
                ("name", json!(name)),
                ("strengths", json!(strengths)),
                ("weaknesses", json!(weaknesses)),
                ("created_at", made.clone()),
            ])
        })
        .collect()
}

/// What is sold in each deal, where list price and discount come to its amount exactly.
pub fn lines(deals: &[Deal]) -> Vec<Record> {
    let exact =
        |deal: &&(usize, &Deal)| PRODUCTS[deal.1.product].price * deal.1.quantity * deal.1.share == deal.1.amount * 100;
    let numbered: Vec<(usize, &Deal)> = deals.iter().enumerate().collect();
    numbered
        .iter()
        .filter(exact)
        .map(|(place, deal)| {
            record([
                ("opportunity", at("opportunity", *place)),
                ("product", at("product", deal.product)),
                ("quantity", json!(deal.quantity.to_string())),
                ("price", json!(PRODUCTS[deal.product].price.to_string())),
                ("discount", json!((100 - deal.share).to_string())),
                ("created_by", at("user", deal.owner)),
                ("created_at", json!(moment(deal.opened(), 10 * 60))),
            ])
        })
        .collect()
}

/// Competitors met, with what they asked and how it ended.
pub fn meetings(rng: &mut Rng, deals: &[Deal]) -> Vec<Record> {
    let mut out = Vec::new();
    for (place, deal) in deals.iter().enumerate() {
        let Some(competitor) = deal.competitor else { continue };
        let outcome = match deal.loss_reason {
            Some("competitor") => "lost_to",
            Some(_) => "withdrew",
            None if deal.open() => "open",
            None => "beaten",
        };
        let price = deal.amount / 1000 * rng.between(88, 106) * 10;
        out.push(record([
            ("opportunity", at("opportunity", place)),
            ("competitor", met(competitor)),
            ("outcome", json!(outcome)),
            ("price", json!(price.to_string())),
            ("strengths", json!(rng.pick(&["报价更低", "承诺更短的交期", "有同行业案例", "与采购认识多年"]))),
            ("created_by", at("user", deal.owner)),
            ("created_at", json!(moment(deal.opened(), 15 * 60))),
        ]));
    }
    out
}

/// Who decides at the customer, as far as the deal has come: the one spoken to first, then the others.
pub fn buying_centres(rng: &mut Rng, deals: &[Deal], contacts: &[Contact]) -> Vec<Record> {
    let mut out = Vec::new();
    for (place, deal) in deals.iter().enumerate().filter(|(_, deal)| deal.furthest() > 0) {
        let others = contacts.iter().enumerate().filter(|(other, contact)| {
            *other != deal.contact && contact.customer == deal.customer && contact.title != contacts[deal.contact].title
        });
        let members = std::iter::once(deal.contact).chain(others.map(|(other, _)| other));
        for member in members.take(1 + deal.furthest().min(3)) {
            let (_, role, _) = TITLES[contacts[member].title];
            let attitude = rng.pick(&["supporter", "supporter", "neutral", "unknown", "opponent"]);
            let concern = match attitude {
                "opponent" => rng.pick(&["倾向现有供应商，不愿更换", "认为报价偏高", "担心停产改造影响交付"]),
                "neutral" => rng.pick(&["要看同行业案例", "关心售后响应时间", "等试用结果"]),
                _ => "",
            };
            out.push(record([
                ("opportunity", at("opportunity", place)),
                ("contact", at("contact", member)),
                ("role", json!(role)),
                ("attitude", json!(attitude)),
                ("influence", json!(rng.pick(&["high", "medium", "medium", "low"]))),
                ("concerns", if concern.is_empty() { Value::Null } else { json!(concern) }),
                ("created_by", at("user", deal.owner)),
                ("created_at", json!(moment(deal.opened(), 16 * 60))),
            ]));
        }
    }
    out
}

/// The history that the rule on opportunities would have written move by move.
pub fn stage_changes(rng: &mut Rng, deals: &[Deal]) -> Vec<Record> {
    let mut changes = Vec::new();
    for (place, deal) in deals.iter().enumerate() {
        let mut before: Option<(usize, Date)> = None;
        for &(stage, date) in &deal.steps {
            let named = |stage: usize| json!(format!("@stage={}", STAGES[stage]));
            let summary = match before {
                Some((from, _)) => format!("{} → {}", STAGES[from], STAGES[stage]),
                None => STAGES[stage].to_owned(),
            };
            let when = moment(date, office_minutes(rng));
            changes.push((
                date,
                record([
                    ("opportunity", at("opportunity", place)),
                    ("summary", json!(summary)),
                    ("from_stage", before.map_or(Value::Null, |(from, _)| named(from))),
                    ("to_stage", named(stage)),
                    ("days", before.map_or(Value::Null, |(_, since)| json!(days_between(since, date).to_string()))),
                    ("changed_at", json!(when)),
                    ("changed_by", at("user", deal.owner)),
                    ("created_by", at("user", deal.owner)),
                    ("created_at", json!(when)),
                ]),
            ));
            before = Some((stage, date));
        }
    }
    changes.sort_by_key(|(date, _)| *date);
    changes.into_iter().map(|(_, change)| change).collect()
}
