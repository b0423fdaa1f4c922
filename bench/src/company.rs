//! The company that is measured: twenty salesmen in four regions and a million customers, the same every time.

use crate::Setting;
use anyhow::{Context, Result, bail};
use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Instant,
};

/// The password of everybody here.
pub(crate) const PASSWORD: &str = "bench-password-1";
/// Salesmen; each owns every twentieth customer.
const SALESMEN: usize = 20;

const REGIONS: [&str; 4] = ["华东", "华南", "华北", "西部"];
const PLACES: [(&str, &str); 16] = [
    ("上海", "310000"),
    ("深圳", "440300"),
    ("北京", "110000"),
    ("成都", "510100"),
    ("杭州", "330100"),
    ("广州", "440100"),
    ("天津", "120000"),
    ("重庆", "500000"),
    ("苏州", "320500"),
    ("厦门", "350200"),
    ("石家庄", "130100"),
    ("西安", "610100"),
    ("南京", "320100"),
    ("长沙", "430100"),
    ("太原", "140100"),
    ("昆明", "530100"),
];
const SYLLABLES: [&str; 40] = [
    "华", "鑫", "恒", "瑞", "祥", "宏", "盛", "达", "通", "联", "创", "博", "海", "天", "金", "星", "龙", "凯", "安",
    "信", "德", "和", "泰", "康", "丰", "利", "源", "远", "东", "方", "新", "世", "纪", "长", "城", "明", "光", "美",
    "佳", "益",
];
const TRADES: [&str; 20] = [
    "精密机械",
    "科技",
    "电子",
    "贸易",
    "医疗器械",
    "信息技术",
    "物流",
    "建材",
    "食品",
    "化工",
    "汽车配件",
    "能源",
    "教育咨询",
    "餐饮管理",
    "文化传媒",
    "生物医药",
    "自动化设备",
    "包装印刷",
    "纺织",
    "环保工程",
];
const SURNAMES: [&str; 24] = [
    "王", "李", "张", "刘", "陈", "杨", "黄", "赵", "吴", "周", "徐", "孙", "马", "朱", "胡", "郭", "何", "林", "高",
    "罗", "曾", "单", "欧阳", "诸葛",
];
const GIVEN: [&str; 30] = [
    "伟", "芳", "娜", "敏", "静", "丽", "强", "磊", "军", "洋", "勇", "艳", "杰", "娟", "涛", "明", "超", "秀英", "霞",
    "平", "刚", "桂英", "建国", "志强", "晓东", "雨桐", "子涵", "浩然", "思远", "欣怡",
];
const LEVELS: [&str; 4] = ["vip", "a", "b", "c"];
const CYCLES: [&str; 5] = ["stranger", "potential", "signed", "maintained", "lost"];
const SOURCES: [&str; 6] = ["referral", "website", "search", "exhibition", "cold_call", "tender"];
pub(crate) const INDUSTRIES: [&str; 10] = [
    "manufacturing",
    "technology",
    "software",
    "electronics",
    "medical",
    "finance",
    "retail",
    "logistics",
    "construction",
    "energy",
];
pub(crate) const HEADINGS: [&str; 17] = [
    "name",
    "kind",
    "level",
    "source",
    "industry",
    "life_cycle",
    "region",
    "phone",
    "mobile",
    "email",
    "address",
    "tax_number",
    "employees",
    "annual_revenue",
    "next_contact_at",
    "remark",
    "owner",
];

/// Chance that repeats: a permutation of the row's number (`SplitMix64`).
pub(crate) struct Chance(u64);

