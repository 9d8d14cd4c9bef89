//! What Prometheus scrapes, in the text format of OpenMetrics and, as far as it goes, of Prometheus before it: gauges
//! only. docs/service.md describes each metric.
//!
//! What is not known is left out: a build without a known lag has no sample of it, and if the ledger was
//! not seen lately, nothing is told of builds at all.

use std::fmt;
use std::sync::atomic::AtomicU64;

use prometheus_client::encoding::{EncodeLabelSet, text};
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

use super::board::{Snapshot, View};
use crate::ledger::{State, Wish};
use crate::status::Standing;

/// The content's type, by which Prometheus knows the format.
pub(super) const CONTENT: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Every state that a build is in before it is dropped.
const STATES: [State; 8] = [
    State::Created,
    State::Replaying,
    State::CatchingUp,
    State::Ready,
    State::Live,
    State::Retired,
    State::Paused,
    State::Failed,
];

type Number = Gauge<f64, AtomicU64>;

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfBuild {
    projection: String,
    build: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct InState {
    projection: String,
    build: String,
    state: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfVersion {
    version: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfProjection {
    projection: String,
}

/// Every metric.
///
/// # Errors
/// Never: a text takes everything.
pub(super) fn encode(view: &View) -> Result<String, fmt::Error> {
    let mut registry = Registry::default();
    // A gauge, which readers of the older text format know as well.
    let info = Family::<OfVersion, Gauge>::default();
    info.get_or_create(&OfVersion { version: env!("CARGO_PKG_VERSION") }).set(1);
    registry.register("regrow_info", "The regrow that answers", info);
    let up = Gauge::<i64>::default();
    up.set(i64::from(view.fresh().is_some() && view.failed.is_none()));
    registry.register(
        "regrow_up",
        "1 if the ledger and the log were seen within the last two polls",
        up,
    );
    if view.snapshot.is_some() {
        let age = Number::default();
        age.set(view.age.as_secs_f64());
        registry.register(
            "regrow_snapshot_age_seconds",
            "Seconds since the ledger and the log were seen",
            age,
        );
    }
    if let Some(snapshot) = view.fresh() {
        of_snapshot(&mut registry, snapshot);
    }
    let mut encoded = String::new();
    text::encode(&mut encoded, &registry)?;
    Ok(encoded)
}

/// Name, meaning, and what a build has of it, unless that is not known.
type Measure = (&'static str, &'static str, fn(&Standing) -> Option<f64>);

#[expect(clippy::cast_precision_loss, reason = "Prometheus computes in floats")]
const MEASURES: [Measure; 16] = [
    ("regrow_build_position", "Position of the checkpoint", |s| Some(s.build.position.0 as f64)),
    ("regrow_build_read_events", "Events read from the log by the build", |s| {
        Some(s.build.events_read as f64)
    }),
    (
        "regrow_build_lag_events",
        "Events of the log that the build has not read, at the least",
        |s| s.lag.map(|lag| lag.events as f64),
    ),
    (
        "regrow_build_lag_seconds",
        "Seconds since the oldest event was recorded that the build has not read",
        |s| s.lag_time.map(|time| time.as_secs_f64()),
    ),
    ("regrow_build_parked_events", "Events that the build could not apply and parked", |s| {
        Some(s.build.parked as f64)
    }),
    ("regrow_build_skipped_events", "Events that the build could not apply and skipped", |s| {
        Some(s.build.skipped as f64)
    }),
    (
        "regrow_build_late_events",
        "Events below the checkpoint that the build never read, at the least",
        |s| Some(s.missing.map_or(0.0, |missing| missing.late as f64)),
    ),
    (
        "regrow_build_deleted_events",
        "Events that the build has read and the log no longer has, at the least",
        |s| Some(s.missing.map_or(0.0, |missing| missing.deleted as f64)),
    ),
    ("regrow_build_followers", "Processes that follow the build", |s| {
        Some(s.followers.len() as f64)
    }),
    ("regrow_build_stopped", "1 if an event or the log stopped the build", |s| {
        Some(f64::from(u8::from(s.build.failure.is_some() || s.fault.is_some())))
    }),
    ("regrow_build_paused", "1 if an operator has paused the build", |s| {
        Some(f64::from(u8::from(s.build.wish == Wish::Pause)))
    }),
    (
        "regrow_build_lag_exceeded",
        "1 if a live build lies farther behind than its max_lag, or that is not known",
        |s| {
            let is_over = s.build.state == State::Live && s.over(s.max_lag).is_some();
            Some(f64::from(u8::from(is_over)))
        },
    ),
    (
        "regrow_build_broken_assertions",
        "Assertions on the live build that did not hold when they were last looked at",
        |s| s.assertions.as_ref().map(|all| all.broken() as f64),
    ),
    (
        "regrow_build_unknown_assertions",
        "Assertions on the live build that could not be run, or were not looked at in time",
        |s| s.assertions.as_ref().map(|all| all.unknown() as f64),
    ),
    (
        "regrow_build_assertions_age_seconds",
        "Seconds since the assertions on the live build were looked at",
        |s| s.assertions.as_ref()?.looked.as_ref().map(|(_, age)| age.as_secs_f64()),
    ),
    (
        "regrow_build_progress_ratio",
        "What is done of the stage that a rebuild is in, between 0 and 1",
        |s| s.done(),
    ),
];

fn of_snapshot(registry: &mut Registry, snapshot: &Snapshot) {
    let status = &snapshot.status;
    let end = Gauge::<i64>::default();
    end.set(status.highest.0);
    registry.register(
        "regrow_log_end_position",
        "The highest position of the log that was given out",
        end,
    );
    let states = Family::<InState, Gauge>::default();
    for standing in &status.builds {
        for state in STATES {
            let OfBuild { projection, build } = labels(standing);
            let of = InState { projection, build, state: state.name() };
            states.get_or_create(&of).set(i64::from(standing.build.state == state));
        }
    }
    registry.register("regrow_build_state", "1 for the state that the build is in", states);
    for (name, help, measure) in MEASURES {
        let family = Family::<OfBuild, Number>::default();
        for standing in &status.builds {
            if let Some(value) = measure(standing) {
                family.get_or_create(&labels(standing)).set(value);
            }
        }
        registry.register(name, help, family);
    }
    let switched = Family::<OfProjection, Number>::default();
    for switch in &status.switches {
        let of = OfProjection { projection: switch.projection.clone() };
        switched.get_or_create(&of).set(switch.at_s);
    }
    registry.register(
        "regrow_last_promote_timestamp_seconds",
        "When readers of the projection were switched last, seconds since 1970",
        switched,
    );
}

fn labels(standing: &Standing) -> OfBuild {
    OfBuild {
        projection: standing.build.projection.clone(),
        build: standing.build.schema.to_string(),
    }
}
