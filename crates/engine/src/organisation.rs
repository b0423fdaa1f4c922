//! Users, departments and positions: the platform's own objects and the rules on them.

use crate::{
    Engine, Error, Result,
    notifications::{Digest, ForgetOld, Notifier},
    roles::{self, ADMINISTRATOR, RoleRule},
    rules::{Context, Draft, Module, Rule},
    sharing::SharingRuleRule,
    workspace::DepartmentTree,
};
use async_trait::async_trait;
use guanxi_access::{Ability, Viewer};
use guanxi_model::{FieldError, Kind, ObjectDef, Source, Value, catalogue::ModuleSource, pinyin};
use guanxi_store::{
    Tx, platform,
    records::{self, Record},
    sql::statement,
};
use std::{collections::HashMap, sync::Arc};
use uuid::Uuid;

/// The platform's own module.
pub(crate) fn module() -> Module {
    const OBJECTS: &[Source] = &[
        Source { file: "crates/engine/objects/user.toml", text: include_str!("../objects/user.toml") },
        Source { file: "crates/engine/objects/department.toml", text: include_str!("../objects/department.toml") },
        Source { file: "crates/engine/objects/position.toml", text: include_str!("../objects/position.toml") },
        Source { file: "crates/engine/objects/role.toml", text: include_str!("../objects/role.toml") },
        Source { file: "crates/engine/objects/sharing_rule.toml", text: include_str!("../objects/sharing_rule.toml") },
        Source { file: "crates/engine/objects/access_event.toml", text: include_str!("../objects/access_event.toml") },
    ];
    Module {
        source: ModuleSource {
            module: Source { file: "crates/engine/objects/module.toml", text: include_str!("../objects/module.toml") },
            objects: OBJECTS,
        },
        rules: vec![Arc::new(UserRule), Arc::new(DepartmentRule), Arc::new(RoleRule), Arc::new(SharingRuleRule)],
        followers: vec![Arc::new(Notifier)],
        actions: Vec::new(),
        chores: vec![Arc::new(Digest), Arc::new(ForgetOld)],
        reminders: Vec::new(),
        figures: Vec::new(),
        calendars: Vec::new(),
        seed: None,
    }
}

/// Logins are usable, somebody stays administrator, leaving ends access, and a mover's records move along.
struct UserRule;

#[async_trait]
impl Rule for UserRule {
    fn object(&self) -> &'static str {
        "user"
    }

    async fn before_save(&self, draft: &mut Draft, context: &mut Context<'_>) -> Result<()> {
        let login = match draft.get("login").as_text() {
            Some(login) => login.trim().to_lowercase(),
            None => free_login(draft.get("name").as_text().unwrap_or_default(), context).await?,
        };
        let good = login.chars().all(|c| c.is_alphanumeric() || "._-@".contains(c))
            && (1..=60).contains(&login.chars().count());
        if !good {
            context.refuse(FieldError::new(
                "login",
                "bad_login",
                "账号只能用字母、数字和 . _ - @，最多 60 位",
                "a login has letters, digits and . _ - @, at most 60",
            ));
        }
        draft.set("login", login);
        let catalogue = context.engine.catalogue();
        // Whoever may give roles may give himself any; so that takes what an administrator may.
        if draft.changed("roles")
            && draft.was_given("roles")
            && !context.engine.access(&catalogue).has_ability(context.viewer, Ability::Administer, None)
        {
            context.refuse(FieldError::new(
                "roles",
                "forbidden",
                "只有管理员可以分配角色",
                "only administrators may give roles",
            ));
        }
        if draft.changed("position")
            && let Some(position) = draft.get("position").as_id()
            && !context.viewer.is_system()
            && context
                .read("position", position)
                .await?
                .is_some_and(|found| found.get("active").as_bool() == Some(false))
        {
            context.refuse(FieldError::new("position", "inactive", "该岗位已停用", "this position is not active"));
        }
        let was = draft.before.as_ref().is_some_and(|before| is_administrator(|field| before.get(field)));
        let dismissed = was && !is_administrator(|field| draft.get(field));
        if dismissed {
            // Two administrators who dismiss each other at the same moment must not both count the other.
            context.tx.one_at_a_time("administrator").await?;
        }
        if dismissed && administrators(context.tx).await? <= 1 {
            let field = if draft.changed("active") { "active" } else { "roles" };
            context.refuse(FieldError::new(
                field,
                "last_administrator",
                "至少要保留一名启用的管理员",
                "there must be one active administrator left",
            ));
        }
        Ok(())
    }

    async fn after_save(&self, draft: &Draft, context: &mut Context<'_>) -> Result<()> {
        if draft.is_new() {
            return Ok(());
        }
        if draft.changed("active") && draft.get("active").as_bool() == Some(false) {
            platform::remove_access(context.tx, draft.id).await?;
        }
        if draft.changed("department") {
            let catalogue = context.engine.catalogue();
            for object in catalogue.objects.values().filter(|object| object.is_owned()) {
                records::move_owner(context.tx, object, draft.id, draft.get("department").clone()).await?;
            }
        }
        Ok(())
    }
}

