//! The figures of the week as the test counts them, in the shape of the answers: with nothing but loops over records.

use super::raw::{Raw, date, day_of, decimal, moment, text};
use jiff::{SignedDuration, Timestamp, civil::Date};
use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::{Map, Value as Json, json};
use std::collections::{BTreeMap, BTreeSet};

const PARTS: [&str; 5] = ["won", "commit", "best_case", "pipeline", "weighted"];

/// Half up, one decimal.
fn tenths(number: Decimal) -> String {
    number.round_dp_with_strategy(1, RoundingStrategy::MidpointAwayFromZero).to_string()
}

fn percent(part: usize, whole: usize) -> Json {
    if whole == 0 { Json::Null } else { json!(tenths(Decimal::from(part * 100) / Decimal::from(whole))) }
}

fn average(numbers: &[Decimal]) -> Json {
    if numbers.is_empty() {
        return Json::Null;
    }
    json!(tenths(numbers.iter().sum::<Decimal>() / Decimal::from(numbers.len())))
}

fn in_quarter(day: Date) -> bool {
    day >= Date::constant(2026, 10, 1) && day < Date::constant(2027, 1, 1)
}

fn at_home(deal: &Json) -> bool {
    deal["currency"] == json!("CNY")
}

/// What an open deal brings by its probability.
fn weighted(deal: &Json) -> Decimal {
    decimal(&deal["amount"]) * decimal(&deal["probability"]) / Decimal::ONE_HUNDRED
}

/// Deals added up.
pub(super) fn sum(deals: &[&Json]) -> Json {
    let amounts: Vec<Decimal> = deals
        .iter()
        .filter(|deal| at_home(deal) && !deal["amount"].is_null())
        .map(|deal| decimal(&deal["amount"]))
        .collect();
    let amount = (!amounts.is_empty()).then(|| amounts.iter().sum::<Decimal>().to_string());
    json!({"count": deals.len(), "amount": amount})
}

fn of_status<'a>(deals: &[&'a Json], status: &str) -> Vec<&'a Json> {
    deals.iter().filter(|deal| deal["status"] == json!(status)).copied().collect()
}

/// What is reached in a month (11) or the whole quarter.
fn reached(raw: &Raw, measure: &str, target: &Json, months: &[i8]) -> Decimal {
    let counts = |record: &Json| match target["level"].as_str() {
        Some("company") => true,
        Some("department") => text(record, "department") == text(target, "team"),
        _ => text(record, "owner") == text(target, "owner"),
    };
    let within = |day: Option<Date>| day.is_some_and(|day| day.year() == 2026 && months.contains(&day.month()));
    let deals = raw.all("opportunity").iter().filter(|deal| counts(deal) && within(date(&deal["close_date"])));
    match measure {
        "won_amount" => deals
            .filter(|deal| deal["status"] == json!("won") && at_home(deal))
            .map(|deal| decimal(&deal["amount"]))
            .sum(),
        "weighted" => deals
            .filter(|deal| {
                deal["status"] == json!("open") && at_home(deal) && deal["forecast_category"] != json!("omitted")
            })
            .map(weighted)
            .sum(),
        "won_count" => Decimal::from(deals.filter(|deal| deal["status"] == json!("won")).count()),
        "sold_quantity" => {
            let won: BTreeSet<String> =
                deals.filter(|deal| deal["status"] == json!("won")).map(|deal| text(deal, "id")).collect();
            let lines = raw.all("opportunity_product").iter();
            lines
                .filter(|line| {
                    won.contains(&text(line, "opportunity")) && text(line, "product") == text(target, "product")
                })
                .map(|line| decimal(&line["quantity"]))
                .sum()
        }
        _ => {
            let new = raw.all("customer").iter().filter(|customer| counts(customer));
            Decimal::from(new.filter(|customer| within(moment(&customer["created_at"]).map(day_of))).count())
        }
    }
}

