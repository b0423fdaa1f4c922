//! What salesmen write after a call or a visit. A note is put together from an opening (how they met), a body (what the
//! stage is about) and a tail (what remains), each with slots, so that fifteen hundred notes do not repeat.
//!
//! Slots: `{c}` the person, `{p}` the product, `{q}` how many, `{a}` the amount, `{k}` a competitor, `{pain}` a worry, `{site}` a
//! place on the premises, `{when}` a time to come, `{who}` somebody else on their side, `{us}` somebody on ours, `{n}` a number.

use super::rng::Rng;

/// What a conversation is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Topic {
    /// One of the four open stages of the pipeline.
    Stage(usize),
    /// The deal was won.
    Won,
    /// The deal was lost.
    Lost,
    /// After the sale.
    Care,
    /// A customer without a deal.
    Prospect,
    /// A private customer.
    Person,
}

/// What goes into the slots.
pub struct Facts<'a> {
    pub contact: &'a str,
    pub product: &'a str,
    pub quantity: &'a str,
    pub amount: &'a str,
    pub competitor: &'a str,
}

/// A note as it is written.
pub struct Note {
    pub kind: &'static str,
    pub content: String,
    pub result: &'static str,
    pub next_step: &'static str,
}

const OPENINGS: [(&str, &[&str]); 5] = [
    (
        "call",
        &[
            "电话联系{c}，",
            "和{c}通话约 {n} 分钟，",
            "给{c}回电，",
            "{c}主动来电，",
            "给{c}打电话，",
            "终于联系上{c}，",
            "按约定时间致电{c}，",
        ],
    ),
    (
        "visit",
        &[
            "上门拜访{c}，",
            "到客户{site}和{c}见面，",
            "和{us}一起拜访{c}，",
            "陪{c}看了{site}，",
            "在客户会议室和{c}、{who}开会，",
            "{c}来我司参观展厅，",
            "带样机到客户{site}演示，{c}和{who}在场，",
        ],
    ),
    ("mail", &["给{c}发邮件，", "收到{c}的邮件回复，", "按{c}要求发了资料，", "邮件抄送{c}和{who}，"]),
    ("message", &["微信和{c}沟通，", "{c}在微信上回复，", "给{c}发了微信，", "在项目群里和{c}、{who}对齐，"]),
    ("other", &["行业展会上碰到{c}，", "在协会交流会上和{c}聊了聊，", "{c}参加了我们的线上研讨会，"]),
];

/// What came of it, and what was said.
type Body = (&'static str, &'static str);

const FIRST: &[Body] = &[
    ("interested", "介绍了公司和{p}的应用案例，对方目前{pain}，愿意进一步了解。"),
    ("considering", "对方今年有{p}的预算，但还没立项，{pain}是最头疼的问题。"),
    ("interested", "了解到客户现在主要靠人工，{pain}，想找几家供应商比较。"),
    ("progress", "确认{who}牵头这件事，{c}负责收集方案，{pain}。"),
    ("interested", "对方看过我们的官网，关心{p}的实施周期和现有系统能不能对接。"),
    ("interested", "客户正在规划新的{site}，考虑用{p}，目前处于调研阶段。"),
    ("considering", "对方之前接触过{k}，觉得价格偏高，想听听我们的方案。"),
    ("appointment", "对方说领导要求年内解决“{pain}”，可以安排技术交流。"),
    ("interested", "发了产品手册和两个同行业案例，对方会转给{who}看。"),
    ("interested", "对方对{p}不太了解，从头讲了一遍原理和投入产出，反应不错。"),
];

const NEEDS: &[Body] = &[
    ("progress", "现场量了尺寸，{site}层高和通道满足要求，初步需要{q}。"),
    ("progress", "梳理出三个核心需求：{pain}、数据要进 ERP、{when}前上线。"),
    ("progress", "确认预算在{a}左右，决策人是{who}，技术评估由{c}负责。"),
    ("progress", "客户补充了近半年的出入库数据，峰值比平时高 {n}%，数量按{q}测算。"),
    ("considering", "对方强调售后响应要在 {n} 小时内，担心{pain}。"),
    ("progress", "和{who}一起过了需求清单，共 {n} 条，有两条需要研发评估。"),
    ("agreed", "客户要求先做试点，范围是{site}，成功后再推广到其他基地。"),
    ("progress", "接口问题谈清楚了：他们用的是老版本 ERP，需要做中间表。"),
    ("considering", "{k}上周也来做过调研，对方更看重本地服务能力。"),
    ("considering", "对方把“{pain}”列为验收指标，需要我们给出可量化的承诺。"),
    ("progress", "确认了网络和供电条件，{site}需要补 {n} 个 AP 点位，由客户自行施工。"),
];

