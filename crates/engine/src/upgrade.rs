//! What an older release kept as text and this one keeps as records of their own: positions of users.

use crate::{
    Engine, Error, Result,
    save::{Session, Write, save_many},
};
use guanxi_access::{RowFilter, Viewer};
use guanxi_model::{Catalogue, FieldDef, ObjectDef, Value};
use guanxi_store::{
    Tx,
    changes::{self, ChangeKind},
    former, platform, records,
};
use serde_json::{Map, Value as Json, json};
use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};
use uuid::Uuid;

/// Makes the texts that wait records, and points at them, all in one transaction. Of several processes that open the workspace
/// one does it; the others wait, and find it done.
pub(crate) async fn texts_to_records(engine: &Engine) -> Result<()> {
    if !former::are_waiting(engine.database()).await? {
        return Ok(());
    }
    let this = engine.clone();
    let live = engine
        .database()
        .write(move |tx| {
            Box::pin(async move {
                let (viewer, catalogue) = (Viewer::system("upgrade"), this.catalogue());
                let mut session = Session::new(&this, &viewer);
                for (object, field) in former::take(tx).await? {
                    let Some(object) = catalogue.object(&object).cloned() else { continue };
                    let Some(field) = object.field(&field).cloned() else { continue };
                    let target = field.target().and_then(|target| catalogue.object(target)).ok_or(Error::NotFound)?;
                    make_records(&mut session, tx, (&object, &field), target).await?;
                    let place =
                        Place { catalogue: &catalogue, object: &object.name, field: &field.name, title: &target.title };
                    for (id, of, definition) in platform::view_definitions(tx).await? {
                        let Ok(mut json) = serde_json::from_str::<Json>(&definition) else { continue };
                        if place.rewrite(&of, &mut json) {
                            platform::set_view_definition(tx, id, &json.to_string()).await?;
                        }
                    }
                }
                Ok::<_, Error>(session.live)
            })
        })
        .await?;
    engine.announce(live).await;
    Ok(())
}

async fn make_records(
    session: &mut Session<'_>,
    tx: &mut Tx,
    (object, field): (&Arc<ObjectDef>, &FieldDef),
    target: &Arc<ObjectDef>,
) -> Result<()> {
    let texts = former::texts(tx, object, field).await?;
    let mut missing: BTreeSet<&str> = texts.iter().map(|(_, _, text)| text.as_str()).collect();
    let wanted: Vec<Value> = missing.iter().map(|text| (*text).into()).collect();
    let mut known: HashMap<String, Uuid> = HashMap::new();
    for record in records::find_by(tx, target, &target.title, &wanted, &RowFilter::All).await? {
        known.insert(record.get(&target.title).as_text().unwrap_or_default().to_owned(), record.id);
    }
    missing.retain(|text| !known.contains_key(*text));
    let fresh = missing.iter().map(|text| Write {
        values: HashMap::from([(target.title.clone(), (*text).into())]),
        allow_duplicate: true,
        ..Write::default()
    });
    for (text, saved) in missing.iter().zip(save_many(session, tx, target, fresh.collect()).await?) {
        known.insert((*text).to_owned(), saved?.record.id);
    }
    let mut log = Vec::new();
    for (id, version, text) in &texts {
        let to = known.get(text).copied().ok_or(Error::NotFound)?;
        former::point(tx, object, field, *id, to).await?;
        // What stood there is said as it stood.
        let diff = Map::from_iter([(field.name.clone(), json!([text, to]))]);
        log.push(session.change(object, *id, ChangeKind::Update, version + 1, &diff));
    }
    changes::append(tx, log).await?;
    former::forget(tx, object, field).await?;
    tracing::info!(object = object.name, field = field.name, records = known.len(), "texts have become records");
    Ok(())
}

/// A field that was text: saved views that ask for its words ask for the title now.
struct Place<'a> {
    catalogue: &'a Catalogue,
    object: &'a str,
    field: &'a str,
    title: &'a str,
}

impl Place<'_> {
    /// Does a path from an object lead to the field?
    fn is_meant(&self, object: &str, path: &str) -> bool {
        let mut at = object;
        let mut steps = path.split('.').peekable();
        while let Some(step) = steps.next() {
            if steps.peek().is_none() {
                return at == self.object && step == self.field;
            }
            let target = self.catalogue.object(at).and_then(|object| object.field(step)).and_then(FieldDef::target);
            let Some(target) = target else { return false };
            at = target;
        }
        false
    }

    /// Rewrites the conditions in a view of an object, wherever they stand; true when there were any.
    fn rewrite(&self, object: &str, json: &mut Json) -> bool {
        match json {
            Json::Array(parts) => {
                let condition = match parts.as_slice() {
                    [Json::String(path), Json::String(operator), ..] => {
                        !matches!(operator.as_str(), "is_null" | "not_null") && self.is_meant(object, path)
                    }
                    _ => false,
                };
                if condition {
                    let path = parts[0].as_str().unwrap_or_default();
                    parts[0] = json!(format!("{path}.{}", self.title));
                    return true;
                }
                self.rewrite_all(object, parts.iter_mut())
            }
            Json::Object(members) => self.rewrite_all(object, members.values_mut()),
            _ => false,
        }
    }

    fn rewrite_all<'j>(&self, object: &str, parts: impl Iterator<Item = &'j mut Json>) -> bool {
        let mut any = false;
        for part in parts {
            any |= self.rewrite(object, part);
        }
        any
    }
}
