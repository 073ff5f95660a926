//! The HTTP side: the site, its headers, and the WebSocket that shares its path.

#![allow(clippy::unwrap_used, reason = "a step that fails is a test that fails")]

mod common;

use std::fs;

use common::Client;
use covey_rendezvous::{Server, ServerConfig, ServerError};
use reqwest::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderMap};
use reqwest::{Response, StatusCode};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A node that serves a small site.
async fn node() -> (Server, TempDir) {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("assets")).unwrap();
    for (name, content) in [
        ("index.html", "<!doctype html><title>Covey</title>"),
        ("sw.js", "self"),
        ("manifest.webmanifest", "{}"),
        ("assets/index-DiwrgTda.js", "export {}"),
        ("assets/covey_bg-a_b-C0d9.wasm", "\0asm"),
        ("assets/covey_bg-a_b-C0d9.wasm.br", "smaller"),
        ("assets/style-12345678.css", "body{}"),
    ] {
        fs::write(dir.path().join(name), content).unwrap();
    }
    let mut config = ServerConfig::for_tests().unwrap();
    config.site.dir = Some(dir.path().to_owned());
    (Server::spawn(config).await.unwrap(), dir)
}

async fn get(node: &Server, path: &str) -> Response {
    reqwest::get(format!("http://{}{path}", node.address())).await.unwrap()
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).map_or("", |value| value.to_str().unwrap())
}

#[tokio::test]
async fn files_have_their_types_and_lifetimes() {
    let (node, _dir) = node().await;
    for (path, kind, lifetime) in [
        ("/", "text/html", "no-cache"),
        ("/index.html", "text/html", "no-cache"),
        ("/sw.js", "text/javascript", "no-cache"),
        ("/manifest.webmanifest", "application/manifest+json", "no-cache"),
        ("/assets/index-DiwrgTda.js", "text/javascript", "public, max-age=31536000, immutable"),
        ("/assets/style-12345678.css", "text/css", "public, max-age=31536000, immutable"),
        (
            "/assets/covey_bg-a_b-C0d9.wasm",
            "application/wasm",
            "public, max-age=31536000, immutable",
        ),
    ] {
        let response = get(&node, path).await;
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        assert_eq!(header(response.headers(), CONTENT_TYPE.as_str()), kind, "{path}");
        assert_eq!(header(response.headers(), CACHE_CONTROL.as_str()), lifetime, "{path}");
    }
    node.stop().await;
}

/// The element that `web/vite.config.ts` writes into the page.
fn policy_of_page() -> String {
    let config = concat!(env!("CARGO_MANIFEST_DIR"), "/../web/vite.config.ts");
    let config = fs::read_to_string(config).unwrap();
    let (_, after) = config.split_once("const policy = [").unwrap();
    let (list, _) = after.split_once("].join(\"; \")").unwrap();
    let parts: Vec<&str> = list.split('"').skip(1).step_by(2).collect();
    assert!(parts.len() > 5, "{parts:?}");
    parts.join("; ")
}

#[tokio::test]
async fn every_answer_carries_the_policy() {
    let (node, _dir) = node().await;
    for path in ["/", "/healthz", "/covey.json", "/assets/missing-12345678.js", "/sw.js"] {
        let response = get(&node, path).await;
        let headers = response.headers();
        let policy = header(headers, "content-security-policy");
        assert_eq!(policy, format!("{}; frame-ancestors 'none'", policy_of_page()), "{path}");
        assert_eq!(header(headers, "referrer-policy"), "no-referrer", "{path}");
        assert_eq!(header(headers, "x-content-type-options"), "nosniff", "{path}");
    }
    node.stop().await;
}

#[tokio::test]
async fn missing_files_are_missing_and_never_kept() {
    let (node, _dir) = node().await;
    let long = format!("/{}.js", "a".repeat(5000));
    for path in [
        "/a/b",
        "/room",
        "/index.html/",
        "/assets/gone-12345678.js",
        "/x.png",
        "/..%2f..%2fetc/passwd.txt",
        &long,
    ] {
        let response = get(&node, path).await;
        assert_eq!(response.status(), StatusCode::NOT_FOUND, "{path}");
        assert_eq!(header(response.headers(), CACHE_CONTROL.as_str()), "no-cache", "{path}");
    }
    node.stop().await;
}

const MODULE: &str = "/assets/covey_bg-a_b-C0d9.wasm";

/// Asks with some headers.
async fn ask(node: &Server, path: &str, headers: &[(&str, &str)]) -> Response {
    let mut request = reqwest::Client::new().get(format!("http://{}{path}", node.address()));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.send().await.unwrap()
}

