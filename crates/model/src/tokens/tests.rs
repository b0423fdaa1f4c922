//! Whatever is in a text is found by its parts, pinyin and initials; nothing that is surely absent is.

use proptest::prelude::*;

use super::*;

/// What the database does.
fn found(tokens: &[String], q: &str) -> bool {
    let has = |term: &Term| {
        tokens.iter().any(|token| if term.prefix { token.starts_with(&term.token) } else { *token == term.token })
    };
    query_groups(q).iter().any(|group| group.terms.iter().all(has))
}

fn finds(q: &str, text: &str, class: TokenClass) -> bool {
    found(&index_tokens(text, class), q)
}

use TokenClass::{Name, Number, Phone, Text};

#[test]
fn tokens_by_kind() {
    let of = |text, class| index_tokens(text, class).join(" ");
    assert_eq!(of("张三A1", Name), "t1 ta1 t三 t张三 pan pang pgsa phan pngs psan pzha izs e张三a1");
    assert_eq!(of("GTX 500", Text), "t0 t00 t500 tgtx ttx tx egtx500");
    assert_eq!(of("+86 138-0013", Phone), "t001 t013 t13 t138 t3 t380 t613 t800 t861 e1380013");
    assert_eq!(of("KH-01", Number), "t01 t1 th th01 tkh tkh0 ekh01");
    assert_eq!(of("（）", Name), "");
}

#[test]
fn pinyin_and_initials() {
    for (q, text) in [
        ("zhangsan", "张三"),
        ("zhang", "张三"),
        ("zs", "张三"),
        ("ZS", "张三"),
        ("san", "张三"),
        ("zhang san", "张三"),
        ("chongqing", "重庆小面"),
        ("zhongqing", "重庆小面"),
        ("cqxm", "重庆小面"),
        ("zqxm", "重庆小面"),
        ("zengguofan", "曾国藩"),
        ("cengguofan", "曾国藩"),
        ("zgf", "曾国藩"),
        ("lvbu", "吕布"),
        ("lubu", "吕布"),
        ("lübu", "吕布"),
        ("xi'an", "西安饭庄"),
        ("zhang伟", "张伟"),
        ("张wei", "张伟"),
        ("张w", "张伟"),
        ("lanhaishenzhen", "澜海（深圳）科技"),
        ("lanhai 2026", "澜海2026年会"),
        ("e", "鄂"),
    ] {
        assert!(finds(q, text, Name), "{q} {text}");
        assert!(matches(q, text, Name).is_some(), "{q} {text}");
    }
    for (q, text) in [("lisi", "张三"), ("sz", "张三"), ("zhangsi", "张三"), ("zs", "张伟")] {
        assert!(matches(q, text, Name).is_none(), "{q} {text}");
        assert!(!finds(q, text, Name), "{q} {text}");
    }
    assert!(!finds("zhangsan", "张三", Text), "only names are searched by pinyin");
}

#[test]
fn parts_of_phones_numbers_and_mails() {
    for (q, text, class) in [
        ("1380013", "138-0013-8000", Phone),
        ("138 0013 8000", "+86 13800138000", Phone),
        ("+8613800138000", "138 0013 8000", Phone),
        ("8000", "138 0013 8000", Phone),
        ("00", "138 0013 8000", Phone),
        ("6138", "+86 138 0013 8000", Phone),
        ("0755-86", "(0755) 8600 1234", Phone),
        ("张先生", "13800138000 张先生", Phone),
        ("20261121-0001", "KH-20261121-0001", Number),
        ("202611210001", "KH-20261121-0001", Number),
        ("kh2026", "KH-20261121-0001", Number),
        ("0001", "KH-20261121-0001", Number),
        ("1c1i", "1C1I7A6R", Number),
        ("zhang.wei@", "zhang.wei@example.com", Text),
        ("zhangwei", "zhang.wei@example.com", Text),
        ("ei@ex", "zhang.wei@example.com", Text),
        ("gtx500", "GTX 500", Name),
        ("gtx 500", "GTX500", Name),
        ("ＧＴＸ", "gtx basic", Name),
    ] {
        assert!(finds(q, text, class), "{q} {text}");
        assert!(matches(q, text, class).is_some(), "{q} {text}");
    }
    assert!(!finds("9999", "138-0013-8000", Phone));
}

#[test]
fn ranks() {
    for (q, text, want) in [
        ("张三", "张三", Some(MatchRank::Exact)),
        ("acme corp", "ACME Corp.", Some(MatchRank::Exact)),
        ("张", "张三", Some(MatchRank::Begins)),
        ("三", "张三", Some(MatchRank::Contains)),
        ("深圳 澜海", "澜海（深圳）科技", Some(MatchRank::Contains)),
        ("zhangs", "张三", Some(MatchRank::Pinyin)),
        ("zs", "张三", Some(MatchRank::Initials)),
        ("李", "张三", None),
        ("  ", "张三", None),
    ] {
        assert_eq!(matches(q, text, Name), want, "{q} {text}");
    }
    let mobile = "+86 138 0013 8000";
    assert_eq!(matches("13800138000", mobile, Phone), Some(MatchRank::Exact));
    assert_eq!(matches("138 00", mobile, Phone), Some(MatchRank::Begins));
    assert_eq!(matches("8000", mobile, Phone), Some(MatchRank::Contains));
}

