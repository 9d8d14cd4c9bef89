//! One table of two builds, compared row by row, in memory that does not grow with it.
//!
//! First both are read once, as they lie, and digested ([`super::digest`]): a table of which nothing differs costs one
//! COPY of each side and no sort. Rows of buckets that differ are then fetched, those of one side and of the
//! other, and put side by side by their keys, exactly. Where these are more than fit in [`ROWS_IN_MEMORY`], both sides
//! are read once more in the order of a hash of their keys, which the server sorts by, and rows meet one key at a
//! time: the hash orders them and decides nothing.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Mutex, PoisonError};

use super::VerifyError;
use super::difference::Tally;
use super::digest::{Digest, RowHash};
use super::hold::READING;
use super::plan::{Copy, Piece, Table};
use crate::copy_format::{LineCutter, Lines, numbered};
use crate::ident::quote_literal;
use crate::pg::{CopyOut as _, Download, PgError, Server};
use crate::progress::{Interrupt, Observer, Progress};
use crate::replay::parallel::run_parallel;

/// Bytes of rows of both sides that are put side by side in memory, with what each row costs besides.
const ROWS_IN_MEMORY: u64 = 64 << 20;
/// What a row costs in memory besides its bytes.
const PER_ROW: u64 = 160;
/// Buckets that a statement names at the most.
const MOST_BUCKETS: usize = 20_000;
/// Rows that are digested before others are told of them.
const AT_A_TIME: usize = 4_096;
/// Bytes of rows that are handed over at a time where rows meet in order.
const CHUNK: usize = 256 << 10;
/// Such chunks that wait.
const WAITING: usize = 4;

/// A session that reads in the snapshot.
pub(super) struct Reader(Download);

/// How many rows the sides have.
pub(super) struct Rows(pub(super) [u64; 2]);

/// What a comparison needs besides the table.
pub(super) struct Work<'w> {
    pub(super) readers: &'w mut [Reader],
    pub(super) hash: RowHash,
    pub(super) observer: &'w dyn Observer,
    pub(super) interrupt: &'w Interrupt,
}

impl Reader {
    /// Opens a session that sees what a snapshot sees.
    ///
    /// # Errors
    /// No server, no access, or the snapshot is gone.
    pub(super) fn open(server: &Server, snapshot: &str) -> Result<Reader, PgError> {
        let mut download = Download::open(server, "verify")?;
        download.run(&format!(
            "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET TRANSACTION SNAPSHOT {}; {READING}; \
             SET LOCAL work_mem = '64MB'",
            quote_literal(snapshot)
        ))?;
        Ok(Reader(download))
    }

    /// Reads rows until `take` answers `false`.
    pub(super) fn read(
        &mut self,
        (table, copy): (&Table, &Copy),
        interrupt: &Interrupt,
        mut take: impl FnMut(&[u8]) -> Result<bool, VerifyError>,
    ) -> Result<(), VerifyError> {
        self.0.run(&format!("SET LOCAL search_path = {}", copy.path))?;
        let (mut cutter, mut goes_on) = (LineCutter::default(), true);
        self.0.copy_out(&copy.sql, |piece| {
            if interrupt.raised() {
                return Err(VerifyError::Interrupted);
            }
            goes_on = cutter.push(piece, &mut take)?;
            Ok(goes_on)
        })?;
        match goes_on && cutter.is_cut_short() {
            true => Err(broken(table, "ends in the middle of a row")),
            false => Ok(()),
        }
    }
}

pub(super) fn broken(table: &Table, what: &'static str) -> VerifyError {
    VerifyError::Stream { table: table.name.to_string(), what }
}

/// Compares a table; what differs is in the tally. Gives how many rows both sides have.
///
/// # Errors
/// The server refuses, the connection is lost, or somebody asked to stop.
pub(super) fn compare(
    work: &mut Work<'_>,
    table: &Table,
    tally: &mut Tally<'_>,
) -> Result<Rows, VerifyError> {
    let digests = digest(work, table)?;
    let rows = Rows([digests[0].rows, digests[1].rows]);
    let (apart, count) = digests[0].apart(&digests[1]);
    if apart.is_empty() {
        return Ok(rows);
    }
    let all = (rows.0[0] + rows.0[1]).max(1);
    let about = count * ((digests[0].bytes + digests[1].bytes) / all + PER_ROW);
    drop(digests);
    let is_small = about <= ROWS_IN_MEMORY && apart.len() <= MOST_BUCKETS;
    if is_small && let Some([ones, others]) = pick(work, table, &apart)? {
        tally.pair(ones.iter().flat_map(Lines::iter), others.iter().flat_map(Lines::iter));
        return Ok(rows);
    }
    in_order(work, table, tally)?;
    Ok(rows)
}

