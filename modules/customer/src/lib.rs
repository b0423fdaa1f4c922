//! Customers, their contacts and the links between them; how they are classed, when they are to be contacted and thought of.

mod archive;
mod care;
mod classes;
mod closing;
mod festival;
mod interval;
mod lunar;
mod superior;

use guanxi_engine::Module;
use guanxi_model::{Source, catalogue::ModuleSource};
use std::sync::Arc;

/// The object that everything hangs on.
pub(crate) const CUSTOMER: &str = "customer";

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
        Source {
            file: "modules/customer/objects/customer_group.toml",
            text: include_str!("../objects/customer_group.toml"),
        },
        Source {
            file: "modules/customer/objects/customer_rule.toml",
            text: include_str!("../objects/customer_rule.toml"),
        },
        Source {
            file: "modules/customer/objects/customer_change.toml",
            text: include_str!("../objects/customer_change.toml"),
        },
        Source {
            file: "modules/customer/objects/contact_rule.toml",
            text: include_str!("../objects/contact_rule.toml"),
        },
        Source { file: "modules/customer/objects/care_date.toml", text: include_str!("../objects/care_date.toml") },
        Source { file: "modules/customer/objects/festival.toml", text: include_str!("../objects/festival.toml") },
        Source {
            file: "modules/customer/objects/festival_greeting.toml",
            text: include_str!("../objects/festival_greeting.toml"),
        },
        Source {
            file: "modules/customer/objects/archive_loan.toml",
            text: include_str!("../objects/archive_loan.toml"),
        },
        Source {
            file: "modules/customer/objects/archive_closing.toml",
            text: include_str!("../objects/archive_closing.toml"),
        },
        Source {
            file: "modules/customer/objects/archive_year.toml",
            text: include_str!("../objects/archive_year.toml"),
        },
    ];
    Module {
        source: ModuleSource {
            module: Source { file: "modules/customer/module.toml", text: include_str!("../module.toml") },
            objects: OBJECTS,
        },
        rules: vec![
            Arc::new(classes::ClassHistory),
            Arc::new(classes::ClassRule),
            Arc::new(interval::ContactDue),
            Arc::new(archive::Completeness),
            Arc::new(care::CareDateRule),
            Arc::new(care::Birthday),
            Arc::new(superior::Superior),
            Arc::new(festival::FestivalRule),
            Arc::new(closing::ClosingRule),
            Arc::new(closing::YearRule),
        ],
        followers: vec![Arc::new(closing::WriteYears)],
        actions: vec![Arc::new(interval::Excuse), Arc::new(closing::Close)],
        chores: vec![
            Arc::new(classes::Classify),
            Arc::new(interval::KeepDue),
            Arc::new(care::NextYear),
            Arc::new(festival::Greetings),
        ],
        reminders: Vec::new(),
        figures: Vec::new(),
        calendars: Vec::new(),
        seed: Some(include_str!("../seed.toml")),
    }
}