fn is_administrator<'v>(read: impl Fn(&str) -> &'v Value) -> bool {
    read("active").as_bool() == Some(true)
        && read("roles").members().iter().any(|role| role.as_text() == Some(ADMINISTRATOR))
}

/// How many active administrators there are.
pub(crate) async fn administrators(tx: &mut Tx) -> Result<i64> {
    count_administrators(tx, "").await
}

/// Active administrators who have a password or come from elsewhere.
pub(crate) async fn able_administrators(tx: &mut Tx) -> Result<i64> {
    let able = " AND (EXISTS (SELECT 1 FROM _credentials c WHERE c.user_id = t.id)
        OR EXISTS (SELECT 1 FROM _identities i WHERE i.user_id = t.id))";
    count_administrators(tx, able).await
}

async fn count_administrators(tx: &mut Tx, further: &str) -> Result<i64> {
    let mut sql = tx.sql();
    sql.push("SELECT COUNT(*) FROM \"user\" t WHERE t.deleted_at IS NULL AND t.active = ").bind(true).push(" AND ");
    tx.dialect().has_member(&mut sql, "t", "roles", &Value::from(ADMINISTRATOR));
    sql.push(further).returning([Kind::Int]);
    Ok(tx.query(&sql).await?.first().and_then(|row| row[0].as_int()).unwrap_or_default())
}

/// A login nobody has, made from a name.
async fn free_login(name: &str, context: &mut Context<'_>) -> Result<String> {
    let base = pinyin::login_name(name);
    let base = if base.is_empty() { "user".to_owned() } else { base };
    for number in 1..1000 {
        let login = if number == 1 { base.clone() } else { format!("{base}{number}") };
        if context.find("user", "login", login.as_str().into()).await?.is_empty() {
            return Ok(login);
        }
    }
    Err(Error::conflict("no_login", "无法生成账号", "cannot make a login"))
}

/// The tree of departments follows their parents.
struct DepartmentRule;

#[async_trait]
impl Rule for DepartmentRule {
    fn object(&self) -> &'static str {
        "department"
    }

    async fn before_save(&self, draft: &mut Draft, context: &mut Context<'_>) -> Result<()> {
        if draft.changed("parent") {
            // Two moves at once could make a circle that neither of them sees.
            context.tx.one_at_a_time("department").await?;
        }
        Ok(())
    }

    async fn after_save(&self, draft: &Draft, context: &mut Context<'_>) -> Result<()> {
        if draft.is_new() || draft.changed("parent") {
            records::rebuild_department_tree(context.tx).await?;
        }
        Ok(())
    }
}

/// What stays out of the recycle bin.
pub(crate) async fn before_removal(
    engine: &Engine,
    viewer: &Viewer,
    tx: &mut Tx,
    object: &ObjectDef,
    record: &Record,
) -> Result<()> {
    match object.name.as_str() {
        "user" => {
            Err(Error::conflict("user_in_use", "用户不能删除，请停用", "users cannot be deleted; deactivate them"))
        }
        "role" => roles::before_removal(engine, viewer, tx, record).await,
        _ => Ok(()),
    }
}

/// What must be set right when a record came to or left the recycle bin.
pub(crate) async fn after_removal(tx: &mut Tx, object: &ObjectDef) -> Result<()> {
    if object.name == "department" {
        records::rebuild_department_tree(tx).await?;
    }
    Ok(())
}

impl Engine {
    /// Departments with all below them, themselves included.
    pub(crate) async fn department_tree(&self) -> Result<DepartmentTree> {
        let known = self.inner.departments.read().unwrap_or_else(std::sync::PoisonError::into_inner).clone();
        if let Some(tree) = known {
            return Ok(tree);
        }
        let dialect = self.inner.database.dialect();
        let sql =
            statement(dialect, "SELECT ancestor, descendant FROM _department_tree", vec![], &[Kind::Id, Kind::Id]);
        let mut tree: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
        for row in self.inner.database.read(sql).await? {
            if let (Some(above), Some(below)) = (row[0].as_id(), row[1].as_id()) {
                tree.entry(above).or_default().push(below);
            }
        }
        let tree = Arc::new(tree);
        *self.inner.departments.write().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(tree.clone());
        Ok(tree)
    }
}
