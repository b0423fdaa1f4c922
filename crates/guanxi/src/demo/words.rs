//! The words the demo company is made of. Names are put together from syllables; whoever finds a real company or person
//! among them finds chance.

/// A place where customers are.
pub struct City {
    /// As it stands in company names.
    pub name: &'static str,
    /// Division code of a district there.
    pub region: &'static str,
    /// Name of that district and a road in it.
    pub street: &'static str,
    /// Telephone area code.
    pub area: &'static str,
    /// Sales area: 0 华东, 1 华南, 2 华北.
    pub sales: usize,
}

const fn city(
    name: &'static str,
    region: &'static str,
    street: &'static str,
    area: &'static str,
    sales: usize,
) -> City {
    City { name, region, street, area, sales }
}

pub const CITIES: &[City] = &[
    city("上海", "310115", "浦东新区张江路", "021", 0),
    city("上海", "310112", "闵行区申虹路", "021", 0),
    city("杭州", "330110", "余杭区文一西路", "0571", 0),
    city("杭州", "330108", "滨江区江南大道", "0571", 0),
    city("苏州", "320506", "吴中区东吴南路", "0512", 0),
    city("南京", "320115", "江宁区诚信大道", "025", 0),
    city("宁波", "330212", "鄞州区学士路", "0574", 0),
    city("无锡", "320214", "新吴区长江路", "0510", 0),
    city("合肥", "340104", "蜀山区望江西路", "0551", 0),
    city("深圳", "440305", "南山区科苑路", "0755", 1),
    city("深圳", "440306", "宝安区创业一路", "0755", 1),
    city("广州", "440106", "天河区黄埔大道", "020", 1),
    city("广州", "440112", "黄埔区科学大道", "020", 1),
    city("东莞", "441900", "松山湖工业西路", "0769", 1),
    city("佛山", "440606", "顺德区德胜东路", "0757", 1),
    city("厦门", "350206", "湖里区金山街道", "0592", 1),
    city("长沙", "430104", "岳麓区枫林三路", "0731", 1),
    city("重庆", "500112", "渝北区金开大道", "023", 1),
    city("北京", "110108", "海淀区上地东路", "010", 2),
    city("北京", "110115", "大兴区荣华中路", "010", 2),
    city("天津", "120111", "西青区海泰大道", "022", 2),
    city("济南", "370102", "历下区经十路", "0531", 2),
    city("青岛", "370211", "黄岛区漓江西路", "0532", 2),
    city("石家庄", "130108", "裕华区槐安东路", "0311", 2),
    city("沈阳", "210112", "浑南区创新路", "024", 2),
    city("西安", "610113", "雁塔区科技路", "029", 2),
    city("郑州", "410105", "金水区东风路", "0371", 2),
];

/// An industry: the option's value, and how its companies call their business.
pub const INDUSTRIES: &[(&str, &[&str])] = &[
    ("manufacturing", &["机械制造", "精密制造", "装备", "自动化设备", "模具"]),
    ("electronics", &["电子", "光电", "半导体", "电路科技"]),
    ("automotive", &["汽车零部件", "汽车科技", "车业"]),
    ("logistics", &["物流", "供应链", "仓储", "冷链物流"]),
    ("medical", &["医疗器械", "医药", "生物科技"]),
    ("retail", &["连锁超市", "百货", "商贸"]),
    ("food", &["食品", "饮料", "乳业"]),
    ("chemical", &["新材料", "化工", "涂料"]),
    ("energy", &["新能源", "电力设备", "储能科技"]),
    ("wholesale", &["进出口", "贸易", "国际贸易"]),
    ("technology", &["智能科技", "科技", "机器人"]),
    ("construction", &["建材", "建筑工程"]),
    ("software", &["软件", "信息技术"]),
    ("agriculture", &["农业科技", "种业"]),
    ("telecommunications", &["通信", "网络科技"]),
    ("hospitality", &["餐饮管理", "酒店用品"]),
];

pub const BRAND_FIRST: &[&str] = &[
    "恒", "瑞", "鑫", "盛", "泰", "宏", "远", "润", "泽", "康", "龙", "腾", "锦", "明", "辉", "源", "丰", "联", "众",
    "诚", "信", "德", "嘉", "卓", "博", "凯", "金", "启", "安", "华", "云", "海",
];

