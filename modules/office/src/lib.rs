//! The office: tasks, and the schedule (日程) of everybody.

mod event;
mod ical;
mod reminders;
mod repeat;
mod schedule;
mod series;
mod task;
mod timing;

use guanxi_engine::Module;
use guanxi_model::{Source, catalogue::ModuleSource};
use schedule::zone_named as zone_of;
use std::sync::Arc;

/// The module.
pub fn module() -> Module {
    const OBJECTS: &[Source] = &[
        Source { file: "modules/office/objects/event_kind.toml", text: include_str!("../objects/event_kind.toml") },
        Source { file: "modules/office/objects/event.toml", text: include_str!("../objects/event.toml") },
        Source { file: "modules/office/objects/task.toml", text: include_str!("../objects/task.toml") },
    ];
    Module {
        source: ModuleSource {
            module: Source { file: "modules/office/module.toml", text: include_str!("../module.toml") },
            objects: OBJECTS,
        },
        rules: vec![
            Arc::new(task::TaskCustomer),
            Arc::new(task::TaskDone),
            Arc::new(task::NextTask),
            Arc::new(event::EventRule),
            Arc::new(ical::Names("event")),
            Arc::new(ical::Names("task")),
        ],
        followers: Vec::new(),
        actions: vec![
            Arc::new(series::Skip),
            Arc::new(series::EndBefore),
            Arc::new(series::Answer { verb: "accept", says: "accepted", not: "declined" }),
            Arc::new(series::Answer { verb: "decline", says: "declined", not: "accepted" }),
        ],
        chores: Vec::new(),
        reminders: vec![Arc::new(reminders::Planned)],
        figures: vec![Arc::new(schedule::Schedule)],
        calendars: vec![Arc::new(ical::Events), Arc::new(ical::Tasks)],
        seed: Some(include_str!("../seed.toml")),
    }
}