/// The targets of a period for whoever sees these of them; places are among what he sees.
pub(super) fn targets(raw: &Raw, period: &str, measure: &str, sees: &dyn Fn(&Json) -> bool) -> Json {
    let months: Vec<i8> = if period == "2026-11" { vec![11] } else { vec![10, 11, 12] };
    let goals: Vec<&Json> =
        raw.all("target").iter().filter(|target| target["measure"] == json!(measure) && sees(target)).collect();
    let within = |target: &Json, months: &[i8]| {
        let of: Vec<Decimal> = months
            .iter()
            .map(|month| &target[format!("m{month}")])
            .filter(|value| !value.is_null())
            .map(decimal)
            .collect();
        (!of.is_empty()).then(|| of.iter().sum::<Decimal>())
    };
    let rate = |target: &Json| {
        within(target, &months).map(|wanted| reached(raw, measure, target, &months) * Decimal::ONE_HUNDRED / wanted)
    };
    let rows = goals.iter().map(|target| {
        let level = text(target, "level");
        let (wanted, actual) = (within(target, &months), reached(raw, measure, target, &months));
        let peers: Vec<Option<Decimal>> =
            goals.iter().filter(|other| text(other, "level") == level).map(|other| rate(other)).collect();
        let rank = (level != "company" && peers.len() > 1).then(|| 1 + peers.iter().filter(|peer| **peer > rate(target)).count());
        let who = match level.as_str() {
            "company" => Json::Null,
            "department" => target["team"].clone(),
            _ => target["owner"].clone(),
        };
        json!({
            "id": target["id"], "level": level, "who": who, "product": target["product"], "owner": target["owner"]["id"],
            "target": wanted.map(|wanted| wanted.to_string()), "actual": actual.to_string(),
            "rate": rate(target).map(tenths),
            "gap": wanted.map(|wanted| (wanted - actual).max(Decimal::ZERO).to_string()),
            "weighted": (measure == "won_amount").then(|| reached(raw, "weighted", target, &months).to_string()),
            "rank": rank,
            "months": (1..=12).map(|month| json!({
                "target": within(target, &[month]).map(|wanted| wanted.to_string()),
                "actual": reached(raw, measure, target, &[month]).to_string(),
            })).collect::<Vec<_>>(),
        })
    });
    let (passed, days) = if period == "2026-11" { (29, 30) } else { (60, 92) };
    json!({
        "period": period, "measure": measure, "days_passed": passed, "days": days,
        "currency": (measure == "won_amount").then_some("CNY"), "rows": rows.collect::<Vec<_>>(),
    })
}

/// A deal's share of the forecast: of which kind, and how much.
fn forecast_of(deals: &[&Json]) -> Map<String, Json> {
    let mut sums = BTreeMap::from(PARTS.map(|part| (part, Decimal::ZERO)));
    let mut count = 0;
    for deal in deals {
        let part = match (deal["status"].as_str(), deal["forecast_category"].as_str()) {
            (Some("won"), _) => "won",
            (_, Some("omitted")) => continue,
            (_, Some("commit")) => "commit",
            (_, Some("best_case")) => "best_case",
            _ => "pipeline",
        };
        *sums.entry(part).or_default() += decimal(&deal["amount"]);
        if part != "won" {
            *sums.entry("weighted").or_default() += weighted(deal);
            count += 1;
        }
    }
    let mut row: Map<String, Json> =
        sums.into_iter().map(|(part, sum)| (part.to_owned(), json!(sum.to_string()))).collect();
    row.insert("deals".into(), json!(count));
    row
}

/// Deals that a forecast of the quarter counts.
fn forecast_deals<'a>(deals: &[&'a Json]) -> Vec<&'a Json> {
    let counts = |deal: &Json| {
        at_home(deal)
            && ["open", "won"].contains(&text(deal, "status").as_str())
            && date(&deal["close_date"]).is_some_and(in_quarter)
    };
    deals.iter().filter(|deal| counts(deal)).copied().collect()
}

/// The whole that somebody sees, without the target beside it.
pub(super) fn forecast_total(deals: &[&Json]) -> Map<String, Json> {
    forecast_of(&forecast_deals(deals))
}

