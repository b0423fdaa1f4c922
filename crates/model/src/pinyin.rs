//! Readings of Chinese characters (拼音): for search, for sorting by name and for making login names.
//!
//! The readings come from the `pinyin` crate. It knows no words and every old reading, so small tables here say which
//! readings live, and which differ inside place names, common words and surnames.

use ::pinyin::{Pinyin, ToPinyin, ToPinyinMulti};
use unicode_normalization::UnicodeNormalization;

use crate::normalise::fold;

/// More readings of one character are not told apart. Four keep a window of three syllables at 64 spellings at most;
/// beyond the fourth stand only readings of old books.
const MAX_READINGS: usize = 4;

/// The different readings of a character without tones, the most common first. Never empty.
#[derive(Debug, Clone, Copy)]
pub struct Readings {
    items: [&'static str; MAX_READINGS],
    len: usize,
}

impl Readings {
    /// None for a character that has no Chinese reading.
    pub fn of(c: char) -> Option<Self> {
        // Nothing below the first ideographs has a reading; most text that gets here is Latin or digits.
        if (c as u32) < 0x3007 {
            return None;
        }
        let mut readings = Self { items: [""; MAX_READINGS], len: 0 };
        if let Ok(at) = LIVING.binary_search_by_key(&c, |(c, _)| *c) {
            readings.add_all(LIVING[at].1);
            return Some(readings);
        }
        for reading in c.to_pinyin_multi()? {
            match reading.plain() {
                // ü is typed as v; many write u as in a passport.
                "lü" => readings.add_all(&["lv", "lu"]),
                "nü" => readings.add_all(&["nv", "nu"]),
                "lüe" => readings.add_all(&["lve", "lue"]),
                "nüe" => readings.add_all(&["nve", "nue"]),
                plain if plain.bytes().all(|b| b.is_ascii_lowercase()) => readings.add(plain),
                _ => {}
            }
        }
        (readings.len > 0).then_some(readings)
    }

