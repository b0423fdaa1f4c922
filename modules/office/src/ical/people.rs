//! Who takes part: by mail address where somebody has one, else by id.

use super::all_of;
use crate::schedule::{Gathered, Item, asks_by, id_in, members, text};
use calcard::icalendar::{
    ICalendarComponent, ICalendarEntry, ICalendarParameter, ICalendarParameterName, ICalendarParameterValue,
    ICalendarParticipationRole, ICalendarParticipationStatus, ICalendarProperty, ICalendarValue, Uri,
};
use guanxi_engine::{Engine, Result, Viewer};
use serde_json::json;
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// Most people that an entry is looked through for.
const MOST: usize = 500;

/// The mail addresses of those who are named in events, as far as the viewer may know them.
#[derive(Debug, Default)]
pub(super) struct People(HashMap<Uuid, String>);

/// What somebody who takes part says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    Accepted,
    Declined,
    Open,
}

async fn with_mail(engine: &Engine, viewer: &Viewer, filter: &serde_json::Value) -> Result<Vec<Item>> {
    if !asks_by(engine, viewer, "user", &["email"]) {
        return Ok(Vec::new());
    }
    Gathered::default().list(engine, viewer, ("user", &["email"], "created_at"), filter).await
}

impl People {
    pub async fn of(engine: &Engine, viewer: &Viewer, items: &[&Item]) -> Result<Self> {
        let mut ids = BTreeSet::new();
        for item in items {
            let asked = members(item, "participants");
            if !asked.is_empty() {
                ids.extend(asked);
                ids.extend(id_in(item, "owner"));
            }
        }
        let ids: Vec<Uuid> = ids.into_iter().collect();
        let mut found = HashMap::new();
        for some in ids.chunks(200) {
            for user in with_mail(engine, viewer, &json!(["id", "in", some])).await? {
                found.extend(text(&user, "id").and_then(|id| id.parse().ok()).zip(text(&user, "email")));
            }
        }
        Ok(Self(found))
    }

    fn address(&self, id: Uuid) -> String {
        self.0.get(&id).map_or_else(|| format!("urn:uuid:{id}"), |mail| format!("mailto:{mail}"))
    }

    /// The one who called them together, and who takes part; nobody where it is one's own affair.
    pub fn write(&self, item: &Item) -> Vec<ICalendarEntry> {
        let Some(asked) = item.get("participants").and_then(serde_json::Value::as_array).filter(|one| !one.is_empty())
        else {
            return Vec::new();
        };
        let (accepted, declined) = (members(item, "accepted"), members(item, "declined"));
        let title = |user: &serde_json::Value| user["title"].as_str().unwrap_or_default().to_owned();
        let person = |name, user: &serde_json::Value| {
            let id = user["id"].as_str().and_then(|id| id.parse().ok()).unwrap_or_default();
            let entry = ICalendarEntry::new(name).with_value(ICalendarValue::Uri(Uri::Location(self.address(id))));
            (id, entry.with_param(ICalendarParameter::cn(title(user))))
        };
        let mut out = Vec::new();
        let owner = item.get("owner").filter(|owner| owner.is_object());
        out.extend(owner.map(|owner| person(ICalendarProperty::Organizer, owner).1));
        let owner = id_in(item, "owner");
        for user in asked {
            let (id, entry) = person(ICalendarProperty::Attendee, user);
            if Some(id) == owner {
                continue;
            }
            let says = if accepted.contains(&id) {
                ICalendarParticipationStatus::Accepted
            } else if declined.contains(&id) {
                ICalendarParticipationStatus::Declined
            } else {
                ICalendarParticipationStatus::NeedsAction
            };
            out.push(
                entry
                    .with_param(ICalendarParameter::role(ICalendarParticipationRole::ReqParticipant))
                    .with_param(ICalendarParameter::partstat(says)),
            );
        }
        out
    }
}

/// Who takes part by what a program sent, as far as they are people here.
pub(super) async fn read(
    engine: &Engine,
    viewer: &Viewer,
    component: &ICalendarComponent,
) -> Result<Vec<(Uuid, Answer)>> {
    let mut by_mail = HashMap::new();
    let mut found = Vec::new();
    for entry in all_of(component, &ICalendarProperty::Attendee).take(MOST) {
        let Some(address) = entry.values.first().and_then(ICalendarValue::as_text).map(str::to_lowercase) else {
            continue;
        };
        let says = match entry.parameter(&ICalendarParameterName::Partstat) {
            Some(ICalendarParameterValue::Partstat(ICalendarParticipationStatus::Accepted)) => Answer::Accepted,
            Some(ICalendarParameterValue::Partstat(ICalendarParticipationStatus::Declined)) => Answer::Declined,
            _ => Answer::Open,
        };
        if let Some(id) = address.strip_prefix("urn:uuid:") {
            found.extend(id.parse().ok().map(|id| (id, says)));
        } else {
            let mail = address.strip_prefix("mailto:").unwrap_or(&address);
            by_mail.insert(mail.to_owned(), says);
        }
    }
    // However they are written: what only looks alike is sorted out below.
    let mails: Vec<&String> = by_mail.keys().collect();
    for some in mails.chunks(20) {
        let alike: Vec<serde_json::Value> = some.iter().map(|mail| json!(["email", "contains", mail])).collect();
        for user in with_mail(engine, viewer, &json!({"or": alike})).await? {
            let mail = text(&user, "email").unwrap_or_default().to_lowercase();
            let id = text(&user, "id").and_then(|id| id.parse().ok());
            found.extend(id.zip(by_mail.get(&mail).copied()));
        }
    }
    found.sort_by_key(|(id, _)| *id);
    found.dedup_by_key(|(id, _)| *id);
    Ok(found)
}