#[tokio::test]
async fn a_compressed_file_is_sent_to_who_can_read_it() {
    let (node, dir) = node().await;
    for (name, content) in [("index.html.br", "brotli"), ("index.html.gz", "gzip")] {
        fs::write(dir.path().join(name), content).unwrap();
    }
    let page = "<!doctype html><title>Covey</title>";
    for (path, kind, reads, encoding, content) in [
        (MODULE, "application/wasm", "gzip, deflate, br, zstd", "br", "smaller"),
        (MODULE, "application/wasm", "gzip", "", "\0asm"),
        (MODULE, "application/wasm", "br;q=0", "", "\0asm"),
        ("/", "text/html", "gzip, br", "br", "brotli"),
        ("/", "text/html", "gzip", "gzip", "gzip"),
        ("/index.html", "text/html", "identity", "", page),
        ("/sw.js", "text/javascript", "gzip, br", "", "self"),
    ] {
        let response = ask(&node, path, &[("accept-encoding", reads)]).await;
        let headers = response.headers().clone();
        assert_eq!(response.text().await.unwrap(), content, "{path} for {reads}");
        assert_eq!(header(&headers, "content-encoding"), encoding, "{path} for {reads}");
        assert_eq!(header(&headers, CONTENT_TYPE.as_str()), kind, "{path} for {reads}");
        assert_eq!(header(&headers, "content-length"), content.len().to_string(), "{path}");
        assert_eq!(header(&headers, "vary"), "accept-encoding", "{path} for {reads}");
    }
    node.stop().await;
}

#[tokio::test]
async fn a_file_that_the_browser_has_is_not_sent_again() {
    let (node, dir) = node().await;
    fs::write(dir.path().join("index.html.br"), "brotli").unwrap();
    let mark = |response: &Response| header(response.headers(), "etag").to_owned();
    let plain = mark(&ask(&node, "/", &[]).await);
    let brotli = mark(&ask(&node, "/", &[("accept-encoding", "br")]).await);
    assert!(plain.len() > 30 && brotli.len() > 30 && plain != brotli, "{plain} {brotli}");
    let known = format!("\"other\", W/{brotli}");
    let again = ask(&node, "/", &[("accept-encoding", "br"), ("if-none-match", &known)]).await;
    assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
    assert_eq!(mark(&again), brotli);
    assert_eq!(header(again.headers(), "vary"), "accept-encoding");
    assert_eq!(header(again.headers(), CACHE_CONTROL.as_str()), "no-cache");
    assert_eq!(again.text().await.unwrap(), "");
    let other = ask(&node, "/", &[("if-none-match", &brotli)]).await;
    assert_eq!(other.status(), StatusCode::OK, "the mark of what is compressed otherwise");
    node.stop().await;
}

#[tokio::test]
async fn the_page_of_another_build_is_sent_whatever_its_date() {
    let (node, dir) = node().await;
    let path = dir.path().join("index.html");
    let first = ask(&node, "/", &[]).await;
    let mark = header(first.headers(), "etag").to_owned();
    let date = fs::metadata(&path).unwrap().modified().unwrap();
    // As long as before, and of the same time.
    fs::write(&path, "<!doctype html><title>Other</title>").unwrap();
    fs::File::options().write(true).open(&path).unwrap().set_modified(date).unwrap();
    let future = "Fri, 01 Jan 2100 00:00:00 GMT";
    let headers = [("if-none-match", mark.as_str()), ("if-modified-since", future)];
    for headers in [&headers[..], &headers[1..]] {
        let answer = ask(&node, "/", headers).await;
        assert_eq!(answer.status(), StatusCode::OK);
        assert!(answer.text().await.unwrap().contains("Other"));
    }
    let part = [("range", "bytes=0-1"), ("if-range", mark.as_str())];
    assert_eq!(ask(&node, "/", &part).await.status(), StatusCode::OK, "a part of another file");
    node.stop().await;
}

#[tokio::test]
async fn parts_of_files_can_be_had() {
    let (node, _dir) = node().await;
    let part = ask(&node, MODULE, &[("range", "bytes=1-3")]).await;
    assert_eq!(part.status(), StatusCode::PARTIAL_CONTENT);
    assert_eq!(header(part.headers(), "content-range"), "bytes 1-3/4");
    assert_eq!(part.text().await.unwrap(), "asm");
    let beyond = ask(&node, MODULE, &[("range", "bytes=9-")]).await;
    assert_eq!(beyond.status(), StatusCode::RANGE_NOT_SATISFIABLE);
    node.stop().await;
}

