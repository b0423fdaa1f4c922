//! Recycling: night by night exactly what the rules say, worked out anew from the change log.

use super::raw::{Change, Raw, moment, text};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use std::collections::BTreeSet;

/// When it came to its present owner, as of a moment.
fn owned_since(log: &[&Change], until: Timestamp) -> Option<Timestamp> {
    let mut since = None;
    for change in log.iter().filter(|change| change.at < until) {
        if let Some((_, owner)) = change.of("owner") {
            since = (!owner.is_empty()).then_some(change.at);
        }
    }
    since
}

/// Has it stood in this state, as of a moment?
fn is_over(log: &[&Change], until: Timestamp) -> bool {
    let mut states = log.iter().filter(|change| change.at < until).filter_map(|change| change.of("status"));
    states.next_back().is_some_and(|(_, status)| ["converted", "invalid"].contains(&status.as_str()))
}

pub(super) fn what_was_neglected_went_back(raw: &Raw) {
    let first: Timestamp = "2026-11-22T18:00:00Z".parse().expect("Monday at two in the morning");
    let nights: Vec<Timestamp> = (0..7).map(|night| first + SignedDuration::from_hours(24 * night)).collect();
    for object in ["lead", "customer"] {
        let rule = raw.all("recycle_rule").iter().find(|rule| rule["object"] == json!(object)).expect("a rule");
        let days = rule["idle_days"].as_i64().expect("days");
        let (mut expected, mut found) = (BTreeSet::new(), BTreeSet::new());
        for record in raw.all(object) {
            let id = text(record, "id");
            let log: Vec<&Change> = raw.log(object).iter().filter(|change| change.record == id).collect();
            for night in &nights {
                let Some(since) = owned_since(&log, *night) else { continue };
                let contacts = raw.all("follow_up").iter().filter(|contact| text(contact, object) == id);
                let last = contacts.filter_map(|contact| moment(&contact["happened_at"])).filter(|at| at < night).max();
                let bought = raw.log("opportunity").iter().any(|change| {
                    change.at < *night
                        && change.of("status").is_some_and(|(_, status)| status == "won")
                        && text(raw.find("opportunity", &change.record), "customer") == id
                });
                let due = last.map_or(since, |last| last.max(since)) + SignedDuration::from_hours(24 * days);
                if due <= *night && !bought && !is_over(&log, *night) {
                    expected.insert((id.clone(), *night));
                }
            }
            for change in &log {
                if change.actor.is_empty() && change.of("owner").is_some_and(|(_, owner)| owner.is_empty()) {
                    found.insert((id.clone(), change.at));
                    assert_eq!(
                        change.of("pool").map(|(_, pool)| pool),
                        Some(text(rule, "pool")),
                        "into the pool of the rule"
                    );
                    let reason = change.fields.get("release_reason").map(|(_, reason)| reason.clone());
                    assert_eq!(reason, Some(rule["name"].clone()), "by the name of the rule");
                }
            }
        }
        assert_eq!(found, expected, "{object}: what was taken, and what had to be");
        assert!(!found.is_empty(), "{object}: something was neglected");
    }
}
