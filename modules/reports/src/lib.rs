//! Reports of work: what somebody did and plans, drafted from what is recorded, and what is expected of him at least.

mod comment;
mod counts;
mod draft;
mod duty;
mod report;
mod span;
mod team;
mod words;

use guanxi_engine::Module;
use guanxi_model::{Source, catalogue::ModuleSource};
use std::sync::Arc;

/// The module.
pub fn module() -> Module {
    const OBJECTS: &[Source] = &[
        Source { file: "modules/reports/objects/work_report.toml", text: include_str!("../objects/work_report.toml") },
        Source {
            file: "modules/reports/objects/report_comment.toml",
            text: include_str!("../objects/report_comment.toml"),
        },
        Source { file: "modules/reports/objects/report_rule.toml", text: include_str!("../objects/report_rule.toml") },
    ];
    Module {
        source: ModuleSource {
            module: Source { file: "modules/reports/module.toml", text: include_str!("../module.toml") },
            objects: OBJECTS,
        },
        rules: vec![Arc::new(report::ReportRule), Arc::new(comment::CommentRule)],
        followers: Vec::new(),
        actions: Vec::new(),
        chores: Vec::new(),
        reminders: Vec::new(),
        figures: vec![Arc::new(draft::WorkDraft), Arc::new(team::WorkReports)],
        calendars: Vec::new(),
        seed: None,
    }
}