const OFFER: &[Body] = &[
    ("considering", "讲解了{p}方案第一版，总价{a}，对方认为思路清楚，价格需要再看。"),
    ("quoted", "提交正式报价{a}（{q}），{who}要求把实施费单列。"),
    ("quoted", "按{c}的意见修改了方案，去掉两个非必要模块，报价降到{a}。"),
    ("considering", "对方拿我们和{k}做对比表，我们在交付周期上占优，价格高约 {n}%。"),
    ("progress", "向{who}做了方案汇报，{n} 页 PPT，提问集中在“{pain}”怎么解决。"),
    ("progress", "安排参观了同行业的样板客户，{c}对现场运行效果比较认可。"),
    ("considering", "对方需要一份投资回报测算，按节省 {n} 个人工估算，约 20 个月收回。"),
    ("quoted", "报价已进入内审，{c}透露目前我们和{k}两家入围。"),
    ("progress", "技术部提了 {n} 个问题，逐条书面答复，重点解释了{pain}。"),
    ("agreed", "客户希望增加一年质保，核算后可以接受，总价维持{a}。"),
];

const DEAL: &[Body] = &[
    ("considering", "谈付款方式，对方希望 3-4-3，我们坚持预付 40%，待{who}拍板。"),
    ("considering", "价格从{a}再要求下调 {n}%，已向{us}申请，最多可让 3 个点。"),
    ("progress", "法务返回合同修改意见 {n} 处，主要是违约责任和验收标准。"),
    ("agreed", "{c}说总经理原则上同意，走完采购流程就能签，预计{when}。"),
    ("considering", "{k}临时降价，对方拿来压价，强调了我们的服务和交付，没有松口。"),
    ("progress", "确认交付计划：签约后 45 天到货，{site}分两批上线。"),
    ("progress", "对方要求把“{pain}”写进验收条款，和研发确认后同意。"),
    ("progress", "合同已进入客户用印流程，{who}出差，{when}回来签字。"),
    ("agreed", "敲定{q}，质保两年，培训 {n} 人次，金额{a}，等双方审批。"),
    ("progress", "财务提出开票信息和账期问题，已发资料，剩下只差最后的折扣。"),
];

const WON: &[Body] = &[
    ("agreed", "合同盖章寄回，金额{a}，预付款{when}到账，项目正式启动。"),
    ("agreed", "收到中标通知书，{q}，金额{a}，{c}希望尽快进场。"),
    ("agreed", "签约完成！{who}参加了签字，约定{when}开启动会，交接给实施团队。"),
    ("agreed", "对方走完审批，电子合同已签，金额{a}。感谢{us}的支持。"),
];

const LOST_TALK: &[Body] = &[
    ("refused", "对方正式通知选了{k}，价格比我们低 {n}%，后续保持联系。"),
    ("no_need", "项目因预算收紧暂停，{c}说明年再议，先标记输单。"),
    ("no_need", "客户决定先用现有系统过渡，“{pain}”暂时靠加人解决。"),
    ("refused", "多次沟通后对方仍认为{p}投入偏大，本次不再推进。"),
    ("refused", "换了新的负责人，原方案作废，关系需要重新建立。"),
];

const CARE: &[Body] = &[
    ("progress", "回访{p}使用情况，运行稳定，{site}效率提升约 {n}%，客户满意。"),
    ("progress", "处理了一个小问题：{site}偶发掉线，远程调整参数后恢复。"),
    ("progress", "做了季度巡检，{q}全部正常，建议更换 {n} 个易损件。"),
    ("interested", "{who}提出希望加一张报表，已转给产品部评估。"),
    ("progress", "客户新员工较多，安排了一次 {n} 人的操作培训，反馈不错。"),
    ("interested", "询问二期规划，对方说{when}会启动，想在另一个{site}复制。"),
    ("progress", "开票和尾款已核对，财务说{when}付清。"),
    ("interested", "节前问候，顺便了解到客户今年订单增长，“{pain}”又开始显现。"),
    ("agreed", "对方愿意做样板客户，可以安排其他客户来参观。"),
    ("progress", "反馈软件登录慢，排查是客户侧网络问题，已给出建议。"),
];

