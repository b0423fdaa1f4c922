//! Actions: the buttons of a record.

use crate::{
    Action, Engine, Error, Result,
    save::{Session, write_pending},
};
use guanxi_access::{Ability, RowFilter, Verb, Viewer};
use guanxi_model::{
    Catalogue, Condition, FieldDef, FieldError, FieldType, Filter, ObjectDef, Operand, Operator, Value, coerce,
    object::ActionDef,
};
use guanxi_store::{query::Life, records};
use serde_json::{Map, Value as Json, json};
use std::{collections::HashMap, sync::Arc};
use uuid::Uuid;

impl Engine {
    /// Has the viewer the ability that an action takes?
    pub(crate) fn may_act(
        &self,
        viewer: &Viewer,
        catalogue: &Catalogue,
        object: &ObjectDef,
        action: &ActionDef,
    ) -> bool {
        let Some(ability) = &action.ability else { return true };
        let ability = Ability::named(ability);
        ability.is_some_and(|ability| self.access(catalogue).has_ability(viewer, ability, Some(object)))
    }

    /// Does an action of the record's definition.
    ///
    /// # Errors
    /// 404 for an unknown action or record, 403, 409 `action_not_possible` when the record is not in a state for it.
    pub async fn act(
        &self,
        viewer: &Viewer,
        object: &str,
        id: Uuid,
        name: &str,
        input: &Map<String, Json>,
    ) -> Result<Map<String, Json>> {
        let catalogue = self.catalogue();
        let definition = catalogue.object(object).ok_or(Error::NotFound)?.clone();
        let action = definition.actions.iter().find(|action| action.name == name).ok_or(Error::NotFound)?;
        if !self.may_act(viewer, &catalogue, &definition, action) {
            return Err(Error::forbidden("没有执行此操作的权限", "you may not do this"));
        }
        self.require(viewer, &definition, id, if action.readers { Verb::Read } else { Verb::Update }).await?;
        let doer = self.inner.rules.action(object, name);
        // Where Rust does it, it looks at the record once it is held.
        if let Some(when) = action.when.as_ref().filter(|_| doer.is_none()) {
            let context = self.filter_context(viewer);
            let only = Filter::Is(Condition {
                via: Vec::new(),
                object: object.to_owned(),
                field: "id".into(),
                operator: Operator::Eq,
                operand: Operand::One(Value::Id(id)),
            });
            let filter = only.and(Filter::parse(when, &catalogue, &definition, &context)?);
            if self.count(&Viewer::system("action"), &catalogue, &definition, &filter).await? == 0 {
                return Err(Error::conflict(
                    "action_not_possible",
                    "记录当前状态不能执行此操作",
                    "the record is not in a state for this",
                ));
            }
        }
        if object == "user" && name == "set_password" {
            let password = input.get("password").and_then(Json::as_str).unwrap_or_default();
            self.set_password(viewer, id, password).await?;
            return self.get(viewer, object, id, None).await;
        }
        if object == "user" && name == "unlock" {
            self.unlock(viewer, id).await?;
            return self.get(viewer, object, id, None).await;
        }
        if object == "user" && name == "reset_totp" {
            self.reset_totp(viewer, id).await?;
            return self.get(viewer, object, id, None).await;
        }
        if object == "user" && name == "unlink_ldap" {
            self.unlink_directory(viewer, id).await?;
            return self.get(viewer, object, id, None).await;
        }
        if object == "user" && name == "sign_out" {
            self.sign_out_everywhere(viewer, id).await?;
            return self.get(viewer, object, id, None).await;
        }
        if let Some(doer) = doer {
            let input = self.coerce_given(&action.input, input)?;
            // Of what readers may do the rest is decided in Rust; anything else is asked again once the record is held.
            let verb = (!action.readers).then_some(Verb::Update);
            let made = self.do_action(viewer, definition, (id, verb), doer, input).await?;
            let mut answer = match self.get(viewer, object, id, None).await {
                // It may have left his sight by this.
                Err(Error::NotFound) => Map::from_iter([("id".to_owned(), json!(id))]),
                result => result?,
            };
            if !made.is_empty() {
                let made: Vec<Json> = made.iter().map(|(object, id)| json!({"object": object, "id": id})).collect();
                answer.insert("_made".into(), json!(made));
            }
            return Ok(answer);
        }
        if action.set.is_empty() {
            return Err(Error::NotFound);
        }
        let now = self.now();
        let today = now.to_zoned(self.settings().zone.clone()).date();
        // The same words as in defaults.
        let meant = |name: &String, value: &Json| {
            let kind = definition.field(name).map(|field| field.kind);
            match (value.as_str(), kind) {
                (Some("today"), Some(FieldType::Date)) => json!(today.to_string()),
                (Some("now"), Some(FieldType::Datetime)) => json!(now.to_string()),
                (Some("me"), Some(FieldType::User)) => json!(viewer.id),
                _ => value.clone(),
            }
        };
        let values: Map<String, Json> =
            action.set.iter().map(|(name, value)| (name.clone(), meant(name, value))).collect();
        self.update(viewer, object, id, &values, None, true).await
    }

    /// Coerces what something is given besides a record: an action, or figures.
    pub(crate) fn coerce_given(
        &self,
        fields: &[FieldDef],
        input: &Map<String, Json>,
    ) -> Result<HashMap<String, Value>> {
        let context = self.coercion();
        let mut values = HashMap::new();
        let mut problems: Vec<FieldError> = input
            .keys()
            .filter(|name| !fields.iter().any(|field| field.name == **name))
            .map(|name| FieldError::new(name, "unknown_field", "没有这个字段", "there is no such field"))
            .collect();
        for field in fields {
            let given = input.get(&field.name).unwrap_or(&Json::Null);
            match coerce::from_json(field, given, &context) {
                Ok(Value::Null) if field.required => {
                    problems.push(FieldError::new(&field.name, "required", "请填写", "is required"));
                }
                Ok(value) => {
                    values.insert(field.name.clone(), value);
                }
                Err(problem) => problems.push(problem),
            }
        }
        if problems.is_empty() { Ok(values) } else { Err(Error::Invalid(problems)) }
    }

    async fn do_action(
        &self,
        viewer: &Viewer,
        object: Arc<ObjectDef>,
        (id, verb): (Uuid, Option<Verb>),
        doer: Arc<dyn Action>,
        input: HashMap<String, Value>,
    ) -> Result<Vec<(&'static str, Uuid)>> {
        let (engine, viewer) = (self.clone(), viewer.clone());
        let (live, made) = self
            .inner
            .database
            .write(move |tx| {
                Box::pin(async move {
                    let mut session = Session::new(&engine, &viewer);
                    let catalogue = engine.catalogue();
                    let rows =
                        verb.map_or(RowFilter::All, |verb| engine.access(&catalogue).rows(&viewer, &object, verb));
                    let found = records::lock(tx, &object, &[id], &rows, Life::Living).await?.pop();
                    let record = found.ok_or(Error::NotFound)?;
                    let mut context = session.context(tx);
                    doer.act(&record, &input, &mut context).await?;
                    if !context.problems.is_empty() {
                        return Err(Error::Invalid(context.problems));
                    }
                    let (pending, made) = (context.pending, context.made);
                    let actor = Viewer::system(doer.name())
                        .on_behalf_of(viewer.id)
                        .from_address(viewer.address.clone())
                        .through(viewer.via);
                    write_pending(&mut session, tx, pending, 0, &actor).await?;
                    Ok::<_, Error>((session.live, made))
                })
            })
            .await?;
        self.announce(live).await;
        Ok(made)
    }
}
