//! Physical standbys that long passes read the log from, so that a rebuild leaves the primary alone.
//!
//! The barrier asks the primary, and only the primary knows who is writing. A standby has everything that a mark promises
//! once it has replayed the WAL up to where the primary's ended after the barrier; that is waited for. What it gives of
//! a range counts only if it is a standby still when the range has been read: else, and where it refuses or is lost,
//! the range is read again from the primary, and the rest with it.
//!
//! A server that is no standby of the primary is refused. A copy of the primary that goes on by itself has its identity,
//! and so have the copy's standbys and a server that was left behind by a fail-over. So the primary ends some transactions that do nothing,
//! each by a COMMIT or a ROLLBACK as chance has it: only who replays the primary's WAL knows which.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher as _;
use std::time::{Duration, Instant};

use crate::log::LogError;
use crate::pg::download::CopyOut;
use crate::pg::{Download, PgError, Server, Session, Sql, failpoint};
use crate::progress::{Interrupt, Observer, Progress};

/// How long a standby may take to replay what the primary has written.
const PATIENCE: Duration = Duration::from_secs(30);
const POLL: Duration = Duration::from_millis(20);
/// After so long the wait is told.
const TELL_AFTER: Duration = Duration::from_secs(2);
/// Transactions by which a standby is known; another server guesses their ends once in 2^32.
const MARKED: u32 = 32;
/// A query that a replayed vacuum has cancelled is tried so often on the standby.
const CONFLICTS: u32 = 3;
/// SQLSTATE of a query that replaying WAL has cancelled.
const CONFLICT: &str = "40001";
/// SQLSTATE where a transaction has not begun yet.
const FUTURE: &str = "22023";

/// The primary at a moment after a barrier.
struct Primary {
    system: String,
    database: String,
    /// The end of its WAL, in bytes.
    written: i64,
    /// Transactions that have ended lately.
    ended: Ended,
}

/// Transactions, and which of them were committed.
struct Ended {
    transactions: Vec<String>,
    /// `1` for each that was, `0` for the others.
    committed: String,
}

/// What a standby says of itself.
#[derive(Debug)]
struct Said {
    is_standby: bool,
    system: String,
    database: String,
    replayed: i64,
}

/// A session that reads ranges for a pass: of a standby, or of the primary.
pub struct Lane {
    download: Download,
    /// The primary, for as long as this is a standby.
    instead_of: Option<Server>,
    label: String,
    conflicts: u32,
    told: Option<String>,
}

/// What readers read by.
pub trait RangeSource: CopyOut {
    /// Whether what is read may be handed on before the range's end.
    fn is_sure(&self) -> bool {
        true
    }

    /// Whether what was read of a range counts; `false` if it has to be read again.
    ///
    /// # Errors
    /// The log cannot be read.
    fn counts(&mut self, read: Result<(), LogError>) -> Result<bool, LogError> {
        read.map(|()| true)
    }
}

impl RangeSource for Session {}
impl RangeSource for Download {}

impl CopyOut for Lane {
    fn copy_out<E: From<PgError>>(
        &mut self,
        sql: &str,
        take: impl FnMut(&[u8]) -> Result<bool, E>,
    ) -> Result<(), E> {
        self.download.copy_out(sql, take)
    }
}

impl RangeSource for Lane {
    fn is_sure(&self) -> bool {
        self.instead_of.is_none()
    }

    fn counts(&mut self, read: Result<(), LogError>) -> Result<bool, LogError> {
        if self.instead_of.is_none() {
            return read.map(|()| true);
        }
        failpoint::around("standby::range", || Ok::<_, PgError>(()))?;
        let why = match read {
            Ok(()) => match said(&mut self.download) {
                Ok(said) if said.is_standby => {
                    self.conflicts = 0;
                    return Ok(true);
                }
                Ok(_) => "it is no standby any more".to_owned(),
                Err(error) => error.to_string(),
            },
            Err(LogError::Pg(PgError::Server(error)))
                if error.code == CONFLICT && self.conflicts < CONFLICTS =>
            {
                self.conflicts += 1;
                return Ok(false);
            }
            Err(LogError::Pg(error)) => error.to_string(),
            Err(error) => return Err(error),
        };
        self.leave(&why)?;
        Ok(false)
    }
}

impl Lane {
    fn of_primary(server: &Server) -> Result<Lane, PgError> {
        let download = Download::open(server, "reader")?;
        Ok(Lane { download, instead_of: None, label: server.label(), conflicts: 0, told: None })
    }

    /// From now on the primary is read.
    fn leave(&mut self, why: &str) -> Result<(), PgError> {
        let Some(primary) = self.instead_of.take() else { return Ok(()) };
        self.told = Some(format!(
            "the log is read from the primary from now on, and not from {}: {why}",
            self.label
        ));
        self.download = Download::open(&primary, "reader")?;
        self.label = primary.label();
        Ok(())
    }

    /// What there is to tell of it since this was asked last.
    pub(super) fn take_told(&mut self) -> Option<String> {
        self.told.take()
    }
}

