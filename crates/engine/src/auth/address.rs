//! Where somebody comes from: a role that names networks gives its rights from there only.

use crate::{
    Engine, Error, Result,
    access_log::{Entry, Kind},
};
use guanxi_access::{Role, Viewer};
use jiff::{SignedDuration, Timestamp};
use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Mutex, PoisonError},
};
use uuid::Uuid;

/// How long a refused address is not logged anew: a page that stays open asks again and again.
const QUIET: SignedDuration = SignedDuration::from_hours(1);

/// Who was refused from where, and when that was last logged.
#[derive(Default)]
pub(crate) struct Refused(Mutex<HashMap<(Uuid, String), Timestamp>>);

impl Refused {
    /// Is this worth an entry?
    pub fn is_news(&self, user: Uuid, address: &str, now: Timestamp) -> bool {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.retain(|_, at| now.duration_since(*at) < QUIET);
        let fresh = !known.contains_key(&(user, address.to_owned()));
        if fresh {
            known.insert((user, address.to_owned()), now);
        }
        fresh
    }
}

impl Engine {
    /// The viewer with the roles that hold where he comes from.
    ///
    /// # Errors
    /// [`Error::Denied`] `address_not_allowed` when none of his roles does.
    pub async fn coming_from(&self, viewer: Viewer, address: Option<String>) -> Result<Viewer> {
        let mut viewer = viewer.from_address(address);
        let ip: Option<IpAddr> = viewer.address.as_deref().and_then(|address| address.parse().ok());
        let roles = self.roles();
        let away: Vec<&str> =
            roles.of(&viewer).filter(|role: &&Role| !role.rights.hold_at(ip)).map(|role| role.code.as_str()).collect();
        if away.is_empty() {
            return Ok(viewer);
        }
        let kept: Vec<String> = viewer.roles.iter().filter(|role| !away.contains(&role.as_str())).cloned().collect();
        if kept.is_empty() {
            let address = viewer.address.clone().unwrap_or_default();
            if let Some(user) = viewer.id
                && self.inner.refused.is_news(user, &address, self.now())
            {
                tracing::info!(login = %viewer.login, %address, "address refused");
                self.log_access(Entry::of(&viewer, Kind::AddressRefused, viewer.login.clone())).await?;
            }
            return Err(Error::denied(
                "address_not_allowed",
                "不允许从当前网络地址访问",
                "you may not come from this network address",
            ));
        }
        viewer.roles = kept;
        Ok(viewer)
    }
}
