//! Progress for people: bars on a terminal, a line every few seconds elsewhere.

use std::collections::HashMap;
use std::io::IsTerminal;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::output::{self, duration, grouped};
use super::stderr::{self, Level};
use crate::event::Position;
use crate::progress::{Observer, Progress};
use crate::report::Logged;
use crate::report::log_line::{
    BatchLine, ComparedLine, CopiedLine, Notice, NoticeLine, ParkedLine, Plain, PromotedLine,
    RevisionLine, SkippedLine, StageLine, StoppedLine, StreamedLine, WaitingLine,
};
use crate::visible::one_line;

const LINE_EVERY: Duration = Duration::from_secs(3);
const PACE_AFTER: Duration = Duration::from_millis(500);
/// With a build's name of 28 characters this is what 80 columns hold.
const BAR: &str = "{prefix} {bar:8} {percent:>3} % {msg}";

/// Prints what the work floor reports, on stderr.
pub(crate) struct Reporter {
    quiet: bool,
    json: bool,
    /// The ledger's schema.
    ledger: String,
    shows_payload: AtomicBool,
    terminal: bool,
    bars: MultiProgress,
    lines: Mutex<HashMap<String, Line>>,
}

/// What is known about one build.
struct Line {
    stage: &'static str,
    bar: Option<ProgressBar>,
    /// When counting began, and how many events were there.
    since: Instant,
    events_then: u64,
    position_then: i64,
    told: Instant,
    /// When it was told last that it waits, if it does.
    held: Option<Instant>,
}

impl Reporter {
    pub(crate) fn new(quiet: bool, json: bool, ledger: &str) -> Reporter {
        let terminal = std::io::stderr().is_terminal() && !output::logs_json();
        let target = if terminal && !quiet {
            ProgressDrawTarget::stderr_with_hz(8)
        } else {
            ProgressDrawTarget::hidden()
        };
        Reporter {
            quiet,
            json,
            ledger: ledger.to_owned(),
            shows_payload: AtomicBool::new(false),
            terminal,
            bars: MultiProgress::with_draw_target(target),
            lines: Mutex::new(HashMap::new()),
        }
    }

    /// Whether the payload of an event that stops a build is shown.
    pub(crate) fn show_payload(&self, asked: bool) {
        self.shows_payload.store(asked, Ordering::Relaxed);
    }

    /// Takes the bars away before results are printed.
    pub(crate) fn finish(&self) {
        if let Ok(mut lines) = self.lines.lock() {
            for line in lines.drain().filter_map(|(_, line)| line.bar) {
                line.finish_and_clear();
            }
        }
        let _ = self.bars.clear();
    }

    /// A line beside the data, above the bars.
    pub(crate) fn say(&self, text: &str) {
        self.tell(text, &Plain {});
    }

    /// The same with what is known besides, for a log of objects.
    fn tell(&self, text: &str, fields: &impl Logged) {
        if self.quiet {
            return;
        }
        if self.terminal {
            self.bars.suspend(|| output::tell(text, fields));
        } else {
            output::tell(text, fields);
        }
    }

    /// The same, whose level does not stand before it.
    fn tell_at(&self, level: Level, text: &str, fields: &impl Logged) {
        match output::logs_json() {
            true => stderr::tell_at(level, text, fields),
            false => self.say(text),
        }
    }

    fn stage(&self, build: &str, stage: &'static str) {
        let Ok(mut lines) = self.lines.lock() else { return };
        let line = lines.entry(build.to_owned()).or_insert_with(Line::new);
        line.stage = stage;
        line.told = Instant::now();
        if let Some(bar) = line.bar.take() {
            bar.finish_and_clear();
        }
        drop(lines);
        if !self.terminal {
            self.tell(&format!("{build}: {stage}"), &StageLine { build, stage });
        }
    }

