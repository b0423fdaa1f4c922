//! The company itself: departments, people and what it sells.

/// Its name; the title of the demo workspace.
pub const NAME: &str = "澜海智能科技";

/// Departments: name and the one above, by place in this list.
pub const DEPARTMENTS: &[(&str, Option<usize>)] = &[
    ("总经办", None),
    ("销售部", None),
    ("华东", Some(1)),
    ("华南", Some(1)),
    ("华北", Some(1)),
    ("市场部", None),
    ("客服部", None),
    ("产品研发部", None),
    ("财务部", None),
    ("人力行政部", None),
];

/// Someone who works here.
pub struct Person {
    pub name: &'static str,
    pub login: &'static str,
    pub position: &'static str,
    /// Place in [`DEPARTMENTS`].
    pub department: usize,
    /// Place of the manager in [`PEOPLE`], who stands before.
    pub manager: Option<usize>,
    pub role: &'static str,
}

const fn person(
    name: &'static str,
    login: &'static str,
    position: &'static str,
    department: usize,
    manager: Option<usize>,
    role: &'static str,
) -> Person {
    Person { name, login, position, department, manager, role }
}

pub const PEOPLE: &[Person] = &[
    person("陈建国", "chenjianguo", "总经理", 0, None, "administrator"),
    person("刘敏", "liumin", "销售总监", 1, Some(0), "manager"),
    person("张伟", "zhangwei", "华东区经理", 2, Some(1), "manager"),
    person("黄志强", "huangzhiqiang", "华南区经理", 3, Some(1), "manager"),
    person("赵鹏", "zhaopeng", "华北区经理", 4, Some(1), "manager"),
    person("李娜", "lina", "客户经理", 2, Some(2), "member"),
    person("王磊", "wanglei", "客户经理", 2, Some(2), "member"),
    person("林晓燕", "linxiaoyan", "客户经理", 3, Some(3), "member"),
    person("曾嘉豪", "zengjiahao", "客户经理", 3, Some(3), "member"),
    person("孙悦", "sunyue", "客户经理", 4, Some(4), "member"),
    person("周婷", "zhouting", "市场经理", 5, Some(0), "manager"),
    person("吴倩", "wuqian", "客服主管", 6, Some(0), "manager"),
];

/// Who sells in 华东, 华南 and 华北; one who stands twice has twice the customers.
pub const SELLERS: [&[usize]; 3] = [&[2, 5, 5, 6, 6], &[3, 7, 7, 8, 8], &[4, 9, 9]];

/// Who heads which department.
pub const HEADS: &[(usize, usize)] = &[(0, 0), (1, 1), (2, 2), (3, 3), (4, 4), (5, 10), (6, 11)];

/// Product categories: name and the one above.
pub const CATEGORIES: &[(&str, Option<usize>)] = &[
    ("智能仓储", None),
    ("搬运机器人", Some(0)),
    ("智能货架", Some(0)),
    ("工业物联网", None),
    ("传感器", Some(3)),
    ("网关", Some(3)),
    ("软件", None),
    ("服务", None),
];

/// Something it sells.
pub struct Product {
    pub name: &'static str,
    pub code: &'static str,
    /// Place in [`CATEGORIES`].
    pub category: usize,
    pub unit: &'static str,
    /// In yuan.
    pub price: i64,
    /// How many a customer buys, from … to.
    pub quantity: (i64, i64),
    /// What it is called in conversation and in the names of opportunities.
    pub short: &'static str,
}

const fn product(
    name: &'static str,
    code: &'static str,
    category: usize,
    unit: &'static str,
    price: i64,
    quantity: (i64, i64),
    short: &'static str,
) -> Product {
    Product { name, code, category, unit, price, quantity, short }
}

pub const PRODUCTS: &[Product] = &[
    product("LH-AMR300 潜伏式搬运机器人", "AMR300", 1, "台", 68_000, (3, 20), "搬运机器人"),
    product("LH-AMR600 重载搬运机器人", "AMR600", 1, "台", 126_000, (2, 12), "重载机器人"),
    product("LH-F20 无人叉车", "F20", 1, "台", 198_000, (1, 8), "无人叉车"),
    product("LH-S100 四向穿梭车", "S100", 1, "台", 152_000, (2, 10), "四向穿梭车"),
    product("LH-R10 电子标签货架", "R10", 2, "组", 5_800, (20, 120), "电子标签货架"),
    product("LH-R20 密集式智能货架", "R20", 2, "组", 12_600, (15, 80), "智能货架"),
    product("LH-T1 温湿度传感器", "T1", 4, "个", 460, (100, 800), "温湿度监测"),
    product("LH-V2 振动传感器", "V2", 4, "个", 1_280, (50, 300), "设备振动监测"),
    product("LH-E3 能耗采集终端", "E3", 4, "个", 980, (60, 400), "能耗采集"),
    product("LH-G5 边缘网关", "G5", 5, "台", 3_900, (10, 80), "边缘网关"),
    product("澜海 WMS 仓储管理系统", "WMS", 6, "套", 280_000, (1, 2), "WMS"),
    product("澜海 IoT 设备云平台", "IOT", 6, "年", 96_000, (1, 3), "设备云平台"),
    product("澜海 RCS 机器人调度系统", "RCS", 6, "套", 160_000, (1, 2), "调度系统"),
    product("现场实施服务", "SVC-IMP", 7, "人天", 2_200, (30, 120), "实施服务"),
    product("年度维保服务", "SVC-MNT", 7, "年", 58_000, (1, 3), "年度维保"),
];

/// The standard pipeline of `modules/sales/seed.toml`, in order.
pub const STAGES: &[&str] = &["初步接触", "需求确认", "方案报价", "商务谈判", "赢单", "输单"];
/// Place of 赢单 in [`STAGES`].
pub const WON: usize = 4;
/// Place of 输单 in [`STAGES`].
pub const LOST: usize = 5;
/// Name of the standard pipeline.
pub const PIPELINE: &str = "标准销售流程";
/// Probability of each of [`STAGES`].
pub const PROBABILITY: &[i64] = &[10, 30, 50, 80, 100, 0];
