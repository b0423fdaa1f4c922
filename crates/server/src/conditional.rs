//! Answers that are not sent again to whoever has them already.

use axum::{
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};

/// An answer with its mark, or only that it is still the same. Clients ask each time, and keep it for nobody else.
pub(crate) fn unless_known<R: IntoResponse>(headers: &HeaderMap, mark: &str, answer: impl FnOnce() -> R) -> Response {
    let mark = format!("\"{mark}\"");
    let known = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    let has_it = known.flat_map(|value| value.split(',')).any(|one| {
        let one = one.trim();
        one == "*" || one.trim_start_matches("W/") == mark
    });
    let kept = [(header::ETAG, mark), (header::CACHE_CONTROL, "private, no-cache".to_owned())];
    if has_it { (StatusCode::NOT_MODIFIED, kept).into_response() } else { (kept, answer()).into_response() }
}
