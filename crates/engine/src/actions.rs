//! Actions: the buttons of a record.

use crate::{Engine, Error, Result};
use guanxi_access::{Ability, Verb, Viewer};
use guanxi_model::{Catalogue, Condition, Filter, ObjectDef, Operand, Operator, Value, object::ActionDef};
use serde_json::{Map, Value as Json};
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
        self.require(viewer, &definition, id, Verb::Update).await?;
        if let Some(when) = &action.when {
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
        if action.set.is_empty() {
            return Err(Error::NotFound);
        }
        let values: Map<String, Json> = action.set.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
        self.update(viewer, object, id, &values, None, true).await
    }
}
