//! A lead becomes a customer, with a contact and perhaps an opportunity. All of it happens or none, and once: the lead is held.

use crate::LEAD;
use async_trait::async_trait;
use guanxi_access::Verb;
use guanxi_engine::{Action, Context, Error, Result};
use guanxi_model::{FieldError, Value};
use guanxi_store::records::Record;
use std::collections::HashMap;
use uuid::Uuid;

type Input = HashMap<String, Value>;

/// Converts a lead.
pub(crate) struct Convert;

#[async_trait]
impl Action for Convert {
    fn object(&self) -> &'static str {
        LEAD
    }

    fn name(&self) -> &'static str {
        "convert"
    }

    async fn act(&self, lead: &Record, input: &Input, context: &mut Context<'_>) -> Result<()> {
        refuse_state(lead)?;
        let given = input.get("customer").and_then(Value::as_id);
        let opportunity = input.get("opportunity_name").and_then(Value::as_text);
        // A person alone is the customer himself, not somebody at one.
        let person = text(lead, "contact_name").filter(|_| given.is_some() || text(lead, "company").is_some());
        let needed =
            [("customer", given.is_none()), ("contact", person.is_some()), ("opportunity", opportunity.is_some())];
        for (object, needed) in needed {
            if needed && !context.may_create(object)? {
                let label = context.engine.object(object)?.label.clone();
                return Err(Error::forbidden(
                    format!("没有新建{}的权限，不能转化", label.zh),
                    format!("you may not create this: {}", label.en),
                ));
            }
        }
        if let Some(customer) = given
            && !context.may(Verb::Read, "customer", customer).await?
        {
            context.refuse(FieldError::new("customer", "unknown_record", "客户不存在", "there is no such customer"));
            return Ok(());
        }
        let owner = lead.get("owner").as_id().or(context.viewer.id);
        let customer = match given {
            Some(customer) => customer,
            None => context.create_with_id("customer", customer_values(lead, person.is_some(), owner)),
        };
        let contact = person.map(|name| {
            let mut values = copied(lead, &["title", "mobile", "phone", "email", "wechat"]);
            values.extend([("name", name.into()), ("customer", customer.into()), ("owner", owner.into())]);
            context.create_with_id("contact", values)
        });
        let opportunity = opportunity.map(|name| {
            let amount = input.get("amount").filter(|amount| !amount.is_null()).unwrap_or_else(|| lead.get("budget"));
            let values = vec![
                ("name", name.into()),
                ("customer", customer.into()),
                ("contact", contact.into()),
                ("amount", amount.clone()),
                ("currency", lead.get("currency").clone()),
                ("remark", lead.get("need").clone()),
                ("owner", owner.into()),
            ];
            context.create_with_id("opportunity", values)
        });
        take_follow_ups(lead.id, customer, context).await?;
        let values = vec![
            ("status", "converted".into()),
            ("converted_at", context.now.into()),
            ("converted_customer", customer.into()),
            ("converted_contact", contact.into()),
            ("converted_opportunity", opportunity.into()),
            // The appointment is with the customer now.
            ("next_contact_at", Value::Null),
        ];
        context.update(LEAD, lead.id, values);
        Ok(())
    }
}

fn refuse_state(lead: &Record) -> Result<()> {
    match lead.get("status").as_text() {
        Some("converted") => {
            Err(Error::conflict("already_converted", "该线索已转化", "this lead has been converted already"))
        }
        Some("invalid") => Err(Error::conflict(
            "lead_invalid",
            "无效的线索不能转化，请先改为有效",
            "an invalid lead cannot be converted; change its status first",
        )),
        _ if lead.get("owner").is_null() && !lead.get("pool").is_null() => {
            Err(Error::conflict("in_pool", "公海中的线索请先领取再转化", "this lead is in a pool; claim it first"))
        }
        _ => Ok(()),
    }
}

fn text<'a>(lead: &'a Record, field: &str) -> Option<&'a str> {
    lead.get(field).as_text().filter(|text| !text.trim().is_empty())
}

/// Fields that both have under one name.
fn copied<'a>(lead: &Record, fields: &[&'a str]) -> Vec<(&'a str, Value)> {
    fields.iter().map(|field| (*field, lead.get(field).clone())).collect()
}

/// The customer that a lead becomes: the company, or the person where there is none. He keeps the numbers even where a contact has
/// them, so that whoever calls again is known.
fn customer_values(lead: &Record, has_contact: bool, owner: Option<Uuid>) -> Vec<(&'static str, Value)> {
    let company = text(lead, "company");
    let name = company.or_else(|| text(lead, "contact_name")).or_else(|| text(lead, "name")).unwrap_or_default();
    // A lead that names neither says what it is called, which is more often a company.
    let kind = if company.is_none() && text(lead, "contact_name").is_some() { "person" } else { "company" };
    let mut values = copied(
        lead,
        &["phone", "mobile", "region", "address", "industry", "source", "tags", "remark", "next_contact_at"],
    );
    if !has_contact {
        values.push(("email", lead.get("email").clone()));
    }
    values.extend([
        ("name", name.into()),
        ("kind", kind.into()),
        ("life_cycle", "potential".into()),
        ("owner", owner.into()),
    ]);
    values
}

/// What was said about the lead was said to the customer. Follow-ups that are about a contact or an opportunity of somebody else
/// stay with him.
async fn take_follow_ups(lead: Uuid, customer: Uuid, context: &mut Context<'_>) -> Result<()> {
    for follow_up in context.find("follow_up", "lead", lead.into()).await? {
        if follow_up.get("contact").is_null() && follow_up.get("opportunity").is_null() {
            context.update("follow_up", follow_up.id, vec![("customer", customer.into())]);
        }
    }
    Ok(())
}
