//! What a workspace says of itself: what it is called, whether it is open, whether it may be made anew. It stands in the
//! workspace's own database, so that a workspace is whole wherever it is put.

use crate::{
    Engine, Live, Result,
    access_log::{Entry, Kind},
};
use guanxi_access::Viewer;
use guanxi_store::{Database, platform};
use jiff::Timestamp;
use uuid::Uuid;

const KEYS: [&str; 6] = ["title", "demo", "listed", "archived", "instance", "created_at"];

/// What a workspace says of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Card {
    /// What the company is called.
    pub title: String,
    /// Filled with examples; may be made anew.
    pub demo: bool,
    /// Offered to those who have not signed in yet.
    pub listed: bool,
    /// Since when nobody can sign in.
    pub archived: Option<Timestamp>,
    /// Another one when it was made anew under the same name.
    pub instance: String,
    /// When it was made.
    pub created_at: Option<Timestamp>,
}

/// What may be changed of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CardChange {
    /// What the company is called.
    pub title: Option<String>,
    /// Offered to those who have not signed in yet.
    pub listed: Option<bool>,
    /// Closed, or open again.
    pub archived: Option<bool>,
}

impl Card {
    /// Reads it; what is missing in a new workspace is set.
    pub(crate) async fn begin(database: &Database, now: Timestamp) -> Result<Self> {
        let card = Self::read(database).await?;
        if !card.instance.is_empty() {
            return Ok(card);
        }
        let fresh = [("instance", Uuid::now_v7().to_string()), ("created_at", now.to_string())];
        let fresh = fresh.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
        platform::begin_metas(database, fresh).await?;
        Self::read(database).await
    }

    async fn read(database: &Database) -> Result<Self> {
        let values = platform::metas(database, &KEYS).await?;
        let text = |key: &str| values.get(key).cloned().unwrap_or_default();
        Ok(Self {
            title: text("title"),
            demo: text("demo") == "true",
            listed: text("listed") == "true",
            archived: text("archived").parse().ok(),
            instance: text("instance"),
            created_at: text("created_at").parse().ok(),
        })
    }
}

impl Engine {
    /// What the workspace says of itself, as it was last read.
    pub fn card(&self) -> Card {
        self.inner.card.read().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
    }

    /// Reads it again: another process may have changed it. Open pages hear of another title.
    ///
    /// # Errors
    /// The database's.
    pub async fn look_at_card(&self) -> Result<Card> {
        let card = Card::read(self.database()).await?;
        let former = {
            let mut known = self.inner.card.write().unwrap_or_else(std::sync::PoisonError::into_inner);
            std::mem::replace(&mut *known, card.clone())
        };
        if former.title != card.title {
            let _ = self.inner.live.send(Live::Catalogue);
        }
        Ok(card)
    }

    /// Changes what the workspace says of itself. Whether somebody may is asked by the one who calls: it is the server's
    /// administrator, who may be nobody in this workspace.
    ///
    /// # Errors
    /// The database's.
    pub async fn change_card(&self, change: &CardChange) -> Result<Card> {
        let database = self.database();
        if let Some(title) = &change.title {
            platform::set_meta(database, "title", title).await?;
        }
        if let Some(listed) = change.listed {
            platform::set_meta(database, "listed", if listed { "true" } else { "false" }).await?;
        }
        if let Some(archived) = change.archived {
            let since = if archived { self.now().to_string() } else { String::new() };
            platform::set_meta(database, "archived", &since).await?;
        }
        self.look_at_card().await
    }

    /// Writes into the access log what the server's administrator did with a workspace.
    ///
    /// # Errors
    /// The database's.
    pub async fn note_workspace(&self, viewer: &Viewer, what: String) -> Result<()> {
        self.log_access(Entry::of(viewer, Kind::Workspace, what)).await
    }
}