#[tokio::test]
async fn the_node_tells_every_origin_how_to_reach_it() {
    let (node, _dir) = node().await;
    let response = get(&node, "/covey.json").await;
    assert_eq!(header(response.headers(), "access-control-allow-origin"), "*");
    assert_eq!(header(response.headers(), CONTENT_TYPE.as_str()), "application/json");
    let card = response.json::<serde_json::Value>().await.unwrap();
    let (peer_id, port) = (node.peer_id().to_string(), node.address().port());
    let expected = serde_json::json!({
        "version": 1,
        "peer_id": peer_id,
        "addresses": [format!("/ip4/127.0.0.1/tcp/{port}/ws/p2p/{peer_id}")],
    });
    assert_eq!(card, expected);
    assert_eq!(get(&node, "/healthz").await.text().await.unwrap(), "ok\n");
    node.stop().await;
}

#[tokio::test]
async fn the_page_and_the_web_socket_share_one_path() {
    let (node, _dir) = node().await;
    assert!(get(&node, "/").await.text().await.unwrap().contains("<title>Covey</title>"));
    let info = Client::new().connect(&node).await;
    assert_eq!(info.public_key.to_peer_id(), node.peer_id());
    node.stop().await;
}

#[tokio::test]
async fn a_folder_without_a_page_is_no_site() {
    let dir = tempfile::tempdir().unwrap();
    let mut config = ServerConfig::for_tests().unwrap();
    config.site.dir = Some(dir.path().to_owned());
    assert!(matches!(Server::spawn(config).await, Err(ServerError::Site(_))));
}

#[tokio::test]
async fn a_slow_request_is_given_up() {
    let mut config = ServerConfig::for_tests().unwrap();
    config.http.head_timeout = std::time::Duration::from_millis(100);
    let node = Server::spawn(config).await.unwrap();
    let mut stream = TcpStream::connect(node.address()).await.unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nHost:").await.unwrap();
    let mut answer = Vec::new();
    let end = tokio::time::timeout(common::PATIENCE, stream.read_to_end(&mut answer)).await;
    assert!(end.is_ok(), "the connection ends");
    common::refused(&node, "connection", "idle").await;
    node.stop().await;
}

#[tokio::test]
async fn a_connection_that_asks_nothing_more_ends() {
    let mut config = ServerConfig::for_tests().unwrap();
    config.http.head_timeout = std::time::Duration::from_millis(100);
    let node = Server::spawn(config).await.unwrap();
    let mut stream = TcpStream::connect(node.address()).await.unwrap();
    stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
    let mut answer = String::new();
    let end = tokio::time::timeout(common::PATIENCE, stream.read_to_string(&mut answer)).await;
    assert!(end.is_ok() && answer.ends_with("ok\n"), "{answer}");
    node.stop().await;
}

#[tokio::test]
async fn a_reader_who_takes_nothing_makes_room_for_others() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("index.html"), vec![b' '; 32 << 20]).unwrap();
    let mut config = ServerConfig::for_tests().unwrap();
    config.site.dir = Some(dir.path().to_owned());
    config.http.connections = 1;
    config.http.write_timeout = std::time::Duration::from_millis(200);
    let node = Server::spawn(config).await.unwrap();
    let mut stream = TcpStream::connect(node.address()).await.unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
    stream.readable().await.unwrap();
    let other = tokio::time::timeout(common::PATIENCE, get(&node, "/healthz")).await;
    assert_eq!(other.expect("an answer").status(), StatusCode::OK);
    node.stop().await;
}

#[tokio::test]
async fn one_address_has_only_so_many_connections() {
    let mut config = ServerConfig::for_tests().unwrap();
    config.visitors.per_address = 2;
    let node = Server::spawn(config).await.unwrap();
    let url = format!("http://{}/healthz", node.address());
    let ask = || reqwest::Client::new().get(&url).send();
    let socket = tokio_tungstenite::connect_async(format!("ws://{}/", node.address())).await;
    let (socket, _) = socket.expect("a WebSocket");
    let quiet = TcpStream::connect(node.address()).await.unwrap();
    let refused = ask().await.unwrap();
    assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(header(refused.headers(), "retry-after"), "10");
    assert!(refused.text().await.unwrap().contains("too many"));
    drop((socket, quiet));
    let room = async { while ask().await.is_ok_and(|answer| answer.status() != 200) {} };
    assert!(tokio::time::timeout(common::PATIENCE, room).await.is_ok(), "room is made again");
    node.stop().await;
}

