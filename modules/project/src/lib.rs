//! What was sold is carried out and then looked after: projects with milestones, maintenance with visits.

mod maintenance;
mod milestones;
mod start;

use guanxi_engine::Module;
use guanxi_model::{Source, catalogue::ModuleSource};
use std::sync::Arc;

/// Objects of this module, as others of its files name them.
pub(crate) const PROJECT: &str = "project";
pub(crate) const MILESTONE: &str = "milestone";

/// The module.
pub fn module() -> Module {
    const OBJECTS: &[Source] = &[
        Source { file: "modules/project/objects/project.toml", text: include_str!("../objects/project.toml") },
        Source { file: "modules/project/objects/milestone.toml", text: include_str!("../objects/milestone.toml") },
        Source {
            file: "modules/project/objects/project_template.toml",
            text: include_str!("../objects/project_template.toml"),
        },
        Source {
            file: "modules/project/objects/template_milestone.toml",
            text: include_str!("../objects/template_milestone.toml"),
        },
        Source { file: "modules/project/objects/maintenance.toml", text: include_str!("../objects/maintenance.toml") },
        Source {
            file: "modules/project/objects/maintenance_visit.toml",
            text: include_str!("../objects/maintenance_visit.toml"),
        },
    ];
    Module {
        source: ModuleSource {
            module: Source { file: "modules/project/module.toml", text: include_str!("../module.toml") },
            objects: OBJECTS,
        },
        rules: vec![
            Arc::new(start::ProjectRule),
            Arc::new(milestones::MilestoneRule),
            Arc::new(maintenance::MaintenanceRule),
            Arc::new(maintenance::VisitRule),
        ],
        followers: Vec::new(),
        actions: vec![Arc::new(start::StartProject), Arc::new(maintenance::Maintain)],
        chores: Vec::new(),
        reminders: Vec::new(),
        figures: Vec::new(),
        calendars: Vec::new(),
        seed: Some(include_str!("../seed.toml")),
    }
}