impl Chance {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, count: usize) -> usize {
        usize::try_from(self.next() % count as u64).unwrap_or_default()
    }

    fn pick(&mut self, from: &[&'static str]) -> &'static str {
        from[self.below(from.len())]
    }
}

/// The cells of a customer, in the order of [`HEADINGS`].
pub(crate) fn customer(number: usize) -> Vec<String> {
    let mut chance = Chance::new(number as u64);
    let (place, region) = PLACES[chance.below(PLACES.len())];
    let company = chance.below(100) < 85;
    let name = if company {
        let syllables: String = (0..3).map(|_| chance.pick(&SYLLABLES)).collect();
        format!("{place}{syllables}{}有限公司", chance.pick(&TRADES))
    } else {
        format!("{}{}", chance.pick(&SURNAMES), chance.pick(&GIVEN))
    };
    let mobile = format!("1{}{:09}", 3 + chance.below(7), chance.below(1_000_000_000));
    let phone = if company {
        format!("0{}-{:08}", 10 + chance.below(89), 20_000_000 + chance.below(60_000_000))
    } else {
        String::new()
    };
    vec![
        name,
        if company { "company" } else { "person" }.into(),
        LEVELS[[3, 3, 3, 2, 2, 1, 1, 0][chance.below(8)]].into(),
        chance.pick(&SOURCES).into(),
        chance.pick(&INDUSTRIES).into(),
        chance.pick(&CYCLES).into(),
        region.into(),
        phone,
        mobile,
        format!("c{number}@example{}.cn", number % 997),
        format!("{place}市人民路{}号", 1 + chance.below(900)),
        if company { format!("91{:06}MA{:08}", chance.below(1_000_000), number) } else { String::new() },
        (1 + chance.below(2000)).to_string(),
        (chance.below(50_000) * 1000).to_string(),
        format!("2026-{:02}-{:02} {:02}:00", 1 + chance.below(12), 1 + chance.below(28), 8 + chance.below(10)),
        if chance.below(4) == 0 {
            format!("{place}老客户，{}方面有需求", chance.pick(&TRADES))
        } else {
            String::new()
        },
        format!("sales{}", number % SALESMEN),
    ]
}

/// Writes customers `from..to` as CSV.
pub(crate) fn write_csv(path: &Path, from: usize, to: usize) -> Result<()> {
    let mut out = csv::Writer::from_path(path)?;
    out.write_record(HEADINGS)?;
    for number in from..to {
        out.write_record(customer(number))?;
    }
    out.flush()?;
    Ok(())
}

/// The program with the data folder and database of this setting.
pub(crate) fn program(setting: &Setting, data: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(&setting.program);
    command.args(arguments).arg("--data").arg(data).env("GUANXI_ADMIN_PASSWORD", PASSWORD).env("GUANXI_LANG", "en");
    command
}

/// Users in departments, as many as the customers' owners need.
pub(crate) fn add_people(setting: &Setting, data: &Path, place: &[&str]) -> Result<()> {
    for number in 0..SALESMEN {
        let department = format!("销售部/{}/{}组", REGIONS[number % 4], 1 + number / 4);
        add_person(setting, data, place, &format!("sales{number}"), "member", &department)?;
    }
    add_person(setting, data, place, "manager", "manager", "销售部/华东")
}

/// A user in a department, who can sign in.
pub(crate) fn add_person(
    setting: &Setting,
    data: &Path,
    place: &[&str],
    login: &str,
    role: &str,
    department: &str,
) -> Result<()> {
    let mut command = program(setting, data, &["user", "add", "--login", login, "--name", login, "--role", role]);
    let mut child = command
        .args(["--department", department, "--password-stdin"])
        .args(place)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .with_context(|| setting.program.display().to_string())?;
    writeln!(child.stdin.take().context("stdin")?, "{PASSWORD}")?;
    if !child.wait()?.success() {
        bail!("user add {login} failed");
    }
    Ok(())
}

/// How the rows of customers are read.
pub(crate) fn customer_map() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("customers.toml")
}

/// Imports rows with the program's own command; answers rows per second and the largest memory while it ran, in
/// the first and the second half of the time.
pub(crate) fn import(
    setting: &Setting,
    data: &Path,
    place: &[&str],
    map: &Path,
    file: &Path,
    rows: usize,
) -> Result<Imported> {
    let begun = Instant::now();
    let mut child = program(setting, data, &["import", "--json"])
        .arg("--map")
        .arg(map)
        .args(place)
        .arg(file)
        .stdout(Stdio::piped())
        .spawn()?;
    let mut memory: Vec<u64> = Vec::new();
    while child.try_wait()?.is_none() {
        memory.extend(crate::process::anonymous_kib(child.id()));
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    let seconds = begun.elapsed().as_secs_f64();
    let output = child.wait_with_output()?;
    let said = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    let summary: serde_json::Value = serde_json::from_str(&said).with_context(|| format!("import said: {said}"))?;
    if !output.status.success() || summary["created"] != serde_json::json!(rows) {
        bail!("import: {said}");
    }
    // The beginning, while caches fill, says nothing.
    let (first, second) = memory.split_at(memory.len() / 2);
    let most = |part: &[u64]| part.iter().copied().max().unwrap_or_default();
    Ok(Imported { rows_per_second: rows as f64 / seconds, first_kib: most(first), second_kib: most(second) })
}

/// What an import took.
pub(crate) struct Imported {
    pub rows_per_second: f64,
    pub first_kib: u64,
    pub second_kib: u64,
}

/// Where the kept workspace is.
pub(crate) fn data(setting: &Setting) -> PathBuf {
    setting.folder.join("data")
}

/// Flags that say which database and workspace.
pub(crate) fn place<'a>(setting: &'a Setting, workspace: &'a str) -> Vec<&'a str> {
    let mut flags = vec!["--workspace", workspace];
    if let Some(url) = &setting.database {
        flags.extend(["--database", url.as_str()]);
    }
    flags
}

/// Builds the kept workspace unless it is there.
pub(crate) fn build(setting: &Setting) -> Result<()> {
    let done = setting.folder.join("built");
    if done.exists() {
        return Ok(());
    }
    if setting.database.is_none() {
        fs::remove_dir_all(&setting.folder).ok();
    }
    fs::create_dir_all(&setting.folder)?;
    eprintln!("building {} customers; this is done once", setting.rows);
    let file = setting.folder.join("customers.csv");
    write_csv(&file, 0, setting.rows)?;
    let workspace = setting.workspace();
    let place = place(setting, &workspace);
    add_people(setting, &data(setting), &place)?;
    let imported = import(setting, &data(setting), &place, &customer_map(), &file, setting.rows)?;
    eprintln!("imported {} rows at {:.0}/s", setting.rows, imported.rows_per_second);
    fs::remove_file(&file)?;
    fs::write(done, format!("{:.0} rows/s\n", imported.rows_per_second))?;
    Ok(())
}
