//! Search tokens: what the search index of both databases holds, and what a query asks of it.
//!
//! Any part of two characters or more is found, without a word list, by n-grams. A folded text (NFKC, lower case) falls
//! into runs; between them stands whatever is neither letter, digit nor ideograph.
//! * A run of ideographs gives its pairs and its last character: 澜海智能 → 澜海 海智 智能 能.
//! * A run of letters and digits gives its triples, its last pair and its last character: gtx500 → gtx tx5 x50 500 00 0.
//!
//! So a query of one ideograph, or of two letters, is the beginning of some token (`prefix`), and everything longer is an
//! AND of whole tokens. Names give two kinds more: triples of their pinyin over all readings of every
//! character (重庆: zhongqing and chongqing), and triples of the initials (zs → 张三). The first letter of a
//! token tells its kind apart:
//!
//! | letter | kind |
//! |---|---|
//! | `t` | part of the text |
//! | `p` | part of its pinyin |
//! | `i` | part of its initials |
//! | `e` | the whole value, at most 64 characters; as a prefix: values that begin so |
//!
//! Tokens consist of lower-case letters, digits and ideographs only, so that any tokenizer keeps them whole.
//! An AND of n-grams can be true of a text that does not contain the query as one piece; [`matches`] tells.

use unicode_normalization::UnicodeNormalization;

use crate::normalise::{compact, fold, phone_key};
use crate::pinyin::Readings;

/// How a field is searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TokenClass {
    /// Text by its parts: addresses, mail, notes.
    Text,
    /// Text by its parts, pinyin and initials: names and titles.
    Name,
    /// A phone number by its digits, however it is written.
    Phone,
    /// A document number or code by its parts, with and without the signs between them.
    Number,
}

/// What a query looks for in the index.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Term {
    /// The token, or how it begins.
    pub token: String,
    /// True: any token beginning so will do.
    pub prefix: bool,
}

/// What a query was taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reading {
    /// As written.
    Text,
    /// A phone number without its punctuation and country code.
    Phone,
    /// Pinyin, perhaps with ideographs or digits between.
    Pinyin,
    /// First letters of pinyin syllables.
    Initials,
}

impl Reading {
    /// Can a value of this class answer a query read so?
    pub fn fits(self, class: TokenClass) -> bool {
        match self {
            Self::Text => true,
            Self::Phone => class == TokenClass::Phone,
            Self::Pinyin | Self::Initials => class == TokenClass::Name,
        }
    }
}

/// One way to read a query: a record answers it when *all* terms match, and the query when *any* group does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryGroup {
    /// What the query was taken for.
    pub reading: Reading,
    /// Never empty.
    pub terms: Vec<Term>,
}

/// How well a text answers a query, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MatchRank {
    /// The text is the query.
    Exact,
    /// The text begins with it.
    Begins,
    /// The text contains it.
    Contains,
    /// Its pinyin contains it.
    Pinyin,
    /// Its initials do.
    Initials,
}

/// Characters of the whole value kept in its `e` token.
const EXACT_CHARS: usize = 64;
/// Characters of a query that are looked at; more cannot narrow the answer usefully.
const QUERY_CHARS: usize = 64;
/// A query of more letters is nobody's initials.
const INITIALS_CHARS: usize = 16;

/// What a run is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Run {
    Cjk,
    Alnum,
    Gap,
}

fn run_of(c: char) -> Run {
    if c.is_ascii() {
        if c.is_ascii_alphanumeric() { Run::Alnum } else { Run::Gap }
    } else if !c.is_alphanumeric() {
        Run::Gap
    } else if matches!(c as u32,
        0x1100..=0x11FF | 0x3005..=0x31FF | 0x3400..=0x4DBF | 0x4E00..=0x9FFF
        | 0xA960..=0xA97F | 0xAC00..=0xD7FF | 0xF900..=0xFAFF | 0x2_0000..=0x3_FFFF)
    {
        Run::Cjk
    } else {
        Run::Alnum
    }
}

