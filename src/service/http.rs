//! The routes, each answered from the board. There is nothing that changes anything, and nothing that waits.

use std::net::TcpListener;
use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
    X_FRAME_OPTIONS,
};
use axum::http::{HeaderValue, StatusCode, Uri};
use axum::middleware::map_response;
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use super::board::Board;
use super::connections::Door;
use super::{metrics, page, readiness};
use crate::report::status::NoStatus;
use crate::report::{self, Printed as _};
use crate::visible;

/// Nothing from elsewhere, nothing that stands in the page itself.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; \
                      connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");
const ICON: &str = include_str!("icon.svg");

type Shared = State<Arc<Board>>;

/// Answers requests in a thread of its own, until the process ends.
///
/// # Errors
/// The system has no thread left.
pub(super) fn answer(listener: TcpListener, board: Arc<Board>) -> std::io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let routes = routes(board);
    let answer = move || {
        runtime.block_on(async move {
            match tokio::net::TcpListener::from_std(listener) {
                Ok(listener) => {
                    let served = axum::serve(Door::new(listener), routes).await;
                    tracing::debug!(?served, "the service ended");
                }
                Err(error) => tracing::debug!(%error, "the service did not begin"),
            }
        });
    };
    std::thread::Builder::new().name("http".into()).spawn(answer).map(drop)
}

fn routes(board: Arc<Board>) -> Router {
    Router::new()
        .route("/", get(page_of))
        .route("/metrics", get(metrics_of))
        .route("/healthz", get(|| async { plain(StatusCode::OK, "alive\n") }))
        .route("/readyz", get(ready))
        .route("/status.json", get(status))
        .route("/page.css", get(|| async { of_type("text/css; charset=utf-8", STYLE) }))
        .route("/page.js", get(|| async { of_type("text/javascript; charset=utf-8", SCRIPT) }))
        .route("/icon.svg", get(|| async { of_type("image/svg+xml", ICON) }))
        .layer(map_response(guarded))
        .with_state(board)
}

/// What every answer says to a browser.
async fn guarded(mut response: Response) -> Response {
    for (name, value) in [
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (X_FRAME_OPTIONS, "DENY"),
        (REFERRER_POLICY, "no-referrer"),
        (CACHE_CONTROL, "no-store"),
    ] {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

fn of_type(kind: &'static str, body: impl IntoResponse) -> Response {
    ([(CONTENT_TYPE, kind)], body).into_response()
}

fn plain(code: StatusCode, body: impl IntoResponse) -> Response {
    (code, of_type("text/plain; charset=utf-8", body)).into_response()
}

async fn page_of(State(board): Shared) -> Response {
    of_type("text/html; charset=utf-8", page::render(&board.view()))
}

async fn metrics_of(State(board): Shared) -> Response {
    match metrics::encode(&board.view()) {
        Ok(text) => of_type(metrics::CONTENT, text),
        Err(error) => plain(StatusCode::INTERNAL_SERVER_ERROR, format!("{error}\n")),
    }
}

async fn ready(State(board): Shared, uri: Uri) -> Response {
    let view = board.view();
    let mut reasons = readiness::of_process(&view);
    if asks_for_builds(&uri) {
        reasons.extend(readiness::of_builds(&view));
    }
    if reasons.is_empty() {
        return plain(StatusCode::OK, "ready\n");
    }
    let lines: Vec<String> =
        reasons.iter().map(|reason| format!("{}\n", visible::one_line(reason))).collect();
    plain(StatusCode::SERVICE_UNAVAILABLE, lines.concat())
}

fn asks_for_builds(uri: &Uri) -> bool {
    let query = uri.query().unwrap_or_default();
    query.split('&').any(|part| part == "builds" || part.starts_with("builds="))
}

/// The report of `regrow status --json`, or why there is none. An old one is not given out as the newest.
async fn status(State(board): Shared) -> Response {
    let view = board.view();
    let (code, report) = match view.fresh() {
        Some(snapshot) => (StatusCode::OK, report::value(&snapshot.status.report())),
        None => {
            let error = readiness::of_process(&view);
            let none = NoStatus { version: NoStatus::VERSION, error };
            (StatusCode::SERVICE_UNAVAILABLE, report::value(&none))
        }
    };
    let text = format!("{}\n", visible::json(&report.to_string()));
    (code, of_type("application/json", text)).into_response()
}
