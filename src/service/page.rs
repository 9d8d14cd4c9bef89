//! The page: the same that `regrow status` tells, for whoever has a browser. It reads without a script; with one it
//! renews itself and copies commands.

use super::board::{Snapshot, View};
use super::history::{History, Point};
use super::{plot, readiness};
use crate::figures::{counted, grouped, rough};
use crate::html::Html;
use crate::ledger::{Follower, State, Wish};
use crate::status::{self, Standing};

/// Failures are shown up to so many characters; the ledger has all of them.
const SHOWN: usize = 600;

/// The whole page.
pub(super) fn render(view: &View) -> String {
    let mut html = Html::default();
    html.raw(include_str!("page_head.html")).raw("<header><h1>regrow</h1><p>").text(&view.server);
    if let Some(snapshot) = &view.snapshot {
        html.raw("</p><p>as of <time>").text(&snapshot.status.at).raw("</time>");
        html.raw(", log end at position ").text(grouped(snapshot.status.highest.0));
    }
    html.raw("</p></header><main>");
    let reasons = readiness::of_process(view);
    if !reasons.is_empty() {
        html.raw(
            "<section class=\"alarm\" role=\"alert\"><h2>What is shown is not up to date</h2>",
        );
        for reason in reasons {
            html.raw("<p>").text(cut(&reason)).raw("</p>");
        }
        html.raw("</section>");
    }
    if let Some(snapshot) = &view.snapshot {
        to_do(&mut html, snapshot);
        html.raw("<section><h2>Builds</h2><div class=\"builds\">");
        for standing in &snapshot.status.builds {
            build(&mut html, standing, view.histories.get(standing.build.schema.as_str()));
        }
        if snapshot.status.builds.is_empty() {
            html.raw("<p>There is no build.</p>");
        }
        html.raw("</div></section>");
        parked(&mut html, snapshot);
        switches(&mut html, snapshot);
        for note in &snapshot.status.notes {
            html.raw("<p class=\"note\">").text(cut(note)).raw("</p>");
        }
    }
    html.raw("</main></body></html>\n");
    html.finish()
}

/// Everything there is to do, each with what is to be typed.
fn to_do(html: &mut Html, snapshot: &Snapshot) {
    let commands = snapshot.status.commands();
    if commands.is_empty() {
        return;
    }
    html.raw("<section><h2>To do</h2><ul class=\"todo\">");
    for command in &commands {
        html.raw("<li>");
        match command.starts_with("regrow ") {
            true => copied(html, command),
            false => drop(html.text(cut(command))),
        }
        html.raw("</li>");
    }
    html.raw("</ul></section>");
}

/// A command that can be copied.
fn copied(html: &mut Html, command: &str) {
    html.raw("<code>")
        .text(command)
        .raw("</code><button type=\"button\" data-copy=\"")
        .text(command);
    html.raw("\">copy</button>");
}

fn build(html: &mut Html, standing: &Standing, history: Option<&History>) {
    let build = &standing.build;
    let is_wrong = !standing.complaints().is_empty()
        || build.failure.is_some()
        || standing.missing.is_some_and(|missing| missing.late > 0);
    html.raw(match (is_wrong, build.state) {
        (true, _) => "<article class=\"wrong\">",
        (_, State::Live) => "<article class=\"live\">",
        _ => "<article>",
    });
    html.raw("<h3>").text(build.schema.as_str()).raw(" <span class=\"state\">");
    html.text(status::state(standing)).raw("</span></h3>");
    bar(html, standing);
    html.raw("<dl>");
    let lag = standing.lag.map(|lag| {
        let events = counted(lag.events, "event", "events");
        if lag.is_more { format!("more than {events}") } else { events }
    });
    let late = standing.missing.map(|missing| missing.late).unwrap_or_default();
    let who = |f: &Follower| format!("pid {} on {}", f.pid, f.host);
    let followers: Vec<String> = standing.followers.iter().map(who).collect();
    for (name, value) in [
        ("position", grouped(build.position.0)),
        ("lag", lag.unwrap_or_else(|| "not known".into())),
        ("behind", standing.lag_time.map_or_else(|| "not known".into(), rough)),
        ("events read", grouped(build.events_read)),
        ("parked", grouped(build.parked)),
        ("skipped", grouped(build.skipped)),
        ("late", grouped(late)),
        ("followed by", if followers.is_empty() { "nobody".into() } else { followers.join(", ") }),
    ] {
        html.raw("<div><dt>").text(name).raw("</dt><dd>").text(value).raw("</dd></div>");
    }
    html.raw("</dl>");
    if let Some(history) = history {
        #[expect(clippy::cast_precision_loss, reason = "a plot of 48 pixels")]
        let events = |point: &Point| point.events.map(|events| events as f64);
        #[expect(clippy::cast_possible_truncation, reason = "it was a whole number")]
        let count = |most: f64| counted(most as i64, "event", "events");
        plot::draw(html, history.points(), events, "lag", count);
        let seconds = |most: f64| format!("{most:.1} s");
        plot::draw(html, history.points(), |point| point.seconds, "behind", seconds);
    }
    for complaint in standing.complaints() {
        html.raw("<p class=\"complaint\">").text(cut(&complaint)).raw("</p>");
    }
    for sentence in status::sentences(standing) {
        html.raw("<p>").text(cut(sentence.trim_start())).raw("</p>");
    }
    html.raw("</article>");
}

