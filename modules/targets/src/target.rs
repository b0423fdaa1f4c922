//! A target has a subject, is the only one of it, and is set by whom the subject's records are no secret to.

use async_trait::async_trait;
use guanxi_access::Verb;
use guanxi_engine::{Context, Draft, Result, Rule};
use guanxi_model::{FieldError, Value, coerce::decimal_fits};
use rust_decimal::Decimal;
use uuid::Uuid;

/// The object.
pub(crate) const TARGET: &str = "target";

/// Name, subject and sums of a target.
pub(crate) struct TargetRule;

#[async_trait]
impl Rule for TargetRule {
    fn object(&self) -> &'static str {
        TARGET
    }

    async fn before_save(&self, draft: &mut Draft, context: &mut Context<'_>) -> Result<()> {
        if draft.get("level").as_text() != Some("department") {
            draft.set("team", Value::Null);
        }
        match draft.get("level").as_text() {
            Some("department") if draft.get("team").is_null() => {
                context.refuse(FieldError::new("team", "required", "请选择目标部门", "choose the department"));
                return Ok(());
            }
            Some("person") if draft.get("owner").is_null() => {
                context.refuse(FieldError::new("owner", "required", "请选择人员", "choose the person"));
                return Ok(());
            }
            _ => {}
        }
        match (draft.get("measure").as_text(), draft.get("product").is_null()) {
            (Some("sold_quantity"), true) => context.refuse(FieldError::new(
                "product",
                "required",
                "销售数量目标要指定产品",
                "quantities are of a product",
            )),
            (Some("won_count" | "new_customers"), false) => context.refuse(FieldError::new(
                "product",
                "not_by_product",
                "这个指标不分产品",
                "this measure is not taken by product",
            )),
            _ => {}
        }
        whole_numbers(draft, context);
        sum_up(draft, context);
        let subject = subject(draft);
        draft.set("subject", subject.clone());
        self.may_be_set(draft, context).await?;
        if draft.changed("subject") {
            // The table keeps it unique, too; this names the fields.
            let others = context.find(TARGET, "subject", subject.into()).await?;
            if others.iter().any(|other| other.id != draft.id) {
                context.refuse(FieldError::new(
                    "year",
                    "duplicate_target",
                    "这一年已有相同对象和指标的目标，请直接修改",
                    "there is such a target for this year; change that one",
                ));
            }
        }
        name(draft, context).await
    }
}

impl TargetRule {
    /// Whoever reads a target reads the sum that it is about: nobody sets one over what is not in his hands.
    async fn may_be_set(&self, draft: &Draft, context: &mut Context<'_>) -> Result<()> {
        let asked = ["level", "team", "owner"].iter().any(|field| draft.changed(field));
        if !asked {
            return Ok(());
        }
        let (field, owner, department) = match draft.get("level").as_text() {
            Some("department") => ("team", None, draft.get("team").as_id()),
            Some("person") => {
                let owner = draft.get("owner").as_id();
                let user = match owner {
                    Some(owner) => context.read("user", owner).await?,
                    None => None,
                };
                ("owner", owner, user.and_then(|user| user.get("department").as_id()))
            }
            _ => ("level", None, None),
        };
        if !context.would_hold(Verb::Update, TARGET, owner, department).await? {
            context.refuse(FieldError::new(
                field,
                "not_yours",
                "只能给自己管理范围内的人和部门定目标",
                "targets are set for people and departments in your own charge",
            ));
        }
        Ok(())
    }
}

fn months() -> impl Iterator<Item = String> {
    (1..=12).map(|month| format!("m{month}"))
}

fn whole_numbers(draft: &Draft, context: &mut Context<'_>) {
    if !matches!(draft.get("measure").as_text(), Some("won_count" | "new_customers")) {
        return;
    }
    for month in months() {
        if draft.get(&month).as_decimal().is_some_and(|value| !value.fract().is_zero()) {
            context.refuse(FieldError::new(&month, "not_whole", "应为整数", "a whole number"));
        }
    }
}

/// Quarters and the year; nothing where no month says anything.
fn sum_up(draft: &mut Draft, context: &mut Context<'_>) {
    let values: Vec<Option<Decimal>> = months().map(|month| draft.get(&month).as_decimal()).collect();
    let sum =
        |some: &[Option<Decimal>]| some.iter().flatten().copied().reduce(|one, more| one + more).map(Value::Decimal);
    for (quarter, some) in values.chunks(3).enumerate() {
        draft.set(&format!("q{}", quarter + 1), sum(some));
    }
    draft.set("total", sum(&values));
    if draft.get("total").as_decimal().is_some_and(|total| !decimal_fits(total)) {
        context.refuse(FieldError::new("m12", "out_of_range", "全年合计太大", "the year's sum is too large"));
    }
}

fn subject(draft: &Draft) -> String {
    let id = |field: &str| draft.get(field).as_id().map(|id: Uuid| id.simple().to_string()).unwrap_or_default();
    let text = |field: &str| draft.get(field).as_text().unwrap_or_default().to_owned();
    let level = text("level");
    let whose = match level.as_str() {
        "department" => id("team"),
        "person" => id("owner"),
        _ => String::new(),
    };
    let year = draft.get("year").as_int().unwrap_or_default();
    format!("{year}/{}/{level}/{whose}/{}", text("measure"), id("product"))
}

/// Year, subject and product, unless somebody gave it a name of its own.
async fn name(draft: &mut Draft, context: &mut Context<'_>) -> Result<()> {
    let given = draft.was_given("name") && !draft.get("name").is_null();
    let stale = ["year", "level", "team", "owner", "product"].iter().any(|field| draft.changed(field));
    if given || !(stale || draft.get("name").is_null()) {
        return Ok(());
    }
    let mut words = vec![draft.get("year").as_int().unwrap_or_default().to_string()];
    let subject = match draft.get("level").as_text() {
        Some("department") => draft.get("team").as_id().map(|id| ("department", id)),
        Some("person") => draft.get("owner").as_id().map(|id| ("user", id)),
        _ => None,
    };
    let product = draft.get("product").as_id().map(|id| ("product", id));
    for (object, id) in subject.into_iter().chain(product) {
        let found = context.read(object, id).await?;
        words.extend(found.and_then(|found| found.get("name").as_text().map(str::to_owned)));
    }
    draft.set("name", words.join(" "));
    Ok(())
}