/// Up to three characters in one word: sorting and removing doubles works on numbers, not on strings.
fn pack(a: char, b: char, c: char) -> u64 {
    (u64::from(a as u32) << 42) | (u64::from(b as u32) << 21) | u64::from(c as u32)
}

/// Stands for "no character" in [`pack`]; folded runs never contain it.
const NONE: char = '\0';

fn unpack(gram: u64, out: &mut String) {
    for shift in [42, 21, 0] {
        let code = u32::try_from((gram >> shift) & 0x1F_FFFF).unwrap_or_default();
        if let Some(c) = char::from_u32(code).filter(|c| *c != NONE) {
            out.push(c);
        }
    }
}

/// Turns characters into grams; `NONE` stands for what came before the run.
struct Grams<'a> {
    out: &'a mut Vec<u64>,
    run: Run,
    before: char,
    last: char,
}

impl<'a> Grams<'a> {
    fn new(out: &'a mut Vec<u64>) -> Self {
        Self { out, run: Run::Gap, before: NONE, last: NONE }
    }

    fn push(&mut self, c: char, run: Run) {
        if run != self.run {
            self.end();
            self.run = run;
        }
        match run {
            Run::Gap => return,
            Run::Cjk if self.last != NONE => self.out.push(pack(self.last, c, NONE)),
            Run::Alnum if self.before != NONE => self.out.push(pack(self.before, self.last, c)),
            Run::Cjk | Run::Alnum => {}
        }
        self.before = self.last;
        self.last = c;
    }

    /// The tail: what stands too near to the end to begin a full gram.
    fn end(&mut self) {
        if self.last != NONE {
            self.out.push(pack(self.last, NONE, NONE));
            if self.run == Run::Alnum && self.before != NONE {
                self.out.push(pack(self.before, self.last, NONE));
            }
        }
        self.before = NONE;
        self.last = NONE;
        self.run = Run::Gap;
    }
}

fn text_grams(folded: &str, out: &mut Vec<u64>) {
    let mut grams = Grams::new(out);
    for c in folded.chars() {
        grams.push(c, run_of(c));
    }
    grams.end();
}

/// All letters and digits as one run, whatever stands between.
fn joined_grams(chars: impl Iterator<Item = char>, out: &mut Vec<u64>) {
    let mut grams = Grams::new(out);
    for c in chars {
        let run = run_of(c);
        if run != Run::Gap {
            grams.push(c, run);
        }
    }
    grams.end();
}

/// zhang.wei@example.com is also asked for as zhangwei.
fn mail_grams(folded: &str, out: &mut Vec<u64>) {
    for (at, _) in folded.match_indices('@') {
        let before = &folded[..at];
        let local = before
            .char_indices()
            .rev()
            .take_while(|(_, c)| run_of(*c) == Run::Alnum || matches!(c, '.' | '_' | '-' | '+'))
            .last()
            .map_or("", |(start, _)| &before[start..]);
        if local.contains(['.', '_', '-', '+']) {
            joined_grams(local.chars(), out);
        }
    }
}

/// The characters with a Chinese reading, cut where letters or digits stand between them.
fn syllables(folded: &str) -> Vec<Vec<Readings>> {
    let mut parts = Vec::new();
    if folded.is_ascii() {
        return parts;
    }
    let mut part = Vec::new();
    for c in folded.chars() {
        if let Some(readings) = Readings::of(c) {
            part.push(readings);
        } else if run_of(c) != Run::Gap && !part.is_empty() {
            parts.push(std::mem::take(&mut part));
        }
    }
    if !part.is_empty() {
        parts.push(part);
    }
    parts
}

/// Triples of letters over every way to read `part`, and the pairs at its end.
fn pinyin_grams(part: &[Readings], out: &mut Vec<u64>) {
    for (at, readings) in part.iter().enumerate() {
        for reading in readings.as_slice() {
            for start in 0..reading.len() {
                letters(part, at, &reading.as_bytes()[start..], [NONE; 3], 0, out);
            }
        }
    }
}

