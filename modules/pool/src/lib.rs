//! Pools (公海): records that nobody owns. Whoever may claims one and becomes its owner; what an owner neglects goes back.
//!
//! A record is in a pool when its `pool` is set; then it has no owner. The same holds for every object in [`POOLED`].

mod capacity;
mod claim;
mod dealings;
mod figures;
mod ownership;
mod pools;
mod recycle;

use guanxi_engine::{Action, Follower, Module, Rule};
use guanxi_model::{Source, catalogue::ModuleSource};
use std::sync::Arc;

/// What can be in a pool: each has the fields `pool`, `pooled_at`, `former_owner`, `release_reason`, `owned_since`, `recycle_at` and
/// `locked`, and the actions `claim`, `assign` and `release`.
pub(crate) const POOLED: [&str; 2] = ["customer", "lead"];

/// The module.
pub fn module() -> Module {
    const OBJECTS: &[Source] = &[
        Source { file: "modules/pool/objects/pool.toml", text: include_str!("../objects/pool.toml") },
        Source { file: "modules/pool/objects/recycle_rule.toml", text: include_str!("../objects/recycle_rule.toml") },
        Source { file: "modules/pool/objects/capacity.toml", text: include_str!("../objects/capacity.toml") },
    ];
    let mut rules: Vec<Arc<dyn Rule>> =
        vec![Arc::new(pools::PoolRule), Arc::new(pools::RecycleRuleRule), Arc::new(capacity::CapacityRule)];
    let mut actions: Vec<Arc<dyn Action>> = Vec::new();
    for object in POOLED {
        rules.push(Arc::new(ownership::Ownership(object)));
        actions.push(Arc::new(claim::Claim(object)));
        actions.push(Arc::new(claim::Assign(object)));
        actions.push(Arc::new(claim::Release(object)));
    }
    let followers: Vec<Arc<dyn Follower>> = vec![Arc::new(dealings::Dealings)];
    Module {
        source: ModuleSource {
            module: Source { file: "modules/pool/module.toml", text: include_str!("../module.toml") },
            objects: OBJECTS,
        },
        rules,
        followers,
        actions,
        chores: vec![Arc::new(recycle::Recycle)],
        reminders: Vec::new(),
        figures: vec![Arc::new(figures::Pools), Arc::new(figures::Recycling)],
        calendars: Vec::new(),
        seed: Some(include_str!("../seed.toml")),
    }
}