/// Reads both sides as they lie.
fn digest(work: &mut Work<'_>, table: &Table) -> Result<[Digest; 2], VerifyError> {
    let digests = [Mutex::new(Digest::new()), Mutex::new(Digest::new())];
    let (done, hash) = (AtomicU64::new(0), work.hash);
    let (observer, interrupt) = (work.observer, work.interrupt);
    let take = |side: usize, rows: &mut Vec<(usize, u128, usize)>| {
        digests[side].lock().unwrap_or_else(PoisonError::into_inner).take(rows);
        let rows_done = done.fetch_add(rows.len() as u64, Ordering::Relaxed) + rows.len() as u64;
        observer.note(&Progress::Compared {
            table: table.name.to_string(),
            rows: rows_done,
            of_rows: table.about,
        });
        rows.clear();
    };
    let read = |reader: &mut &mut Reader, piece: Piece| -> Result<(), VerifyError> {
        let mut rows = Vec::with_capacity(AT_A_TIME);
        reader.read((table, &table.digested(piece)), interrupt, |line| {
            let (bucket, row) = numbered(line).ok_or_else(|| broken(table, "lacks a hash"))?;
            rows.push((usize::try_from(bucket).unwrap_or(0), hash.of(row), row.len()));
            if rows.len() == AT_A_TIME {
                take(piece.side, &mut rows);
            }
            Ok(true)
        })?;
        take(piece.side, &mut rows);
        Ok(())
    };
    run_parallel(work.readers.iter_mut().collect(), table.pieces(), read)?;
    Ok(digests.map(|digest| digest.into_inner().unwrap_or_else(PoisonError::into_inner)))
}

/// Fetches the rows of some buckets; nothing if they are more than was thought.
fn pick(
    work: &mut Work<'_>,
    table: &Table,
    buckets: &[usize],
) -> Result<Option<[Vec<Lines>; 2]>, VerifyError> {
    let (bytes, interrupt) = (AtomicUsize::new(0), work.interrupt);
    let limit = usize::try_from(2 * ROWS_IN_MEMORY).unwrap_or(usize::MAX);
    let read = |reader: &mut &mut Reader, piece: Piece| -> Result<(usize, Lines), VerifyError> {
        let mut lines = Lines::default();
        reader.read((table, &table.picked(piece, buckets)), interrupt, |line| {
            lines.push(line);
            Ok(bytes.fetch_add(line.len(), Ordering::Relaxed) < limit)
        })?;
        Ok((piece.side, lines))
    };
    let picked = run_parallel(work.readers.iter_mut().collect(), table.pieces(), read)?;
    if bytes.into_inner() >= limit {
        return Ok(None);
    }
    let mut sides = [Vec::new(), Vec::new()];
    for (side, lines) in picked {
        sides[side].push(lines);
    }
    Ok(Some(sides))
}

