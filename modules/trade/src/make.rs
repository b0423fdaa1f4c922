//! Documents made from others in one step: everything that is still open, as a draft to be looked over.

use crate::{
    ORDER_LINE,
    document::still_valid,
    kinds::{Kind, Taking, is_posted},
    lines::{is_open_for, lines_of},
    post::{not_possible, refuse_followed, today},
    progress::Progress,
};
use async_trait::async_trait;
use guanxi_engine::{Action, Context, Error, Result};
use guanxi_model::{FieldDef, FieldType, ObjectDef, Value};
use guanxi_store::records::Record;
use rust_decimal::Decimal;
use std::collections::HashMap;
use uuid::Uuid;

/// The next document made from one.
pub(crate) struct Make {
    pub name: &'static str,
    pub from: &'static Kind,
    pub to: &'static Kind,
}

/// A quote made from an opportunity and its products.
pub(crate) struct MakeQuote;

/// A new document like one in force, which takes its place when it takes effect.
pub(crate) struct Correct(pub &'static Kind);

fn may_make(kind: &Kind, context: &Context<'_>) -> Result<()> {
    if context.may_create(kind.document)? {
        return Ok(());
    }
    let label = context.engine.object(kind.document)?.label.clone();
    Err(Error::forbidden(
        format!("没有新建{}的权限", label.zh),
        format!("you may not create a {}", label.en.to_lowercase()),
    ))
}

/// Fields that somebody may fill in.
fn filled<'v>(object: &'v ObjectDef, record: &'v Record) -> impl Iterator<Item = (&'v str, Value)> {
    let open = |field: &&FieldDef| {
        !field.system
            && !field.read_only
            && !field.unique
            && !matches!(field.kind, FieldType::AutoNumber | FieldType::Formula)
    };
    object
        .fields
        .values()
        .filter(open)
        .map(|field| (field.name.as_str(), record.get(&field.name).clone()))
        .filter(|(_, value)| !value.is_null())
}

#[async_trait]
impl Action for Make {
    fn object(&self) -> &'static str {
        self.from.document
    }

    fn name(&self) -> &'static str {
        self.name
    }

    async fn act(&self, record: &Record, _: &HashMap<String, Value>, context: &mut Context<'_>) -> Result<()> {
        may_make(self.to, context)?;
        let source = self.to.sources.iter().find(|source| source.line == self.from.line).ok_or_else(not_possible)?;
        if !is_open_for(record, source.taking) {
            return Err(not_possible());
        }
        if self.from.document == "quote" && !still_valid(record, today(context)) {
            return Err(Error::conflict(
                "expired",
                "报价已过有效期，请做新版本",
                "the quote is not valid any more; make a new version of it",
            ));
        }
        let credit = source.taking == Taking::Credited;
        let mut lines = Vec::new();
        for line in lines_of(self.from, record.id, context).await? {
            let mut left = Progress::of(&line, record.get("invoice_by")).left(source.taking);
            let ordered = line.get(ORDER_LINE).as_id().filter(|_| credit);
            if let Some(ordered) = ordered
                && let Some(ordered) = context.read(ORDER_LINE, ordered).await?
                && let Some(order) = ordered.get("sales_order").as_id()
                && let Some(order) = context.read("sales_order", order).await?
            {
                // No more than was invoiced above what the customer keeps.
                left = left.min((-Progress::of(&ordered, order.get("invoice_by")).due()).max(Decimal::ZERO));
            }
            if !left.is_zero() {
                lines.push((line.id, if credit { -left } else { left }));
            }
        }
        if lines.is_empty() {
            return Err(Error::conflict("nothing_open", "没有未完成的明细", "nothing of it is open"));
        }
        let mut header = vec![(source.document, record.id.into())];
        if credit {
            header.push(("kind", "credit_note".into()));
            header.push(("sales_order", record.get("sales_order").clone()));
        }
        let id = context.create_with_id(self.to.document, header);
        for (line, quantity) in lines {
            let values =
                vec![(self.to.document, id.into()), (source.line, line.into()), ("quantity", Value::Decimal(quantity))];
            context.create(self.to.line, values);
        }
        context.made(self.to.document, id);
        Ok(())
    }
}