pub(super) fn forecast(raw: &Raw) -> Json {
    let all: Vec<&Json> = raw.all("opportunity").iter().collect();
    let deals = forecast_deals(&all);
    let goals: BTreeMap<String, String> = raw
        .all("target")
        .iter()
        .filter(|target| target["measure"] == json!("won_amount"))
        .map(|target| {
            let sum: Decimal = ["m10", "m11", "m12"].map(|month| decimal(&target[month])).iter().sum();
            let person = target["level"] == json!("person");
            (if person { text(target, "owner") } else { text(target, "level") }, sum.to_string())
        })
        .collect();
    let group = |key: &dyn Fn(&Json) -> String| {
        let mut groups = BTreeMap::<String, Vec<&Json>>::new();
        deals.iter().for_each(|deal| groups.entry(key(deal)).or_default().push(deal));
        groups
    };
    let mut people = group(&|deal| text(deal, "owner"));
    // Who has a target stands there, whether he has anything or not.
    for who in goals.keys().filter(|who| !["company", "department"].contains(&who.as_str())) {
        people.entry(who.clone()).or_default();
    }
    let rows = people.iter().map(|(owner, deals)| {
        let mut row = forecast_of(deals);
        row.insert("owner".into(), json!({"id": owner, "title": raw.find("user", owner)["name"]}));
        row.insert("target".into(), json!(goals.get(owner)));
        Json::Object(row)
    });
    let months = group(&|deal| text(deal, "close_date")[..7].to_owned());
    let months = months.iter().map(|(month, deals)| {
        let mut row = forecast_of(deals);
        row.insert("month".into(), json!(month));
        Json::Object(row)
    });
    let mut total = forecast_of(&deals);
    total.insert("target".into(), json!(goals.get("company")));
    let today = day_of(raw.now);
    let late: Vec<&Json> = of_status(&all, "open")
        .into_iter()
        .filter(|deal| at_home(deal) && date(&deal["close_date"]).is_some_and(|day| day < today))
        .collect();
    let late_amount: Decimal = late.iter().map(|deal| decimal(&deal["amount"])).sum();
    let elsewhere = all.iter().filter(|deal| {
        !at_home(deal) && deal["status"] != json!("lost") && date(&deal["close_date"]).is_some_and(in_quarter)
    });
    json!({
        "period": "2026-Q4", "first": "2026-10-01", "after": "2027-01-01", "days_passed": 60, "days": 92, "currency": "CNY",
        "total": total, "rows": rows.collect::<Vec<_>>(), "months": months.collect::<Vec<_>>(),
        "late": {"deals": late.len(), "amount": late_amount.to_string()}, "elsewhere": elsewhere.count(),
        "history": history(raw),
    })
}

/// How the forecast stood at eleven on each night on which it had moved, from the change log.
fn history(raw: &Raw) -> Vec<Json> {
    let mut rows = Vec::new();
    let mut before = BTreeMap::new();
    let first: Timestamp = "2026-11-22T15:00:00Z".parse().expect("a moment");
    for night in (0..8).map(|night| first + SignedDuration::from_hours(24 * night)) {
        let states: Vec<Json> = raw.at("opportunity", night).into_values().map(Json::Object).collect();
        let all: Vec<&Json> = states.iter().collect();
        let deals = forecast_deals(&all);
        let mut stands = BTreeMap::<_, Vec<&Json>>::new();
        for deal in &deals {
            stands.entry((text(deal, "owner"), text(deal, "close_date")[..7].to_owned())).or_default().push(deal);
        }
        let nothing = forecast_of(&[]);
        let stands: BTreeMap<_, _> = stands
            .into_iter()
            .map(|(key, deals)| (key, forecast_of(&deals)))
            .filter(|(_, sums)| *sums != nothing)
            .collect();
        if stands != before {
            let mut row = forecast_of(&deals);
            row.insert("day".into(), json!(day_of(night).to_string()));
            rows.push(Json::Object(row));
        }
        before = stands;
    }
    rows
}

/// The stages that a deal has been in, from the change log.
fn been(raw: &Raw) -> BTreeMap<String, Vec<String>> {
    let mut been = BTreeMap::<String, Vec<String>>::new();
    for change in raw.log("opportunity") {
        if let Some((_, stage)) = change.of("stage") {
            been.entry(change.record.clone()).or_default().push(stage);
        }
    }
    been
}

