//! A report as people see it: a real browser shows the page, is asked for the text that it shows, and takes a picture.
//!
//! The browser is Chromium, steered over its pipe (`--remote-debugging-pipe`), so no port is opened. scripts/setup.sh
//! installs one; `REGROW_BROWSER` names another. Pictures are left in target/tmp/browser for people.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use nix::sys::stat::Mode;
use nix::unistd::mkfifo;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::build_report::{grouped, shop};

/// A browser on a busy machine takes its time to start.
const PATIENCE: Duration = Duration::from_secs(120);
const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];
/// The text as it is shown; every element that no style hides.
const SHOWN: &str = "document.body.innerText";
/// Each row of the table of events: type, number of events, and how long its bar is drawn.
const BARS: &str = "[...document.querySelectorAll('h3')].filter(h => h.innerText.startsWith('Events by type')) \
    .flatMap(h => { while (!h.querySelector('table')) h = h.nextElementSibling; return [...h.querySelectorAll('tbody tr')]; }) \
    .map(row => [row.cells[0].innerText, row.cells[2].innerText, row.querySelector('rect').getBoundingClientRect().width])";

/// A browser with one page.
struct Browser {
    child: Child,
    commands: File,
    answers: Receiver<Value>,
    session: Option<String>,
    last: u64,
    _folder: TempDir,
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The browser that is there.
fn program() -> PathBuf {
    if let Some(named) = std::env::var_os("REGROW_BROWSER") {
        return named.into();
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = NAMES
        .iter()
        .flat_map(|name| std::env::split_paths(&path).map(move |folder| folder.join(name)))
        .find(|file| file.is_file());
    found.expect(
        "Chromium is needed: apt-get install chromium, or REGROW_BROWSER=PATH of another one",
    )
}

impl Browser {
    fn start() -> Browser {
        let folder = TempDir::new().unwrap();
        let [to, from] = ["to", "from"].map(|name| {
            let path = folder.path().join(name);
            mkfifo(&path, Mode::S_IRWXU).unwrap();
            // Both ways, so that neither side waits for the other to open its end.
            let file = File::options().read(true).write(true).open(&path).unwrap();
            (path, file)
        });
        // Its pipe is file descriptors 3 and 4. A user's browser has a sandbox; root's cannot have one, and the page is ours.
        let child = Command::new("sh")
            .args(["-c", "to=$1 from=$2; shift 2; exec \"$@\" 3<\"$to\" 4>\"$from\"", "sh"])
            .args([&to.0, &from.0])
            .arg(program())
            .args(["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"])
            .args(["--no-first-run", "--hide-scrollbars", "--remote-debugging-pipe"])
            .arg(format!("--user-data-dir={}", folder.path().join("profile").display()))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let (tell, answers) = channel();
        std::thread::spawn(move || {
            let mut lines = BufReader::new(from.1).split(0);
            while let Some(Ok(line)) = lines.next() {
                let Ok(()) = tell.send(serde_json::from_slice(&line).unwrap()) else { return };
            }
        });
        let mut browser =
            Browser { child, commands: to.1, answers, session: None, last: 0, _folder: folder };
        let page = browser.ask("Target.createTarget", json!({"url": "about:blank"}));
        let page = json!({"targetId": page["targetId"], "flatten": true});
        let session = browser.ask("Target.attachToTarget", page);
        browser.session = Some(session["sessionId"].as_str().unwrap().to_owned());
        browser.ask("Page.enable", json!({}));
        browser
    }

    /// Sends a command and waits for its answer.
    fn ask(&mut self, method: &str, params: Value) -> Value {
        self.last += 1;
        let mut command = json!({"id": self.last, "method": method, "params": params});
        if let Some(session) = &self.session {
            command["sessionId"] = json!(session);
        }
        self.commands.write_all(format!("{command}\0").as_bytes()).unwrap();
        let id = json!(self.last);
        let answer = self.wait(method, |message| message["id"] == id);
        assert!(answer["error"].is_null(), "{method}: {answer}");
        answer["result"].clone()
    }

    fn wait(&mut self, what: &str, is_it: impl Fn(&Value) -> bool) -> Value {
        loop {
            let message = self.answers.recv_timeout(PATIENCE);
            let message = message.unwrap_or_else(|_| panic!("the browser does not answer {what}"));
            if is_it(&message) {
                return message;
            }
        }
    }

    /// Shows a file in a window of that width.
    fn show(&mut self, file: &Path, width: u32) {
        let size = json!({"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false});
        self.ask("Emulation.setDeviceMetricsOverride", size);
        self.ask("Page.navigate", json!({"url": format!("file://{}", file.display())}));
        self.wait("the page", |message| message["method"] == "Page.loadEventFired");
    }

    fn evaluate(&mut self, expression: &str) -> Value {
        let params = json!({"expression": expression, "returnByValue": true});
        let answer = self.ask("Runtime.evaluate", params);
        assert!(answer["exceptionDetails"].is_null(), "{expression}: {answer}");
        answer["result"]["value"].clone()
    }

    /// Takes a picture of the whole page and keeps it as a file.
    fn picture(&mut self, name: &str) -> Vec<u8> {
        let answer = self.ask("Page.captureScreenshot", json!({"captureBeyondViewport": true}));
        let png = from_base64(answer["data"].as_str().unwrap());
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("browser");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join(name), &png).unwrap();
        png
    }
}

fn from_base64(text: &str) -> Vec<u8> {
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut bytes = Vec::new();
    let (mut bits, mut count) = (0u32, 0);
    for digit in text.trim_end_matches('=').chars() {
        bits = bits << 6 | u32::try_from(alphabet.find(digit).unwrap()).unwrap();
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count & 255) as u8);
        }
    }
    bytes
}

