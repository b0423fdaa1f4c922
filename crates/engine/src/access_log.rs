//! The access log: what leaves no change behind but must be known. And the one look that is only given with an entry.

use crate::{Engine, Error, Result, save::Write};
use guanxi_access::{Ability, Verb, Viewer};
use guanxi_model::Value;
use guanxi_store::{query::Life, records};
use serde_json::{Value as Json, json};
use std::collections::HashMap;
use uuid::Uuid;

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    SignIn,
    SignInRefused,
    Lockout,
    Unlock,
    Policy,
    TotpOn,
    TotpOff,
    TotpReset,
    RecoveryCode,
    Password,
    Token,
    TokenExpired,
    AddressRefused,
    OidcLink,
    OidcUnlink,
    OidcRefused,
    LdapLink,
    LdapUnlink,
    LdapRefused,
    Export,
    Reveal,
    Handover,
    /// An export was refused because of its rows.
    ExportLimit,
    /// Somebody decided on an export that waited.
    ExportDecision,
    /// Somebody read more records in an hour than is usual.
    MassReading,
    /// The workspace's settings.
    Settings,
    /// The server's administrator made, changed or closed a workspace.
    Workspace,
}

impl Kind {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::SignIn => "sign_in",
            Self::SignInRefused => "sign_in_refused",
            Self::Lockout => "lockout",
            Self::Unlock => "unlock",
            Self::Policy => "policy",
            Self::TotpOn => "totp_on",
            Self::TotpOff => "totp_off",
            Self::TotpReset => "totp_reset",
            Self::RecoveryCode => "recovery_code",
            Self::Password => "password",
            Self::Token => "token",
            Self::TokenExpired => "token_expired",
            Self::AddressRefused => "address_refused",
            Self::OidcLink => "oidc_link",
            Self::OidcUnlink => "oidc_unlink",
            Self::OidcRefused => "oidc_refused",
            Self::LdapLink => "ldap_link",
            Self::LdapUnlink => "ldap_unlink",
            Self::LdapRefused => "ldap_refused",
            Self::Export => "export",
            Self::Reveal => "reveal",
            Self::Handover => "handover",
            Self::ExportLimit => "export_limit",
            Self::ExportDecision => "export_decision",
            Self::MassReading => "mass_reading",
            Self::Settings => "settings",
            Self::Workspace => "workspace",
        }
    }
}

/// An entry: what happened, in words, and to what.
pub(crate) struct Entry {
    pub kind: Kind,
    pub summary: String,
    pub actor: Option<Uuid>,
    pub object: Option<String>,
    pub record: Option<Uuid>,
    pub field: Option<String>,
    pub rows: Option<i64>,
    pub address: Option<String>,
    pub via: &'static str,
}

impl Entry {
    /// An entry about what a viewer does.
    pub fn of(viewer: &Viewer, kind: Kind, summary: String) -> Self {
        Self {
            kind,
            summary,
            actor: viewer.id,
            object: None,
            record: None,
            field: None,
            rows: None,
            address: viewer.address.clone(),
            via: viewer.via.as_str(),
        }
    }
}

impl Engine {
    /// Writes an entry.
    pub(crate) async fn log_access(&self, entry: Entry) -> Result<()> {
        let object = self.object("access_event")?;
        let text = |text: String| Value::from(text.chars().take(300).collect::<String>());
        let mut values = HashMap::from([
            ("kind".to_owned(), Value::from(entry.kind.as_str())),
            ("summary".to_owned(), text(entry.summary)),
            ("via".to_owned(), entry.via.into()),
        ]);
        let system = Viewer::system("access log").on_behalf_of(entry.actor).from_address(entry.address.clone());
        let optional = [
            ("actor", entry.actor.map(Value::Id)),
            ("object", entry.object.map(text)),
            ("record", entry.record.map(|id| text(id.to_string()))),
            ("field", entry.field.map(text)),
            ("rows", entry.rows.map(Value::Int)),
            ("address", entry.address.map(|address| Value::from(address.chars().take(60).collect::<String>()))),
        ];
        values.extend(optional.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))));
        self.save_one(&system, &object, Write { values, ..Write::default() }).await.map(|_| ())
    }

    /// The whole value of a field of which the viewer sees only a part. The look stands in the access log before it is
    /// given.
    ///
    /// # Errors
    /// 404 where he may not know of the record or the field, 403 without the ability.
    pub async fn reveal(&self, viewer: &Viewer, object: &str, id: Uuid, field: &str) -> Result<Json> {
        let catalogue = self.catalogue();
        let definition = catalogue.object(object).ok_or(Error::NotFound)?;
        let access = self.access(&catalogue);
        let rows = access.rows(viewer, definition, Verb::Read);
        let record =
            records::get(&self.inner.database, definition, id, &rows, Life::Living).await?.ok_or(Error::NotFound)?;
        let field = definition
            .field(field)
            .filter(|field| access.can_show(viewer, definition, field))
            .filter(|field| !access.veiled(viewer, definition, |name| record.get(name)).contains(&field.name))
            .ok_or_else(|| Error::bad("unknown_field", "没有这个字段", "there is no such field"))?;
        if access.mask(viewer, definition, field).is_some() {
            if !access.has_ability(viewer, Ability::Reveal, Some(definition)) {
                return Err(Error::forbidden("没有查看隐藏内容的权限", "you may not see masked values"));
            }
            let title = self.title_of(viewer, &catalogue, definition, &record).unwrap_or_default();
            let summary = format!("{} {title}：{}", definition.label.zh, field.label.zh);
            let mut entry = Entry::of(viewer, Kind::Reveal, summary);
            (entry.object, entry.record, entry.field) = (Some(object.to_owned()), Some(id), Some(field.name.clone()));
            self.log_access(entry).await?;
        }
        Ok(json!({"field": field.name, "value": guanxi_model::json::to_json(field, record.get(&field.name))}))
    }
}
