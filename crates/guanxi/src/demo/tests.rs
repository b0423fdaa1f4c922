//! The demo promises: repeatable, complete, consistent.

use std::collections::{HashMap, HashSet};

use guanxi_model::pinyin::login_name;
use guanxi_model::regions;
use jiff::Timestamp;
use jiff::civil::date;

use super::company::{PEOPLE, STAGES};
use super::words::CITIES;
use super::*;

fn demo() -> Demo {
    generate(42, date(2026, 11, 21))
}

fn of<'a>(demo: &'a Demo, object: &str) -> &'a [Record] {
    demo.batches.iter().find(|(o, _)| *o == object).map_or(&[], |(_, records)| records)
}

fn text<'a>(record: &'a Record, field: &str) -> &'a str {
    record.get(field).and_then(Value::as_str).unwrap_or_default()
}

fn instant(record: &Record, field: &str) -> Timestamp {
    text(record, field).parse().unwrap_or_else(|e| panic!("{field}: {e} in {record:?}"))
}

fn place(reference: &str) -> usize {
    reference.split(':').nth(1).and_then(|n| n.parse().ok()).unwrap_or_else(|| panic!("{reference}"))
}

#[test]
fn same_seed_same_company() {
    assert_eq!(demo(), demo());
    assert_ne!(demo(), generate(43, date(2026, 11, 21)));
}

#[test]
fn counts() {
    let demo = demo();
    let count = |object| of(&demo, object).len();
    assert_eq!(count("user"), 12);
    assert_eq!(count("customer"), 300);
    assert_eq!(count("opportunity"), 150);
    assert_eq!(count("follow_up"), 1500);
    assert_eq!(count("task"), 96);
    assert_eq!(count("event"), 68);
    let repeating = of(&demo, "event").iter().filter(|event| event.contains_key("repeat"));
    assert!(repeating.clone().all(|event| event.contains_key("participants")));
    assert_eq!(repeating.count(), 3);
    assert_eq!(count("lead"), 40);
    assert_eq!((count("territory"), count("sharing_rule"), count("recycle_rule"), count("capacity")), (4, 1, 1, 1));
    let converted = of(&demo, "lead").iter().filter(|lead| text(lead, "status") == "converted");
    assert_eq!(converted.filter(|lead| lead.contains_key("converted_opportunity")).count(), 4);
    assert!((400..900).contains(&count("contact")), "{}", count("contact"));
    assert!(count("product") >= 12);
    let persons = of(&demo, "customer").iter().filter(|c| text(c, "kind") == "person").count();
    assert_eq!(persons, 36);
    let parents = of(&demo, "customer").iter().filter(|c| c.contains_key("parent")).count();
    assert!((8..=20).contains(&parents), "{parents}");
    for stage in STAGES {
        let named = format!("@stage={stage}");
        let there = of(&demo, "opportunity").iter().filter(|o| text(o, "stage") == named).count();
        assert!(there >= 12, "{stage} {there}");
    }
}

#[test]
fn references_lead_to_earlier_records() {
    for seed in 0..20 {
        let demo = generate(seed, date(2024, 2, 29));
        let mut made: HashMap<&str, usize> = HashMap::new();
        for (object, records) in &demo.batches {
            for record in records {
                for value in record.values().filter_map(Value::as_str) {
                    if let Some(reference) = value.strip_prefix('@').filter(|r| !r.contains('=')) {
                        let target = reference.split(':').next().unwrap_or_default();
                        assert!(place(value) < made.get(target).copied().unwrap_or(0), "{value}");
                    }
                }
                *made.entry(object).or_default() += 1;
            }
        }
        for (reference, _) in demo.updates.iter().filter(|(reference, _)| !reference.contains('=')) {
            assert!(place(reference) < made["department"]);
        }
    }
}