/// Opens what is missing of so many lanes, and has those of standbys wait for what the primary has written by now: a
/// mark of before is reached then.
///
/// # Errors
/// A server is no standby of the primary, or the primary refuses.
pub(super) fn prepare(
    lanes: &mut Vec<Lane>,
    (wanted, servers): (usize, &[Server]),
    (primary, session): (&Server, &mut Session),
    (observer, interrupt): (&dyn Observer, &Interrupt),
) -> Result<(), LogError> {
    if servers.is_empty() {
        while lanes.len() < wanted {
            lanes.push(Lane::of_primary(primary)?);
        }
        return Ok(());
    }
    if session.has_citus()
        && let Some(server) = servers.first()
    {
        let reason = "the event store's database has Citus, and a standby of one node says nothing of the others";
        return Err(LogError::UnfitStandby { server: server.label(), reason: reason.to_owned() });
    }
    let now = Primary::now(session)?;
    for lane in lanes.iter_mut() {
        catch_up(lane, &now, (observer, interrupt))?;
    }
    for server in servers.iter().cycle().take(wanted).skip(lanes.len()) {
        let mut lane = match Download::open(server, "reader") {
            Ok(download) => Lane {
                download,
                instead_of: Some(primary.clone()),
                label: server.label(),
                conflicts: 0,
                told: None,
            },
            Err(error) => {
                let told = format!("the log is read from the primary: {error}");
                observer.note(&Progress::Note(told));
                Lane::of_primary(primary)?
            }
        };
        catch_up(&mut lane, &now, (observer, interrupt))?;
        if lane.instead_of.is_some() {
            let told = format!("the log is read from the standby {}", lane.label);
            observer.note(&Progress::Note(told));
        }
        lanes.push(lane);
    }
    Ok(())
}

/// Waits until a standby has replayed what the primary had written; one that does not is left.
fn catch_up(
    lane: &mut Lane,
    primary: &Primary,
    (observer, interrupt): (&dyn Observer, &Interrupt),
) -> Result<(), LogError> {
    if lane.instead_of.is_none() {
        return Ok(());
    }
    let (began, mut is_told) = (Instant::now(), false);
    let unfit = |lane: &Lane, reason: &str| LogError::UnfitStandby {
        server: lane.label.clone(),
        reason: reason.to_owned(),
    };
    let why = loop {
        if interrupt.raised() {
            return Err(LogError::Interrupted);
        }
        let said = match said(&mut lane.download) {
            Ok(said) => said,
            Err(error) => break Some(error.to_string()),
        };
        let reason = match &said {
            Said { is_standby: false, .. } => Some("it is no standby"),
            Said { system, .. } if *system != primary.system => {
                Some("it follows another server than the event store's")
            }
            Said { database, .. } if *database != primary.database => {
                Some("the address names another database than the event store's")
            }
            Said { .. } => None,
        };
        if let Some(reason) = reason {
            return Err(unfit(lane, reason));
        }
        if said.replayed >= primary.written || failpoint::is_without("standby-wait") {
            break None;
        }
        if began.elapsed() > PATIENCE {
            break Some(format!(
                "it has not replayed what the primary wrote {} s ago",
                began.elapsed().as_secs()
            ));
        }
        if !is_told && began.elapsed() > TELL_AFTER {
            is_told = true;
            let what = format!("the standby {} to replay what was written", lane.label);
            observer.note(&Progress::Waiting {
                what,
                holders: Vec::new(),
                waited: began.elapsed(),
            });
        }
        std::thread::sleep(POLL);
    };
    let known = match why {
        Some(why) => Err(why),
        None if failpoint::is_without("standby-wait") => Ok(true),
        None => primary.ended.is_known(&mut lane.download).map_err(|error| error.to_string()),
    };
    match known {
        Ok(true) => {}
        Ok(false) => {
            let reason = "it does not replay what the event store's server writes: it follows a copy of it, or was \
                          left behind by a fail-over";
            return Err(unfit(lane, reason));
        }
        Err(why) => lane.leave(&why)?,
    }
    if let Some(told) = lane.take_told() {
        observer.note(&Progress::Note(told));
    }
    Ok(())
}

impl Primary {
    fn now(session: &mut Session) -> Result<Primary, LogError> {
        let ended = Ended::by_chance(session)?;
        // After them, so that they are among what is waited for.
        let row = session.query_one(include_str!("standby/primary.sql"), &[])?;
        Ok(Primary { system: row.get(0), database: row.get(1), written: row.get(2), ended })
    }
}

impl Ended {
    /// Begins and ends transactions on the primary.
    fn by_chance(session: &mut Session) -> Result<Ended, PgError> {
        let bits = RandomState::new().hash_one(0_u8);
        let mut ended = Ended { transactions: Vec::new(), committed: String::new() };
        for nth in 0..MARKED {
            let (end, bit) = if bits >> nth & 1 == 1 { ("COMMIT", '1') } else { ("ROLLBACK", '0') };
            let number = session
                .ask(&format!("BEGIN READ WRITE; SELECT pg_catalog.pg_current_xact_id(); {end}"))?;
            ended.transactions.push(number.ok_or(PgError::NoRow)?);
            ended.committed.push(bit);
        }
        Ok(ended)
    }

    /// Whether a server knows how they ended. One that has not come so far refuses the question.
    fn is_known(&self, download: &mut Download) -> Result<bool, PgError> {
        let sql = include_str!("standby/ended.sql")
            .replace("{transactions}", &self.transactions.join(","));
        match download.ask(&sql) {
            Ok(known) => Ok(known == self.committed),
            Err(PgError::Server(error)) if error.code == FUTURE => Ok(false),
            Err(error) => Err(error),
        }
    }
}

fn said(download: &mut Download) -> Result<Said, PgError> {
    let told = download.ask(include_str!("standby/said.sql"))?;
    let mut words = told.split(' ').map(str::to_owned);
    let mut next = || words.next().unwrap_or_default();
    Ok(Said {
        is_standby: next() == "t",
        system: next(),
        database: next(),
        replayed: next().parse().unwrap_or(0),
    })
}