/// How far a rebuild is.
fn bar(html: &mut Html, standing: &Standing) {
    let build = &standing.build;
    if !build.state.is_candidate() || build.state == State::Ready {
        return;
    }
    html.raw("<p class=\"bar\"><progress max=\"1\"");
    if let Some(done) = standing.done() {
        html.raw(" value=\"").text(format!("{done:.4}")).raw("\"");
    }
    html.raw("></progress> ");
    match &standing.progress {
        Some(told) => html.text(status::pace(told)),
        None => html.text(standing.done().map_or_else(
            || build.state.to_string(),
            |done| format!("{:.0} %", (done * 100.0).floor()),
        )),
    };
    if build.wish != Wish::Run {
        html.text(format!(", asked to {}", build.wish.name()));
    }
    html.raw("</p>");
}

fn parked(html: &mut Html, snapshot: &Snapshot) {
    if snapshot.parked.is_empty() {
        return;
    }
    let all: i64 = snapshot.status.builds.iter().map(|s| s.build.parked).sum();
    html.raw("<section><h2>Parked events</h2>");
    if usize::try_from(all).is_ok_and(|all| all > snapshot.parked.len()) {
        let shown = grouped(i64::try_from(snapshot.parked.len()).unwrap_or_default());
        html.raw("<p>The newest ").text(shown).raw(" of ").text(grouped(all)).raw(".</p>");
    }
    html.raw("<div class=\"wide\"><table><thead><tr><th>build</th><th>position</th><th>type</th><th>stream</th>");
    html.raw("<th>why</th><th>where</th><th>parked</th></tr></thead><tbody>");
    for event in &snapshot.parked {
        let failure = &event.failure;
        html.raw("<tr>");
        for cell in [
            &event.build,
            &grouped(failure.position),
            &failure.event_type,
            &failure.stream_id,
            &failure.message,
            failure.place.as_ref().unwrap_or(&String::new()),
            &event.at,
        ] {
            html.raw("<td>").text(cut(cell)).raw("</td>");
        }
        html.raw("</tr>");
    }
    html.raw("</tbody></table></div></section>");
}

fn switches(html: &mut Html, snapshot: &Snapshot) {
    if snapshot.switches.is_empty() {
        return;
    }
    html.raw("<section><h2>Promotes and rollbacks</h2><div class=\"wide\"><table><thead><tr><th>at</th><th>readers see</th>");
    html.raw("<th></th><th>by</th></tr></thead><tbody>");
    for switch in &snapshot.switches {
        html.raw("<tr>");
        let kind = if switch.is_back { "rollback" } else { "promote" };
        for cell in [switch.at.as_str(), &switch.schema, kind, &switch.by] {
            html.raw("<td>").text(cut(cell)).raw("</td>");
        }
        html.raw("</tr>");
    }
    html.raw("</tbody></table></div></section>");
}

/// A text that is not longer than a page bears.
fn cut(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}\u{2026}", &text[..end]),
        None => text.to_owned(),
    }
}
