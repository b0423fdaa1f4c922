//! What the sellers are to reach, and how the forecast moved while the deals went their way.

use jiff::{ToSpan, civil::Date};
use serde_json::{Value, json};
use std::collections::BTreeMap;

use super::company::{HEADS, LOST, PEOPLE, PROBABILITY, SELLERS, WON};
use super::deals::Deal;
use super::{Record, at, moment, record};

/// How the months of a year differ, in percent: little at the Spring Festival, much at the end.
const SEASONS: [i64; 12] = [90, 60, 110, 95, 95, 120, 90, 90, 110, 90, 110, 140];
/// Targets are set in steps of this.
const STEP: i64 = 10_000;

/// Sellers, each once.
fn sellers() -> Vec<usize> {
    let mut sellers: Vec<usize> = SELLERS.iter().flat_map(|area| area.iter().copied()).collect();
    sellers.sort_unstable();
    sellers.dedup();
    sellers
}

/// Targets of this year and the one before, for the company, departments and sellers.
pub fn targets(today: Date, deals: &[Deal]) -> Vec<Record> {
    (-1..=0).flat_map(|ago| of_year(today, today.year() + ago, deals)).collect()
}

fn of_year(today: Date, year: i16, deals: &[Deal]) -> Vec<Record> {
    let made = moment(today.saturating_sub(360.days()), 9 * 60);
    let made = made.as_str();
    let record_of = |whose: [(&str, Value); 3], measure: &str, months: &[i64]| {
        let mut out = record([("year", json!(year)), ("measure", json!(measure)), ("created_at", json!(made))]);
        out.extend(record(whose));
        out.extend(months.iter().enumerate().map(|(month, sum)| (format!("m{}", month + 1), json!(sum.to_string()))));
        out
    };
    // Somewhat more than what the last twelve months brought.
    let of = |seller: usize| -> Vec<i64> {
        let since = today.saturating_sub(1.year());
        let won = deals.iter().filter(|deal| deal.owner == seller && deal.stage() == WON && deal.close > since);
        let month = (won.map(|deal| deal.amount).sum::<i64>() * 16 / 10 / 12).max(8 * STEP);
        SEASONS.iter().map(|season| (month * season / 100 + STEP / 2) / STEP * STEP).collect()
    };
    let people: BTreeMap<usize, Vec<i64>> = sellers().into_iter().map(|seller| (seller, of(seller))).collect();
    let sum = |whose: &dyn Fn(usize) -> bool| -> Vec<i64> {
        (0..12).map(|month| people.iter().filter(|(who, _)| whose(**who)).map(|(_, sums)| sums[month]).sum()).collect()
    };
    let mut out = vec![record_of(
        [("level", json!("company")), ("owner", at("user", 0)), ("team", Value::Null)],
        "won_amount",
        &sum(&|_| true),
    )];
    for (department, head) in HEADS.iter().filter(|(department, _)| (1..=4).contains(department)) {
        let months = sum(&|who| *department == 1 || PEOPLE[who].department == *department);
        out.push(record_of(
            [("level", json!("department")), ("owner", at("user", *head)), ("team", at("department", *department))],
            "won_amount",
            &months,
        ));
    }
    for (seller, months) in &people {
        let whose = || [("level", json!("person")), ("owner", at("user", *seller)), ("team", Value::Null)];
        out.push(record_of(whose(), "won_amount", months));
        out.push(record_of(whose(), "new_customers", &[3; 12]));
    }
    out
}

/// How one deal stands: won, commit, best case, pipeline, weighted in hundredths, and whether it is open.
fn standing(stage: usize, amount: i64) -> [i64; 6] {
    let mut parts = [0; 6];
    match stage {
        WON => parts[0] = amount,
        LOST => {}
        stage => {
            let place = match PROBABILITY[stage] {
                80.. => 1,
                50.. => 2,
                _ => 3,
            };
            parts[place] = amount;
            parts[4] = amount * PROBABILITY[stage];
            parts[5] = 1;
        }
    }
    parts
}

/// The daily notes of how the forecast moved, from the day each deal was opened.
pub fn forecast_moves(today: Date, deals: &[Deal]) -> Vec<Record> {
    let first = today.first_of_month().saturating_sub(24.months());
    let last = today.first_of_month().saturating_add(12.months());
    let mut moves: BTreeMap<(Date, usize, Date), [i64; 6]> = BTreeMap::new();
    for deal in deals {
        let month = deal.close.first_of_month();
        if month < first || month > last {
            continue;
        }
        let mut before = [0; 6];
        for (stage, day) in &deal.steps {
            let now = standing(*stage, deal.amount);
            let sums = moves.entry((*day, deal.owner, month)).or_default();
            sums.iter_mut().zip(now).zip(before).for_each(|((sum, now), before)| *sum += now - before);
            before = now;
        }
    }
    moves
        .into_iter()
        .filter(|(_, parts)| parts.iter().any(|part| *part != 0))
        .map(|((day, owner, month), [won, commit, best_case, pipeline, weighted, deals])| {
            let weighted =
                format!("{}{}.{:02}", if weighted < 0 { "-" } else { "" }, weighted.abs() / 100, weighted.abs() % 100);
            record([
                ("name", json!(format!("{} · {day}", month.strftime("%Y-%m")))),
                ("owner", at("user", owner)),
                ("day", json!(day.to_string())),
                ("month", json!(month.to_string())),
                ("won", json!(won.to_string())),
                ("commit", json!(commit.to_string())),
                ("best_case", json!(best_case.to_string())),
                ("pipeline", json!(pipeline.to_string())),
                ("weighted", json!(weighted)),
                ("deals", json!(deals)),
                ("created_at", json!(moment(day, 23 * 60 + 50))),
            ])
        })
        .collect()
}
