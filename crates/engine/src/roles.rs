//! Roles are records. This file plants those that ship with the product, keeps the rule on them, brings them into force,
//! and says what somebody may do and why.

use crate::{
    Engine, Error, Result,
    rules::{Context, Draft, Rule},
    save::Write,
};
use async_trait::async_trait;
use guanxi_access::{Ability, Rights, Role, Roles, RowFilter, Verb, Viewer};
use guanxi_model::{Catalogue, FieldError, Filter, Label, ObjectDef, Value, field::ChoiceOption, pinyin};
use guanxi_store::{
    Database, Tx,
    query::{FieldPath, Query, Start},
    records::Record,
};
use serde_json::{Map, Value as Json, json};
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// The role that may do everything and cannot be changed.
pub(crate) const ADMINISTRATOR: &str = "administrator";
/// More roles than any workspace has.
const MAX_ROLES: usize = 10_000;

/// Makes the built-in roles that a workspace does not have yet.
pub(crate) async fn plant(engine: &Engine) -> Result<()> {
    let object = engine.object("role")?;
    let known: Vec<String> =
        stored(engine.database(), &engine.catalogue(), &object).await?.into_iter().map(|role| role.code).collect();
    let viewer = Viewer::system("built-in roles");
    for role in built_in()?.all().iter().filter(|role| !known.contains(&role.code)) {
        let values = HashMap::from([
            ("code".to_owned(), Value::from(role.code.as_str())),
            ("name".to_owned(), role.label.zh.as_str().into()),
            ("name_en".to_owned(), role.label.en.as_str().into()),
            ("built_in".to_owned(), true.into()),
        ]);
        match engine.save_one(&viewer, &object, Write { values, ..Write::default() }).await {
            // Another process was quicker.
            Ok(_) | Err(Error::Invalid(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

fn built_in() -> Result<Roles> {
    Roles::built_in().map_err(|error| Error::bad("bad_role", error.to_string(), error.to_string()))
}

struct Stored {
    code: String,
    label: Label,
    rights: Option<String>,
}

async fn stored(database: &Database, catalogue: &Catalogue, object: &ObjectDef) -> Result<Vec<Stored>> {
    let scopes = |_: &ObjectDef| RowFilter::All;
    let fields: Vec<FieldPath> = ["code", "name", "name_en", "rights"].into_iter().map(FieldPath::of).collect();
    let sql = Query::new(catalogue, object, &scopes, database.dialect()).page(
        &fields,
        &Filter::all(),
        &[],
        &Start::First,
        MAX_ROLES,
    );
    let text = |value: &Value| value.as_text().unwrap_or_default().to_owned();
    Ok(database
        .read(sql)
        .await?
        .iter()
        .map(|row| {
            let name = text(&row[1]);
            let english = row[2].as_text().filter(|english| !english.is_empty()).unwrap_or(&name).to_owned();
            Stored {
                code: text(&row[0]),
                label: Label::new(name, english),
                rights: row[3].as_text().map(str::to_owned),
            }
        })
        .collect())
}

/// The roles of a workspace as they are stored. A built-in role without rights of its own follows the product; rights that
/// cannot be read give nothing.
pub(crate) async fn load(database: &Database, catalogue: &Catalogue) -> Result<Roles> {
    let shipped = built_in()?;
    let Some(object) = catalogue.object("role") else { return Ok(shipped) };
    let mut roles = Vec::new();
    for role in stored(database, catalogue, object).await? {
        let rights = match &role.rights {
            Some(text) => serde_json::from_str(text).unwrap_or_else(|error| {
                tracing::error!(role = role.code, %error, "the rights of a role cannot be read; it gives none");
                Rights::default()
            }),
            None => {
                let known = shipped.all().iter().find(|known| known.code == role.code);
                let mut rights = known.map(|known| known.rights.clone()).unwrap_or_default();
                // A workspace need not have every module.
                rights.objects.retain(|name, _| catalogue.object(name).is_some());
                rights
            }
        };
        roles.push(Role { code: role.code, label: role.label, rights });
    }
    Ok(if roles.is_empty() { shipped } else { Roles::new(roles) })
}

/// The roles as options of `user.roles`.
pub(crate) fn options(roles: &Roles) -> Vec<ChoiceOption> {
    let color = |code: &str| match code {
        ADMINISTRATOR => Some("red"),
        "manager" => Some("gold"),
        "member" => Some("blue"),
        _ => None,
    };
    roles
        .all()
        .iter()
        .map(|role| ChoiceOption {
            value: role.code.clone(),
            label: role.label.clone(),
            color: color(&role.code).map(str::to_owned),
        })
        .collect()
}

/// Roles are usable, only administrators make them, and the administrator's own cannot be changed.
pub(crate) struct RoleRule;

#[async_trait]
impl Rule for RoleRule {
    fn object(&self) -> &'static str {
        "role"
    }

    async fn before_save(&self, draft: &mut Draft, context: &mut Context<'_>) -> Result<()> {
        let catalogue = context.engine.catalogue();
        if !context.engine.access(&catalogue).has_ability(context.viewer, Ability::Administer, None) {
            return Err(Error::forbidden("只有管理员可以修改角色", "only administrators may change roles"));
        }
        if draft.is_new() && draft.get("code").is_null() {
            let code = free_code(draft.get("name").as_text().unwrap_or_default(), context).await?;
            draft.set("code", code);
        }
        let code = draft.get("code").as_text().unwrap_or_default().to_owned();
        if !draft.is_new() && draft.changed("code") {
            context.refuse(FieldError::new(
                "code",
                "fixed",
                "角色代码建立后不能修改",
                "the code of a role never changes",
            ));
        } else if !guanxi_model::catalogue::is_name(&code) {
            context.refuse(FieldError::new(
                "code",
                "bad_name",
                "代码只能用小写字母、数字和下划线，以字母开头，最多 40 位",
                "a code has a-z, 0-9 and _, begins with a letter and has at most 40",
            ));
        }
        if code == ADMINISTRATOR && !draft.get("rights").is_null() {
            context.refuse(FieldError::new(
                "rights",
                "fixed",
                "管理员角色的权限不能修改",
                "the rights of administrators cannot be changed",
            ));
        }
        let built_in = draft.get("built_in").as_bool() == Some(true);
        let text = match draft.get("rights").as_text() {
            None if built_in => return Ok(()),
            None => "{}".to_owned(),
            Some(text) => text.to_owned(),
        };
        match serde_json::from_str::<Rights>(&text) {
            Ok(rights) => {
                for problem in rights.problems(&catalogue) {
                    context.refuse(FieldError::new("rights", "bad_rights", problem.zh, problem.en));
                }
                let address = context.viewer.address.as_deref().and_then(|address| address.parse().ok());
                if context.viewer.roles.contains(&code) && !rights.hold_at(address) {
                    context.refuse(FieldError::new(
                        "rights",
                        "own_address",
                        "网段要包含您现在的地址，否则您会失去这个角色",
                        "the networks must hold your own address, or you would lose this role",
                    ));
                }
                draft.set("rights", serde_json::to_string(&rights).unwrap_or_default());
            }
            Err(error) => context.refuse(FieldError::new(
                "rights",
                "bad_rights",
                format!("权限不是有效的 JSON：{error}"),
                format!("the rights are not the JSON they should be: {error}"),
            )),
        }
        Ok(())
    }
}

/// A code nobody has, made from a name.
async fn free_code(name: &str, context: &mut Context<'_>) -> Result<String> {
    let base: String = pinyin::login_name(name)
        .chars()
        .filter(|c| c.is_ascii_alphanumeric())
        .take(30)
        .collect::<String>()
        .to_lowercase();
    let base = if base.starts_with(|c: char| c.is_ascii_alphabetic()) { base } else { format!("role{base}") };
    for number in 1..=MAX_ROLES {
        let code = if number == 1 { base.clone() } else { format!("{base}{number}") };
        if context.find("role", "code", code.as_str().into()).await?.is_empty() {
            return Ok(code);
        }
    }
    Err(Error::conflict("no_code", "无法生成角色代码", "cannot make a code for the role"))
}

/// A role that ships with the product stays, and one that somebody has too; the others are the administrators' to delete.
pub(crate) async fn before_removal(engine: &Engine, viewer: &Viewer, tx: &mut Tx, record: &Record) -> Result<()> {
    engine.require_administrator(viewer)?;
    if record.get("built_in").as_bool() == Some(true) {
        return Err(Error::conflict("built_in", "内置角色不能删除", "a built-in role cannot be deleted"));
    }
    let users = engine.object("user")?;
    let mut sql = tx.sql();
    sql.push("SELECT COUNT(*) FROM ").ident(&users.name).push(" t WHERE t.deleted_at IS NULL AND ");
    tx.dialect().has_member(&mut sql, "t", "roles", record.get("code"));
    sql.returning([guanxi_model::Kind::Int]);
    let count = tx.query(&sql).await?.first().and_then(|row| row[0].as_int()).unwrap_or_default();
    if count > 0 {
        return Err(Error::conflict(
            "in_use",
            format!("仍有 {count} 名用户使用这个角色"),
            format!("{count} users still have this role"),
        ));
    }
    Ok(())
}

impl Engine {
    /// May the viewer do something that is not about single records?
    pub fn may(&self, viewer: &Viewer, ability: Ability) -> bool {
        self.access(&self.catalogue()).has_ability(viewer, ability, None)
    }

    /// The rights of every role, as the page of roles edits them.
    ///
    /// # Errors
    /// 403 for anyone but an administrator.
    pub fn describe_roles(&self, viewer: &Viewer) -> Result<Json> {
        self.require_administrator(viewer)?;
        let roles: Vec<Json> = self
            .roles()
            .all()
            .iter()
            .map(|role| json!({"code": role.code, "label": role.label, "rights": role.rights}))
            .collect();
        Ok(json!({"roles": roles}))
    }

    pub(crate) fn require_administrator(&self, viewer: &Viewer) -> Result<()> {
        if self.may(viewer, Ability::Administer) {
            return Ok(());
        }
        Err(Error::forbidden("没有管理权限", "you may not administer this workspace"))
    }

    /// What a user may do, object by object, and by which of his roles: the answer to "what does he see here, and why"; with how
    /// many records he sees, if that is asked.
    ///
    /// # Errors
    /// 404 for an unknown user, 403 for anyone who neither is the user nor administers.
    pub async fn explain_rights(&self, viewer: &Viewer, user: Uuid, counts: bool) -> Result<Json> {
        if viewer.id != Some(user) {
            self.require_administrator(viewer)?;
        }
        let subject = self.viewer_of_user(user).await?;
        let catalogue = self.catalogue();
        let access = self.access(&catalogue);
        let roles: Vec<&Role> = access.roles.of(&subject).collect();
        let mut objects = Map::new();
        for object in catalogue.objects.values() {
            let by = |verb: Verb| -> BTreeMap<&str, guanxi_access::Scope> {
                let scope = |role: &&Role| role.grant(object).scope(verb);
                roles
                    .iter()
                    .filter(|role| scope(role) > guanxi_access::Scope::None)
                    .map(|role| (role.code.as_str(), scope(role)))
                    .collect()
            };
            let creating: Vec<&str> =
                roles.iter().filter(|role| role.grant(object).create).map(|role| role.code.as_str()).collect();
            let mut abilities = Map::new();
            for ability in Ability::of_objects() {
                let from: Vec<&str> = roles
                    .iter()
                    .filter(|role| role.has(ability, Some(object)))
                    .map(|role| role.code.as_str())
                    .collect();
                if !from.is_empty() {
                    abilities.insert(ability.as_str().into(), json!(from));
                }
            }
            let fields: Map<String, Json> = object
                .fields
                .values()
                .map(|field| (field, access.field(&subject, object, field)))
                .filter(|(_, right)| *right < guanxi_model::field::FieldAccess::Write)
                .map(|(field, right)| (field.name.clone(), json!(right)))
                .collect();
            let visible = match by(Verb::Read).is_empty() {
                _ if !counts => None,
                true => Some(0),
                false => Some(self.count(&subject, &catalogue, object, &Filter::all()).await?),
            };
            objects.insert(
                object.name.clone(),
                json!({
                    "read": by(Verb::Read), "update": by(Verb::Update), "delete": by(Verb::Delete), "create": creating,
                    "abilities": abilities, "fields": fields, "visible": visible,
                }),
            );
        }
        let abilities: Vec<&str> = Ability::ALL
            .into_iter()
            .filter(|ability| access.has_ability(&subject, *ability, None))
            .map(Ability::as_str)
            .collect();
        Ok(json!({
            "user": {"id": user, "title": subject.name},
            "roles": roles.iter().map(|role| json!({"code": role.code, "label": role.label})).collect::<Vec<_>>(),
            "abilities": abilities,
            "objects": objects,
            "sharing": self.explain_sharing(&subject).await?,
        }))
    }
}