    fn add_all(&mut self, more: &[&'static str]) {
        for reading in more {
            self.add(reading);
        }
    }

    fn add(&mut self, reading: &'static str) {
        if self.len < MAX_READINGS && !self.as_slice().contains(&reading) {
            self.items[self.len] = reading;
            self.len += 1;
        }
    }

    /// The readings, lower-case a–z.
    pub fn as_slice(&self) -> &[&'static str] {
        &self.items[..self.len]
    }
}

/// The living readings of common characters that old books read otherwise too (限 wěn, 份 bīn, 王 yù). Nobody searches by
/// those, and every reading multiplies the tokens of a name. Sorted by character.
const LIVING: &[(char, &[&str])] = &[
    ('丁', &["ding"]),
    ('于', &["yu"]),
    ('亢', &["kang"]),
    ('从', &["cong"]),
    ('仰', &["yang"]),
    ('件', &["jian"]),
    ('任', &["ren"]),
    ('份', &["fen"]),
    ('众', &["zhong"]),
    ('传', &["chuan", "zhuan"]),
    ('伯', &["bo", "bai"]),
    ('体', &["ti"]),
    ('余', &["yu"]),
    ('俊', &["jun"]),
    ('俞', &["yu"]),
    ('信', &["xin"]),
    ('倩', &["qian"]),
    ('倪', &["ni"]),
    ('冉', &["ran"]),
    ('冯', &["feng"]),
    ('冷', &["leng"]),
    ('包', &["bao"]),
    ('化', &["hua"]),
    ('匡', &["kuang"]),
    ('区', &["qu", "ou"]),
    ('半', &["ban"]),
    ('单', &["dan", "shan", "chan"]),
    ('南', &["nan"]),
    ('卜', &["bu", "bo"]),
    ('卞', &["bian"]),
    ('印', &["yin"]),
    ('厂', &["chang"]),
    ('古', &["gu"]),
    ('叶', &["ye"]),
    ('司', &["si"]),
    ('合', &["he"]),
    ('吴', &["wu"]),
    ('告', &["gao"]),
    ('呼', &["hu"]),
    ('和', &["he", "huo", "hu"]),
    ('咸', &["xian"]),
    ('哈', &["ha"]),
    ('团', &["tuan"]),
    ('圳', &["zhen"]),
    ('培', &["pei"]),
    ('堵', &["du"]),
    ('墨', &["mo"]),
    ('夏', &["xia"]),
    ('大', &["da", "dai"]),
    ('太', &["tai"]),
    ('姚', &["yao"]),
    ('姬', &["ji"]),
    ('宁', &["ning"]),
    ('家', &["jia"]),
    ('容', &["rong"]),
    ('封', &["feng"]),
    ('尚', &["shang"]),
    ('尹', &["yin"]),
    ('居', &["ju"]),
    ('屈', &["qu"]),
    ('干', &["gan"]),
    ('平', &["ping"]),
    ('年', &["nian"]),
    ('幸', &["xing"]),
    ('广', &["guang"]),
    ('庄', &["zhuang"]),
    ('应', &["ying"]),
    ('强', &["qiang", "jiang"]),
    ('彭', &["peng"]),
    ('怀', &["huai"]),
    ('思', &["si"]),
    ('慎', &["shen"]),
    ('戎', &["rong"]),
    ('戚', &["qi"]),
    ('房', &["fang"]),
    ('扶', &["fu"]),
    ('技', &["ji"]),
    ('投', &["tou"]),
    ('控', &["kong"]),
    ('支', &["zhi"]),
    ('数', &["shu"]),
    ('方', &["fang"]),
    ('施', &["shi"]),
    ('无', &["wu"]),
    ('昆', &["kun"]),
    ('明', &["ming"]),
    ('昕', &["xin"]),
    ('晁', &["chao"]),
    ('景', &["jing"]),
    ('暨', &["ji"]),
    ('暴', &["bao"]),
    ('有', &["you"]),
    ('服', &["fu"]),
    ('朱', &["zhu"]),
    ('机', &["ji"]),
    ('杜', &["du"]),
    ('杭', &["hang"]),
    ('柏', &["bai", "bo"]),
    ('柴', &["chai"]),
    ('校', &["xiao", "jiao"]),
    ('模', &["mo", "mu"]),
    ('殷', &["yin", "yan"]),
    ('毋', &["wu"]),
    ('池', &["chi"]),
    ('汤', &["tang"]),
    ('汪', &["wang"]),
    ('汽', &["qi"]),
    ('沈', &["shen", "chen"]),
    ('沙', &["sha"]),
    ('波', &["bo"]),
    ('洋', &["yang"]),
    ('浩', &["hao"]),
    ('温', &["wen"]),
    ('游', &["you"]),
    ('湛', &["zhan"]),
    ('湾', &["wan"]),
    ('滑', &["hua"]),
    ('潘', &["pan"]),
    ('焦', &["jiao"]),
    ('片', &["pian"]),
    ('狄', &["di"]),
    ('王', &["wang"]),
    ('甄', &["zhen"]),
    ('甘', &["gan"]),
    ('番', &["fan", "pan"]),
    ('白', &["bai"]),
    ('盛', &["sheng", "cheng"]),
    ('瞿', &["qu"]),
    ('石', &["shi", "dan"]),
    ('祁', &["qi"]),
    ('祖', &["zu"]),
    ('祝', &["zhu"]),
    ('童', &["tong"]),
    ('竺', &["zhu"]),
    ('籍', &["ji"]),
    ('精', &["jing"]),
    ('红', &["hong"]),
    ('络', &["luo"]),
    ('肥', &["fei"]),
    ('育', &["yu"]),
    ('胶', &["jiao"]),
    ('能', &["neng"]),
    ('臧', &["zang"]),
    ('舒', &["shu"]),
    ('艾', &["ai"]),
    ('芮', &["rui"]),
    ('英', &["ying"]),
    ('莉', &["li"]),
    ('莎', &["sha", "suo"]),
    ('莞', &["guan", "wan"]),
    ('莫', &["mo"]),
    ('董', &["dong"]),
    ('蒲', &["pu"]),
    ('蓝', &["lan"]),
    ('蔡', &["cai"]),
    ('行', &["xing", "hang"]),
    ('裴', &["pei"]),
    ('褚', &["chu"]),
    ('詹', &["zhan"]),
    ('许', &["xu"]),
    ('谷', &["gu", "yu"]),
    ('贾', &["jia", "gu"]),
    ('超', &["chao"]),
    ('越', &["yue"]),
    ('路', &["lu"]),
    ('车', &["che", "ju"]),
    ('达', &["da"]),
    ('造', &["zao"]),
    ('逯', &["lu"]),
    ('邓', &["deng"]),
    ('邢', &["xing"]),
    ('那', &["na", "nuo", "nei"]),
    ('郝', &["hao"]),
    ('部', &["bu"]),
    ('重', &["zhong", "chong"]),
    ('鑫', &["xin"]),
    ('阮', &["ruan"]),
    ('阿', &["a", "e"]),
    ('陆', &["lu"]),
    ('限', &["xian"]),
    ('陶', &["tao"]),
    ('霍', &["huo"]),
    ('青', &["qing"]),
    ('鞠', &["ju"]),
    ('食', &["shi"]),
    ('餐', &["can"]),
    ('齐', &["qi"]),
];

/// Words in which a character is not read as it mostly is.
const WORDS: &[(&str, &[&str])] = &[
    ("重庆", &["chong", "qing"]),
    ("重新", &["chong", "xin"]),
    ("长大", &["zhang", "da"]),
    ("成长", &["cheng", "zhang"]),
    ("院长", &["yuan", "zhang"]),
    ("番禺", &["pan", "yu"]),
    ("蚌埠", &["beng", "bu"]),
    ("六安", &["lu", "an"]),
    ("大埔", &["da", "bu"]),
    ("黄埔", &["huang", "pu"]),
    ("台州", &["tai", "zhou"]),
    ("乐清", &["yue", "qing"]),
    ("音乐", &["yin", "yue"]),
    ("乐器", &["yue", "qi"]),
    ("单县", &["shan", "xian"]),
    ("尉犁", &["yu", "li"]),
    ("西藏", &["xi", "zang"]),
    ("洪洞", &["hong", "tong"]),
    ("铅山", &["yan", "shan"]),
    ("涡阳", &["guo", "yang"]),
    ("东阿", &["dong", "e"]),
    ("莘县", &["shen", "xian"]),
    ("盖州", &["gai", "zhou"]),
    ("银行", &["yin", "hang"]),
    ("商行", &["shang", "hang"]),
    ("车行", &["che", "hang"]),
    ("分行", &["fen", "hang"]),
    ("支行", &["zhi", "hang"]),
    ("总行", &["zong", "hang"]),
    ("行业", &["hang", "ye"]),
    ("会计", &["kuai", "ji"]),
    ("人参", &["ren", "shen"]),
    ("朝鲜", &["chao", "xian"]),
    ("朝阳", &["chao", "yang"]),
];

/// Surnames of two characters, read so at the beginning of a person's name.
const DOUBLE_SURNAMES: &[(&str, &[&str])] = &[
    ("尉迟", &["yu", "chi"]),
    ("万俟", &["mo", "qi"]),
    ("长孙", &["zhang", "sun"]),
    ("令狐", &["ling", "hu"]),
    ("澹台", &["tan", "tai"]),
    ("单于", &["chan", "yu"]),
    ("皇甫", &["huang", "fu"]),
];

/// Characters read in their own way as a surname, at the beginning of a person's name.
const SURNAMES: &[(char, &str)] = &[
    ('单', "shan"),
    ('解', "xie"),
    ('仇', "qiu"),
    ('朴', "piao"),
    ('查', "zha"),
    ('区', "ou"),
    ('乐', "yue"),
    ('盖', "ge"),
    ('缪', "miao"),
    ('薄', "bo"),
    ('折', "she"),
    ('秘', "bi"),
    ('乜', "nie"),
    ('种', "chong"),
    ('繁', "po"),
    ('员', "yun"),
    ('莘', "shen"),
    ('祭', "zhai"),
    ('隗', "wei"),
    ('洗', "xian"),
    ('佴', "nai"),
    ('阚', "kan"),
    ('牟', "mou"),
];

/// Characters whose first reading in the data is not the one that names are sorted by.
const COMMON: &[(char, &str)] = &[
    ('长', "chang"),
    ('厦', "xia"),
    ('都', "du"),
    ('曾', "zeng"),
    ('翟', "zhai"),
    ('覃', "qin"),
    ('佛', "fo"),
    ('晟', "sheng"),
    ('莘', "xin"),
    ('阚', "kan"),
    ('缪', "miao"),
];

fn lookup<K: PartialEq + Copy, V: Copy>(table: &[(K, V)], key: K) -> Option<V> {
    table.iter().find(|(k, _)| *k == key).map(|(_, v)| *v)
}

/// The reading a character is sorted by when nothing around it says otherwise.
fn common_reading(c: char) -> Option<&'static str> {
    if (c as u32) < 0x3007 {
        return None;
    }
    lookup(COMMON, c).or_else(|| {
        let plain = c.to_pinyin().map(Pinyin::plain)?;
        Some(match plain {
            "lü" => "lv",
            "nü" => "nv",
            "lüe" => "lve",
            "nüe" => "nve",
            other => other,
        })
    })
}

/// Two to four ideographs and nothing else. Surname readings apply to such names only: 区块链科技有限公司 is not read "ou".
fn looks_like_person(text: &str) -> bool {
    let mut count = 0;
    text.chars().all(|c| {
        count += 1;
        count <= 4 && common_reading(c).is_some()
    }) && count >= 2
}

/// A syllable, or a character that stands for itself.
enum Unit {
    Syllable(&'static str),
    Char(char),
    Gap,
}

/// Reads a folded text as it would be spoken.
fn units(folded: &str, limit: usize) -> Vec<Unit> {
    let text = folded.trim();
    let person = looks_like_person(text);
    let mut units = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if units.len() >= limit {
            break;
        }
        let first = rest.len() == text.len();
        let word = |table: &[(&'static str, &'static [&'static str])]| {
            table.iter().find(|(word, _)| rest.starts_with(word)).copied()
        };
        let known = if c.is_ascii() {
            None
        } else {
            (first && person).then(|| word(DOUBLE_SURNAMES)).flatten().or_else(|| word(WORDS))
        };
        if let Some((word, syllables)) = known {
            units.extend(syllables.iter().map(|s| Unit::Syllable(s)));
            rest = &rest[word.len()..];
            continue;
        }
        let reading = (first && person).then(|| lookup(SURNAMES, c)).flatten().or_else(|| common_reading(c));
        units.push(match reading {
            Some(reading) => Unit::Syllable(reading),
            None if c.is_alphanumeric() => Unit::Char(c),
            None => Unit::Gap,
        });
        rest = &rest[c.len_utf8()..];
    }
    units
}

/// Only so much of a text decides its place in a list.
const SORT_UNITS: usize = 64;

/// Divides the spoken key from the text itself. Lower than a space, so that 李 stands before 李娜.
const TIE: char = '\u{1}';

/// Key that sorts as a Chinese telephone book does when compared byte by byte: the pinyin of the usual reading, syllable
/// by syllable (方 before 方安), surnames read as surnames (曾 zeng, 单 shan), Latin letters in lower case, then the text
/// itself so that different names never tie. `sort_key("L")` is at or before every name from L on.
pub fn sort_key(text: &str) -> String {
    let folded = fold(text);
    let mut key = String::with_capacity(folded.len() * 3);
    for unit in units(&folded, SORT_UNITS) {
        match unit {
            Unit::Syllable(syllable) => {
                if !key.is_empty() && !key.ends_with(' ') {
                    key.push(' ');
                }
                key.push_str(syllable);
                key.push(' ');
            }
            Unit::Char(c) if c.is_ascii() => key.push(c),
            // Å sorts with A.
            Unit::Char(c) => key.extend(std::iter::once(c).nfkd().filter(|c| c.is_alphanumeric())),
            Unit::Gap if key.is_empty() || key.ends_with(' ') => {}
            Unit::Gap => key.push(' '),
        }
    }
    key.truncate(key.trim_end().len());
    let tail = folded.trim();
    // A single word in Latin letters is its own key; all else is told apart by the text.
    if tail != key {
        key.push(TIE);
        key.extend(tail.chars().take(SORT_UNITS));
    }
    key
}

/// The letter a name is found under in an A–Z index, `#` for digits and symbols.
pub fn surname_letter(text: &str) -> char {
    sort_key(text).chars().next().filter(char::is_ascii_alphabetic).map_or('#', |c| c.to_ascii_uppercase())
}

/// A login made from a name: 张伟 → `zhangwei`, Anna Snelling → `anna.snelling`. Only a–z, 0–9 and dots; empty when the
/// name has none of these. Whether it is free the caller has to see.
pub fn login_name(name: &str) -> String {
    let folded = fold(name);
    let mut login = String::new();
    let mut gap = false;
    for unit in units(&folded, SORT_UNITS) {
        let part = match unit {
            Unit::Gap => {
                gap = true;
                continue;
            }
            Unit::Syllable(syllable) => syllable.to_owned(),
            // Accents fall away: é is e.
            Unit::Char(c) => std::iter::once(c).nfkd().filter(char::is_ascii_alphanumeric).collect(),
        };
        if part.is_empty() {
            continue;
        }
        if gap && !login.is_empty() {
            login.push('.');
        }
        gap = false;
        login.push_str(&part);
    }
    login
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spoken(text: &str) -> String {
        let key = sort_key(text);
        key.split(TIE).next().unwrap_or_default().to_owned()
    }

    #[test]
    fn usual_readings() {
        for (text, want) in [
            ("张三", "zhang san"),
            ("曾国藩", "zeng guo fan"),
            ("单雄信", "shan xiong xin"),
            ("解放", "xie fang"),
            ("仇英", "qiu ying"),
            ("朴树", "piao shu"),
            ("查良镛", "zha liang yong"),
            ("区志强", "ou zhi qiang"),
            ("尉迟恭", "yu chi gong"),
            ("万俟卨", "mo qi xie"),
            ("吕布", "lv bu"),
            ("翟志刚", "zhai zhi gang"),
            ("重庆长安汽车", "chong qing chang an qi che"),
            ("厦门航空", "xia men hang kong"),
            ("成都银行", "cheng du yin hang"),
            ("区块链科技有限公司", "qu kuai lian ke ji you xian gong si"),
            ("Acme Corporation", "acme corporation"),
            ("GTX Pro", "gtx pro"),
            ("A股公司", "a gu gong si"),
            ("上海（澜海）", "shang hai lan hai"),
            ("3M中国", "3m zhong guo"),
        ] {
            assert_eq!(spoken(text), want, "{text}");
        }
    }

    #[test]
    fn order_of_a_telephone_book() {
        let mut names =
            vec!["赵六", "Bob", "方安", "张三", "李娜", "范安", "方", "李", "阿里", "3M", "重庆", "alice", "曾一"];
        names.sort_by_key(|name| sort_key(name));
        assert_eq!(
            names,
            ["3M", "阿里", "alice", "Bob", "重庆", "范安", "方", "方安", "李", "李娜", "曾一", "张三", "赵六"]
        );
        assert!(sort_key("L") <= sort_key("李") && sort_key("L") <= sort_key("拉"));
        assert!(sort_key("L") > sort_key("柯"));
        assert_ne!(sort_key("张三"), sort_key("章三"));
    }

    #[test]
    fn letters() {
        for (text, want) in [
            ("曾志伟", 'Z'),
            ("重庆", 'C'),
            ("Ångström", 'A'),
            ("apple", 'A'),
            ("36氪", '#'),
            ("", '#'),
            ("（杭州）", 'H'),
        ] {
            assert_eq!(surname_letter(text), want, "{text}");
        }
    }

    #[test]
    fn logins() {
        assert_eq!(login_name("张伟"), "zhangwei");
        assert_eq!(login_name("曾敏"), "zengmin");
        assert_eq!(login_name("Anna Snelling"), "anna.snelling");
        assert_eq!(login_name("Mei-Mei Johns"), "mei.mei.johns");
        assert_eq!(login_name("José  Díaz "), "jose.diaz");
        assert_eq!(login_name("！！"), "");
    }

    #[test]
    fn heteronyms() {
        let of = |c: char| Readings::of(c).map(|r| r.as_slice().to_vec()).unwrap_or_default();
        assert_eq!(of('重'), ["zhong", "chong"]);
        assert_eq!(of('还'), ["hai", "huan", "fu"]);
        assert_eq!(of('曾'), ["ceng", "zeng"]);
        assert_eq!(of('吕'), ["lv", "lu"]);
        assert!(Readings::of('a').is_none());
        assert!(LIVING.is_sorted_by_key(|(c, _)| *c));
        for (c, living) in LIVING {
            let known: Vec<_> = c.to_pinyin_multi().into_iter().flatten().map(Pinyin::plain).collect();
            assert!(living.iter().all(|reading| known.contains(reading)), "{c}");
        }
        // What names are sorted by can also be searched by.
        for (c, reading) in SURNAMES.iter().chain(COMMON) {
            assert!(of(*c).contains(reading), "{c} {reading}");
        }
        for (word, syllables) in WORDS.iter().chain(DOUBLE_SURNAMES) {
            for (c, reading) in word.chars().zip(*syllables) {
                assert!(of(c).contains(reading), "{word} {c} {reading}");
            }
        }
    }
}
