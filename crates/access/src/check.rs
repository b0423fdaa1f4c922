//! Are a role's rights about things that there are?

use crate::{Ability, Grant, Network, Rights, Scope};
use guanxi_model::{Catalogue, Label, Mask, ObjectDef, field::FieldAccess};

/// Most networks that a role names.
const MOST_ADDRESSES: usize = 200;

impl Rights {
    /// Every mistake, with the place it stands at.
    pub fn problems(&self, catalogue: &Catalogue) -> Vec<Label> {
        let mut problems = Vec::new();
        for (place, grant) in [("owned", &self.owned), ("shared", &self.shared), ("organisation", &self.organisation)] {
            grant_problems(place, grant, None, &mut problems);
            if !grant.fields.is_empty() {
                problems.push(Label::new(
                    format!("{place}.fields：字段权限要写在具体对象下"),
                    format!("{place}.fields: rights on fields belong under an object"),
                ));
            }
        }
        for (name, grant) in &self.objects {
            let place = format!("objects.{name}");
            match catalogue.object(name) {
                Some(object) => grant_problems(&place, grant, Some(object), &mut problems),
                None => problems
                    .push(Label::new(format!("{place}：没有这个对象"), format!("{place}: there is no such object"))),
            }
        }
        if self.addresses.len() > MOST_ADDRESSES {
            problems.push(Label::new(
                format!("addresses：最多 {MOST_ADDRESSES} 个"),
                format!("addresses: at most {MOST_ADDRESSES}"),
            ));
        }
        for text in self.addresses.iter().take(MOST_ADDRESSES).filter(|text| text.parse::<Network>().is_err()) {
            let shown: String = text.chars().take(60).collect();
            problems.push(Label::new(
                format!("addresses：“{shown}”不是网段，例如 10.0.0.0/8 或 2001:db8::/32"),
                format!("addresses: “{shown}” is no network such as 10.0.0.0/8 or 2001:db8::/32"),
            ));
        }
        for name in &self.hidden_modules {
            if !catalogue.modules.iter().any(|module| module.name == *name) {
                problems.push(Label::new(
                    format!("hidden_modules：没有模块“{name}”"),
                    format!("hidden_modules: there is no module “{name}”"),
                ));
            }
        }
        problems
    }
}

fn grant_problems(place: &str, grant: &Grant, object: Option<&ObjectDef>, problems: &mut Vec<Label>) {
    let chosen = [grant.read, grant.update, grant.delete].contains(&Scope::Chosen);
    if chosen && grant.departments.is_empty() {
        problems.push(Label::new(
            format!("{place}：范围为指定部门时要选择部门"),
            format!("{place}: the scope “chosen” needs departments"),
        ));
    }
    for (scope, word) in [(grant.update, "update"), (grant.delete, "delete")] {
        if scope > Scope::None && grant.read == Scope::None {
            problems.push(Label::new(
                format!("{place}.{word}：不能查看就不能修改或删除"),
                format!("{place}.{word}: what is not read cannot be changed or deleted"),
            ));
        }
    }
    if grant.abilities.iter().flatten().any(|ability| !Ability::of_objects().any(|known| known == *ability)) {
        problems.push(Label::new(
            format!("{place}.abilities：这里只能是针对记录的权限"),
            format!("{place}.abilities: only abilities about records fit here"),
        ));
    }
    let Some(object) = object else { return };
    for (name, access) in &grant.fields {
        let Some(field) = object.field(name) else {
            problems.push(Label::new(
                format!("{place}.fields.{name}：没有这个字段"),
                format!("{place}.fields.{name}: there is no such field"),
            ));
            continue;
        };
        if *access == FieldAccess::Masked && Mask::of(field.effective()).is_none() {
            problems.push(Label::new(
                format!("{place}.fields.{name}：只有文本、电话、邮箱和网址可以部分隐藏"),
                format!("{place}.fields.{name}: only texts, phone numbers, mail and web addresses can be masked"),
            ));
        }
        if name == "id" {
            problems.push(Label::new(
                format!("{place}.fields.id：不能限制"),
                format!("{place}.fields.id: cannot be restricted"),
            ));
        }
    }
}