const PROSPECT: &[Body] = &[
    ("no_need", "对方暂时没有采购计划，{pain}还能忍，约{when}再联系。"),
    ("considering", "介绍了{p}，对方说要先和{who}商量。"),
    ("no_need", "了解到客户今年重点是扩产，自动化要排到后面。"),
    ("no_need", "对方刚换了供应商，短期不会动，先保持联系，按月发行业资料。"),
    ("interested", "对{p}感兴趣，但规模偏小，建议从轻量方案入手。"),
    ("progress", "确认了{who}的联系方式，后面由他对接。"),
    ("appointment", "发了邀请函，请对方{when}来参加产品开放日。"),
    ("interested", "客户提到同园区的另一家企业有类似需求，愿意引荐。"),
    ("progress", "核对了开票抬头和地址，更新客户资料。"),
    ("considering", "对方在用{k}的产品，合同{when}到期，到时可以切入。"),
    ("considering", "聊了行业情况，今年订单比去年少 {n}%，采购都在观望。"),
    ("progress", "对方让先把资料发到邮箱，看完再约。"),
];

const PERSON: &[Body] = &[
    ("considering", "咨询{p}的价格和安装条件，自家小仓库用，预算不高。"),
    ("interested", "想做{p}的本地代理，介绍了渠道政策。"),
    ("considering", "之前在展会留过名片，回访了解需求，暂时只是感兴趣。"),
    ("appointment", "帮朋友的工厂打听{p}，可以转介绍，约{when}带来看展厅。"),
    ("interested", "个人工作室，想买少量设备做测试，推荐了租赁方案。"),
    ("no_need", "对方已经退休，曾在制造业多年，愿意介绍老客户。"),
];

const NO_ANSWER: &[&str] = &[
    "电话未接通，改天再打。",
    "打了两次都没人接，发微信说明来意。",
    "对方在开会，助理说{when}再联系。",
    "手机关机，座机转到总机，留了言。",
    "接通后说正忙，让晚些时候再打。",
];

const TAILS: &[&str] = &[
    "",
    "",
    "",
    "",
    "",
    "{when}再跟进。",
    "会后把纪要发给对方。",
    "需要{us}支持一下。",
    "整体气氛不错。",
    "对方节奏偏慢，不宜催得太紧。",
    "注意{who}的态度，还不明朗。",
    "等对方内部讨论结果。",
    "下次带上案例。",
    "约了{when}见面详谈。",
    "{c}表示会帮忙推动。",
];

/// Tails where nothing is being decided.
const CALM_TAILS: &[&str] =
    &["", "", "", "{when}再联系。", "沟通很顺畅。", "资料已经归档。", "对方态度友好。", "记得{when}发一份最新资料。"];

const PAINS: &[&str] = &[
    "盘点一次要停工两天",
    "仓库找货慢",
    "错发漏发投诉多",
    "库存账实不符",
    "招不到搬运工",
    "夜班效率低",
    "设备故障只能事后维修",
    "能耗数据靠手抄",
    "多个仓库数据不通",
    "旺季爆仓",
    "叉车事故隐患",
    "冷库温度记录不全",
    "老系统厂家不再维护",
    "批次追溯做不到",
    "产线缺料停机",
    "货架利用率不到六成",
    "报表要等第二天",
    "人工成本每年涨",
    "审厂时数据拿不出来",
    "出库高峰排队",
    "关键设备突然停机",
    "客户要求全程温控",
    "纸质单据容易丢",
    "新厂房面积不够用",
];

const SITES: &[&str] = &[
    "原料仓",
    "成品仓",
    "一号车间",
    "二期厂房",
    "冷库",
    "分拣中心",
    "装配线",
    "备件库",
    "立体库",
    "发货区",
    "中央仓",
    "新园区",
];

const WHENS: &[&str] =
    &["下周", "下周三", "月底", "下个月初", "两周后", "季度末", "节后", "周五", "下月中旬", "半个月内", "十天后"];

