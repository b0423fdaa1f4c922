//! The catalogue as one viewer sees it: what there is and what he may do.

use crate::{Card, Engine, calendars::short};
use guanxi_access::{Ability, Roles, Sharing, Verb, Viewer};
use guanxi_model::{Catalogue, FieldDef, FieldType, Kind, ObjectDef};
use serde_json::{Map, Value as Json, json};
use sha2::{Digest, Sha256};
use std::{collections::HashMap, sync::Arc};

/// Catalogues of more different rights are not remembered.
const MAX_REMEMBERED: usize = 64;

/// The catalogue of viewers who have the same rights.
#[derive(Debug, Clone)]
pub struct Described {
    /// As JSON.
    pub text: Arc<str>,
    /// Another one whenever the text is.
    pub mark: String,
}

/// Catalogues as they were told, by what rights they depend on besides the roles themselves.
pub(crate) type Remembered = HashMap<RightsKey, (MadeOf, Described)>;

/// What distinguishes viewers in the eyes of the catalogue: not who somebody is, but whether he is a person and has a department.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(crate) struct RightsKey {
    roles: Vec<String>,
    system: bool,
    person: bool,
    department: bool,
}

/// What a catalogue was made of.
#[derive(Debug)]
pub(crate) struct MadeOf {
    catalogue: Arc<Catalogue>,
    roles: Roles,
    sharing: Sharing,
    card: Card,
}

impl MadeOf {
    fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.catalogue, &other.catalogue)
            && self.roles.is(&other.roles)
            && self.sharing.is(&other.sharing)
            && self.card == other.card
    }
}

impl Engine {
    /// The catalogue for `GET /catalog`. It is large and every page begins with it, so that it is remembered as long as nothing changes
    /// of what it is made of.
    pub fn described(&self, viewer: &Viewer) -> Described {
        let key = RightsKey {
            roles: viewer.roles.clone(),
            system: viewer.is_system(),
            person: viewer.id.is_some(),
            department: !viewer.departments.is_empty(),
        };
        let (catalogue, roles) = (self.catalogue(), self.roles());
        let now = MadeOf { catalogue, roles, sharing: self.sharing(), card: self.card() };
        let known = self.inner.described.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some((_, described)) = known.get(&key).filter(|(made_of, _)| made_of.is(&now)) {
            return described.clone();
        }
        drop(known);
        let text: Arc<str> = self.describe(viewer).to_string().into();
        let described = Described { mark: short(&Sha256::digest(text.as_bytes())), text };
        let mut known = self.inner.described.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        if known.len() >= MAX_REMEMBERED {
            known.clear();
        }
        known.insert(key, (now, described.clone()));
        described
    }

    fn describe(&self, viewer: &Viewer) -> Json {
        let catalogue = self.catalogue();
        let access = self.access(&catalogue);
        let mut objects = Map::new();
        for object in catalogue.objects.values() {
            if !access.may_at_all(viewer, object, Verb::Read) {
                continue;
            }
            objects.insert(object.name.clone(), self.describe_object(viewer, &catalogue, object));
        }
        let roles = self.roles();
        let shown = |module: &str| {
            viewer.is_system()
                || roles.of(viewer).any(|role| !role.rights.hidden_modules.iter().any(|name| name == module))
        };
        let modules: Vec<Json> = catalogue
            .modules
            .iter()
            .filter(|module| shown(&module.name))
            .map(|module| {
                let visible: Vec<&String> = module
                    .objects
                    .iter()
                    .filter(|name| !module.hidden.contains(name) && objects.contains_key(*name))
                    .collect();
                json!({"name": module.name, "label": module.label, "icon": module.icon, "objects": visible})
            })
            .collect();
        let (settings, card) = (self.settings(), self.card());
        let abilities: Vec<&str> = Ability::ALL
            .into_iter()
            .filter(|ability| access.has_ability(viewer, *ability, None))
            .map(Ability::as_str)
            .collect();
        json!({
            "version": catalogue.version,
            "workspace": {
                "name": self.name(),
                "title": card.title,
                "currency": settings.currency,
                "time_zone": settings.zone.iana_name(),
                "fiscal_year_start": settings.rules.fiscal_year_start,
                "week_start": settings.rules.week_start,
                "demo": card.demo,
            },
            "abilities": abilities,
            "modules": modules,
            "objects": objects,
        })
    }

