//! Where a directory is, and whether passwords may travel there.

use super::Settings;
use guanxi_model::FieldError;
use hyper::Uri;

/// What is wrong with the address, if anything is.
pub(super) fn bad_address(settings: &Settings) -> Option<FieldError> {
    let uri = settings.address.parse::<Uri>().ok();
    let host = uri.as_ref().and_then(Uri::host).unwrap_or_default().to_owned();
    let good = uri.as_ref().is_some_and(|uri| {
        matches!(uri.scheme_str(), Some("ldap" | "ldaps"))
            && !host.is_empty()
            && uri.path_and_query().is_none_or(|rest| matches!(rest.as_str(), "" | "/"))
            && uri.authority().is_some_and(|all| !all.as_str().contains('@'))
            && !settings.address.contains('#')
    });
    if !good {
        return Some(FieldError::new(
            "address",
            "bad_url",
            "应为 ldap://主机:端口 或 ldaps://主机:端口",
            "ldap://host:port or ldaps://host:port",
        ));
    }
    let bare = host.trim_matches(['[', ']']);
    let here = bare == "localhost" || bare.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback());
    if settings.is_encrypted() || here {
        return None;
    }
    Some(FieldError::new(
        "address",
        "not_encrypted",
        "密码会以明文传输：请使用 ldaps:// 或开启 StartTLS；只有本机可以不加密",
        "passwords would travel in the clear: use ldaps:// or StartTLS; only this machine may do without",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_travel_only_where_nobody_can_listen() {
        let code = |address: &str, starttls: bool| {
            bad_address(&Settings { address: address.into(), starttls, ..Settings::default() }).map(|error| error.code)
        };
        for good in
            ["ldaps://dc.example.com", "ldaps://dc.example.com:636", "ldap://127.0.0.1:389", "ldap://localhost:1"]
        {
            assert_eq!(code(good, false), None, "{good}");
        }
        assert_eq!(code("ldap://dc.example.com:389", true), None);
        for clear in ["ldap://dc.example.com:389", "ldap://10.0.0.1", "ldap://127.0.0.1.example.com"] {
            assert_eq!(code(clear, false), Some("not_encrypted"), "{clear}");
        }
        for bad in [
            "",
            "dc.example.com",
            "http://dc",
            "ldap://",
            "ldapi:///x",
            "ldap://dc/dc=x",
            "ldap://dc?x",
            "ldap://u@dc",
            "ldap://dc#x",
        ] {
            assert_eq!(code(bad, true), Some("bad_url"), "{bad}");
        }
    }
}