pub(super) fn analysis(raw: &Raw) -> Json {
    let deals: Vec<&Json> = raw.all("opportunity").iter().collect();
    let mut way: Vec<&Json> = raw.all("stage").iter().filter(|stage| stage["kind"] != json!("lost")).collect();
    way.sort_by_key(|stage| stage["sort_order"].as_i64());
    let place = |id: &str| way.iter().position(|stage| stage["id"] == json!(id));
    let been = been(raw);
    let furthest = |deal: &Json| been[&text(deal, "id")].iter().filter_map(|stage| place(stage)).max();
    let came =
        |number: usize| -> Vec<&Json> { deals.iter().filter(|deal| furthest(deal) >= Some(number)).copied().collect() };
    let stages = way.iter().enumerate().map(|(number, stage)| {
        let id = text(stage, "id");
        let here: Vec<&Json> = deals.iter().filter(|deal| text(deal, "stage") == id).copied().collect();
        let lost: Vec<&Json> =
            of_status(&deals, "lost").into_iter().filter(|deal| furthest(deal) == Some(number)).collect();
        let stays: Vec<Decimal> = raw
            .all("stage_change")
            .iter()
            .filter(|change| text(change, "from_stage") == id)
            .map(|change| decimal(&change["days"]))
            .collect();
        let next = (number + 1 < way.len()).then(|| percent(came(number + 1).len(), came(number).len()));
        json!({
            "id": id, "name": stage["name"], "kind": stage["kind"], "reached": sum(&came(number)),
            "of_all": percent(came(number).len(), came(0).len()), "conversion": next, "here": sum(&here),
            "lost_here": sum(&lost), "average_days": average(&stays), "stays": stays.len(),
        })
    });
    let [open, won, lost] = ["open", "won", "lost"].map(|status| of_status(&deals, status));
    let cycle: Vec<Decimal> = won
        .iter()
        .filter_map(|deal| Some(Decimal::from((date(&deal["close_date"])? - date(&deal["opened_on"])?).get_days())))
        .collect();
    let reasons: BTreeSet<String> = lost.iter().map(|deal| text(deal, "loss_reason")).collect();
    let reasons = reasons.iter().map(|reason| {
        let because: Vec<&Json> = lost.iter().filter(|deal| text(deal, "loss_reason") == *reason).copied().collect();
        let mut row = sum(&because);
        row["reason"] = json!(reason);
        row
    });
    let rivals: BTreeMap<String, &Json> = deals
        .iter()
        .filter(|deal| !deal["competitor"].is_null())
        .map(|deal| (text(deal, "competitor"), &deal["competitor"]))
        .collect();
    let rivals = rivals.iter().map(|(id, rival)| {
        let met: Vec<&Json> = deals.iter().filter(|deal| text(deal, "competitor") == *id).copied().collect();
        let [open, won, lost] = ["open", "won", "lost"].map(|status| of_status(&met, status));
        json!({
            "competitor": rival, "open": sum(&open), "won": sum(&won), "lost": sum(&lost),
            "win_rate": percent(won.len(), won.len() + lost.len()),
        })
    });
    json!({
        "open": sum(&open), "won": sum(&won), "lost": sum(&lost), "win_rate": percent(won.len(), won.len() + lost.len()),
        "cycle_days": average(&cycle), "stages": stages.collect::<Vec<_>>(),
        "loss_reasons": reasons.collect::<Vec<_>>(), "competitors": rivals.collect::<Vec<_>>(),
        "elsewhere": deals.iter().filter(|deal| !at_home(deal)).count(),
    })
}

/// How many there are of each.
pub(super) fn by(records: &[Json], fields: &[&str]) -> Vec<Json> {
    let mut groups = BTreeMap::<Vec<String>, (Map<String, Json>, usize)>::new();
    for record in records {
        let key = fields.iter().map(|field| text(record, field)).collect();
        let shown = fields.iter().map(|field| ((*field).to_owned(), record[*field].clone())).collect();
        groups.entry(key).or_insert((shown, 0)).1 += 1;
    }
    let row = |(mut shown, count): (Map<String, Json>, usize)| {
        shown.insert("count".into(), json!(count));
        Json::Object(shown)
    };
    groups.into_values().map(row).collect()
}
