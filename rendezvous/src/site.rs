//! The static site: files of one folder, and the headers that every answer carries.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, HeaderValue, Method, Request, StatusCode, header};
use axum::response::{IntoResponse, Response};
use tokio::task::spawn_blocking;
use tower_http::services::ServeDir;

use crate::confine::{Unfit, check};
use crate::metrics::Metrics;

/// The content security policy of pages. They ask nobody but their own origin and the nodes in their links. The same
/// as in the page itself, and what only a header can say: nobody may frame it.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; \
    script-src 'self' 'wasm-unsafe-eval'; \
    style-src 'self' 'unsafe-inline'; \
    font-src 'self' data:; \
    img-src 'self' data: blob:; \
    connect-src 'self' ws: wss:; \
    worker-src 'self' blob:; \
    frame-src 'self' blob:; \
    manifest-src 'self'; \
    base-uri 'none'; \
    form-action 'none'; \
    frame-ancestors 'none'";

const HASHED: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const FRESH: HeaderValue = HeaderValue::from_static("no-cache");
/// Largest file that is marked by its content.
const MARKED: u64 = 1 << 20;

/// Which site is served.
#[derive(Debug, Clone, Default)]
pub struct SiteConfig {
    /// The folder with `index.html`; none, and the node only introduces peers.
    pub dir: Option<PathBuf>,
}

/// The files of the site.
#[derive(Clone)]
pub(crate) struct Site {
    files: Option<(Arc<Path>, ServeDir)>,
    metrics: Metrics,
}

impl Site {
    pub(crate) fn new(config: &SiteConfig, metrics: Metrics) -> Self {
        let files = |dir: &PathBuf| {
            (dir.as_path().into(), ServeDir::new(dir).precompressed_br().precompressed_gzip())
        };
        Self { files: config.dir.as_ref().map(files), metrics }
    }

    /// The file that is asked for; for `/`, the page. Within the page are no other places: what is
    /// secret in a link stands behind its `#`, and the page's own files are named relative to it.
    pub(crate) async fn serve(self, mut request: Request<Body>) -> Response {
        let Some((dir, files)) = self.files else {
            return (StatusCode::NOT_FOUND, "This node serves no site.\n").into_response();
        };
        let uri = request.uri().clone();
        // A file asked for as if it were a folder, whose own files would then be looked for in it.
        if uri.path() != "/" && uri.path().ends_with('/') {
            return absent();
        }
        match fit(dir, uri.path().to_owned()).await {
            Ok(true) => {}
            Ok(false) => drop(request.headers_mut().remove(header::ACCEPT_ENCODING)),
            Err(unfit) => {
                if let Some(why) = unfit.why() {
                    self.metrics.refuse("file", why);
                }
                return absent();
            }
        }
        let hashed = is_hashed(uri.path());
        let known = (!hashed).then(|| forget_dates(request.headers_mut()));
        let get = request.method() == Method::GET;
        let mut response = file(files, request).await;
        set_cache_control(&mut response, hashed);
        // A cache in between must not hand out what only another browser can read.
        let vary = HeaderValue::from_static("accept-encoding");
        response.headers_mut().insert(header::VARY, vary);
        match known {
            Some(known) if get => mark(response, known).await,
            _ => response,
        }
    }
}

/// Whether a file may be served, and what stands packed beside it.
async fn fit(dir: Arc<Path>, path: String) -> Result<bool, Unfit> {
    let checked = spawn_blocking(move || check(&dir, &path)).await;
    // It neither panics nor is cancelled while the node runs.
    checked.unwrap_or(Err(Unfit::Absent))
}

fn absent() -> Response {
    (StatusCode::NOT_FOUND, [(header::CACHE_CONTROL, FRESH)]).into_response()
}

async fn file(mut files: ServeDir, request: Request<Body>) -> Response {
    match files.try_call(request).await {
        Ok(response) => response.map(Body::new),
        // A name that no file can have, such as one that is too long.
        Err(error) if error.kind() == ErrorKind::InvalidFilename => {
            StatusCode::NOT_FOUND.into_response()
        }
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// The marks of the file that the browser has. Dates don't count: the page of another build may have
/// the same date, or an earlier one.
fn forget_dates(headers: &mut HeaderMap) -> Option<HeaderValue> {
    headers.remove(header::IF_MODIFIED_SINCE);
    headers.remove(header::IF_UNMODIFIED_SINCE);
    if headers.contains_key(header::IF_RANGE) {
        headers.remove(header::RANGE);
    }
    headers.remove(header::IF_NONE_MATCH)
}

/// Marks a file by what is in it, and does not send it to who has it. Files without a hash in their
/// name are small; a large one is sent each time.
async fn mark(mut response: Response, known: Option<HeaderValue>) -> Response {
    response.headers_mut().remove(header::LAST_MODIFIED);
    let size = length(response.headers());
    if response.status() != StatusCode::OK || size.is_none_or(|size| size > MARKED) {
        return response;
    }
    let (mut head, body) = response.into_parts();
    let Ok(content) = to_bytes(body, MARKED as usize).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let mark = format!("\"{}\"", &blake3::hash(&content).to_hex()[..32]);
    let known = known.as_ref().and_then(|known| known.to_str().ok()).unwrap_or_default();
    let has = known.split(',').any(|one| one.trim().trim_start_matches("W/") == mark);
    if let Ok(mark) = HeaderValue::from_str(&mark) {
        head.headers.insert(header::ETAG, mark);
    }
    if has {
        head.status = StatusCode::NOT_MODIFIED;
        head.headers.remove(header::CONTENT_LENGTH);
        head.headers.remove(header::CONTENT_ENCODING);
    }
    Response::from_parts(head, if has { Body::empty() } else { content.into() })
}

fn length(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

fn set_cache_control(response: &mut Response, hashed: bool) {
    let status = response.status();
    let found = status.is_success() || status == StatusCode::NOT_MODIFIED;
    let value = if found && hashed { HASHED } else { FRESH };
    response.headers_mut().insert(header::CACHE_CONTROL, value);
}

/// Whether the name of a file changes with what is in it: `/assets/name-Hash8chr.ext`.
fn is_hashed(path: &str) -> bool {
    let Some(name) = path.strip_prefix("/assets/") else { return false };
    let Some((stem, _)) = name.rsplit_once('.') else { return false };
    let hash = |text: &str| {
        text.len() == 8 && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b))
    };
    // The hash itself may hold a dash, so it is counted from the end.
    stem.len() > 9
        && stem.is_char_boundary(stem.len() - 8)
        && stem[..stem.len() - 8].ends_with('-')
        && hash(&stem[stem.len() - 8..])
}

/// Adds what every answer of the node carries.
pub(crate) fn secure(headers: &mut HeaderMap) {
    let csp = HeaderValue::from_static(CONTENT_SECURITY_POLICY);
    headers.insert(header::CONTENT_SECURITY_POLICY, csp);
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_with_a_hash_are_known() {
        for hashed in ["index-DiwrgTda.js", "covey_bg-a_b-C0d9.wasm", "a-b-12345678.woff2"] {
            assert!(is_hashed(&format!("/assets/{hashed}")), "{hashed}");
        }
        for path in [
            "/",
            "/index.html",
            "/sw.js",
            "/assets/logo.svg",
            "/assets/-12345678.js",
            "/fonts/a-12345678.woff2",
            "/assets/index-1234567.js",
            "/assets/ä12345678.js",
        ] {
            assert!(!is_hashed(path), "{path}");
        }
    }
}
