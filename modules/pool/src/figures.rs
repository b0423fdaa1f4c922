//! The pools of somebody, for the page on which he claims; and what he is about to lose.

use crate::{POOLED, claim::tally_of};
use async_trait::async_trait;
use guanxi_engine::{Ability, AggregateRequest, Engine, Figures, ListRequest, Result, Viewer};
use guanxi_model::Value;
use serde_json::{Value as Json, json};
use std::collections::HashMap;

/// His pools: how much is in each, and how much of today's claims he has left.
pub(crate) struct Pools;

#[async_trait]
impl Figures for Pools {
    fn name(&self) -> &'static str {
        "pools"
    }

    async fn of(&self, engine: &Engine, viewer: &Viewer, _: &HashMap<String, Value>) -> Result<Json> {
        let mut items = Vec::new();
        let today = engine.now().to_zoned(engine.settings().zone.clone()).date().to_string();
        let all = engine.may(viewer, Ability::Administer);
        for pool in engine.find_all(&Viewer::system("pools"), "pool", &json!(["active", "=", true])).await? {
            let Some(object) = pool.get("object").as_text() else { continue };
            let admin = all || viewer.id.is_some_and(|id| pool.get("admins").members().contains(&Value::Id(id)));
            // Whom his roles show none of them has no business here.
            let none = !engine.may_read(viewer, object, "pool");
            if none || (!admin && !engine.is_shared_by(viewer, object, pool.id)) {
                continue;
            }
            let request: AggregateRequest = serde_json::from_value(json!({
                "filter": ["pool", "=", pool.id], "measures": [{"fn": "count"}],
            }))
            .unwrap_or_default();
            // As many as he sees there.
            let rows = engine.aggregate(viewer, object, &request).await?;
            let records = rows.first().and_then(|row| row.get("count").cloned()).unwrap_or_default();
            let claimed = match viewer.id {
                Some(id) => engine.tallied(&tally_of(pool.id), id, &today).await?,
                None => 0,
            };
            let number = |field: &str| pool.get(field).as_int();
            let hidden = engine.hidden_by(viewer, object, pool.id);
            items.push(json!({
                "id": pool.id, "name": pool.get("name").as_text(), "object": object, "records": records,
                "claimed_today": claimed, "daily_claim_limit": number("daily_claim_limit"),
                "cooldown_days": number("cooldown_days"), "protect_days": number("protect_days"), "admin": admin,
                "hidden_fields": hidden,
            }));
        }
        items.sort_by(|one, other| one["name"].as_str().cmp(&other["name"].as_str()));
        Ok(json!({"items": items}))
    }
}

/// Records of each kind that somebody is told of.
const SOON: usize = 50;

/// His records that will be recycled, the soonest first.
pub(crate) struct Recycling;

#[async_trait]
impl Figures for Recycling {
    fn name(&self) -> &'static str {
        "recycling"
    }

    async fn of(&self, engine: &Engine, viewer: &Viewer, _: &HashMap<String, Value>) -> Result<Json> {
        let mut items = Vec::new();
        for object in POOLED {
            // Whom his roles show none has none.
            let Ok(definition) = engine.object(object) else { continue };
            let title = definition.title.clone();
            let request = ListRequest {
                filter: Some(json!({"and": [["owner", "=", viewer.id], ["recycle_at", "not_null"]]})),
                fields: Some(vec![title.clone(), "recycle_at".to_owned()]),
                sort: Some("recycle_at".to_owned()),
                limit: Some(SOON),
                ..ListRequest::default()
            };
            let Ok(page) = engine.list(viewer, object, &request).await else { continue };
            items.extend(page.items.into_iter().map(|item| {
                json!({
                    "object": object, "id": item.get("id"), "title": item.get(&title), "recycle_at": item.get("recycle_at"),
                })
            }));
        }
        items.sort_by(|one, other| one["recycle_at"].as_str().cmp(&other["recycle_at"].as_str()));
        Ok(json!({"items": items}))
    }
}
