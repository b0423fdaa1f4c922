//! Several records of an object changed whole or not at all: what belongs together for who sends it, though it is several records.

use super::{Session, Write, save_many};
use crate::{Engine, Error, Result, remove::delete_in};
use guanxi_access::{Verb, Viewer};
use serde_json::{Map, Value as Json};
use uuid::Uuid;

/// One step of such a change. Later steps see what earlier ones did.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// A new record, whose id later steps may name.
    Create(Uuid, Map<String, Json>),
    /// Fields of a record that has this version still.
    Update(Uuid, i64, Map<String, Json>),
    /// A record that goes into the recycle bin, if it has this version still.
    Delete(Uuid, i64),
}

enum Ready {
    Write(Write),
    Delete(Uuid, i64),
}

impl Engine {
    /// Does all of it in one transaction, each step by the path that a single write takes.
    ///
    /// # Errors
    /// The first that is refused; nothing has happened then. [`Error::Stale`] carries nothing.
    pub async fn change_together(&self, viewer: &Viewer, object: &str, steps: Vec<Step>) -> Result<()> {
        let definition = self.object(object)?;
        let mut ready = Vec::new();
        for step in steps {
            ready.push(match step {
                Step::Create(id, input) => {
                    let values = self.coerce_input(viewer, &definition, &input)?;
                    Ready::Write(Write { new_id: Some(id), values, allow_duplicate: true, ..Write::default() })
                }
                Step::Update(id, version, input) => {
                    self.require(viewer, &definition, id, Verb::Update).await?;
                    let values = self.coerce_input(viewer, &definition, &input)?;
                    let version = Some(version);
                    Ready::Write(Write { id: Some(id), values, version, allow_duplicate: true, ..Write::default() })
                }
                Step::Delete(id, version) => {
                    self.require(viewer, &definition, id, Verb::Delete).await?;
                    Ready::Delete(id, version)
                }
            });
        }
        let (engine, viewer) = (self.clone(), viewer.clone());
        let live = self
            .database()
            .write(move |tx| {
                Box::pin(async move {
                    let mut session = Session::new(&engine, &viewer);
                    for step in ready {
                        match step {
                            Ready::Write(write) => {
                                let saved = save_many(&mut session, tx, &definition, vec![write]).await?.pop();
                                saved.unwrap_or(Err(Error::NotFound))?;
                            }
                            Ready::Delete(id, version) => {
                                delete_in(&mut session, tx, &definition, id, Some(version)).await?;
                            }
                        }
                        // What was looked at before this step may be otherwise now.
                        session.cache.clear();
                    }
                    Ok::<_, Error>(session.live)
                })
            })
            .await?;
        self.announce(live).await;
        Ok(())
    }
}
