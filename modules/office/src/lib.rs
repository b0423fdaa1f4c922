//! The office: tasks.

use async_trait::async_trait;
use guanxi_engine::{Context, Draft, Module, Result, Rule};
use guanxi_model::{Source, catalogue::ModuleSource};
use std::sync::Arc;

/// The module.
pub fn module() -> Module {
    const OBJECTS: &[Source] =
        &[Source { file: "modules/office/objects/task.toml", text: include_str!("../objects/task.toml") }];
    Module {
        source: ModuleSource {
            module: Source { file: "modules/office/module.toml", text: include_str!("../module.toml") },
            objects: OBJECTS,
        },
        rules: vec![Arc::new(TaskCustomer)],
        followers: Vec::new(),
        actions: Vec::new(),
        chores: Vec::new(),
        figures: Vec::new(),
        seed: None,
    }
}

/// A task about an opportunity is about its customer.
struct TaskCustomer;

#[async_trait]
impl Rule for TaskCustomer {
    fn object(&self) -> &'static str {
        "task"
    }

    async fn before_save(&self, draft: &mut Draft, context: &mut Context<'_>) -> Result<()> {
        if draft.get("customer").is_null()
            && draft.changed("opportunity")
            && let Some(id) = draft.get("opportunity").as_id()
            && let Some(opportunity) = context.read("opportunity", id).await?
        {
            draft.set("customer", opportunity.get("customer").clone());
        }
        Ok(())
    }
}