    /// `position` of `target` is what is done of what there is to do: events where `whole` counts them.
    fn batch(&self, (build, at): (&str, Position), (position, target): (i64, i64), events: u64) {
        let Ok(mut lines) = self.lines.lock() else { return };
        let line = lines.entry(build.to_owned()).or_insert_with(Line::new);
        if line.position_then < 0 {
            (line.since, line.events_then, line.position_then) = (Instant::now(), events, position);
        }
        let measure = line.measure(position, target, events);
        if self.terminal {
            let bars = &self.bars;
            let bar = line.bar.get_or_insert_with(|| {
                let style = ProgressStyle::with_template(BAR)
                    .unwrap_or_else(|_| ProgressStyle::default_bar());
                bars.add(ProgressBar::new(0).with_style(style))
            });
            bar.set_prefix(format!("{} {}", one_line(build), line.stage));
            bar.set_length(u64::try_from(target).unwrap_or(0));
            bar.set_position(u64::try_from(position).unwrap_or(0));
            bar.set_message(measure.brief());
        } else if line.told.elapsed() >= LINE_EVERY {
            line.told = Instant::now();
            let percent = if target > 0 { position.saturating_mul(100) / target } else { 100 };
            let text = format!("{build}: {} {percent} %, {}", line.stage, measure.full());
            let fields = BatchLine {
                build,
                stage: line.stage,
                position: at.0,
                percent,
                events,
                events_per_second: measure.rate,
                seconds_left: measure.left_s,
                lag: measure.lag,
            };
            drop(lines);
            self.tell(&text, &fields);
        }
    }
}

impl Line {
    fn new() -> Line {
        Line {
            stage: "",
            bar: None,
            since: Instant::now(),
            events_then: 0,
            position_then: -1,
            told: Instant::now(),
            held: None,
        }
    }

    fn measure(&self, position: i64, target: i64, events: u64) -> Measure {
        let took = self.since.elapsed();
        let lag = (target - position).max(0);
        let done = i64::try_from(events.saturating_sub(self.events_then)).unwrap_or(0);
        let pace = output::rate(position - self.position_then, took);
        // The first moments tell nothing about the pace.
        let known = took >= PACE_AFTER;
        Measure {
            events,
            rate: known.then(|| output::rate(done, took)),
            left_s: (known && pace > 0).then(|| lag / pace),
            lag,
        }
    }
}

fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

/// How far a build is, and how fast.
struct Measure {
    events: u64,
    rate: Option<i64>,
    left_s: Option<i64>,
    lag: i64,
}

impl Measure {
    /// For a bar: short.
    fn brief(&self) -> String {
        let mut text = format!("{} ev", grouped(self.events));
        if let Some(rate) = self.rate {
            text.push_str(&format!(" {}/s", grouped(rate)));
        }
        if let (Some(left), true) = (self.left_s, self.lag > 0) {
            text.push_str(&format!(" eta {left}s"));
        }
        text.push_str(&format!(" lag {}", grouped(self.lag)));
        text
    }

    /// For a line of its own.
    fn full(&self) -> String {
        let mut text = format!("{} events", grouped(self.events));
        if let Some(rate) = self.rate {
            text.push_str(&format!(", {}/s", grouped(rate)));
        }
        if let (Some(left), true) = (self.left_s, self.lag > 0) {
            let left = Duration::from_secs(u64::try_from(left).unwrap_or(0).max(1));
            text.push_str(&format!(", {} left", duration(left)));
        }
        text.push_str(&format!(", lag {}", grouped(self.lag)));
        text
    }
}

