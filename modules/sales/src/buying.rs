//! The buying centre of an opportunity (购买决策链): who at the customer has a part in the decision.

use async_trait::async_trait;
use guanxi_engine::{Context, Draft, Result, Rule};
use guanxi_model::FieldError;
use serde_json::json;
use uuid::Uuid;

/// The object.
const MEMBER: &str = "opportunity_contact";

/// A member is a contact of the opportunity's customer, in the part that he is known for unless another is said.
pub(crate) struct MemberRule;

#[async_trait]
impl Rule for MemberRule {
    fn object(&self) -> &'static str {
        MEMBER
    }

    async fn before_save(&self, draft: &mut Draft, context: &mut Context<'_>) -> Result<()> {
        if let Some(opportunity) = draft.get("opportunity").as_id()
            && let Some(opportunity) = context.read("opportunity", opportunity).await?
        {
            // Which contacts can be chosen, the definition says by this.
            draft.set("customer", opportunity.get("customer").clone());
            if opportunity.get("customer").is_null() {
                context.refuse(FieldError::new(
                    "contact",
                    "no_customer",
                    "商机还没有客户，请先填写商机的客户",
                    "the opportunity has no customer yet; give it one first",
                ));
            }
        }
        if draft.get("role").is_null()
            && let Some(contact) = draft.get("contact").as_id()
            && let Some(contact) = context.read("contact", contact).await?
        {
            draft.set("role", contact.get("role").clone());
            if contact.get("role").is_null() {
                context.refuse(FieldError::new(
                    "role",
                    "required",
                    "请选择决策角色，该联系人还没有填写",
                    "choose a role: the contact has none",
                ));
            }
        }
        Ok(())
    }
}

/// An opportunity keeps its customer while somebody of that customer is in its buying centre.
pub(crate) struct CustomerOfMembers;

#[async_trait]
impl Rule for CustomerOfMembers {
    fn object(&self) -> &'static str {
        "opportunity"
    }

    async fn before_save(&self, draft: &mut Draft, context: &mut Context<'_>) -> Result<()> {
        if draft.is_new() || !draft.changed("customer") {
            return Ok(());
        }
        let members = json!(["opportunity", "=", draft.id]);
        if context.count(MEMBER, &members).await? > 0 {
            context.refuse(FieldError::new(
                "customer",
                "has_members",
                "购买决策链中还有原客户的联系人，请先移除",
                "people of the customer are in its buying centre; remove them first",
            ));
        }
        Ok(())
    }
}

/// Is somebody named who decides?
///
/// # Errors
/// The database's.
pub(crate) async fn decider_named(opportunity: Uuid, context: &mut Context<'_>) -> Result<bool> {
    let deciders = json!({"and": [["opportunity", "=", opportunity], ["role", "=", "decider"]]});
    Ok(context.count(MEMBER, &deciders).await? > 0)
}
