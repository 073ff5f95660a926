//! The static site: files of one folder, and the headers that every answer carries.

use std::convert::Infallible;
use std::io::ErrorKind;
use std::path::PathBuf;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Request, StatusCode, header};
use axum::response::{IntoResponse, Response};
use tower_http::services::ServeDir;

/// What pages may do. They ask nobody but their own origin and the nodes in their links. The same
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

/// Which site is served.
#[derive(Debug, Clone, Default)]
pub struct SiteConfig {
    /// The folder with `index.html`; none, and the node only introduces peers.
    pub dir: Option<PathBuf>,
}

/// The files of the site.
#[derive(Clone)]
pub(crate) struct Site(Option<ServeDir>);

impl Site {
    pub(crate) fn new(config: &SiteConfig) -> Self {
        let files = |dir| ServeDir::new(dir).precompressed_br().precompressed_gzip();
        Self(config.dir.as_ref().map(files))
    }

    /// The file that is asked for; for `/`, the page. Within the page are no other places: what is
    /// secret in a link stands behind its `#`, and the page's own files are named relative to it.
    pub(crate) async fn serve(self, request: Request<Body>) -> Response {
        let Some(files) = self.0 else {
            return (StatusCode::NOT_FOUND, "This node serves no site.\n").into_response();
        };
        let uri = request.uri().clone();
        // A file asked for as if it were a folder, whose own files would then be looked for in it.
        if uri.path() != "/" && uri.path().ends_with('/') {
            return (StatusCode::NOT_FOUND, [(header::CACHE_CONTROL, FRESH)]).into_response();
        }
        let mut response = file(files, request).await;
        set_cache_control(&mut response, uri.path());
        response
    }
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

fn set_cache_control(response: &mut Response, path: &str) {
    let status = response.status();
    let found = status.is_success() || status == StatusCode::NOT_MODIFIED;
    let value = if found && is_hashed(path) { HASHED } else { FRESH };
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
pub(crate) async fn secure(mut response: Response) -> Result<Response, Infallible> {
    let headers: &mut HeaderMap = response.headers_mut();
    let csp = HeaderValue::from_static(CONTENT_SECURITY_POLICY);
    headers.insert(header::CONTENT_SECURITY_POLICY, csp);
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    Ok(response)
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