#[test]
fn exact_and_begins_terms() {
    let tokens = index_tokens("澜海（深圳）科技有限公司", Name);
    let has = |term: Option<Term>| {
        term.is_some_and(|t| tokens.iter().any(|k| if t.prefix { k.starts_with(&t.token) } else { *k == t.token }))
    };
    assert!(has(exact_term("澜海(深圳)科技有限公司")));
    assert!(!has(exact_term("澜海")));
    assert!(has(begins_term("澜海 深圳")));
    assert!(!has(begins_term("深圳")));
    assert_eq!(exact_term(" - "), None);
    assert_eq!(exact_term("+86 138-0013-8000").map(|t| t.token), Some("e13800138000".to_owned()));
}

#[test]
fn hostile_input_stays_small() {
    assert!(query_groups("").is_empty());
    assert!(query_groups("！？ --").is_empty());
    let long = "重".repeat(10_000);
    assert!(index_tokens(&long, Name).len() < 100);
    assert!(query_groups(&long).iter().map(|g| g.terms.len()).sum::<usize>() <= QUERY_CHARS);
    assert!(matches(&"zhong".repeat(1000), &long, Name).is_some());
    let all: String = ('\u{4e00}'..'\u{9fff}').collect();
    for token in index_tokens(&all, Name) {
        assert!(token.chars().all(|c| c.is_alphanumeric() && !c.is_uppercase()), "{token}");
    }
}

/// Not a benchmark, a look: `cargo test --release -p guanxi-model -- --nocapture cost_of_a_name`.
#[test]
fn cost_of_a_name() {
    let mut out = String::new();
    for (text, class) in [
        ("深圳市澜海智能科技（集团）股份有限公司", Name),
        ("张三", Name),
        ("Acme Corporation", Name),
        ("13800138000", Phone),
        ("zhang.wei@example.com", Text),
    ] {
        let rounds = 2_000;
        let start = std::time::Instant::now();
        for _ in 0..rounds {
            out.clear();
            write_tokens(std::hint::black_box(text), class, &mut out);
        }
        let each = start.elapsed().as_secs_f64() * 1e6 / f64::from(rounds);
        let count = out.split_ascii_whitespace().count();
        println!("{each:7.2} µs, {count:4} tokens, {:5} bytes: {text}", out.len());
    }
}

/// Text as it comes: letters, digits, ideographs, heteronyms, punctuation, full width.
fn texts() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[a-zA-Z]{1,6}",
        "[0-9]{1,6}",
        "[张三李四重庆曾单解行长乐都吕女海科技有限公司上东]{1,6}",
        "[一-龥]{1,3}",
        "[ .,@_\\-（）()/·]{1,2}",
        "[Ａ-Ｚ０-９äßéñΣж한あ]{1,2}",
    ];
    prop::collection::vec(piece, 1..6).prop_map(|pieces| pieces.concat())
}

fn part(text: &str, from: usize, len: usize) -> Option<String> {
    let chars: Vec<char> = text.chars().collect();
    let from = from % chars.len();
    let part: String = chars[from..].iter().take(2 + len).collect();
    let long = part.chars().count() >= 2 && part.chars().any(|c| run_of(c) != Run::Gap);
    long.then_some(part)
}

proptest! {
    #[test]
    fn every_part_is_found(text in texts(), from in 0_usize..40, len in 0_usize..20) {
        if let Some(q) = part(&text, from, len) {
            for class in [Text, Name, Number] {
                prop_assert!(finds(&q, &text, class), "{q:?} in {text:?} as {class:?}");
                prop_assert!(matches(&q, &text, class) <= Some(MatchRank::Contains));
                prop_assert!(matches(&q, &text, class).is_some());
            }
        }
    }

    #[test]
    fn every_part_of_a_phone_is_found(
        text in "(\\+86 ?|0086|)1[3-9][0-9]( |-|)[0-9]{4}( |-|)[0-9]{4}", from in 0_usize..20, len in 0_usize..12,
    ) {
        if let Some(q) = part(&text, from, len) {
            prop_assert!(finds(&q, &text, Phone), "{q:?} in {text:?}");
            prop_assert!(matches(&q, &text, Phone).is_some(), "{q:?} in {text:?}");
        }
    }

    #[test]
    fn every_spelling_is_found(
        name in "[一-龥]{1,6}", picks in prop::collection::vec(0_usize..4, 6), from in 0_usize..30, len in 0_usize..20,
    ) {
        let known: Option<Vec<Readings>> = name.chars().map(Readings::of).collect();
        let read: Vec<&str> = known
            .iter()
            .flatten()
            .zip(&picks)
            .map(|(r, pick)| r.as_slice()[pick % r.as_slice().len()])
            .collect();
        let spelling = read.concat();
        if spelling.len() > 1
            && let Some(q) = part(&spelling, from, len)
        {
            prop_assert!(finds(&q, &name, Name), "{q:?} in {name:?}");
            prop_assert!(matches(&q, &name, Name).is_some(), "{q:?} in {name:?}");
        }
        let initials: String = read.iter().map(|r| &r[..1]).collect();
        if initials.len() > 1
            && let Some(q) = part(&initials, from, len)
        {
            prop_assert!(finds(&q, &name, Name), "{q:?} in {name:?}");
            prop_assert!(matches(&q, &name, Name).is_some(), "{q:?} in {name:?}");
        }
    }

    /// What is surely not in the text is not claimed to be.
    #[test]
    fn matches_tells_the_truth(text in texts(), q in "[0-9]{3,5}") {
        let digits_in_order = compact(&text).contains(&q);
        prop_assert_eq!(matches(&q, &text, Name).is_some(), digits_in_order);
    }
}
