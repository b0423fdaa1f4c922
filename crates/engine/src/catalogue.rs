//! Loading the catalogue, and swapping it when a workspace adds a field.

use crate::{Engine, Error, Live, Module, Result, roles};
use guanxi_access::{Ability, Viewer};
use guanxi_model::{Catalogue, FieldDef, FieldError, FieldType, catalogue as definitions};
use guanxi_store::{platform, schema};
use serde_json::{Map, Value as Json, json};
use std::sync::Arc;

/// Loads the definitions of all modules with a workspace's custom fields.
pub(crate) fn load(modules: &[Module], custom: &[(String, FieldDef)]) -> Result<Catalogue> {
    let sources: Vec<_> = modules.iter().map(|module| module.source).collect();
    let catalogue = Catalogue::load(&sources, custom).map_err(|errors| {
        let text = errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
        Error::bad("bad_definition", text.clone(), text)
    })?;
    for object in catalogue.objects.values() {
        if let Some(name) = object
            .actions
            .iter()
            .filter_map(|action| action.ability.as_ref())
            .chain(&object.ability)
            .find(|name| Ability::named(name).is_none())
        {
            let text = format!("{}: there is no ability {name}", object.name);
            return Err(Error::bad("bad_definition", text.clone(), text));
        }
        for field in object.fields.values() {
            if let Some(pattern) = &field.pattern {
                crate::numbering::Pattern::parse(pattern).map_err(|problem| {
                    let text = format!("{}.{}: {problem}", object.name, field.name);
                    Error::bad("bad_definition", text.clone(), text)
                })?;
            }
        }
    }
    Ok(catalogue)
}

impl Engine {
    /// Loads the catalogue anew and swaps it in; pages hear of it.
    ///
    /// # Errors
    /// The database's, or a definition's.
    pub async fn reload_catalogue(&self) -> Result<()> {
        let _one_at_a_time = self.inner.catalogue_swap.lock().await;
        let custom = schema::custom_fields(&self.inner.database).await?;
        let catalogue = load(&self.inner.modules, &custom)?;
        let roles = roles::load(&self.inner.database, &catalogue).await?;
        let rights: Vec<_> = roles.all().iter().map(|role| (&role.code, &role.rights)).collect();
        // A page that knows this version knows its rights too.
        let catalogue = catalogue
            .with_options("user", "roles", roles::options(&roles))
            .with_options("sharing_rule", "roles", roles::options(&roles))
            .versioned_with(&json!([rights, roles::options(&roles)]).to_string());
        if catalogue.version == self.catalogue().version {
            return Ok(());
        }
        platform::set_meta(&self.inner.database, "catalogue", &catalogue.version).await?;
        *self.inner.roles.write().unwrap_or_else(std::sync::PoisonError::into_inner) = roles;
        *self.inner.catalogue.write().unwrap_or_else(std::sync::PoisonError::into_inner) = Arc::new(catalogue);
        let _ = self.inner.live.send(Live::Catalogue);
        // Criteria are read against the definitions.
        self.reload_sharing().await
    }

    /// Has another process changed the definitions? Then loads them.
    pub(crate) async fn follow_catalogue(&self) -> Result<()> {
        let stored = platform::meta(&self.inner.database, "catalogue").await?;
        if stored.is_some_and(|version| version != self.catalogue().version) {
            self.reload_catalogue().await?;
        }
        Ok(())
    }

    /// Adds a custom field to an object: a real column, usable at once.
    ///
    /// # Errors
    /// 403 without the right to customise, 409 when the name is taken, 422 for a bad definition.
    pub async fn add_field(&self, viewer: &Viewer, object: &str, input: &Map<String, Json>) -> Result<Json> {
        let catalogue = self.catalogue();
        let definition = catalogue.object(object).ok_or(Error::NotFound)?.clone();
        if !self.access(&catalogue).has_ability(viewer, Ability::Customize, None) {
            return Err(Error::forbidden("没有自定义字段的权限", "you may not customise objects"));
        }
        let field = parse_field(input)?;
        if definition.field(&field.name).is_some() {
            return Err(Error::conflict(
                "field_exists",
                format!("已有字段 {}", field.name),
                format!("there is a field {} already", field.name),
            ));
        }
        // The whole catalogue is checked with the field in it before anything is stored.
        let mut custom = schema::custom_fields(&self.inner.database).await?;
        custom.push((object.to_owned(), field.clone()));
        load(&self.inner.modules, &custom)
            .map_err(|error| Error::invalid("", "bad_definition", error.message().zh, error.message().en))?;
        if !schema::add_custom_field(&self.inner.database, &definition, &field).await? {
            return Err(Error::conflict(
                "field_exists",
                format!("已有字段 {}", field.name),
                format!("there is a field {} already", field.name),
            ));
        }
        self.reload_catalogue().await?;
        let catalogue = self.catalogue();
        let object = catalogue.object(object).ok_or(Error::NotFound)?;
        let field = object.field(&field.name).ok_or(Error::NotFound)?;
        Ok(self.describe_field(viewer, &catalogue, object, field))
    }
}

fn parse_field(input: &Map<String, Json>) -> Result<FieldDef> {
    let bad = |message: String| Error::invalid("", "bad_definition", message.clone(), message);
    let mut field: FieldDef =
        serde_json::from_value(Json::Object(input.clone())).map_err(|error| bad(error.to_string()))?;
    if !field.name.starts_with("c_") {
        field.name = format!("c_{}", field.name);
    }
    field.custom = true;
    let mut problems: Vec<FieldError> = Vec::new();
    if !definitions::is_name(&field.name) {
        problems.push(FieldError::new(
            "name",
            "bad_name",
            "名称只能用小写字母、数字和下划线，以字母开头，最多 40 位",
            "a name has a-z, 0-9 and _, begins with a letter and has at most 40",
        ));
    }
    if field.label.zh.trim().is_empty() || field.label.en.trim().is_empty() {
        problems.push(FieldError::new("label", "required", "名称需要中文和英文", "the label needs zh and en"));
    }
    if matches!(field.kind, FieldType::AutoNumber | FieldType::Formula) {
        // They would have to be computed for every record there is already.
        problems.push(FieldError::new(
            "type",
            "unsupported",
            "自定义字段不能是自动编号或公式",
            "a custom field cannot be an auto number or a formula",
        ));
    }
    if field.unique {
        problems.push(FieldError::new(
            "unique",
            "unsupported",
            "自定义字段不能设为唯一",
            "a custom field cannot be unique",
        ));
    }
    for (word, message) in definitions::field_problems(&field) {
        problems.push(FieldError::new(word, "bad_definition", message.clone(), message));
    }
    if problems.is_empty() { Ok(field) } else { Err(Error::Invalid(problems)) }
}