/// Follows the lattice from `rest` of the reading at `at` until three letters are together. At most two further
/// syllables are touched, for each has a letter at least.
fn letters(part: &[Readings], at: usize, rest: &[u8], mut gram: [char; 3], mut len: usize, out: &mut Vec<u64>) {
    for &letter in rest.iter().take(3 - len) {
        gram[len] = char::from(letter);
        len += 1;
    }
    if len == 3 {
        out.push(pack(gram[0], gram[1], gram[2]));
    } else if let Some(next) = part.get(at + 1) {
        for reading in next.as_slice() {
            letters(part, at + 1, reading.as_bytes(), gram, len, out);
        }
    } else if len == 2 {
        out.push(pack(gram[0], gram[1], NONE));
    }
}

/// The different first letters of a character's readings; unused places are `NONE`.
fn initials(readings: &Readings) -> [char; 4] {
    let mut found = [NONE; 4];
    for reading in readings.as_slice() {
        let Some(initial) = reading.chars().next() else {
            continue;
        };
        for place in &mut found {
            if *place == initial {
                break;
            }
            if *place == NONE {
                *place = initial;
                break;
            }
        }
    }
    found
}

/// Triples of initials, the last pair, and the only one of a name of one character.
fn initial_grams(part: &[Readings], out: &mut Vec<u64>) {
    let all: Vec<[char; 4]> = part.iter().map(initials).collect();
    let of = |at: usize| all[at].iter().copied().take_while(|c| *c != NONE);
    for a in of(all.len() - 1).filter(|_| all.len() == 1) {
        out.push(pack(a, NONE, NONE));
    }
    for at in 0..all.len().saturating_sub(1) {
        for a in of(at) {
            for b in of(at + 1) {
                if at + 2 < all.len() {
                    out.extend(of(at + 2).map(|c| pack(a, b, c)));
                } else {
                    out.push(pack(a, b, NONE));
                }
            }
        }
    }
}

/// Writes the tokens of a value, each followed by a space: the form in which both databases take them. Doubles are left
/// out within one value.
pub fn write_tokens(text: &str, class: TokenClass, out: &mut String) {
    let folded = fold(text);
    let mut grams: Vec<u64> = Vec::with_capacity(folded.len());
    let mut write = |kind: char, grams: &mut Vec<u64>| {
        grams.sort_unstable();
        grams.dedup();
        for &gram in grams.iter() {
            out.push(kind);
            unpack(gram, out);
            out.push(' ');
        }
        grams.clear();
    };
    match class {
        TokenClass::Phone => {
            // The digits as typed, country code and all; the query is taken both ways.
            joined_grams(folded.chars().filter(char::is_ascii_digit), &mut grams);
            joined_grams(phone_key(&folded).chars(), &mut grams);
            if folded.chars().any(char::is_alphabetic) {
                text_grams(&folded, &mut grams);
            }
        }
        TokenClass::Number => {
            text_grams(&folded, &mut grams);
            joined_grams(folded.chars(), &mut grams);
        }
        TokenClass::Text | TokenClass::Name => {
            text_grams(&folded, &mut grams);
            mail_grams(&folded, &mut grams);
        }
    }
    write('t', &mut grams);
    if class == TokenClass::Name {
        let parts = syllables(&folded);
        for part in &parts {
            pinyin_grams(part, &mut grams);
        }
        write('p', &mut grams);
        for part in &parts {
            initial_grams(part, &mut grams);
        }
        write('i', &mut grams);
    }
    // Whole values are worth a token where someone may type them whole, not for a page of notes.
    let start = out.len();
    out.push('e');
    let mut left = EXACT_CHARS;
    let mut push = |c: char| {
        out.push(c);
        left -= 1;
        left > 0
    };
    let whole = match class {
        TokenClass::Phone => phone_key(&folded).chars().all(&mut push),
        _ => folded.chars().filter(|c| c.is_alphanumeric()).all(push),
    };
    if out.len() == start + 1 || (class == TokenClass::Text && !whole) {
        out.truncate(start);
    } else {
        out.push(' ');
    }
}