#[test]
fn time_runs_one_way() {
    for seed in 0..20 {
        let today = date(2026, 11, 23);
        let demo = generate(seed, today);
        let midnight: Timestamp = moment(today, 0).parse().expect("an instant");
        let customers = of(&demo, "customer");
        let born = |record: &Record| instant(&customers[place(text(record, "customer"))], "created_at");
        let day = 24 * 3600;
        for (object, records) in &demo.batches {
            for record in records {
                let created = instant(record, "created_at");
                assert!(created < midnight, "{object} {record:?}");
                assert!(midnight.as_second() - created.as_second() < 371 * day, "{object} {record:?}");
                if record.contains_key("customer") && *object != "task" {
                    // The same day at the earliest.
                    assert!(created.as_second() + day > born(record).as_second(), "{object} {record:?}");
                }
            }
        }
        let talks = of(&demo, "follow_up");
        assert!(talks.is_sorted_by_key(|t| instant(t, "happened_at")));
        for talk in talks.iter().filter(|t| t.contains_key("next_at")) {
            assert!(instant(talk, "next_at") > instant(talk, "happened_at"), "{talk:?}");
        }
        for opportunity in of(&demo, "opportunity") {
            assert!(
                text(opportunity, "opened_on") <= text(opportunity, "close_date")
                    || !text(opportunity, "stage").ends_with("赢单")
            );
        }
    }
}

#[test]
fn contacts_belong_to_the_customer_spoken_to() {
    let demo = demo();
    let contacts = of(&demo, "contact");
    for object in ["follow_up", "opportunity"] {
        for record in of(&demo, object).iter().filter(|r| r.contains_key("contact")) {
            assert_eq!(contacts[place(text(record, "contact"))]["customer"], record["customer"]);
        }
    }
}

#[test]
fn follow_ups_read_differently() {
    let demo = demo();
    let all: HashSet<&str> = of(&demo, "follow_up").iter().map(|t| text(t, "content")).collect();
    assert!(all.len() > 1350, "{}", all.len());
    for content in &all {
        assert!(!content.contains(['{', '}', '@']), "{content}");
        assert!(content.chars().count() >= 8, "{content}");
    }
}

#[test]
fn names_logins_and_numbers_are_unique() {
    let demo = demo();
    for (object, field) in [
        ("user", "login"),
        ("customer", "name"),
        ("customer", "number"),
        ("opportunity", "number"),
        ("product", "code"),
    ] {
        let all: HashSet<&str> = of(&demo, object).iter().map(|r| text(r, field)).collect();
        assert_eq!(all.len(), of(&demo, object).len(), "{object}.{field}");
    }
    for person in PEOPLE {
        assert_eq!(login_name(person.name), person.login);
    }
}

#[test]
fn places_exist_and_nobody_can_be_reached() {
    for city in CITIES {
        let full = regions::full_name(city.region).unwrap_or_default();
        assert!(full.contains(city.name), "{} {full}", city.name);
    }
    let demo = demo();
    for (_, records) in &demo.batches {
        for record in records {
            assert!(!record.contains_key("mobile") || text(record, "mobile").starts_with("154"));
            assert!(!record.contains_key("email") || text(record, "email").ends_with(".example.com"));
        }
    }
}

#[test]
fn sellers_report_what_they_did() {
    let demo = demo();
    let reports = of(&demo, "work_report");
    let weekly = reports.iter().filter(|report| text(report, "kind") == "weekly").count();
    assert!(weekly >= 3 && reports.len() - weekly >= 8, "{weekly} of {}", reports.len());
    let mut seen = HashSet::new();
    for report in reports {
        assert!(seen.insert((text(report, "owner"), text(report, "kind"), text(report, "first_day"))), "{report:?}");
        assert!(instant(report, "sent_at") <= "2026-11-21T02:00:00Z".parse().expect("a moment"), "{report:?}");
    }
    let comments = of(&demo, "report_comment");
    assert!(!comments.is_empty());
    for comment in comments {
        let report = &reports[place(text(comment, "report"))];
        assert_ne!(text(comment, "owner"), text(report, "owner"), "nobody answers himself");
        assert!(instant(comment, "created_at") >= instant(report, "sent_at"), "{comment:?}");
    }
}
