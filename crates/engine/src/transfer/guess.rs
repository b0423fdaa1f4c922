//! Guesses which field a column means, from its heading.

use guanxi_access::{Access, Viewer};
use guanxi_model::{FieldDef, FieldType, ObjectDef, normalise};

/// What people call the usual fields besides the labels of the definitions.
const SYNONYMS: &[(&str, &[&str])] = &[
    (
        "name",
        &[
            "名称",
            "姓名",
            "客户",
            "公司",
            "公司名称",
            "企业名称",
            "单位名称",
            "客户全称",
            "account",
            "accountname",
            "company",
            "companyname",
            "customer",
            "customername",
            "fullname",
            "title",
        ],
    ),
    ("number", &["编号", "编码", "序列号", "no", "id", "code"]),
    ("code", &["编码", "货号", "型号", "sku", "code"]),
    ("phone", &["电话", "联系电话", "固定电话", "座机", "tel", "telephone", "phonenumber"]),
    ("mobile", &["手机", "手机号", "手机号码", "移动电话", "联系手机", "mobilephone", "cell", "cellphone"]),
    ("email", &["邮箱", "电子邮箱", "电子邮件", "邮件", "mail", "emailaddress"]),
    ("website", &["网站", "网址", "官网", "公司网站", "url", "web", "homepage"]),
    (
        "region",
        &[
            "地区",
            "区域",
            "省市区",
            "所在地区",
            "城市",
            "省市",
            "国家",
            "city",
            "country",
            "location",
            "officelocation",
        ],
    ),
    ("address", &["地址", "通讯地址", "公司地址", "联系地址", "street"]),
    ("industry", &["行业", "所属行业", "sector", "branch"]),
    ("level", &["级别", "等级", "客户等级", "grade", "rating"]),
    ("source", &["来源", "线索来源", "leadsource"]),
    (
        "owner",
        &[
            "负责人",
            "业务员",
            "销售",
            "销售员",
            "客户经理",
            "跟进人",
            "归属人",
            "salesagent",
            "salesrep",
            "salesperson",
            "agent",
            "assignedto",
        ],
    ),
    ("customer", &["客户", "客户名称", "公司", "公司名称", "account", "accountname", "company"]),
    ("parent", &["上级", "母公司", "上级单位", "隶属", "subsidiaryof", "parentaccount", "parentcompany"]),
    ("tax_number", &["税号", "统一社会信用代码", "纳税识别号", "taxid", "vat", "vatnumber"]),
    ("invoice_title", &["开票抬头", "发票名称"]),
    ("employees", &["人数", "规模", "员工数", "headcount", "numberofemployees"]),
    ("annual_revenue", &["营业额", "年收入", "年销售额", "revenue", "turnover"]),
    ("established", &["成立时间", "成立日期", "yearestablished", "founded"]),
    ("remark", &["备注", "说明", "描述", "note", "notes", "comment", "comments", "description"]),
    ("role", &["角色", "决策角色"]),
    ("title", &["职务", "职位", "头衔", "jobtitle"]),
    ("position", &["职务", "职位", "岗位", "jobtitle"]),
    ("birthday", &["生日", "出生日期", "birthdate", "dateofbirth"]),
    ("amount", &["金额", "总额", "合同金额", "预计金额", "value", "closevalue", "dealvalue"]),
    ("price", &["单价", "价格", "售价", "标准售价", "salesprice", "listprice", "unitprice"]),
    ("category", &["类别", "分类", "产品类别", "系列", "series"]),
    ("product", &["产品", "产品名称", "商品"]),
    ("stage", &["阶段", "销售阶段", "dealstage"]),
    ("close_date", &["预计成交日期", "成交时间", "结单日期", "closedate", "closingdate"]),
    ("opened_on", &["开始时间", "立项日期", "engagedate", "startdate"]),
    ("probability", &["可能性", "成功率", "概率"]),
    ("content", &["内容", "跟进内容", "沟通内容", "text", "body"]),
    ("department", &["部门", "所属部门", "regionaloffice", "office", "team"]),
    ("manager", &["上级", "经理", "直属上级", "supervisor"]),
    ("login", &["账号", "用户名", "登录账号", "username", "account"]),
    ("tags", &["标签", "标记", "labels"]),
];

/// A heading reduced to what it says: no case, width, spaces, signs, and no unit in brackets.
fn reduced(text: &str) -> String {
    let folded = normalise::fold(text);
    let without_unit = folded.split(['(', '[']).next().unwrap_or_default();
    let reduced = normalise::compact(without_unit);
    if reduced.is_empty() { normalise::compact(text) } else { reduced }
}