/// The tokens of a value, without doubles. See the [module](self) for what they are.
pub fn index_tokens(text: &str, class: TokenClass) -> Vec<String> {
    let mut tokens = String::with_capacity(text.len() * 8);
    write_tokens(text, class, &mut tokens);
    tokens.split_ascii_whitespace().map(str::to_owned).collect()
}

fn term(kind: char, token: &str, prefix: bool) -> Term {
    let mut full = String::with_capacity(token.len() + 1);
    full.push(kind);
    full.push_str(token);
    Term { token: full, prefix }
}

/// Adds the terms of one run. A run too short to narrow the answer goes to `weak`.
fn run_terms(kind: char, run: &str, strong: &mut Vec<Term>, weak: &mut Vec<Term>) {
    let size = match run.chars().next().map(run_of) {
        Some(Run::Cjk) => 2,
        _ => 3,
    };
    let ends: Vec<usize> = run.char_indices().map(|(at, c)| at + c.len_utf8()).collect();
    let start = |i: usize| if i == 0 { 0 } else { ends[i - 1] };
    if ends.len() >= size {
        for last in size - 1..ends.len() {
            let next = term(kind, &run[start(last + 1 - size)..ends[last]], false);
            if !strong.contains(&next) {
                strong.push(next);
            }
        }
    } else if ends.len() + 1 == size {
        strong.push(term(kind, run, true));
    } else {
        weak.push(term(kind, run, true));
    }
}

/// Cuts a folded text into its runs.
fn runs(folded: &str) -> Vec<&str> {
    cut(folded, run_of)
}

/// Cuts a run of letters and digits where one meets the other.
fn letters_and_digits(run: &str) -> Vec<&str> {
    cut(run, char::is_numeric)
        .into_iter()
        .flat_map(|part| if part.starts_with(char::is_numeric) { vec![part] } else { runs(part) })
        .collect()
}

fn cut<K: PartialEq>(text: &str, kind: impl Fn(char) -> K) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = 0;
    let mut previous: Option<K> = None;
    for (at, c) in text.char_indices() {
        let this = kind(c);
        if previous.as_ref().is_some_and(|p| *p != this) {
            parts.push(&text[start..at]);
            start = at;
        }
        previous = Some(this);
    }
    if start < text.len() {
        parts.push(&text[start..]);
    }
    parts.retain(|part| part.chars().next().is_some_and(|c| run_of(c) != Run::Gap));
    parts
}

/// Terms of several runs: the strong ones, or the weak ones when there are no others. A single letter somewhere in a
/// query would make the database read a large part of its index and rule out next to nothing.
fn group_terms<'q>(runs: impl IntoIterator<Item = (char, &'q str)>) -> Vec<Term> {
    let (mut strong, mut weak) = (Vec::new(), Vec::new());
    for (kind, run) in runs {
        run_terms(kind, run, &mut strong, &mut weak);
    }
    // What nearly every company's name ends with narrows nothing, and takes longest to read.
    if strong.iter().any(|term| !is_everywhere(term)) {
        strong.retain(|term| !is_everywhere(term));
    }
    if strong.is_empty() { weak } else { strong }
}

/// Is it a pair out of 有限公司, 有限责任公司, 股份有限公司, 集团?
fn is_everywhere(term: &Term) -> bool {
    const PAIRS: [&str; 9] = ["t有限", "t限公", "t公司", "t限责", "t责任", "t任公", "t股份", "t份有", "t集团"];
    !term.prefix && PAIRS.contains(&term.token.as_str())
}

/// Digits and what people write between the digits of a phone number.
fn looks_like_phone(folded: &str) -> bool {
    folded.chars().any(|c| c.is_ascii_digit())
        && folded.chars().all(|c| c.is_ascii_digit() || c.is_whitespace() || "+-()./–—".contains(c))
}

