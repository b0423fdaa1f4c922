//! What somebody is to reach, what he has reached, and what is forecast.

mod actuals;
mod forecast;
mod moves;
mod period;
mod progress;
mod target;

use guanxi_engine::Module;
use guanxi_model::{Source, catalogue::ModuleSource};
use std::sync::Arc;

/// The module.
pub fn module() -> Module {
    const OBJECTS: &[Source] = &[
        Source { file: "modules/targets/objects/target.toml", text: include_str!("../objects/target.toml") },
        Source {
            file: "modules/targets/objects/forecast_move.toml",
            text: include_str!("../objects/forecast_move.toml"),
        },
    ];
    Module {
        source: ModuleSource {
            module: Source { file: "modules/targets/module.toml", text: include_str!("../module.toml") },
            objects: OBJECTS,
        },
        rules: vec![Arc::new(target::TargetRule)],
        followers: Vec::new(),
        actions: Vec::new(),
        chores: vec![Arc::new(moves::ForecastMoves)],
        reminders: Vec::new(),
        figures: vec![Arc::new(progress::Targets), Arc::new(forecast::Forecast)],
        calendars: Vec::new(),
        seed: None,
    }
}
