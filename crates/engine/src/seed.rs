//! The records a workspace begins with, from the modules' `seed.toml`.

use crate::{Engine, Error, Module, Result, save::Write};
use guanxi_access::{RowFilter, Viewer};
use guanxi_model::{ObjectDef, Value, coerce};
use guanxi_store::{platform, records};
use serde::Deserialize;
use serde_json::{Map, Value as Json};
use std::sync::Arc;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Seeds {
    records: Vec<Seed>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Seed {
    object: String,
    key: String,
    values: Map<String, Json>,
    /// What is different in a workspace that was in use before the module came: a rule, say, waits until somebody switches it on.
    #[serde(default)]
    in_use: Map<String, Json>,
}

/// Plants the seeds of every module, once in a workspace's life.
pub(crate) async fn plant(engine: &Engine) -> Result<()> {
    let mut in_use = false;
    for module in &engine.inner.modules {
        in_use |= platform::meta(engine.database(), &flag_of(module)).await?.is_some();
    }
    for module in engine.inner.modules.clone() {
        let Some(text) = module.seed else { continue };
        let flag = flag_of(&module);
        if platform::meta(engine.database(), &flag).await?.is_some() {
            continue;
        }
        let seeds: Seeds =
            toml::from_str(text).map_err(|error| Error::bad("bad_seed", error.to_string(), error.to_string()))?;
        for mut seed in seeds.records {
            if in_use {
                seed.values.append(&mut seed.in_use);
            }
            plant_one(engine, seed).await?;
        }
        platform::set_meta(engine.database(), &flag, "1").await?;
    }
    Ok(())
}

fn flag_of(module: &Module) -> String {
    format!("seeded:{}", module.source.module.file)
}

async fn plant_one(engine: &Engine, seed: Seed) -> Result<()> {
    let viewer = Viewer::system("seed");
    let object = engine.object(&seed.object)?;
    let mut write = Write { imported: true, allow_duplicate: true, ..Write::default() };
    for (name, json) in &seed.values {
        let field = object.field(name).ok_or_else(|| {
            Error::bad("bad_seed", format!("种子数据：没有字段 {name}"), format!("seed: no field {name}"))
        })?;
        let value = match (field.target(), json.as_str()) {
            (Some(target), Some(title)) => {
                let target = engine.object(target)?;
                find(engine, &target, &target.title, title.into()).await?.map_or(Value::Null, Value::Id)
            }
            _ => coerce::from_json(field, json, &engine.coercion()).map_err(|problem| Error::Invalid(vec![problem]))?,
        };
        write.values.insert(name.clone(), value);
    }
    let key = write.values.get(&seed.key).cloned().unwrap_or_default();
    if find(engine, &object, &seed.key, key).await?.is_none() {
        engine.save_one(&viewer, &object, write).await?;
    }
    Ok(())
}

async fn find(engine: &Engine, object: &Arc<ObjectDef>, field: &str, value: Value) -> Result<Option<uuid::Uuid>> {
    let (object, field) = (object.clone(), field.to_owned());
    let found = engine
        .database()
        .write(move |tx| {
            Box::pin(async move { records::find_by(tx, &object, &field, &[value], &RowFilter::All).await })
        })
        .await?;
    Ok(found.first().map(|record| record.id))
}