impl Observer for Reporter {
    fn note(&self, progress: &Progress) {
        if self.quiet {
            return;
        }
        match progress {
            Progress::Revision { lineage, revision, undone, took } => {
                let done = if *undone { "taken back" } else { "applied" };
                let (undone, took_ms) = (*undone, milliseconds(*took));
                let fields = RevisionLine { lineage, revision, undone, took_ms };
                self.tell(&format!("{lineage}: {revision} {done} in {}", duration(*took)), &fields);
            }
            Progress::Stage { build, stage } => self.stage(build, stage.name()),
            Progress::Batch { build, position, target, events, whole } => {
                let number = |events: u64| i64::try_from(events).unwrap_or(i64::MAX);
                let done = match whole {
                    // A guess that was too low is corrected; the end is the mark alone.
                    Some(whole) if position < target => {
                        (number(*events), number((*whole).max(*events + 1)))
                    }
                    Some(_) => (number(*events), number(*events)),
                    None => (position.0, target.0),
                };
                self.batch((build, *position), done, *events);
            }
            Progress::Waiting { what, holders, waited } if output::logs_json() => {
                let waited_ms = milliseconds(*waited);
                let fields = WaitingLine { waiting_for: what, holders, waited_ms };
                self.tell(&format!("waiting for {what} since {}", duration(*waited)), &fields);
            }
            Progress::Waiting { what, holders, waited } => {
                let end = if holders.is_empty() { "" } else { ":" };
                self.say(&format!("waiting for {what} since {}{end}", duration(*waited)));
                for holder in holders {
                    self.say(&format!("  {}", one_line(holder)));
                }
            }
            Progress::Held { build, why } => self.held(build, why.as_deref()),
            Progress::Parked { build, events } => {
                let (parked, ledger) = (grouped(*events), &self.ledger);
                let text = format!("{build}: {parked} parked ({ledger}.parked_events)");
                self.tell_at(Level::Warning, &text, &ParkedLine { build, parked: *events });
            }
            Progress::Skipped { build, events } => {
                let (skipped, ledger) = (grouped(*events), &self.ledger);
                let text = format!("{build}: {skipped} skipped ({ledger}.skipped_events)");
                self.tell_at(Level::Warning, &text, &SkippedLine { build, skipped: *events });
            }
            Progress::Stopped { build, reason, sensitive } => {
                let reason = one_line(reason);
                let text = format!("{build} is no longer followed: {reason}");
                let sensitive =
                    sensitive.as_ref().filter(|_| self.shows_payload.load(Ordering::Relaxed));
                let fields = StoppedLine {
                    build,
                    reason: &reason,
                    said: sensitive.map(|sensitive| sensitive.said.as_str()),
                    payload: sensitive.map(|sensitive| sensitive.payload.as_str()),
                };
                self.tell_at(Level::Error, &text, &fields);
                if let Some(sensitive) = sensitive.filter(|_| !output::logs_json()) {
                    output::lines_of(sensitive).iter().for_each(|line| self.say(line));
                }
            }
            Progress::Promoted { build, attempts, held } => {
                let tries =
                    if *attempts == 1 { String::new() } else { format!(" at attempt {attempts}") };
                let text =
                    format!("{build} promoted{tries}; views were locked for {}", duration(*held));
                let (attempts, locked_ms) = (*attempts, milliseconds(*held));
                self.tell(&text, &PromotedLine { build, promoted: true, attempts, locked_ms });
            }
            Progress::Copied { rows, bytes, of_bytes } => self.copied(*rows, *bytes, *of_bytes),
            Progress::Compared { table, rows, of_rows } => self.compared(table, *rows, *of_rows),
            Progress::Streamed { revision, bytes, of_bytes } => {
                self.streamed(revision, *bytes, *of_bytes);
            }
            Progress::Notice { severity, place, message } if self.json || output::logs_json() => {
                let level = match severity.eq_ignore_ascii_case("warning") {
                    true => Level::Warning,
                    false => Level::Info,
                };
                let notice = Notice { severity, place, message };
                output::json_note(level, message, &NoticeLine { notice });
            }
            Progress::Notice { severity, place, message } => {
                self.say(&one_line(&format!("{severity}: {place}: {message}")));
            }
            Progress::Alive => {}
            Progress::Note(text) => self.say(text),
        }
    }
}

impl Reporter {
    /// Told when a build begins to wait for something, and every few seconds while it does.
    fn held(&self, build: &str, why: Option<&str>) {
        let Ok(mut lines) = self.lines.lock() else { return };
        let line = lines.entry(build.to_owned()).or_insert_with(Line::new);
        let Some(why) = why else {
            line.held = None;
            return;
        };
        let is_due = line.held.is_none_or(|told| told.elapsed() >= LINE_EVERY);
        if is_due {
            line.held = Some(Instant::now());
            drop(lines);
            self.say(&format!("{build}: waiting for {}", one_line(why)));
        }
    }