    fn describe_object(&self, viewer: &Viewer, catalogue: &Catalogue, object: &ObjectDef) -> Json {
        let access = self.access(catalogue);
        let mut can = Vec::new();
        if access.can_create(viewer, object) {
            can.push("create");
        }
        for (verb, word) in [(Verb::Update, "update"), (Verb::Delete, "delete")] {
            if access.may_at_all(viewer, object, verb) {
                can.push(word);
            }
        }
        for ability in Ability::of_objects().chain([Ability::Customize]) {
            // What takes writing is of no use without it.
            let writes = can.contains(&"update");
            let pointless = match ability {
                Ability::Import => !writes && !can.contains(&"create"),
                Ability::MassUpdate => !writes && !can.contains(&"delete"),
                Ability::Transfer => !writes || !object.is_owned(),
                _ => false,
            };
            if access.has_ability(viewer, ability, Some(object)) && !pointless {
                can.push(ability.as_str());
            }
        }
        let fields: Map<String, Json> = object
            .fields
            .values()
            .filter(|field| field.kind != FieldType::Id && access.can_show(viewer, object, field))
            .map(|field| (field.name.clone(), self.describe_field(viewer, catalogue, object, field)))
            .collect();
        let mut layout = serde_json::to_value(&object.layout).unwrap_or_default();
        retain_readable(&mut layout, &|name| fields.contains_key(name));
        json!({
            "name": object.name,
            "module": object.module,
            "icon": object.icon,
            "label": object.label,
            "plural": object.plural,
            "title": object.title,
            "traits": object.traits,
            "parent": object.parent,
            "can": can,
            "fields": fields,
            "layout": layout,
            "actions": object.actions.iter().filter(|action| self.may_act(viewer, catalogue, object, action))
                .map(|action| json!({"name": action.name, "label": action.label, "icon": action.icon, "when": action.when, "input": action.input}))
                .collect::<Vec<_>>(),
            "closed": object.closed,
            "prompts": object.prompts,
            "duplicates": object.duplicates.iter().map(|rule| json!({"fields": rule.fields, "mode": rule.mode})).collect::<Vec<_>>(),
        })
    }

    /// A field for the catalogue.
    pub(crate) fn describe_field(
        &self,
        viewer: &Viewer,
        catalogue: &Catalogue,
        object: &ObjectDef,
        field: &FieldDef,
    ) -> Json {
        let access = self.access(catalogue);
        let mut out = serde_json::to_value(field).unwrap_or_default();
        if let Json::Object(map) = &mut out {
            map.remove("access");
            map.remove("search");
            map.remove("read_only");
            map.insert("required".into(), json!(field.required));
            map.insert("unique".into(), json!(field.unique));
            map.insert("readable".into(), json!(true));
            map.insert(
                "writable".into(),
                json!(access.can_write(viewer, object, field) && field.kind != FieldType::AutoNumber),
            );
            map.insert("system".into(), json!(field.system));
            map.insert("custom".into(), json!(field.custom));
            // Of a masked field only what is shown may be known: nothing is found, sorted or counted by it.
            let whole = access.can_read(viewer, object, field);
            if !whole {
                map.insert("masked".into(), json!(true));
            }
            map.insert("sortable".into(), json!(whole && field.sortable()));
            map.insert("searchable".into(), json!(whole && object.is_searchable(field)));
            map.insert("groupable".into(), json!(whole && field.groupable()));
            map.insert("operators".into(), if whole { json!(field.operators()) } else { json!([]) });
            if field.storage() == Kind::Text && field.options.is_empty() {
                map.insert("max_length".into(), json!(field.text_limit()));
            }
            if let Some(target) = field.target() {
                map.insert("to".into(), json!(target));
            }
        }
        out
    }
}

/// Drops names of fields that the viewer may not read from a layout.
fn retain_readable(layout: &mut Json, readable: &impl Fn(&str) -> bool) {
    for (place, key) in [("list", "columns"), ("create", "fields"), ("detail", "highlights"), ("board", "card")] {
        if let Some(list) = layout.get_mut(place).and_then(|part| part.get_mut(key)).and_then(Json::as_array_mut) {
            list.retain(|name| name.as_str().is_some_and(readable));
        }
    }
    if let Some(sections) =
        layout.get_mut("detail").and_then(|part| part.get_mut("sections")).and_then(Json::as_array_mut)
    {
        for section in sections {
            if let Some(list) = section.get_mut("fields").and_then(Json::as_array_mut) {
                list.retain(|name| name.as_str().is_some_and(readable));
            }
        }
    }
}