pub const BRAND_SECOND: &[&str] = &[
    "达", "通", "宇", "航", "翔", "盈", "越", "邦", "晟", "图", "科", "力", "拓", "成", "升", "帆", "森", "洲", "源",
    "石", "川", "和", "阳", "谷", "桥", "舟", "禾", "岳", "原", "象",
];

/// Surnames about as frequent as in the country, some with a reading of their own.
pub const SURNAMES: &[&str] = &[
    "王", "王", "王", "李", "李", "李", "张", "张", "张", "刘", "刘", "陈", "陈", "杨", "杨", "黄", "黄", "赵", "吴",
    "周", "徐", "孙", "马", "朱", "胡", "郭", "何", "高", "林", "罗", "郑", "梁", "谢", "宋", "唐", "许", "韩", "冯",
    "邓", "曹", "彭", "曾", "肖", "田", "董", "袁", "潘", "于", "蒋", "蔡", "余", "杜", "叶", "程", "苏", "魏", "吕",
    "丁", "任", "沈", "姚", "卢", "姜", "崔", "钟", "谭", "陆", "汪", "范", "金", "石", "廖", "贾", "夏", "韦", "付",
    "方", "白", "邹", "孟", "熊", "秦", "邱", "江", "尹", "薛", "闫", "段", "雷", "侯", "龙", "史", "陶", "黎", "贺",
    "顾", "毛", "郝", "龚", "邵", "万", "钱", "覃", "武", "戴", "单", "解", "仇", "查", "翟", "欧阳", "上官", "司徒",
];

pub const GIVEN: &[&str] = &[
    "伟", "芳", "娜", "敏", "静", "丽", "强", "磊", "军", "洋", "勇", "艳", "杰", "娟", "涛", "明", "超", "霞", "平",
    "刚", "建华", "志强", "晓燕", "文博", "嘉怡", "俊杰", "雪梅", "海燕", "国庆", "玉兰", "子轩", "思远", "雨桐",
    "浩然", "欣怡", "佳琪", "晨曦", "宇航", "梓涵", "天佑", "建军", "红梅", "志明", "丽华", "小龙", "春生", "秀英",
    "文静", "振华", "立新", "永强", "美玲", "海涛", "国栋", "慧敏", "少华", "家豪", "一鸣", "若曦", "书瑶", "景行",
    "乐瑶", "长青", "德胜",
];

/// Job title, the part its holder plays in a decision, and how he is spoken to after his surname.
pub const TITLES: &[(&str, &str, &str)] = &[
    ("总经理", "approver", "总"),
    ("副总经理", "decider", "总"),
    ("采购总监", "buyer", "总"),
    ("采购经理", "buyer", "经理"),
    ("采购主管", "buyer", "主管"),
    ("信息部经理", "influencer", "经理"),
    ("IT 主管", "influencer", "工"),
    ("仓储经理", "user", "经理"),
    ("物流总监", "decider", "总"),
    ("生产总监", "decider", "总"),
    ("生产主管", "user", "主管"),
    ("设备工程师", "user", "工"),
    ("厂长", "approver", "厂长"),
    ("财务总监", "gatekeeper", "总"),
    ("总经理助理", "gatekeeper", "助理"),
    ("行政主管", "gatekeeper", "主管"),
];

pub const TAGS: &[&str] = &[
    "重点客户",
    "灯塔客户",
    "价格敏感",
    "决策慢",
    "老客户推荐",
    "展会客户",
    "上市公司",
    "外资",
    "账期长",
    "多基地",
    "新建工厂",
    "数字化改造",
    "出口型",
    "季节性采购",
];

/// Tags that fit a private customer.
pub const PERSON_TAGS: &[&str] = &["价格敏感", "老客户推荐", "展会客户", "潜在代理"];

pub const SOURCES: &[&str] = &[
    "referral",
    "referral",
    "website",
    "website",
    "search",
    "exhibition",
    "exhibition",
    "cold_call",
    "cold_call",
    "visit",
    "partner",
    "social",
    "tender",
];

/// Made-up competitors.
pub const COMPETITORS: &[&str] = &["北辰自动化", "智库通", "蓝桥物联", "速仓科技", "德立信", "本地集成商"];
