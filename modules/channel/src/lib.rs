//! Who else is in the business: dealers in levels, partners, suppliers.

mod dealer;

use guanxi_engine::Module;
use guanxi_model::{Source, catalogue::ModuleSource};
use std::sync::Arc;

/// The module.
pub fn module() -> Module {
    const OBJECTS: &[Source] = &[
        Source { file: "modules/channel/objects/dealer.toml", text: include_str!("../objects/dealer.toml") },
        Source { file: "modules/channel/objects/partner.toml", text: include_str!("../objects/partner.toml") },
        Source { file: "modules/channel/objects/supplier.toml", text: include_str!("../objects/supplier.toml") },
    ];
    Module {
        source: ModuleSource {
            module: Source { file: "modules/channel/module.toml", text: include_str!("../module.toml") },
            objects: OBJECTS,
        },
        rules: vec![
            Arc::new(dealer::DealerLevel),
            Arc::new(dealer::Agreement("dealer")),
            Arc::new(dealer::Agreement("partner")),
            Arc::new(dealer::Agreement("supplier")),
        ],
        followers: Vec::new(),
        actions: Vec::new(),
        chores: Vec::new(),
        reminders: Vec::new(),
        figures: Vec::new(),
        calendars: Vec::new(),
        seed: None,
    }
}