/// How well a field fits a heading: 3 exactly its name or label, 2 a usual word for it, 1 the heading contains the label.
fn fits(field: &FieldDef, object: &ObjectDef, heading: &str) -> u8 {
    let names = [reduced(&field.name), reduced(&field.label.zh), reduced(&field.label.en)];
    if names.iter().any(|name| name == heading) {
        return 3;
    }
    // 客户电话 is the customer's 电话, 产品名称 the product's name.
    let of_object = [reduced(&object.label.zh), reduced(&object.label.en), object.name.clone()];
    if of_object
        .iter()
        .any(|owner| heading.strip_prefix(owner.as_str()).is_some_and(|rest| names.iter().any(|name| name == rest)))
    {
        return 3;
    }
    let words = SYNONYMS.iter().find(|(name, _)| *name == field.name).map_or(&[][..], |(_, words)| *words);
    if words.contains(&heading) {
        return 2;
    }
    // A label of one character is in everything.
    let label = &names[1];
    u8::from(label.chars().count() >= 2 && heading.contains(label.as_str()))
}

/// The field that each column most probably means; every field at most once, better fits first.
pub(crate) fn guess(
    access: &Access<'_>,
    viewer: &Viewer,
    object: &ObjectDef,
    columns: &[String],
) -> Vec<Option<String>> {
    let candidates: Vec<&FieldDef> = object
        .fields
        .values()
        .filter(|field| access.can_write(viewer, object, field) && access.can_read(viewer, object, field))
        .filter(|field| !matches!(field.kind, FieldType::Formula | FieldType::Id | FieldType::File | FieldType::Image))
        .filter(|field| (!field.system || field.name == "owner") && !field.read_only)
        .collect();
    let mut guesses: Vec<Option<String>> = vec![None; columns.len()];
    for wanted in [3, 2, 1] {
        for (index, column) in columns.iter().enumerate() {
            if guesses[index].is_some() {
                continue;
            }
            let heading = reduced(column);
            if heading.is_empty() {
                continue;
            }
            let free = |field: &&&FieldDef| !guesses.iter().flatten().any(|taken| *taken == field.name);
            let found = candidates.iter().filter(free).find(|field| fits(field, object, &heading) == wanted);
            guesses[index] = found.map(|field| field.name.clone());
        }
    }
    guesses
}

#[cfg(test)]
mod tests {
    use super::*;
    use guanxi_model::Label;

    fn object() -> ObjectDef {
        let text = r#"
            name = "customer"
            label = { zh = "客户", en = "Customer" }
            title = "name"
            [fields.name]
            type = "text"
            label = { zh = "客户名称", en = "Name" }
            [fields.phone]
            type = "phone"
            label = { zh = "电话", en = "Phone" }
            [fields.mobile]
            type = "phone"
            label = { zh = "手机", en = "Mobile" }
            [fields.annual_revenue]
            type = "money"
            label = { zh = "年营业额", en = "Annual revenue" }
            [fields.last_contact_at]
            type = "datetime"
            label = { zh = "最近联系时间", en = "Last contact" }
            read_only = true
        "#;
        let mut object: ObjectDef = toml::from_str(text).expect("a good definition");
        for (name, field) in &mut object.fields {
            field.name.clone_from(name);
        }
        object
    }

    #[test]
    fn headings_find_their_fields() {
        let catalogue = guanxi_model::Catalogue::load(&[], &[]).expect("an empty catalogue");
        let roles = guanxi_access::Roles::built_in().expect("roles");
        let access = Access {
            catalogue: &catalogue,
            roles,
            sharing: guanxi_access::Sharing::default(),
            now: jiff::Timestamp::UNIX_EPOCH,
        };
        let viewer =
            Viewer::user(uuid::Uuid::nil(), "a", "a", vec!["administrator".into()], vec![], guanxi_access::Via::Page);
        let check = |columns: &[&str], expected: &[Option<&str>]| {
            let columns: Vec<String> = columns.iter().map(|column| (*column).to_owned()).collect();
            let found = guess(&access, &viewer, &object(), &columns);
            assert_eq!(found.iter().map(Option::as_deref).collect::<Vec<_>>(), expected, "{columns:?}");
        };
        check(
            &["公司名称", "联系电话", "手机号码", "年营业额(万元)", "内部编号"],
            &[Some("name"), Some("phone"), Some("mobile"), Some("annual_revenue"), None],
        );
        check(
            &["Account", "TEL", "Annual_Revenue", "Last contact"],
            &[Some("name"), Some("phone"), Some("annual_revenue"), None],
        );
        check(&["客户电话", "客户 名称", "电话"], &[Some("phone"), Some("name"), None]);
        let _ = Label::default();
    }
}
