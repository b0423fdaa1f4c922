//! Sales: products, pipelines, opportunities, follow-ups.

mod follow_up;
mod opportunity;

use guanxi_engine::Module;
use guanxi_model::{Source, catalogue::ModuleSource};
use std::sync::Arc;

/// The module.
pub fn module() -> Module {
    const OBJECTS: &[Source] = &[
        Source { file: "modules/sales/objects/opportunity.toml", text: include_str!("../objects/opportunity.toml") },
        Source { file: "modules/sales/objects/follow_up.toml", text: include_str!("../objects/follow_up.toml") },
        Source { file: "modules/sales/objects/product.toml", text: include_str!("../objects/product.toml") },
        Source {
            file: "modules/sales/objects/product_category.toml",
            text: include_str!("../objects/product_category.toml"),
        },
        Source { file: "modules/sales/objects/pipeline.toml", text: include_str!("../objects/pipeline.toml") },
        Source { file: "modules/sales/objects/stage.toml", text: include_str!("../objects/stage.toml") },
        Source { file: "modules/sales/objects/stage_change.toml", text: include_str!("../objects/stage_change.toml") },
    ];
    Module {
        source: ModuleSource {
            module: Source { file: "modules/sales/module.toml", text: include_str!("../module.toml") },
            objects: OBJECTS,
        },
        rules: vec![Arc::new(opportunity::StageRule), Arc::new(follow_up::CustomerOfOpportunity)],
        followers: vec![Arc::new(follow_up::LastContact)],
        actions: Vec::new(),
        chores: Vec::new(),
        figures: Vec::new(),
        seed: Some(include_str!("../seed.toml")),
    }
}