/// Asks for a path as it is written, which clients would tidy up.
async fn plainly(node: &Server, path: &str) -> String {
    let mut stream = TcpStream::connect(node.address()).await.unwrap();
    let ask = format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    stream.write_all(ask.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let end = tokio::time::timeout(common::PATIENCE, stream.read_to_end(&mut answer)).await;
    end.expect("an answer in time").unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

// Other systems make no pipe by this call.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn nothing_outside_the_site_and_nothing_hidden_is_served() {
    use std::os::unix::fs::symlink;
    let (node, dir) = node().await;
    let site = dir.path();
    let beside = tempfile::tempdir().unwrap();
    fs::write(beside.path().join("secret.txt"), "secret").unwrap();
    fs::create_dir(site.join(".git")).unwrap();
    for hidden in [".env", ".git/config", "assets/.htpasswd", ".env.br"] {
        fs::write(site.join(hidden), "secret").unwrap();
    }
    fs::create_dir(site.join("folder")).unwrap();
    fs::write(site.join("folder/file.txt"), "open").unwrap();
    fs::write(site.join("twice.txt"), "open").unwrap();
    symlink(beside.path().join("secret.txt"), site.join("link.txt")).unwrap();
    symlink(beside.path(), site.join("linked")).unwrap();
    symlink("../../", site.join("assets/up")).unwrap();
    symlink(".env", site.join("shown.txt")).unwrap();
    symlink(beside.path().join("secret.txt"), site.join("twice.txt.gz")).unwrap();
    symlink("absent", site.join("dangling.txt")).unwrap();
    symlink("loop.txt", site.join("loop.txt")).unwrap();
    let fifo = rustix::fs::mknodat(
        rustix::fs::CWD,
        site.join("pipe.txt"),
        rustix::fs::FileType::Fifo,
        rustix::fs::Mode::from_raw_mode(0o644),
        0,
    );
    fifo.unwrap();
    let up = format!("/assets/up/{}/index.html", site.file_name().unwrap().to_str().unwrap());
    for path in [
        "/link.txt",
        "/linked/secret.txt",
        &up,
        "/.env",
        "/%2eenv",
        "/.git/config",
        "/%2Egit%2fconfig",
        "/assets/.htpasswd",
        "/shown.txt",
        "/dangling.txt",
        "/loop.txt",
        "/pipe.txt",
        "/folder",
        "/..%2fsecret.txt",
        "/folder/../.env",
        "/folder/..%2f.env",
        "/assets%5c.htpasswd",
        "/.env%00.txt",
        "/sw.js%00",
        "/sw.js%0a",
        "/%ff%fe",
        "//sw.js/../.env",
    ] {
        let answer = plainly(&node, path).await;
        assert!(answer.starts_with("HTTP/1.1 404 "), "{path}: {answer}");
        assert!(!answer.contains("secret"), "{path}: {answer}");
    }
    let packed = ask(&node, "/twice.txt", &[("accept-encoding", "gzip")]).await;
    assert!(!packed.text().await.unwrap().contains("secret"));
    common::refused(&node, "file", "hidden").await;
    common::refused(&node, "file", "outside").await;
    common::refused(&node, "file", "kind").await;
    node.stop().await;
}

#[cfg(unix)]
#[tokio::test]
async fn links_that_stay_within_the_site_are_served() {
    use std::os::unix::fs::symlink;
    let (node, dir) = node().await;
    symlink("sw.js", dir.path().join("same.js")).unwrap();
    symlink("assets", dir.path().join("files")).unwrap();
    for (path, content) in
        [("/same.js", "self"), ("/files/style-12345678.css", "body{}"), ("/s%77.js", "self")]
    {
        assert!(plainly(&node, path).await.ends_with(content), "{path}");
    }
    node.stop().await;
}

/// Hosts publish a new build by turning a link.
#[cfg(unix)]
#[tokio::test]
async fn the_site_itself_may_be_a_link_and_turned() {
    use std::os::unix::fs::symlink;
    let dir = tempfile::tempdir().unwrap();
    let (current, next) = (dir.path().join("current"), dir.path().join("next"));
    for build in ["one", "two"] {
        fs::create_dir(dir.path().join(build)).unwrap();
        fs::write(dir.path().join(build).join("index.html"), build).unwrap();
    }
    symlink("one", &current).unwrap();
    let mut config = ServerConfig::for_tests().unwrap();
    config.site.dir = Some(current.clone());
    let node = Server::spawn(config).await.unwrap();
    assert_eq!(get(&node, "/").await.text().await.unwrap(), "one");
    symlink("two", &next).unwrap();
    fs::rename(&next, &current).unwrap();
    assert_eq!(get(&node, "/").await.text().await.unwrap(), "two");
    node.stop().await;
}
