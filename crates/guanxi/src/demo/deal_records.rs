//! Records of opportunities and of their way through the stages.

use jiff::civil::Date;
use serde_json::{Value, json};

use super::company::{PIPELINE, PROBABILITY, STAGES};
use super::deals::Deal;
use super::follow_ups::facts;
use super::rng::Rng;
use super::talk::{self, Topic};
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
                ("competitor", deal.competitor.map_or(Value::Null, |c| json!(c))),
                ("loss_reason", deal.loss_reason.map_or(Value::Null, |r| json!(r))),
                ("next_step", next),
                ("owner", at("user", deal.owner)),
                ("created_by", at("user", deal.owner)),
                ("created_at", json!(moment(deal.opened(), office_minutes(rng)))),
            ])
        })
        .collect()
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
