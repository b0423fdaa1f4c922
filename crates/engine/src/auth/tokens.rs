//! API tokens.

use super::{fingerprint, secret};
use crate::{
    Engine, Error, Result,
    access_log::{Entry, Kind},
};
use guanxi_access::{Via, Viewer};
use guanxi_store::platform::{self, Token};
use jiff::Timestamp;
use serde_json::{Value as Json, json};
use uuid::Uuid;

impl Engine {
    /// The viewer of an API token.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] when it is unknown or has expired.
    pub async fn viewer_of_token(&self, secret: &str) -> Result<Viewer> {
        let hash = fingerprint(secret);
        if let Some(viewer) = self.remembered(&hash) {
            return Ok(viewer);
        }
        let token = platform::token(self.database(), &hash, self.now()).await?.ok_or(Error::Unauthenticated)?;
        self.remember(hash, token.user, Via::Api).await
    }

    /// The viewer's API tokens.
    ///
    /// # Errors
    /// The database's.
    pub async fn tokens(&self, viewer: &Viewer) -> Result<Vec<Json>> {
        let user = viewer.id.ok_or(Error::Unauthenticated)?;
        Ok(platform::tokens(self.database(), user).await?.iter().map(token_json).collect())
    }

    /// Makes an API token; its secret is in this answer only.
    ///
    /// # Errors
    /// 422 for a missing name or an expiry in the past.
    pub async fn add_token(&self, viewer: &Viewer, name: &str, expires_at: Option<Timestamp>) -> Result<Json> {
        let user = viewer.id.ok_or(Error::Unauthenticated)?;
        let name = name.trim();
        if name.is_empty() || name.chars().count() > 100 {
            return Err(Error::invalid(
                "name",
                "required",
                "请填写名称，最多 100 个字",
                "give it a name of at most 100 characters",
            ));
        }
        if expires_at.is_some_and(|at| at <= self.now()) {
            return Err(Error::invalid(
                "expires_at",
                "out_of_range",
                "到期时间要在将来",
                "the expiry must lie in the future",
            ));
        }
        let secret = format!("gx_{}", secret());
        let token = Token { id: Uuid::now_v7(), user, name: name.to_owned(), created_at: self.now(), expires_at };
        platform::add_token(self.database(), &token, &fingerprint(&secret)).await?;
        self.log_access(Entry::of(viewer, Kind::Token, token.name.clone())).await?;
        let mut out = token_json(&token);
        out["token"] = json!(secret);
        Ok(out)
    }

    /// Takes a token away.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the viewer has no such token.
    pub async fn remove_token(&self, viewer: &Viewer, token: Uuid) -> Result<()> {
        let user = viewer.id.ok_or(Error::Unauthenticated)?;
        if !platform::remove_token(self.database(), user, token).await? {
            return Err(Error::NotFound);
        }
        self.forget_viewers();
        Ok(())
    }
}

fn token_json(token: &Token) -> Json {
    json!({"id": token.id, "name": token.name, "created_at": token.created_at, "expires_at": token.expires_at})
}
