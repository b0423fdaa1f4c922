//! What somebody owns, has pending and stands for: the list that a handover begins with.

use super::plan::givable;
use crate::{Engine, Error, Result};
use guanxi_access::{Ability, RowFilter, Verb, Viewer};
use guanxi_model::{Condition, FieldType, Filter, ObjectDef, Operand, Operator, Value};
use guanxi_store::{
    query::{Life, Query},
    records,
};
use serde_json::{Value as Json, json};
use uuid::Uuid;

impl Engine {
    /// Everything of a user's that the viewer may hand over: `{"user", "items": [{"object", "field", "count", "pending",
    /// "stays", "along": [...]}]}`. `pending` is null where nothing can be pending; `stays` marks what a handover leaves with
    /// him unless it is told otherwise.
    ///
    /// # Errors
    /// [`Error::NotFound`] for an unknown user, 403 for who may hand nothing over.
    pub async fn holdings(&self, viewer: &Viewer, user: Uuid) -> Result<Json> {
        let people = self.object("user")?;
        let catalogue = self.catalogue();
        let access = self.access(&catalogue);
        let visible = access.rows(viewer, &people, Verb::Read);
        let person =
            records::get(self.database(), &people, user, &visible, Life::Living).await?.ok_or(Error::NotFound)?;
        let administers = self.may(viewer, Ability::Administer);
        let gives = |object: &ObjectDef| {
            access.has_ability(viewer, Ability::Transfer, Some(object))
                && access.may_at_all(viewer, object, Verb::Update)
        };
        let mut items = Vec::new();
        for object in catalogue.objects.values() {
            if object.is_owned() && gives(object) {
                let count = self.held(viewer, object, "owner", user, None).await?;
                let pending = match &object.pending {
                    Some(filter) => Some(self.held(viewer, object, "owner", user, Some(filter)).await?),
                    None => None,
                };
                let along: Vec<&str> = catalogue
                    .objects
                    .values()
                    .filter(|other| other.is_owned() && !other.stays && gives(other))
                    .filter(|other| {
                        let field = other.follow.as_ref().and_then(|follow| other.field(follow));
                        field.and_then(|field| field.target()) == Some(object.name.as_str())
                    })
                    .map(|other| other.name.as_str())
                    .collect();
                items.push(json!({
                    "object": object.name, "field": "owner", "count": count, "pending": pending, "stays": object.stays,
                    "along": along,
                }));
            }
            for field in object.fields.values().filter(|field| field.handover && administers) {
                let count = self.held(viewer, object, &field.name, user, None).await?;
                items.push(json!({
                    "object": object.name, "field": field.name, "count": count, "pending": Json::Null, "stays": false,
                    "along": [],
                }));
            }
        }
        if items.is_empty() {
            return Err(Error::forbidden("没有移交记录的权限", "you may not hand anything over"));
        }
        let active = person.get("active").as_bool();
        Ok(json!({"user": {"id": user, "title": person.get("name").as_text()}, "active": active, "items": items}))
    }

    async fn held(
        &self,
        viewer: &Viewer,
        object: &ObjectDef,
        field: &str,
        user: Uuid,
        filter: Option<&Json>,
    ) -> Result<i64> {
        let catalogue = self.catalogue();
        let many = object.field(field).is_some_and(|field| field.kind == FieldType::MultiLookup);
        let mut parts = vec![Filter::Is(Condition {
            via: Vec::new(),
            object: object.name.clone(),
            field: field.to_owned(),
            operator: if many { Operator::Contains } else { Operator::Eq },
            operand: Operand::One(Value::Id(user)),
        })];
        if let Some(filter) = filter {
            parts.push(Filter::parse(filter, &catalogue, object, &self.filter_context(viewer))?);
        }
        let scopes = |object: &ObjectDef| -> RowFilter { givable(self, &catalogue, viewer, object) };
        let sql = Query::new(&catalogue, object, &scopes, self.database().dialect()).count(&Filter::And(parts));
        let rows = self.database().read(sql).await?;
        Ok(rows.first().and_then(|row| row[0].as_int()).unwrap_or_default())
    }
}