const WHOS: &[&str] = &[
    "设备部工程师",
    "财务经理",
    "信息部主管",
    "生产副总",
    "采购经理",
    "分管副总",
    "仓库主管",
    "总经理",
    "技术总监",
    "集团项目负责人",
];

const US: &[&str] = &["售前工程师", "研发同事", "刘总监", "实施经理", "区域经理", "客服部", "产品经理"];

fn bodies(topic: Topic) -> &'static [Body] {
    match topic {
        Topic::Stage(0) => FIRST,
        Topic::Stage(1) => NEEDS,
        Topic::Stage(2) => OFFER,
        Topic::Stage(_) => DEAL,
        Topic::Won => WON,
        Topic::Lost => LOST_TALK,
        Topic::Care => CARE,
        Topic::Prospect => PROSPECT,
        Topic::Person => PERSON,
    }
}

fn next_steps(topic: Topic) -> &'static [&'static str] {
    match topic {
        Topic::Stage(0) => &["发送同行业案例", "约技术交流", "确认决策人和预算", "安排上门调研"],
        Topic::Stage(1) => &["出方案初稿", "补齐现场数据", "请研发评估接口", "确认验收指标"],
        Topic::Stage(2) => &["跟进内审结果", "修改报价", "安排参观样板客户", "提交投资回报测算"],
        Topic::Stage(_) => &["申请折扣", "回复合同条款", "确认付款方式", "催用印进度"],
        Topic::Won => &["交接实施团队"],
        Topic::Lost => &["以后再回访"],
        Topic::Care => &["下季度巡检", "跟进二期规划", "回访使用情况"],
        Topic::Prospect | Topic::Person => &["定期联系", "发送行业资料", "邀请参加开放日", "再次确认需求"],
    }
}

/// How people meet: calls most, visits more often the nearer the deal.
fn opening(rng: &mut Rng, topic: Topic) -> (&'static str, &'static [&'static str]) {
    let weights: [usize; 5] = match topic {
        Topic::Stage(0) | Topic::Prospect => [52, 16, 10, 16, 6],
        Topic::Stage(_) => [30, 38, 14, 18, 0],
        Topic::Won | Topic::Lost => [40, 30, 10, 20, 0],
        Topic::Care => [40, 28, 8, 24, 0],
        Topic::Person => [50, 10, 0, 32, 8],
    };
    let mut left = rng.below(weights.iter().sum());
    for (weight, opening) in weights.iter().zip(OPENINGS) {
        if left < *weight {
            return opening;
        }
        left -= weight;
    }
    OPENINGS[0]
}

/// Fills the slots of a template; each slot is drawn anew.
fn fill(rng: &mut Rng, template: &str, facts: &Facts<'_>, out: &mut String) {
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let (slot, after) = after.split_once('}').unwrap_or((after, ""));
        match slot {
            "c" => out.push_str(facts.contact),
            "p" => out.push_str(facts.product),
            "q" => out.push_str(facts.quantity),
            "a" => out.push_str(facts.amount),
            "k" => out.push_str(facts.competitor),
            "pain" => out.push_str(rng.pick(PAINS)),
            "site" => out.push_str(rng.pick(SITES)),
            "when" => out.push_str(rng.pick(WHENS)),
            "who" => out.push_str(rng.pick(WHOS)),
            "us" => out.push_str(rng.pick(US)),
            _ => out.push_str(&rng.between(3, 12).to_string()),
        }
        rest = after;
    }
    out.push_str(rest);
}

/// Writes a note about `topic`.
pub fn note(rng: &mut Rng, topic: Topic, facts: &Facts<'_>) -> Note {
    let mut content = String::new();
    let next_step = rng.pick(next_steps(topic));
    let reachable = matches!(topic, Topic::Won | Topic::Lost) || !rng.chance(9);
    if !reachable {
        let template = rng.pick(NO_ANSWER);
        fill(rng, template, facts, &mut content);
        return Note { kind: "call", content, result: "no_answer", next_step: "再次致电" };
    }
    let (kind, openings) = opening(rng, topic);
    let opening = rng.pick(openings);
    let (result, body) = rng.pick(bodies(topic));
    let tail = rng.pick(match topic {
        Topic::Stage(_) => TAILS,
        _ => CALM_TAILS,
    });
    for template in [opening, body, tail] {
        fill(rng, template, facts, &mut content);
    }
    Note { kind, content, result, next_step }
}
