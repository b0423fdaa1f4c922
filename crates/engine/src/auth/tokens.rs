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
    /// [`Error::Unauthenticated`] when it is unknown, [`Error::Challenge`] `token_expired` when it was good once.
    pub async fn viewer_of_token(&self, secret: &str) -> Result<Viewer> {
        let hash = fingerprint(secret);
        if let Some(viewer) = self.remembered(&hash) {
            return Ok(viewer);
        }
        let token = platform::token(self.database(), &hash).await?.ok_or(Error::Unauthenticated)?;
        if token.expires_at.is_some_and(|at| at <= self.now()) {
            if platform::note_refused_token(self.database(), token.id, self.now()).await? {
                let system = Viewer::system("token");
                let entry = Entry::of(&system, Kind::TokenExpired, token.name);
                self.log_access(Entry { actor: Some(token.user), via: Via::Api.as_str(), ..entry }).await?;
            }
            return Err(Error::challenge("token_expired", "令牌已过期", "the token has expired", Json::Null));
        }
        let restricted = token.roles.is_some() || token.expires_at.is_some();
        let restrict = move |mut viewer: Viewer| {
            viewer.restricted = restricted;
            // A role that was taken from him since is gone from his tokens too.
            viewer.roles.retain(|role| token.roles.as_ref().is_none_or(|roles| roles.contains(role)));
            viewer
        };
        self.remember(hash, token.user, Via::Api, restrict).await
    }

    /// Some things take the person, or a token that can do all that he can: otherwise a token could make itself a better one.
    pub(super) fn require_whole(viewer: &Viewer) -> Result<()> {
        if viewer.restricted {
            return Err(Error::denied(
                "restricted_token",
                "受限的令牌不能执行此操作",
                "a token with an expiry or fewer roles cannot do this",
            ));
        }
        Ok(())
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
    /// 422 for a missing name, an expiry in the past, or roles that the viewer has not; 403 for a token that can do less than
    /// the viewer.
    pub async fn add_token(
        &self,
        viewer: &Viewer,
        name: &str,
        expires_at: Option<Timestamp>,
        roles: Option<Vec<String>>,
    ) -> Result<Json> {
        let user = viewer.id.ok_or(Error::Unauthenticated)?;
        Self::require_whole(viewer)?;
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
        if let Some(roles) = &roles {
            let strange = roles.iter().find(|role| !viewer.roles.contains(role));
            if roles.is_empty() || strange.is_some() {
                return Err(Error::invalid(
                    "roles",
                    "unknown_role",
                    "请从自己的角色中选择至少一个",
                    "choose one or several of your own roles",
                ));
            }
        }
        let secret = format!("gx_{}", secret());
        let token =
            Token { id: Uuid::now_v7(), user, name: name.to_owned(), created_at: self.now(), expires_at, roles };
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
    json!({
        "id": token.id, "name": token.name, "created_at": token.created_at, "expires_at": token.expires_at,
        "roles": token.roles,
    })
}
