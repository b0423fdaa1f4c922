//! The secret address under which somebody's calendar is read, by programs that can only fetch an address. Who knows it may
//! read the calendar and nothing else.

use super::{fingerprint, secret};
use crate::{
    Engine, Error, Result,
    access_log::{Entry, Kind},
};
use guanxi_access::{Via, Viewer};
use guanxi_store::platform::{self, Feed};
use serde_json::{Value as Json, json};

impl Engine {
    /// Whether the viewer has such an address, since when, and whether it gives everything. The address itself is not known here.
    ///
    /// # Errors
    /// The database's.
    pub async fn feed(&self, viewer: &Viewer) -> Result<Json> {
        let user = viewer.id.ok_or(Error::Unauthenticated)?;
        let feed = platform::feed_of(self.database(), user).await?;
        Ok(json!({"created_at": feed.map(|feed| feed.created_at), "whole": feed.is_some_and(|feed| feed.whole)}))
    }

    /// Gives the viewer an address, in place of the one he had, and answers its secret: only its hash is kept.
    ///
    /// # Errors
    /// 403 for a token that can do less than the viewer.
    pub async fn renew_feed(&self, viewer: &Viewer, whole: bool) -> Result<String> {
        let user = viewer.id.ok_or(Error::Unauthenticated)?;
        Self::require_whole(viewer)?;
        let secret = secret();
        let feed = Feed { user, created_at: self.now(), whole };
        platform::put_feed(self.database(), feed, &fingerprint(&secret)).await?;
        self.log_access(Entry::of(viewer, Kind::Token, "calendar feed".to_owned())).await?;
        Ok(secret)
    }

    /// Changes what the viewer's address gives.
    ///
    /// # Errors
    /// [`Error::NotFound`] when he has none; 403 for a token that can do less than he.
    pub async fn change_feed(&self, viewer: &Viewer, whole: bool) -> Result<()> {
        let user = viewer.id.ok_or(Error::Unauthenticated)?;
        Self::require_whole(viewer)?;
        if platform::change_feed(self.database(), user, whole).await? { Ok(()) } else { Err(Error::NotFound) }
    }

    /// Takes the viewer's address away.
    ///
    /// # Errors
    /// [`Error::NotFound`] when he has none.
    pub async fn remove_feed(&self, viewer: &Viewer) -> Result<()> {
        let user = viewer.id.ok_or(Error::Unauthenticated)?;
        if platform::remove_feed(self.database(), user).await? { Ok(()) } else { Err(Error::NotFound) }
    }

    /// Whose calendar is behind an address, and whether all of it.
    ///
    /// # Errors
    /// [`Error::NotFound`] for an address that there is not, and where its owner may not come in any more.
    pub async fn viewer_of_feed(&self, secret: &str) -> Result<(Viewer, bool)> {
        let feed = platform::feed(self.database(), &fingerprint(secret)).await?.ok_or(Error::NotFound)?;
        let viewer = self.active_viewer(feed.user).await?.ok_or(Error::NotFound)?;
        Ok((viewer.through(Via::Calendar), feed.whole))
    }
}
