//! Leads (线索): who might buy, how promising he is, who takes care of him, and his becoming a customer.

mod assignment;
mod contact;
mod convert;
mod criteria;
mod known;
mod rescoring;
mod score;
mod status;
mod territory;

use guanxi_engine::Module;
use guanxi_model::{Source, catalogue::ModuleSource};
use std::sync::Arc;

/// The object.
pub(crate) const LEAD: &str = "lead";
/// States in which something is still to be done.
pub(crate) const OPEN: [&str; 3] = ["new", "contacted", "qualified"];

/// The module.
pub fn module() -> Module {
    const OBJECTS: &[Source] = &[
        Source { file: "modules/lead/objects/lead.toml", text: include_str!("../objects/lead.toml") },
        Source {
            file: "modules/lead/objects/lead_score_rule.toml",
            text: include_str!("../objects/lead_score_rule.toml"),
        },
        Source {
            file: "modules/lead/objects/lead_assignment.toml",
            text: include_str!("../objects/lead_assignment.toml"),
        },
        Source {
            file: "modules/lead/objects/lead_rescoring.toml",
            text: include_str!("../objects/lead_rescoring.toml"),
        },
    ];
    Module {
        source: ModuleSource {
            module: Source { file: "modules/lead/module.toml", text: include_str!("../module.toml") },
            objects: OBJECTS,
        },
        // Who gets a lead is decided before anything that goes by its owner.
        rules: vec![
            Arc::new(assignment::AssignOwner),
            Arc::new(status::StatusRule),
            Arc::new(known::MatchingCustomer),
            Arc::new(score::ScoreLead),
            Arc::new(score::ScoreRuleRule),
            Arc::new(assignment::AssignmentRule),
            Arc::new(contact::CustomerOfLead),
        ],
        followers: vec![Arc::new(contact::LeadContact), Arc::new(rescoring::Rescoring)],
        actions: vec![Arc::new(convert::Convert)],
        chores: Vec::new(),
        reminders: Vec::new(),
        figures: Vec::new(),
        calendars: Vec::new(),
        seed: None,
    }
}