/// Reads both sides at once, by a statement for each, whose rows come in one order.
///
/// # Errors
/// The server refuses, the connection is lost, or those of `meet`.
pub(super) fn side_by_side<T>(
    work: &mut Work<'_>,
    table: &Table,
    copies: &[Copy; 2],
    meet: impl FnOnce(&mut [Stream<'_>; 2]) -> Result<T, VerifyError>,
) -> Result<T, VerifyError> {
    let interrupt = work.interrupt;
    let [one, other, ..] = &mut *work.readers else {
        return Err(broken(table, "needs two sessions"));
    };
    std::thread::scope(|scope| {
        let stream = |reader, copy| {
            let (send, chunks) = sync_channel(WAITING);
            scope.spawn(move || {
                if let Err(error) = send_sorted(reader, (table, copy), interrupt, &send) {
                    let _ = send.send(Err(error));
                }
            });
            Stream { table, chunks, chunk: Vec::new(), at: 0, taken: 0 }
        };
        meet(&mut [stream(one, &copies[0]), stream(other, &copies[1])])
    })
}

/// Reads both sides in the order of a hash of their keys, and lets rows of one hash meet.
fn in_order(work: &mut Work<'_>, table: &Table, tally: &mut Tally<'_>) -> Result<(), VerifyError> {
    let observer = work.observer;
    side_by_side(work, table, &[table.sorted(0), table.sorted(1)], |streams| {
        let mut done = 0_u64;
        loop {
            let heads = [streams[0].head()?, streams[1].head()?];
            let Some(hash) = heads.into_iter().flatten().min() else { return Ok(()) };
            match table.key {
                Some(_) => {
                    let mut met = [Lines::default(), Lines::default()];
                    for (stream, lines) in streams.iter_mut().zip(&mut met) {
                        done += stream.take(hash, lines)?;
                    }
                    tally.pair(met[0].iter(), met[1].iter());
                }
                // Rows that are alike are counted: there may be any number of them.
                None => {
                    let mut counts: HashMap<Vec<u8>, i64> = HashMap::new();
                    for (stream, step) in streams.iter_mut().zip([1, -1]) {
                        while stream.head()? == Some(hash) {
                            *counts.entry(stream.row()?.to_vec()).or_default() += step;
                            done += 1;
                        }
                    }
                    for (row, more) in counts {
                        if more != 0 {
                            tally.only(usize::from(more < 0), &row, more.unsigned_abs());
                        }
                    }
                }
            }
            if done % (AT_A_TIME as u64) < 2 {
                observer.note(&Progress::Compared {
                    table: table.name.to_string(),
                    rows: done,
                    of_rows: table.about,
                });
            }
        }
    })
}

type Chunk = Result<Vec<u8>, VerifyError>;

fn send_sorted(
    reader: &mut Reader,
    (table, copy): (&Table, &Copy),
    interrupt: &Interrupt,
    send: &SyncSender<Chunk>,
) -> Result<(), VerifyError> {
    let mut chunk = Vec::with_capacity(CHUNK);
    reader.read((table, copy), interrupt, |line| {
        chunk.extend_from_slice(line);
        chunk.push(b'\n');
        // Who is gone has met an error.
        Ok(chunk.len() < CHUNK || send.send(Ok(std::mem::take(&mut chunk))).is_ok())
    })?;
    let _ = send.send(Ok(chunk));
    Ok(())
}

/// Rows of one side, as they come.
pub(super) struct Stream<'t> {
    table: &'t Table,
    chunks: Receiver<Chunk>,
    chunk: Vec<u8>,
    at: usize,
    /// How many rows were taken.
    pub(super) taken: u64,
}

impl Stream<'_> {
    /// Takes all rows of a hash, which is the next one or has none here; gives how many there are.
    pub(super) fn take(&mut self, hash: i64, lines: &mut Lines) -> Result<u64, VerifyError> {
        let before = self.taken;
        while self.head()? == Some(hash) {
            lines.push(self.row()?);
        }
        Ok(self.taken - before)
    }

    /// The hash of the next row; nothing at the end.
    pub(super) fn head(&mut self) -> Result<Option<i64>, VerifyError> {
        while self.at == self.chunk.len() {
            match self.chunks.recv() {
                Ok(chunk) => (self.chunk, self.at) = (chunk?, 0),
                Err(_) => return Ok(None),
            }
        }
        let (hash, _) = numbered(self.line()).ok_or_else(|| broken(self.table, "lacks a hash"))?;
        Ok(Some(hash))
    }

    fn line(&self) -> &[u8] {
        let rest = &self.chunk[self.at..];
        let end = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
        &rest[..end]
    }

    /// Takes the next row.
    fn row(&mut self) -> Result<&[u8], VerifyError> {
        let at = self.at;
        let end = at + self.line().len();
        (self.at, self.taken) = (end + 1, self.taken + 1);
        let row = numbered(&self.chunk[at..end]).map(|(_, row)| row);
        row.ok_or_else(|| broken(self.table, "lacks a hash"))
    }
}