/// A query as it is worked with: folded, cut to what is looked at.
fn query_text(q: &str) -> String {
    let q = q.trim();
    let end = q.char_indices().nth(QUERY_CHARS).map_or(q.len(), |(at, _)| at);
    fold(&q[..end]).into_owned()
}

/// How pinyin is typed: ü as v, no apostrophe between syllables, no tones.
fn typed_pinyin(folded: &str) -> String {
    folded
        .nfd()
        .filter(|c| !matches!(c, '\'' | '’' | '\u{300}' | '\u{301}' | '\u{304}' | '\u{30C}'))
        .nfc()
        .map(|c| if c == 'ü' { 'v' } else { c })
        .collect()
}

/// The runs of a query read as pinyin or initials: letters as `kind`, all else as text. None when there are no letters.
fn spelled<'q>(kind: char, runs: &[&'q str]) -> Option<Vec<(char, &'q str)>> {
    let mut found = false;
    let parts = runs
        .iter()
        .flat_map(|run| letters_and_digits(run))
        .map(|part| {
            if part.bytes().all(|b| b.is_ascii_lowercase()) {
                found = true;
                (kind, part)
            } else {
                ('t', part)
            }
        })
        .collect();
    found.then_some(parts)
}

/// Letters of a query when it is nothing but letters and gaps; else none.
fn only_letters(folded: &str) -> Option<String> {
    let letters = compact(folded);
    let all = !letters.is_empty() && letters.bytes().all(|b| b.is_ascii_lowercase());
    all.then_some(letters)
}

/// Every sensible way to read what somebody typed. Empty when it has neither letter, digit nor ideograph.
pub fn query_groups(q: &str) -> Vec<QueryGroup> {
    let folded = query_text(q);
    let parts = runs(&folded);
    let mut groups: Vec<QueryGroup> = Vec::new();
    let mut add = |reading, terms: Vec<Term>| {
        if !terms.is_empty() && groups.iter().all(|g| g.terms != terms) {
            groups.push(QueryGroup { reading, terms });
        }
    };
    add(Reading::Text, group_terms(parts.iter().map(|run| ('t', *run))));
    if looks_like_phone(&folded) {
        let digits = phone_key(&folded);
        add(Reading::Phone, group_terms([('t', digits.as_str())]));
    }
    // gtx500 may be written GTX 500.
    let apart: Vec<&str> = parts.iter().flat_map(|run| letters_and_digits(run)).collect();
    if apart.len() > parts.len() && apart.iter().all(|part| part.chars().nth(1).is_some()) {
        add(Reading::Text, group_terms(apart.iter().map(|run| ('t', *run))));
    }
    let typed = typed_pinyin(&folded);
    let typed_runs = runs(&typed);
    if let Some(spelled) = spelled('p', &typed_runs) {
        let terms = group_terms(spelled);
        if terms.iter().any(|t| t.token.starts_with('p') && t.token.len() > 2) {
            add(Reading::Pinyin, terms);
        }
    }
    // No syllable begins with i, u or v, so most full pinyin is ruled out here.
    let initials = only_letters(&typed);
    let joined = initials.as_deref().map(|letters| vec![letters]);
    if let Some(spelled) = spelled('i', &joined.unwrap_or(typed_runs))
        && spelled
            .iter()
            .all(|(kind, part)| *kind == 't' || (part.len() <= INITIALS_CHARS && !part.contains(['i', 'u', 'v'])))
    {
        let terms = group_terms(spelled);
        if terms.iter().any(|t| t.token.starts_with('i')) {
            add(Reading::Initials, terms);
        }
    }
    groups
}

/// The term that only values equal to the query have; for ranking. None for an empty query.
pub fn exact_term(q: &str) -> Option<Term> {
    let folded = query_text(q);
    let value = if looks_like_phone(&folded) { phone_key(&folded) } else { compact(&folded) };
    (!value.is_empty()).then(|| term('e', &value, false))
}

