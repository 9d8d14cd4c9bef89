//! The page: escaped, of one piece, and with nothing that changes anything.

use std::net::TcpStream;

use super::Listening;
use crate::bench::{Project, wait_until};

/// A text that acts wherever it is taken for markup.
pub(crate) const EVIL: &str = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>&amp;";

/// A projection, a stream, a type and a failure that are HTML.
pub(crate) fn evil() -> Project {
    let project = Project::empty();
    project.ok(&["init", "."]);
    project.write("config.toml", "[service]\npoll_ms = 500\n");
    let name = "<b>&bold";
    project.write(
        &format!("projections/{name}/schema/V1__t.sql"),
        "CREATE TABLE t (id text PRIMARY KEY, n int NOT NULL);",
    );
    project.write(
        &format!("projections/{name}/handlers.sql"),
        "-- on \"<i>Made\"\nINSERT INTO t VALUES (:event.stream_id, :n);\n",
    );
    project.write(&format!("projections/{name}/projection.toml"), "on_error = \"park\"\n");
    project.ok(&["migrate"]);
    project
}

#[test]
fn what_comes_from_a_log_is_text() {
    let project = evil();
    let mut events = project.events();
    let insert = "INSERT INTO event_store.events (stream_id, stream_version, event_type, payload) \
                  VALUES ($1, $2, $3, $4::text::jsonb)";
    let bad = format!("{{\"n\": {}}}", serde_json::json!(EVIL));
    events.execute(insert, &[&EVIL, &0_i32, &"<i>Made", &"{\"n\": 1}"]).unwrap();
    events.execute(insert, &[&EVIL, &1_i32, &"<i>Made", &bad]).unwrap();
    events.execute(insert, &[&"\u{202e}turned", &0_i32, &"<i>Made", &bad]).unwrap();
    project.ok(&["rebuild", "<b>&bold", "--promote"]);
    let run = Listening::start(&project);
    let mut page = String::new();
    wait_until("the page to show a parked event", || {
        page = run.get("/").body;
        page.contains("Parked events") && page.contains("&lt;script&gt;")
    });
    let text = page.to_lowercase();
    for markup in ["<script>alert", "<img", "<b>", "<i>", "\u{202e}"] {
        assert!(!text.contains(markup), "{markup} in {page}");
    }
    // Within an attribute it is no other attribute: every element has only what we give it.
    assert!(page.contains("&quot;&#39;&gt;&lt;script&gt;alert(1)"), "{page}");
    assert!(page.contains("&lt;b&gt;&amp;bold__b1"), "{page}");
    assert!(page.contains("\\u{202e}turned"), "{page}");
    // Scripts and styles are files of ours, and nothing is of another origin.
    assert!(!text.contains("http:") && !text.contains("https:") && !text.contains("//"), "{page}");
    assert!(!text.contains("style=") && !text.contains(" onclick") && !text.contains("<style"));
    assert_eq!(text.matches("<script").count(), 1, "{page}");
    assert!(text.contains("<script src=\"/page.js\" defer></script>"));
    let metrics = run.get("/metrics").body;
    assert!(metrics.contains("{projection=\"<b>&bold\",build=\"<b>&bold__b1\"} 2"), "{metrics}");
    run.stop();
}

/// Clients that say nothing take nothing from whoever follows.
#[test]
fn connections_that_say_nothing_are_few() {
    let project = crate::identity::project();
    crate::identity::append(&mut project.events(), "a", 0..3);
    project.ok(&["rebuild", "seen", "--promote"]);
    let mut run = Listening::start(&project);
    run.wait_for("/readyz?builds", 200);
    let files = format!("/proc/{}/fd", run.child().id());
    let open = || std::fs::read_dir(&files).unwrap().count();
    let before = open();
    let silent: Vec<TcpStream> =
        (0..100).map(|_| TcpStream::connect(run.address()).unwrap()).collect();
    wait_until("connections to be taken", || open() >= before + 50);
    crate::identity::append(&mut project.events(), "a", 3..4);
    wait_until("the follower to go on", || {
        crate::identity::status_of(&project, "seen__b1")["position"] == 4
    });
    assert!(open() < before + 80, "{} files, {before} before", open());
    drop(silent);
    run.wait_for("/readyz?builds", 200);
    run.stop();
}

#[test]
fn the_page_reads_without_a_script_and_changes_nothing() {
    let project = crate::identity::project();
    crate::identity::append(&mut project.events(), "a", 0..3);
    project.ok(&["rebuild", "seen"]);
    let run = Listening::start(&project);
    let command = "<code>regrow promote seen</code>";
    wait_until("a build to be shown", || run.get("/").body.contains(command));
    let answer = run.get("/");
    assert_eq!(answer.headers["content-type"], "text/html; charset=utf-8");
    assert!(answer.body.contains("seen__b1 <span class=\"state\">ready"), "{}", answer.body);
    assert!(answer.body.contains("name=\"viewport\"") && answer.body.contains("<noscript>"));
    let policy = &answer.headers["content-security-policy"];
    assert!(policy.starts_with("default-src 'none';") && !policy.contains("unsafe"), "{policy}");
    for path in ["/page.css", "/page.js", "/icon.svg"] {
        let answer = run.get(path);
        assert_eq!(answer.code, 200, "{path}");
        assert!(!answer.headers["content-type"].contains("html"), "{path}");
        assert_eq!(answer.headers["x-content-type-options"], "nosniff");
    }
    assert!(run.get("/page.css").body.contains("prefers-color-scheme: dark"));
    for path in ["/", "/metrics", "/readyz", "/status.json", "/healthz"] {
        for method in ["POST", "PUT", "DELETE", "PATCH"] {
            assert_eq!(run.ask(method, path).code, 405, "{method} {path}");
        }
        let head = run.ask("HEAD", path);
        assert_eq!((head.code, head.body.as_str()), (run.get(path).code, ""), "HEAD {path}");
    }
    assert_eq!(run.get("/nothing").code, 404);
    // Each `run` shows what the ledger says, whichever process did it.
    let other = Listening::start(&project);
    project.ok(&["promote", "seen"]);
    for run in [&run, &other] {
        wait_until("the promote to be shown", || {
            let page = run.get("/").body;
            page.contains("Promotes and rollbacks") && page.contains("<span class=\"state\">live<")
        });
    }
    run.stop();
    other.stop();
}
