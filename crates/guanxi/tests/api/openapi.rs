//! The committed snapshot of the OpenAPI document, from which the page's types are made.

use crate::{modules, open};
use guanxi_testkit::{Db, both_databases};
use serde_json::{Value as Json, json};
use std::{collections::BTreeSet, path::Path};

/// `UPDATE=1 make test` writes it anew.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_snapshot_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/openapi.json");
    let app = open(Db::Sqlite).await;
    let document = app.nobody().get("/openapi.json").await.expect(200).json;
    let text = serde_json::to_string_pretty(&document).expect("JSON") + "\n";
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &text).expect("the snapshot is written");
    }
    let known = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(known == text, "docs/openapi.json is stale: run the test once with UPDATE=1 and commit the file");
}

fn references(json: &Json, out: &mut BTreeSet<String>) {
    match json {
        Json::Object(map) => {
            out.extend(map.get("$ref").and_then(Json::as_str).map(str::to_owned));
            map.values().for_each(|inner| references(inner, out));
        }
        Json::Array(list) => list.iter().for_each(|inner| references(inner, out)),
        _ => {}
    }
}

both_databases! {
    /// Every reference leads somewhere, every operation has an id of its own, every object has typed schemas.
    async fn the_document_is_sound(db) {
        let app = open(db).await;
        let document = app.nobody().get("/openapi.json").await.expect(200).json;
        let mut all = BTreeSet::new();
        references(&document, &mut all);
        for reference in &all {
            assert!(document.pointer(reference.trim_start_matches('#')).is_some(), "{reference}");
        }
        let mut ids = BTreeSet::new();
        for methods in document["paths"].as_object().expect("paths").values() {
            for operation in methods.as_object().expect("methods").values() {
                assert!(ids.insert(operation["operationId"].as_str().expect("an id").to_owned()), "{} twice", operation["operationId"]);
            }
        }
        for object in app.engine.catalogue().objects.values() {
            for id in ["list", "create", "get", "update", "delete", "aggregate", "history"] {
                assert!(ids.contains(&format!("{id}_{}", object.name)), "{id}_{}", object.name);
            }
        }
        assert_eq!(document["openapi"], json!("3.1.0"));
    }

    /// What a read gives is what the document says: names and JSON types of every field of every object.
    async fn answers_fit_the_document(db) {
        let app = open(db).await;
        let admin = app.admin().await;
        let customer = admin.create("customer", json!({"name": "甲公司", "phone": "020-1234567", "annual_revenue": 5, "employees": 3, "tags": ["a"], "next_contact_at": "2026-12-01"})).await;
        admin.create("contact", json!({"name": "张三", "customer": customer.id, "birthday": "1990-01-01"})).await;
        admin.create("opportunity", json!({"name": "单子", "customer": customer.id, "amount": "5"})).await;
        admin.create("follow_up", json!({"content": "聊了", "customer": customer.id})).await;
        admin.create("task", json!({"name": "打电话"})).await;
        admin.create("product", json!({"name": "货", "price": "1.5"})).await;
        let document = admin.get("/openapi.json").await.expect(200).json;
        for object in app.engine.catalogue().objects.keys() {
            let page = admin.list(object, &[]).await.expect(200);
            let Some(record) = page.json["items"].get(0) else { continue };
            let read = admin.get(&format!("/records/{object}/{}", record["id"].as_str().expect("an id"))).await.expect(200);
            let pascal: String = object.split('_').map(|word| word[..1].to_uppercase() + &word[1..]).collect();
            let properties = document["components"]["schemas"][&pascal]["properties"].as_object().expect("a schema");
            assert_eq!(read.json.as_object().expect("a record").keys().collect::<BTreeSet<_>>(), properties.keys().collect::<BTreeSet<_>>(), "{object}");
            for (name, value) in read.json.as_object().expect("a record") {
                assert!(fits(&properties[name], value), "{object}.{name}: {value} is not {}", properties[name]);
            }
        }
    }

    /// The catalogue has every object with everything a page needs, and what the viewer may do.
    async fn the_catalogue_tells_what_one_may(db) {
        let app = open(db).await;
        let (admin, zhang) = (app.admin().await, app.user("zhang", "member", "").await);
        let (all, his) = (admin.get("/catalog").await.expect(200).json, zhang.get("/catalog").await.expect(200).json);
        assert_eq!(all["abilities"], json!(["import", "export", "mass_update", "transfer", "reveal", "customize", "administer"]));
        assert_eq!(his["abilities"], json!(["import", "export", "mass_update", "transfer", "reveal"]));
        for (name, object) in all["objects"].as_object().expect("objects") {
            for key in ["name", "module", "icon", "label", "plural", "title", "traits", "can", "fields", "layout", "actions", "prompts", "duplicates"] {
                assert!(object.get(key).is_some(), "{name} has no {key}");
            }
            for (field, definition) in object["fields"].as_object().expect("fields") {
                for key in ["name", "type", "label", "required", "readable", "writable", "sortable", "searchable", "groupable", "operators"] {
                    assert!(definition.get(key).is_some(), "{name}.{field} has no {key}");
                }
            }
        }
        assert_eq!(his["objects"]["customer"]["can"], json!(["create", "update", "delete", "import", "export", "mass_update", "transfer", "reveal"]));
        assert_eq!(his["objects"]["product"]["can"], json!(["export", "reveal"]));
        assert_eq!(his["objects"]["user"]["fields"]["roles"]["writable"], json!(false));
        assert_eq!(his["objects"]["customer"]["fields"]["number"]["writable"], json!(false));
        assert_eq!(modules().len(), 11);
    }
}

/// Does a value fit a property's schema, as far as types go?
fn fits(schema: &Json, value: &Json) -> bool {
    let kind = match value {
        Json::Null => "null",
        Json::Bool(_) => "boolean",
        Json::Number(_) => "integer",
        Json::String(_) => "string",
        Json::Array(_) => "array",
        Json::Object(_) => "object",
    };
    if let Some(choices) = schema["oneOf"].as_array() {
        return choices
            .iter()
            .any(|choice| if choice.get("$ref").is_some() { kind == "object" } else { choice["type"] == json!(kind) });
    }
    match &schema["type"] {
        Json::Array(kinds) => kinds.contains(&json!(kind)),
        one => *one == json!(kind),
    }
}