#[async_trait]
impl Action for MakeQuote {
    fn object(&self) -> &'static str {
        "opportunity"
    }

    fn name(&self) -> &'static str {
        "make_quote"
    }

    async fn act(&self, record: &Record, _: &HashMap<String, Value>, context: &mut Context<'_>) -> Result<()> {
        let quote = &crate::kinds::QUOTE;
        may_make(quote, context)?;
        if record.get("customer").is_null() {
            return Err(Error::invalid(
                "customer",
                "required",
                "请先填写商机的客户",
                "the opportunity has no customer",
            ));
        }
        let header = vec![
            ("opportunity", record.id.into()),
            ("name", record.get("name").clone()),
            ("customer", record.get("customer").clone()),
            ("contact", record.get("contact").clone()),
            ("currency", record.get("currency").clone()),
        ];
        let id = context.create_with_id(quote.document, header);
        for line in context.find("opportunity_product", "opportunity", record.id.into()).await? {
            let mut values = vec![(quote.document, Value::from(id))];
            values.extend(
                ["product", "name", "quantity", "price", "discount"].map(|field| (field, line.get(field).clone())),
            );
            context.create(quote.line, values);
        }
        context.made(quote.document, id);
        Ok(())
    }
}

#[async_trait]
impl Action for Correct {
    fn object(&self) -> &'static str {
        self.0.document
    }

    fn name(&self) -> &'static str {
        "correct"
    }

    async fn act(&self, record: &Record, _: &HashMap<String, Value>, context: &mut Context<'_>) -> Result<()> {
        let kind = self.0;
        may_make(kind, context)?;
        if !is_posted(record) {
            return Err(not_possible());
        }
        // Somebody has begun already.
        let begun = context.find(kind.document, "corrects", record.id.into()).await?;
        if let Some(begun) = begun.iter().find(|begun| begun.get("status").as_text() == Some("draft")) {
            context.made(kind.document, begun.id);
            return Ok(());
        }
        let lines = lines_of(kind, record.id, context).await?;
        refuse_followed(kind, record, &lines, context);
        let definition = context.engine.object(kind.document)?;
        let mut header: Vec<(&str, Value)> = filled(&definition, record).collect();
        header.push(("corrects", record.id.into()));
        header.push(("owner", record.get("owner").clone()));
        if definition.field("revision").is_some() {
            header.push(("revision", Value::Int(record.get("revision").as_int().unwrap_or(1) + 1)));
        }
        let id: Uuid = context.create_with_id(kind.document, header);
        let definition = context.engine.object(kind.line)?;
        for line in &lines {
            let mut values: Vec<(&str, Value)> =
                filled(&definition, line).filter(|(field, _)| *field != kind.document).collect();
            values.push((kind.document, id.into()));
            context.create(kind.line, values);
        }
        context.made(kind.document, id);
        Ok(())
    }
}

/// What is not delivered by now will not be: an order is closed, and opened again.
pub(crate) struct Close {
    pub name: &'static str,
    pub before: &'static str,
    pub after: &'static str,
}

#[async_trait]
impl Action for Close {
    fn object(&self) -> &'static str {
        "sales_order"
    }

    fn name(&self) -> &'static str {
        self.name
    }

    async fn act(&self, record: &Record, input: &HashMap<String, Value>, context: &mut Context<'_>) -> Result<()> {
        if record.get("status").as_text() != Some(self.before) {
            return Err(not_possible());
        }
        let reason = input.get("reason").cloned().unwrap_or_default();
        context.update("sales_order", record.id, vec![("status", self.after.into()), ("close_reason", reason)]);
        Ok(())
    }
}
