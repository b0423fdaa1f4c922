//! Sales: competitors, pipelines, opportunities, follow-ups.

mod analysis;
mod buying;
mod category;
mod check;
mod competitor;
mod entry;
mod follow_up;
mod lines;
mod opportunity;
mod pipeline;
mod progress;

use guanxi_engine::Module;
use guanxi_model::{Source, catalogue::ModuleSource};
use std::sync::Arc;

/// The module.
pub fn module() -> Module {
    const OBJECTS: &[Source] = &[
        Source { file: "modules/sales/objects/opportunity.toml", text: include_str!("../objects/opportunity.toml") },
        Source { file: "modules/sales/objects/follow_up.toml", text: include_str!("../objects/follow_up.toml") },
        Source { file: "modules/sales/objects/pipeline.toml", text: include_str!("../objects/pipeline.toml") },
        Source { file: "modules/sales/objects/stage.toml", text: include_str!("../objects/stage.toml") },
        Source { file: "modules/sales/objects/stage_change.toml", text: include_str!("../objects/stage_change.toml") },
        Source { file: "modules/sales/objects/competitor.toml", text: include_str!("../objects/competitor.toml") },
        Source {
            file: "modules/sales/objects/opportunity_product.toml",
            text: include_str!("../objects/opportunity_product.toml"),
        },
        Source {
            file: "modules/sales/objects/opportunity_competitor.toml",
            text: include_str!("../objects/opportunity_competitor.toml"),
        },
        Source {
            file: "modules/sales/objects/opportunity_contact.toml",
            text: include_str!("../objects/opportunity_contact.toml"),
        },
    ];
    Module {
        source: ModuleSource {
            module: Source { file: "modules/sales/module.toml", text: include_str!("../module.toml") },
            objects: OBJECTS,
        },
        // Where it stands is decided before anything that goes by the stage.
        rules: vec![
            Arc::new(opportunity::StageRule),
            Arc::new(progress::Progress),
            Arc::new(category::ForecastCategory),
            Arc::new(lines::AmountOfLines),
            Arc::new(entry::EntryConditions),
            Arc::new(lines::LineRule),
            Arc::new(competitor::MetRule),
            Arc::new(competitor::CompetitorRule),
            Arc::new(buying::MemberRule),
            Arc::new(buying::CustomerOfMembers),
            Arc::new(pipeline::StageDefinition),
            Arc::new(pipeline::PipelineDefinition),
            Arc::new(follow_up::CustomerOfOpportunity),
            Arc::new(check::CheckedAsWritten),
        ],
        followers: vec![Arc::new(follow_up::LastContact), Arc::new(progress::Contacted)],
        actions: vec![Arc::new(check::SpotCheck)],
        chores: vec![Arc::new(progress::CatchUp)],
        reminders: Vec::new(),
        figures: vec![Arc::new(analysis::Analysis)],
        calendars: Vec::new(),
        seed: Some(include_str!("../seed.toml")),
    }
}
