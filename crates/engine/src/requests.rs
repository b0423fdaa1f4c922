//! Requests with an idempotency key: each is carried out once, and a repeated one gets the first answer again.
//!
//! A claim on the key is laid before the work begins; the transaction that writes a record notes it in the claim. So
//! whoever finds a claim whose process has gone knows whether the write was kept: a created record is answered as it is
//! now, and a request that wrote nothing may be carried out.

use crate::{Engine, Error, Result, process::Owner};
use guanxi_access::Viewer;
use guanxi_store::claims::{self, Claim};
use jiff::SignedDuration;
use serde_json::Value as Json;
use std::sync::{MutexGuard, PoisonError};
use uuid::Uuid;

/// A claim whose process cannot be asked is given up after so long.
const GIVEN_UP: SignedDuration = SignedDuration::from_mins(10);

/// What is to be done with a request that carries a key.
pub enum Keyed {
    /// Carry it out; then [`Working::answered`].
    Work(Working),
    /// It was answered already: status and body.
    Answered(i64, String),
    /// It created this record; the answer was lost.
    Created(Json),
}

/// A request being carried out under a claim. Dropped without an answer, the claim is nobody's work any more.
pub struct Working {
    engine: Engine,
    claim: Uuid,
}

impl Drop for Working {
    fn drop(&mut self) {
        self.engine.claims().remove(&self.claim);
    }
}

impl Working {
    /// The claim, for [`Viewer::claiming`].
    pub fn claim(&self) -> Uuid {
        self.claim
    }

    /// Keeps the answer for a repeated request; nothing gives the key free again.
    ///
    /// # Errors
    /// The database's.
    pub async fn answered(self, answer: Option<(i64, String)>) -> Result<()> {
        Ok(claims::settle(self.engine.database(), self.claim, answer).await?)
    }
}

impl Engine {
    fn claims(&self) -> MutexGuard<'_, std::collections::HashSet<Uuid>> {
        self.inner.claims.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Looks a key up and lays a claim on it. `request` is a hash of everything that was asked; `creates` names the object
    /// if the request creates one record of it.
    ///
    /// # Errors
    /// `idempotency_mismatch` when the key was used for something else, `request_in_progress` while it is worked on,
    /// `request_interrupted` when nobody can say how far it came.
    pub async fn claim(&self, viewer: &Viewer, key: &str, request: String, creates: Option<&str>) -> Result<Keyed> {
        let user = viewer.id.ok_or(Error::Unauthenticated)?;
        let mut instead_of = None;
        loop {
            let claim = Claim {
                id: Uuid::now_v7(),
                user,
                key: key.to_owned(),
                request: request.clone(),
                process: serde_json::to_string(&Owner::this_process()).unwrap_or_default(),
                wrote: None,
                answer: None,
                at: self.now(),
            };
            let id = claim.id;
            // Known before it can be found, so that nobody takes it for left behind.
            self.claims().insert(id);
            let working = Working { engine: self.clone(), claim: id };
            let Some(found) = claims::lay(self.database(), claim, instead_of).await? else {
                return Ok(Keyed::Work(working));
            };
            drop(working);
            if found.request != request {
                return Err(Error::invalid(
                    "Idempotency-Key",
                    "idempotency_mismatch",
                    "同一个 Idempotency-Key 用在了不同的请求上",
                    "this key was used for another request",
                ));
            }
            if let Some((status, body)) = found.answer {
                return Ok(Keyed::Answered(status, body));
            }
            if self.is_worked_on(&found) {
                return Err(Error::conflict(
                    "request_in_progress",
                    "同一请求正在处理",
                    "the same request is being worked on",
                ));
            }
            match (creates, found.wrote) {
                (Some(object), Some((written, record))) if object == written => {
                    return Ok(Keyed::Created(Json::Object(self.get(viewer, object, record, None).await?)));
                }
                // Nothing was written: it makes way, unless somebody else was quicker.
                (Some(_), None) if instead_of != Some(found.id) => instead_of = Some(found.id),
                _ => {
                    return Err(Error::conflict(
                        "request_interrupted",
                        "服务器在处理此请求时中断，可能已部分写入；请核对数据后换一个 Idempotency-Key 重试",
                        "the server stopped while it worked on this request; look at what was written before you send it with a new key",
                    ));
                }
            }
        }
    }

    fn is_worked_on(&self, claim: &Claim) -> bool {
        if self.claims().contains(&claim.id) {
            return true;
        }
        let gone = serde_json::from_str::<Owner>(&claim.process).map_or(true, |owner| owner.is_gone());
        !gone && self.now().duration_since(claim.at) < GIVEN_UP
    }
}
