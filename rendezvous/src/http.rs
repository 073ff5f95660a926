//! Takes TCP connections and speaks HTTP/1.1 on them, with bounds on how many and how slow.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt;
use tracing::warn;

use crate::admission::{Admission, too_many};
use crate::connection_limit::{ConnectionLimit, ConnectionSlot};
use crate::metrics::Metrics;
use crate::site::secure;
use crate::visitor::Visitor;
use crate::write_timeout::WriteTimeout;

/// How requests are taken.
#[derive(Debug, Clone)]
pub struct HttpConfig {
    /// HTTP connections at the same time; WebSockets are counted on their own. One IPv4 address or
    /// one /64 of IPv6 has three eighths at most, and the last quarter is for those that have none.
    pub connections: usize,
    /// A request's head must arrive within this time, and an idle connection ends after it.
    pub head_timeout: Duration,
    /// A reader who takes nothing of an answer for this time is given up.
    pub write_timeout: Duration,
    /// Largest head of a request in bytes.
    pub head: usize,
}

impl Default for HttpConfig {
    fn default() -> Self {
        Self {
            connections: 4096,
            head_timeout: Duration::from_secs(20),
            write_timeout: Duration::from_secs(30),
            head: 16 << 10,
        }
    }
}

/// When accepting fails, for want of file descriptors say, trying at once would only burn time.
const PAUSE: Duration = Duration::from_millis(100);
/// How long a refused visitor waits for the answer, so that refusing costs nearly nothing: however fast
/// one asks, each connection is refused once in this time.
const REFUSED: Duration = Duration::from_secs(1);
/// How long a refused connection may take to ask and to hear why.
const REFUSAL: Duration = Duration::from_secs(1);
/// Refused connections that hear why, at the same time; more are closed without a word.
const REFUSALS: usize = 64;

/// Written as it is: a connection too many gets no more of our attention than this.
const TOO_MANY: &str = "HTTP/1.1 429 Too Many Requests\r\n\
    Content-Type: text/plain\r\nContent-Length: 44\r\nRetry-After: 10\r\nConnection: close\r\n\r\n\
    There are too many of you at this address.\r\n";

/// Serves until `stop` is cancelled and every request under way is answered.
pub(crate) async fn serve(
    listener: TcpListener,
    app: Router,
    config: HttpConfig,
    admission: Admission,
    metrics: Metrics,
    stop: CancellationToken,
) {
    let room = Arc::new(Semaphore::new(config.connections));
    let refusals = Arc::new(Semaphore::new(REFUSALS));
    let limit = ConnectionLimit::default();
    let host = Host { app, config, admission, metrics, stop };
    let mut warned = false;
    let tasks = TaskTracker::new();
    while let Some((stream, remote, permit)) = accept(&listener, &room, &host.stop).await {
        if let Some((visitor, share)) = host.admit(&limit, remote) {
            let host = host.clone();
            tasks.spawn(async move {
                host.converse(stream, visitor).await;
                drop((share, permit));
            });
            continue;
        }
        if !warned {
            warned = true;
            warn!("one address comes too often; behind a proxy, name it by --proxy");
        }
        let Ok(refusal) = refusals.clone().try_acquire_owned() else { continue };
        tasks.spawn(async move {
            sleep(REFUSED).await;
            // A client that does not listen need not hear it.
            let _ = timeout(REFUSAL, refuse(stream)).await;
            drop((refusal, permit));
        });
    }
    drop(listener);
    tasks.close();
    tasks.wait().await;
}

/// The next connection; `None` once the node stops. While there is no room, new connections wait
/// in the system's queue.
async fn accept(
    listener: &TcpListener,
    room: &Arc<Semaphore>,
    stop: &CancellationToken,
) -> Option<(TcpStream, SocketAddr, OwnedSemaphorePermit)> {
    let next = async {
        let permit = room.clone().acquire_owned().await.ok()?;
        loop {
            match listener.accept().await {
                Ok((stream, remote)) => return Some((stream, remote, permit)),
                Err(error) if is_about_one_connection(&error) => {}
                Err(error) => {
                    warn!(%error, "can't accept connections");
                    sleep(PAUSE).await;
                }
            }
        }
    };
    tokio::select! {
        () = stop.cancelled() => None,
        next = next => next,
    }
}

fn is_about_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

/// Says that there are too many. Closing with something unread would take the answer back.
async fn refuse(mut stream: TcpStream) -> io::Result<()> {
    let mut asked = [0; 1024];
    if stream.read(&mut asked).await? == 0 {
        return Ok(());
    }
    stream.write_all(TOO_MANY.as_bytes()).await?;
    stream.shutdown().await?;
    while stream.read(&mut asked).await? > 0 {}
    Ok(())
}

/// The state that every connection is served with.
#[derive(Clone)]
struct Host {
    app: Router,
    config: HttpConfig,
    admission: Admission,
    metrics: Metrics,
    stop: CancellationToken,
}

impl Host {
    /// Takes a connection of who is let in and has a share left; a proxy has others' shares.
    fn admit(
        &self,
        limit: &ConnectionLimit,
        remote: SocketAddr,
    ) -> Option<(Visitor, Option<ConnectionSlot>)> {
        let visitor = self.admission.connection(remote)?;
        if visitor.slot.is_none() {
            return Some((visitor, None));
        }
        let share = limit.acquire_fairly(remote.ip(), self.config.connections);
        if share.is_none() {
            self.metrics.refuse("connection", "share");
        }
        Some((visitor, Some(share?)))
    }

    async fn converse(&self, stream: TcpStream, visitor: Visitor) {
        // Messages are small and each of them is awaited.
        let _ = stream.set_nodelay(true);
        let stream = WriteTimeout::new(stream, self.config.write_timeout);
        let service = service_fn(|request| async {
            let mut response = self.answer(visitor.clone(), request).await;
            secure(response.headers_mut());
            Ok::<_, Infallible>(response)
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(self.config.head_timeout)
            .max_buf_size(self.config.head)
            .serve_connection(TokioIo::new(stream), service)
            .with_upgrades();
        let mut connection = pin!(connection);
        let end = tokio::select! {
            end = connection.as_mut() => end,
            () = self.stop.cancelled() => {
                connection.as_mut().graceful_shutdown();
                connection.await
            }
        };
        // An error of one connection is over with it.
        if end.is_err_and(|error| error.is_timeout()) {
            self.metrics.refuse("connection", "idle");
        }
    }

    /// The answer to a request. A visitor that asks too often waits for it, but not through a proxy, whose
    /// connections serve others too.
    async fn answer(&self, visitor: Visitor, request: Request<Incoming>) -> Response {
        if !self.admission.request(&visitor, request.headers()) {
            if visitor.slot.is_some() {
                sleep(REFUSED).await;
            }
            return too_many();
        }
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(visitor);
        let answer = self.app.clone().oneshot(request).await;
        answer.unwrap_or_else(|never| match never {})
    }
}
