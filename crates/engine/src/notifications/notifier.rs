//! The follower that turns changes into news.

use super::{ASSIGNED, MENTIONED, News, mentions::mentioned, tell, tells_assignment};
use crate::{Context, Follower, Result};
use async_trait::async_trait;
use guanxi_access::Via;
use guanxi_model::{FieldType, ObjectDef, Value};
use guanxi_store::{
    changes::{Change, ChangeKind},
    records::Record,
};
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

/// Looks at every change for those whom it concerns.
pub(crate) struct Notifier;

#[async_trait]
impl Follower for Notifier {
    fn name(&self) -> &'static str {
        "notifier"
    }

    fn objects(&self) -> &'static [&'static str] {
        // Of all.
        &[]
    }

    /// What happened before there was somebody to tell it is no news.
    fn begins_now(&self) -> bool {
        true
    }

    async fn follow(&self, changes: &[Change], context: &mut Context<'_>) -> Result<()> {
        let catalogue = context.engine.catalogue();
        let mut news = Vec::new();
        for change in changes {
            // What a file brings is told by who brought it.
            if change.via == Via::Import.as_str() || !matches!(change.kind, ChangeKind::Create | ChangeKind::Update) {
                continue;
            }
            let Some(object) = catalogue.object(&change.object) else { continue };
            let Ok(diff) = serde_json::from_str::<Map<String, Json>>(&change.diff) else { continue };
            assigned(object, change, &diff, &mut news);
            declared(object, change, &diff, context, &mut news).await?;
            mentions(object, change, &diff, context, &mut news).await?;
        }
        tell(news, context).await
    }
}

fn side(pair: Option<&Json>, index: usize) -> Option<&str> {
    pair?.get(index)?.as_str()
}

fn of(change: &Change, user: Uuid, kind: String) -> Option<News> {
    // Nobody needs to be told what he has just done.
    (change.actor != Some(user)).then(|| News {
        user,
        kind,
        object: change.object.clone(),
        record: change.record,
        actor: change.actor,
        moment: None,
        field: None,
    })
}

fn assigned(object: &ObjectDef, change: &Change, diff: &Map<String, Json>, news: &mut Vec<News>) {
    if !tells_assignment(object) {
        return;
    }
    let owner = side(diff.get("owner"), 1).and_then(|id| Uuid::try_parse(id).ok());
    news.extend(owner.and_then(|owner| of(change, owner, ASSIGNED.to_owned())));
}

/// The users that a record names in some fields.
pub(super) fn named(record: &Record, fields: &[String]) -> Vec<Uuid> {
    let mut found: Vec<Uuid> = Vec::new();
    for field in fields {
        let value = record.get(field);
        for id in value.as_id().into_iter().chain(value.members().iter().filter_map(Value::as_id)) {
            if !found.contains(&id) {
                found.push(id);
            }
        }
    }
    found
}

async fn declared(
    object: &ObjectDef,
    change: &Change,
    diff: &Map<String, Json>,
    context: &mut Context<'_>,
    news: &mut Vec<News>,
) -> Result<()> {
    for notice in &object.notices {
        if !notice.on.iter().any(|field| diff.contains_key(field)) {
            continue;
        }
        let Some(record) = context.read(&object.name, change.record).await? else { continue };
        if let Some(when) = &notice.when {
            let filter = json!({"and": [["id", "=", change.record], when]});
            if context.count(&object.name, &filter).await? == 0 {
                continue;
            }
        }
        let kind = format!("{}.{}", object.name, notice.name);
        let moment = notice.spoken_of().and_then(|field| record.get(field).as_instant());
        for user in named(&record, &notice.to) {
            news.extend(of(change, user, kind.clone()).map(|news| News { moment, ..news }));
        }
    }
    Ok(())
}

async fn mentions(
    object: &ObjectDef,
    change: &Change,
    diff: &Map<String, Json>,
    context: &mut Context<'_>,
    news: &mut Vec<News>,
) -> Result<()> {
    for (name, pair) in diff {
        if object.field(name).is_none_or(|field| field.kind != FieldType::LongText) {
            continue;
        }
        let Some(after) = side(Some(pair), 1).filter(|text| text.contains(['@', '＠'])) else { continue };
        for user in mentioned(context.engine, side(Some(pair), 0).unwrap_or_default(), after).await? {
            // To whom the record is closed, its text is too.
            let Some(viewer) = context.engine.active_viewer(user).await? else { continue };
            if context.engine.may_hear(&viewer, &object.name, change.record).await? {
                let field = Some(name.clone());
                news.extend(of(change, user, MENTIONED.to_owned()).map(|news| News { field, ..news }));
            }
        }
    }
    Ok(())
}
