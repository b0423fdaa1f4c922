//! Who works the territory in which a lead lies.

use crate::criteria::lies_in;
use guanxi_engine::{Context, Draft, Result};
use guanxi_model::Value;
use guanxi_store::records::Record;
use std::collections::HashMap;
use uuid::Uuid;

/// The object.
const TERRITORY: &str = "territory";

/// The smallest active territory in which a lead lies and that somebody works, and who does: its members, or those of the nearest
/// one above it that has any.
pub(crate) async fn of(lead: &Draft, context: &mut Context<'_>) -> Result<Option<(Uuid, Vec<Uuid>)>> {
    let all = context.find(TERRITORY, "active", true.into()).await?;
    let by_id: HashMap<Uuid, &Record> = all.iter().map(|territory| (territory.id, territory)).collect();
    let mut fitting: Vec<&Record> = all.iter().filter(|territory| lies(lead, territory)).collect();
    fitting.sort_by_key(|territory| (std::cmp::Reverse(size(territory)), territory.id));
    for territory in fitting {
        let mut named = Some(territory);
        // A circle cannot be stored.
        for _ in 0..=all.len() {
            let Some(by) = named else { break };
            let mut members = Vec::new();
            for member in by.get("members").members().iter().filter_map(Value::as_id) {
                let user = context.read("user", member).await?;
                if user.is_some_and(|user| user.get("active").as_bool() == Some(true)) {
                    members.push(member);
                }
            }
            if !members.is_empty() {
                return Ok(Some((territory.id, members)));
            }
            named = by.get("parent").as_id().and_then(|parent| by_id.get(&parent).copied());
        }
    }
    Ok(None)
}

/// A territory that asks for nothing holds nothing.
fn lies(lead: &Draft, territory: &Record) -> bool {
    let (region, industries) = (territory.get("region"), territory.get("industries").members());
    let here = region.is_null() || lies_in(region, lead.get("region"));
    let this = industries.is_empty() || industries.contains(lead.get("industry"));
    here && this && !(region.is_null() && industries.is_empty())
}

/// How much a territory asks for: a district more than its city, that more than its province, and with industries more than without.
fn size(territory: &Record) -> (usize, bool) {
    let region = territory.get("region").as_text().unwrap_or_default();
    let asked = match region.trim_end_matches("00").len() {
        // A country's code has two letters.
        0 => 0,
        _ if region.chars().all(|sign| sign.is_ascii_alphabetic()) => 1,
        length => 1 + length,
    };
    (asked, !territory.get("industries").members().is_empty())
}
