//! A module for tests of the platform: an object with one field of every type, and objects for every kind of link.

use async_trait::async_trait;
use guanxi_engine::{Context, Draft, Follower, Module, Result, Rule};
use guanxi_model::{FieldError, FieldType, Source, Value, catalogue::ModuleSource};
use guanxi_store::changes::{Change, ChangeKind};
use std::{collections::BTreeMap, sync::Arc};
use uuid::Uuid;

/// The module: `specimen` (one field of every type), `specimen_target` (lookups), `specimen_category` (a tree),
/// `specimen_note` (follows its specimen), `specimen_line` and `specimen_part` (lines of it), `specimen_strict` (does not
/// let go of its target).
pub fn module() -> Module {
    const OBJECTS: &[Source] = &[
        Source { file: "crates/testkit/objects/specimen.toml", text: include_str!("../objects/specimen.toml") },
        Source {
            file: "crates/testkit/objects/specimen_target.toml",
            text: include_str!("../objects/specimen_target.toml"),
        },
        Source {
            file: "crates/testkit/objects/specimen_category.toml",
            text: include_str!("../objects/specimen_category.toml"),
        },
        Source {
            file: "crates/testkit/objects/specimen_note.toml",
            text: include_str!("../objects/specimen_note.toml"),
        },
        Source {
            file: "crates/testkit/objects/specimen_line.toml",
            text: include_str!("../objects/specimen_line.toml"),
        },
        Source {
            file: "crates/testkit/objects/specimen_part.toml",
            text: include_str!("../objects/specimen_part.toml"),
        },
        Source {
            file: "crates/testkit/objects/specimen_strict.toml",
            text: include_str!("../objects/specimen_strict.toml"),
        },
    ];
    Module {
        source: ModuleSource {
            module: Source { file: "crates/testkit/objects/module.toml", text: include_str!("../objects/module.toml") },
            objects: OBJECTS,
        },
        rules: vec![Arc::new(StrictRule)],
        followers: vec![Arc::new(NoteCounter)],
        actions: Vec::new(),
        chores: Vec::new(),
        reminders: Vec::new(),
        figures: Vec::new(),
        calendars: Vec::new(),
        seed: None,
    }
}

/// The field of `specimen` that has this type.
pub fn field_of(kind: FieldType) -> String {
    match kind {
        FieldType::Department => "unit".to_owned(),
        kind => serde_json::to_value(kind)
            .ok()
            .and_then(|name| name.as_str().map(str::to_owned))
            .expect("a type has a name"),
    }
}

/// Two refusals of a rule beside those of the fields, to see that all come at once.
struct StrictRule;

#[async_trait]
impl Rule for StrictRule {
    fn object(&self) -> &'static str {
        "specimen_strict"
    }

    async fn before_save(&self, draft: &mut Draft, context: &mut Context<'_>) -> Result<()> {
        if draft.get("name").as_text() == Some("坏") {
            context.refuse(FieldError::new("name", "bad_word", "不能叫“坏”", "must not be called that"));
            context.refuse(FieldError::new("level", "bad_level", "级别不行", "not at this level"));
        }
        Ok(())
    }
}

/// Counts a specimen's notes into its `integer`: it adds, so that a change taken twice or lost shows. A note called `炸`
/// stops it, as a process that dies between its work and its commit would be stopped.
struct NoteCounter;

#[async_trait]
impl Follower for NoteCounter {
    fn name(&self) -> &'static str {
        "note_counter"
    }

    fn objects(&self) -> &'static [&'static str] {
        &["specimen_note"]
    }

    async fn follow(&self, changes: &[Change], context: &mut Context<'_>) -> Result<()> {
        let mut notes: BTreeMap<Uuid, i64> = BTreeMap::new();
        for change in changes.iter().filter(|change| change.kind == ChangeKind::Create) {
            let Some(note) = context.read_any("specimen_note", change.record).await? else { continue };
            if note.get("name").as_text() == Some("炸") {
                return Err(guanxi_engine::Error::conflict("stopped", "停了", "stopped"));
            }
            if let Some(specimen) = note.get("specimen").as_id() {
                *notes.entry(specimen).or_default() += 1;
            }
        }
        for (specimen, more) in notes {
            let Some(record) = context.read("specimen", specimen).await? else { continue };
            let counted = record.get("integer").as_int().unwrap_or_default();
            context.update("specimen", specimen, vec![("integer", Value::Int(counted + more))]);
        }
        Ok(())
    }
}
