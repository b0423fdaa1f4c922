//! Customers, their contacts and the links between them. Everything so far is in the definitions.

use guanxi_engine::Module;
use guanxi_model::{Source, catalogue::ModuleSource};

/// The module.
pub fn module() -> Module {
    const OBJECTS: &[Source] = &[
        Source { file: "modules/customer/objects/customer.toml", text: include_str!("../objects/customer.toml") },
        Source { file: "modules/customer/objects/contact.toml", text: include_str!("../objects/contact.toml") },
        Source {
            file: "modules/customer/objects/customer_link.toml",
            text: include_str!("../objects/customer_link.toml"),
        },
        Source { file: "modules/customer/objects/territory.toml", text: include_str!("../objects/territory.toml") },
    ];
    Module {
        source: ModuleSource {
            module: Source { file: "modules/customer/module.toml", text: include_str!("../module.toml") },
            objects: OBJECTS,
        },
        rules: Vec::new(),
        followers: Vec::new(),
        actions: Vec::new(),
        chores: Vec::new(),
        reminders: Vec::new(),
        figures: Vec::new(),
        calendars: Vec::new(),
        seed: None,
    }
}