/// The term that only values beginning with the query have; for ranking. None for an empty query.
pub fn begins_term(q: &str) -> Option<Term> {
    exact_term(q).map(|exact| Term { prefix: true, ..exact })
}

/// Whether some reading of `part` contains `letters`. Keeps the set of places in `letters` that can be reached at each
/// character, so repeated characters cost no more than others.
fn spells(part: &[Readings], letters: &[u8]) -> bool {
    if letters.is_empty() || letters.len() > QUERY_CHARS {
        return false;
    }
    let mut reached: u128 = 0;
    for readings in part {
        let mut next: u128 = 0;
        for reading in readings.as_slice() {
            let reading = reading.as_bytes();
            // Begun before: the whole syllable, or its beginning where the letters end.
            for place in (0..letters.len()).filter(|place| reached >> place & 1 == 1) {
                let rest = &letters[place..];
                if reading.starts_with(rest) {
                    return true;
                }
                if rest.starts_with(reading) {
                    next |= 1 << (place + reading.len());
                }
            }
            // Begun here, anywhere in the syllable.
            for start in 0..reading.len() {
                let tail = &reading[start..];
                if tail.starts_with(letters) {
                    return true;
                }
                if letters.starts_with(tail) {
                    next |= 1 << tail.len();
                }
            }
        }
        reached = next;
    }
    false
}

/// Whether the initials of `part` contain `letters`.
fn begins_syllables(part: &[Readings], letters: &str) -> bool {
    let count = letters.len();
    count > 0
        && part.len() >= count
        && part.windows(count).any(|window| {
            window.iter().zip(letters.chars()).all(|(readings, letter)| initials(readings).contains(&letter))
        })
}

/// How well `text` answers `q`: what the index finds, told exactly. None when it does not.
pub fn matches(q: &str, text: &str, class: TokenClass) -> Option<MatchRank> {
    let query = query_text(q);
    let wanted = compact(&query);
    if wanted.is_empty() {
        return None;
    }
    let folded = fold(text);
    let whole = compact(&folded);
    let rank = |text: &str, wanted: &str| {
        if text == wanted {
            Some(MatchRank::Exact)
        } else if text.starts_with(wanted) {
            Some(MatchRank::Begins)
        } else {
            text.contains(wanted).then_some(MatchRank::Contains)
        }
    };
    let as_phone = if class == TokenClass::Phone && looks_like_phone(&query) {
        rank(&phone_key(&folded), &phone_key(&query))
    } else {
        None
    };
    let parts = runs(&query);
    let as_text = rank(&whole, &wanted).or_else(|| {
        let all = |parts: &[&str]| parts.iter().all(|part| whole.contains(part));
        let apart: Vec<&str> = parts.iter().flat_map(|run| letters_and_digits(run)).collect();
        (all(&parts) || all(&apart)).then_some(MatchRank::Contains)
    });
    let written = match (as_phone, as_text) {
        (Some(phone), Some(text)) => Some(phone.min(text)),
        (phone, text) => phone.or(text),
    };
    if written.is_some() || class != TokenClass::Name || folded.is_ascii() {
        return written;
    }
    let syllables = syllables(&folded);
    let typed = typed_pinyin(&query);
    let typed_runs = runs(&typed);
    let every =
        |kind: char, runs: &[&str], fits: &dyn Fn(&[Readings], &str) -> bool| {
            spelled(kind, runs).is_some_and(|spelled| {
                spelled.iter().all(|(of, part)| {
                    if *of == 't' { whole.contains(part) } else { syllables.iter().any(|s| fits(s, part)) }
                })
            })
        };
    if every('p', &typed_runs, &|s, part| spells(s, part.as_bytes())) {
        return Some(MatchRank::Pinyin);
    }
    let joined = only_letters(&typed);
    let initial_runs = joined.as_deref().map_or(typed_runs, |letters| vec![letters]);
    every('i', &initial_runs, &begins_syllables).then_some(MatchRank::Initials)
}

#[cfg(test)]
mod tests;
