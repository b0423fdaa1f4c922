//! How news is said to those who do not see it on the page.

use super::{ASSIGNED, MENTIONED, NewsKind};
use guanxi_model::{Lang, ObjectDef};
use guanxi_store::platform::Notification;
use jiff::tz::TimeZone;

/// What is known of the record and the doer, as far as the reader may see it.
pub(super) struct Known<'a> {
    pub object: &'a ObjectDef,
    pub title: &'a str,
    pub actor: Option<&'a str>,
}

/// News in a sentence.
pub(super) fn sentence(news: &Notification, kind: &NewsKind, known: &Known<'_>, lang: Lang, zone: &TimeZone) -> String {
    let many = news.count > 1;
    let object = known.object.label.get(lang);
    let plural = known.object.plural.as_ref().map_or(object, |plural| plural.get(lang));
    let (title, count) = (known.title, news.count);
    match (news.kind.as_str(), lang, many) {
        (ASSIGNED, Lang::Zh, false) => format!("{}把{object}“{title}”分配给您", known.actor.unwrap_or("系统")),
        (ASSIGNED, Lang::Zh, true) => format!("{}把 {count} 个{object}分配给您", known.actor.unwrap_or("系统")),
        (ASSIGNED, Lang::En, false) => match known.actor {
            Some(actor) => format!("{actor} assigned {title} ({object}) to you"),
            None => format!("{title} ({object}) was assigned to you"),
        },
        (ASSIGNED, Lang::En, true) => match known.actor {
            Some(actor) => format!("{actor} assigned {count} {plural} to you"),
            None => format!("{count} {plural} were assigned to you"),
        },
        (MENTIONED, Lang::Zh, false) => format!("{}在{object}“{title}”中提到您", known.actor.unwrap_or("系统")),
        (MENTIONED, Lang::Zh, true) => format!("{}在 {count} 个{object}中提到您", known.actor.unwrap_or("系统")),
        (MENTIONED, Lang::En, _) => {
            format!("{} mentioned you in {title} ({object})", known.actor.unwrap_or("The system"))
        }
        (_, _, true) => match lang {
            Lang::Zh => format!("{}：{count} 个{object}", kind.label.zh),
            Lang::En => format!("{}: {count} {plural}", kind.label.en),
        },
        (_, _, false) => {
            let label = kind.label.get(lang);
            let moment = news.moment.map(|moment| moment.to_zoned(zone.clone()));
            match (lang, moment) {
                (Lang::Zh, Some(moment)) => format!("{label}：{title}（{}）", moment.strftime("%Y-%m-%d %H:%M")),
                (Lang::Zh, None) => format!("{label}：{title}"),
                (Lang::En, Some(moment)) => format!("{label}: {title} ({})", moment.strftime("%Y-%m-%d %H:%M")),
                (Lang::En, None) => format!("{label}: {title}"),
            }
        }
    }
}