    fn streamed(&self, revision: &str, bytes: u64, of_bytes: u64) {
        let Ok(mut lines) = self.lines.lock() else { return };
        let line = lines.entry(revision.to_owned()).or_insert_with(Line::new);
        let megabytes = |bytes: u64| grouped(bytes / 1_000_000);
        let text = format!("{} of {} MB", megabytes(bytes), megabytes(of_bytes));
        if self.terminal {
            let bars = &self.bars;
            let bar = line.bar.get_or_insert_with(|| {
                let style = ProgressStyle::with_template(BAR)
                    .unwrap_or_else(|_| ProgressStyle::default_bar());
                let bar = ProgressBar::new(of_bytes).with_style(style);
                bars.add(bar.with_prefix(one_line(revision).into_owned()))
            });
            bar.set_position(bytes);
            bar.set_message(text);
            if bytes == of_bytes {
                lines
                    .remove(revision)
                    .and_then(|line| line.bar)
                    .inspect(ProgressBar::finish_and_clear);
            }
        } else if line.told.elapsed() >= LINE_EVERY {
            line.told = Instant::now();
            drop(lines);
            let fields = StreamedLine { revision, bytes, of_bytes };
            self.tell(&format!("{}: {text}", one_line(revision)), &fields);
        }
    }

    fn compared(&self, table: &str, rows: u64, of_rows: u64) {
        let Ok(mut lines) = self.lines.lock() else { return };
        let line = lines.entry(format!("table {table}")).or_insert_with(Line::new);
        let took = line.since.elapsed();
        let rate = output::rate(i64::try_from(rows).unwrap_or(0), took);
        let mut text = format!("{} rows", grouped(rows));
        if took >= PACE_AFTER && rate > 0 {
            text.push_str(&format!(", {}/s", grouped(rate)));
            let left = of_rows.saturating_sub(rows) / u64::try_from(rate).unwrap_or(1).max(1);
            if left > 0 {
                text.push_str(&format!(", {} left", duration(Duration::from_secs(left))));
            }
        }
        if self.terminal {
            let bars = &self.bars;
            let bar = line.bar.get_or_insert_with(|| {
                let style = ProgressStyle::with_template(BAR)
                    .unwrap_or_else(|_| ProgressStyle::default_bar());
                let bar = ProgressBar::new(of_rows).with_style(style);
                bars.add(bar.with_prefix(format!("{} verify", one_line(table))))
            });
            // Statistics may be old: a guess that was too low is corrected.
            bar.set_length(of_rows.max(rows));
            bar.set_position(rows);
            bar.set_message(text);
        } else if line.told.elapsed() >= LINE_EVERY {
            line.told = Instant::now();
            drop(lines);
            let fields = ComparedLine { table, rows, of_rows };
            self.tell(&format!("{}: verify {text}", one_line(table)), &fields);
        }
    }

    fn copied(&self, rows: u64, bytes: u64, of_bytes: Option<u64>) {
        let target = of_bytes.unwrap_or(bytes).max(1);
        let Ok(mut lines) = self.lines.lock() else { return };
        let line = lines.entry(String::new()).or_insert_with(Line::new);
        let took = line.since.elapsed();
        let rate = match output::rate(i64::try_from(rows).unwrap_or(0), took) {
            rate if took >= PACE_AFTER => format!(", {}/s", grouped(rate)),
            _ => String::new(),
        };
        let text = format!("{} events{rate}", grouped(rows));
        if self.terminal {
            let bars = &self.bars;
            let bar = line.bar.get_or_insert_with(|| {
                let style = ProgressStyle::with_template(BAR)
                    .unwrap_or_else(|_| ProgressStyle::default_bar());
                bars.add(ProgressBar::new(target).with_style(style).with_prefix("copy"))
            });
            bar.set_length(target);
            bar.set_position(bytes.min(target));
            bar.set_message(text);
        } else if line.told.elapsed() >= LINE_EVERY {
            line.told = Instant::now();
            drop(lines);
            self.tell(&format!("copy: {text}"), &CopiedLine { rows, bytes, of_bytes });
        }
    }
}