/// Width, height and how many different values the bytes of a picture have: few if it is of one colour.
fn looked_at(png: &[u8]) -> (u32, u32, usize) {
    assert_eq!(&png[..8], b"\x89PNG\r\n\x1a\n");
    let number = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().unwrap());
    let (mut at, mut packed) = (8, Vec::new());
    while at < png.len() {
        let length = usize::try_from(number(at)).unwrap();
        if &png[at + 4..at + 8] == b"IDAT" {
            packed.extend_from_slice(&png[at + 8..at + 8 + length]);
        }
        at += length + 12;
    }
    let mut dots = Vec::new();
    flate2::read::ZlibDecoder::new(packed.as_slice()).read_to_end(&mut dots).unwrap();
    let different: std::collections::BTreeSet<u8> = dots.into_iter().collect();
    (number(16), number(20), different.len())
}

#[test]
fn a_report_shows_its_figures() {
    let project = shop("3000");
    let report = project.folder.path().join("report.html");
    let at = report.to_str().unwrap();
    project.ok(&["rebuild", "--all", "--promote", "--report", at]);
    let mut browser = Browser::start();
    browser.show(&report, 1200);
    let shown = browser.evaluate(SHOWN);
    let shown = shown.as_str().unwrap();
    let has = |part: &str| assert!(shown.contains(part), "{part:?} is not in {shown}");
    let mut reads = project.reads();
    let builds = "SELECT schema_name::text, c.position, c.events_read, c.events_applied FROM regrow.build b \
                  JOIN regrow.checkpoint c ON c.build_id = b.id ORDER BY 1";
    for row in reads.query(builds, &[]).unwrap() {
        let [position, read, applied] = [1, 2, 3].map(|nth| grouped(row.get(nth)));
        has(&row.get::<_, String>(0));
        has(&format!("position\n{position}\nevents read\n{read}\nevents applied\n{applied}"));
    }
    // As many events as the log has of each kind, and bars as long in proportion.
    let bars = browser.evaluate(BARS);
    let bars: Vec<(String, i64, f64)> = bars
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            let text = |nth: usize| row[nth].as_str().unwrap().to_owned();
            (text(0), text(1).replace(',', "").parse().unwrap(), row[2].as_f64().unwrap())
        })
        .collect();
    assert!(bars.len() > 8, "{bars:?}");
    let longest = bars.iter().map(|(_, _, width)| *width).fold(0.0, f64::max);
    assert!(longest > 100.0, "{bars:?}");
    let most = bars.iter().map(|(_, count, _)| *count).max().unwrap();
    for (event_type, count, width) in &bars {
        let count_of = "SELECT EXISTS (SELECT FROM event_store.events WHERE event_type = $1 \
                        GROUP BY schema_version HAVING count(*) = $2)";
        let is_so: bool =
            project.events().query_one(count_of, &[event_type, count]).unwrap().get(0);
        assert!(is_so, "{count} events of {event_type}");
        let expected = longest * *count as f64 / most as f64;
        assert!((width - expected).abs() < 2.0, "{event_type}: {width} and not {expected}");
    }
    let (width, height, colours) = looked_at(&browser.picture("rebuild.png"));
    assert!(width == 1200 && height > 900 && colours > 50, "{width} x {height}, {colours}");
    // Printed it is the same text, and nothing is cut off at a small width.
    browser.ask("Emulation.setEmulatedMedia", json!({"media": "print"}));
    assert_eq!(browser.evaluate(SHOWN), shown);
    browser.ask("Emulation.setEmulatedMedia", json!({"media": ""}));
    browser.show(&report, 480);
    let over = browser.evaluate("document.documentElement.scrollWidth - window.innerWidth");
    assert!(over.as_f64().unwrap() <= 0.0, "{over} wider than the window");

    // Differences, with a name that would be markup.
    project.ok(&["rebuild", "order_summary"]);
    reads
        .batch_execute(
            "UPDATE order_summary__b2.order_summary SET customer_name = '<b>Canary</b>' WHERE id IN ('order-7', 'order-9'); \
             DELETE FROM order_summary__b2.order_summary WHERE id = 'order-11'",
        )
        .unwrap();
    let ran = project.run(&["verify", "order_summary", "--show-values", "--report", at]);
    assert_eq!(ran.code, 10, "{}", ran.stderr);
    browser.show(&report, 1200);
    let shown = browser.evaluate(SHOWN);
    let shown = shown.as_str().unwrap();
    for part in ["3 differences that were not declared", "id=order-11", "'<b>Canary</b>'"] {
        assert!(shown.contains(part), "{part:?} is not in {shown}");
    }
    assert_eq!(browser.evaluate("document.querySelectorAll('b').length"), 0);
    let (width, _, colours) = looked_at(&browser.picture("differences.png"));
    assert!(width == 1200 && colours > 50, "{width}, {colours}");
}
