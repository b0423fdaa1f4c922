//! What is expected of the sellers, what they reported in the last days, and what was said to it.

use jiff::{ToSpan, civil::Date};
use serde_json::{Value, json};
use std::collections::BTreeMap;

use super::company::{HEADS, PEOPLE, SELLERS};
use super::customers::Customer;
use super::{Record, at, moment, record, working_day};

/// Working days with reports.
const DAYS: usize = 6;

/// Who has to report, and what is expected at least.
pub fn rules(today: Date) -> Vec<Record> {
    let made = moment(today.saturating_sub(200.days()), 9 * 60);
    let rule = |name: &str, kind: &str, least: [(&str, Value); 2]| {
        let mut out = record([
            ("name", json!(name)),
            ("kind", json!(kind)),
            ("roles", json!(["member"])),
            ("departments", json!([at("department", 1)])),
            ("created_at", json!(made)),
        ]);
        out.extend(record(least));
        out
    };
    vec![
        rule("销售日报", "daily", [("least_follow_ups", json!(1)), ("least_effective_calls", Value::Null)]),
        rule("销售周报", "weekly", [("least_follow_ups", json!(3)), ("least_visits", json!(1))]),
    ]
}

/// A report and what was said to it.
struct Report {
    who: usize,
    day: Date,
    weekly: bool,
    lines: Vec<String>,
}

/// Everybody who talked to somebody reports it in the evening; who forgot it does so days later, or not at all.
fn reports(today: Date, customers: &[Customer], talks: &[Record]) -> Vec<Report> {
    let mut days: Vec<Date> = Vec::new();
    let mut day = today;
    while days.len() < DAYS {
        day = working_day(day.saturating_sub(1.day()));
        days.push(day);
    }
    let monday = day_of_week(days[0]).saturating_sub(7.days());
    let mut done: BTreeMap<(usize, bool, Date), Vec<String>> = BTreeMap::new();
    for talk in talks {
        let text = |field: &str| talk.get(field).and_then(Value::as_str).unwrap_or_default();
        let place = |field: &str| text(field).rsplit(':').next().and_then(|place| place.parse::<usize>().ok());
        let (Some(who), Some(customer)) = (place("owner"), place("customer")) else { continue };
        let Ok(day) = text("happened_at").get(..10).unwrap_or_default().parse::<Date>() else { continue };
        if !SELLERS.iter().any(|area| area.contains(&who)) {
            continue;
        }
        let line = format!("{}：{}", customers[customer].name, text("content"));
        if days.contains(&day) {
            done.entry((who, false, day)).or_default().push(line.clone());
        }
        if day_of_week(day) == monday {
            done.entry((who, true, monday)).or_default().push(line);
        }
    }
    done.into_iter()
        // One of them has not sent the last one.
        .filter(|((who, weekly, day), _)| *weekly || *day != days[0] || *who != 9)
        .map(|((who, weekly, day), lines)| Report { who, day, weekly, lines })
        .collect()
}

fn day_of_week(day: Date) -> Date {
    day.saturating_sub(i64::from(day.weekday().to_monday_zero_offset()).days())
}

/// What was reported, and what the heads said to some of it.
pub fn reported(today: Date, customers: &[Customer], talks: &[Record]) -> (Vec<Record>, Vec<Record>) {
    let reports = reports(today, customers, talks);
    let mut comments = Vec::new();
    let records = reports
        .iter()
        .enumerate()
        .map(|(place, report)| {
            let last = if report.weekly { report.day.saturating_add(4.days()) } else { report.day };
            // Some write in the evening, one the day after the next.
            let late = !report.weekly && report.who == 8 && place % 2 == 0;
            let minutes = 17 * 60 + 35 + i64::try_from(place * 7 % 50).unwrap_or_default();
            let sent = match late {
                true => moment(last.saturating_add(2.days()).min(today), 8 * 60 + 40),
                false => moment(last, minutes),
            };
            let department = PEOPLE[report.who].department;
            let head =
                HEADS.iter().find(|(of, head)| *of == department && *head != report.who).map_or(1, |(_, head)| *head);
            let lines: Vec<String> = report
                .lines
                .iter()
                .take(12)
                .enumerate()
                .map(|(place, line)| format!("{}. {line}", place + 1))
                .collect();
            let plan = match report.weekly {
                true => {
                    "1. 跟进上周已报价的客户，确认预算\n2. 走访两家老客户，了解设备使用情况\n3. 整理下月可能成交的商机"
                }
                false => "1. 回访今天谈过的客户\n2. 准备报价和方案资料",
            };
            if place % 4 == 1 {
                let said = match report.weekly {
                    true => "这周跟进很扎实，下周重点盯一下报价后没有回音的几家。",
                    false => "价格这块先别松口，明天晨会一起过一下方案。",
                };
                comments.push(record([
                    ("report", at("work_report", place)),
                    ("content", json!(said)),
                    ("owner", at("user", head)),
                    ("created_at", json!(moment(last.saturating_add(1.day()).min(today), 8 * 60 + 50))),
                    ("created_by", at("user", head)),
                ]));
            }
            record([
                ("kind", json!(if report.weekly { "weekly" } else { "daily" })),
                ("first_day", json!(report.day.to_string())),
                ("summary", json!(format!("跟进\n{}", lines.join("\n")))),
                ("plan", json!(plan)),
                (
                    "problems",
                    if place % 5 == 2 {
                        json!("客户希望看样板工程，请协助安排参观。")
                    } else {
                        Value::Null
                    },
                ),
                ("recipients", json!([at("user", head)])),
                ("sent_at", json!(sent)),
                ("owner", at("user", report.who)),
                ("created_at", json!(sent)),
                ("created_by", at("user", report.who)),
            ])
        })
        .collect();
    (records, comments)
}
