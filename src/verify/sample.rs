//! A sample: keys drawn at random out of the rows of both builds, and the rows of these keys compared.
//!
//! A seed gives every key a hash, the same on both sides, and the keys whose hashes are the lowest are drawn. So each key
//! that one build has or both have is drawn with the same probability, and rows that only one side has are found like
//! others: each side sends its lowest, and a key below the highest that was drawn is missing if it was not sent. The same seed
//! draws the same keys as long as the tables have them, however they lie on the disk.
//!
//! Each side is read once, for its keys; its rows are sent only if they are drawn.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher as _;
use std::sync::atomic::{AtomicU64, Ordering};

use super::VerifyError;
use super::compare::{Reader, Rows, Work, broken, side_by_side};
use super::difference::Tally;
use super::plan::{Piece, Table};
use crate::copy_format::Lines;
use crate::progress::Progress;
use crate::replay::parallel::run_parallel;
use crate::report::comparison::{Draw, Sampled};

/// A sample that is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WantedSample {
    /// How many keys of each table.
    pub keys: u32,
    /// What draws them; one is drawn if none is given.
    pub seed: Option<u32>,
}

impl WantedSample {
    /// Settles what draws it.
    pub(super) fn draw(self) -> Draw {
        // Each state has keys of its own, out of the system's randomness.
        let drawn = || u32::try_from(RandomState::new().hash_one(0) >> 32).unwrap_or_default();
        Draw { keys: self.keys, seed: self.seed.unwrap_or_else(drawn), is_alone: false }
    }
}

impl Draw {
    /// How many rows a side sends at the most.
    pub(super) fn rows_read(self) -> u64 {
        u64::from(self.keys) + 1
    }
}

/// Compares the rows of the keys that are drawn; what differs is in the tally. Gives how many rows both sides have, and how
/// many were looked at.
///
/// # Errors
/// The table has no key, the server refuses, the connection is lost, or the process was asked to stop.
pub(super) fn compare(
    work: &mut Work<'_>,
    table: &Table,
    tally: &mut Tally<'_>,
    draw: Draw,
) -> Result<(Rows, Option<Sampled>), VerifyError> {
    let rows = count(work, table)?;
    let copies = [0, 1].map(|side| table.drawn(side, draw));
    let [Some(one), Some(other)] = copies else {
        return Err(broken(table, "cannot be drawn from without a key"));
    };
    let observer = work.observer;
    let sampled = side_by_side(work, table, &[one, other], |streams| {
        let mut sampled = Sampled { keys: 0, rows: 0, rows_against: 0 };
        while sampled.keys < u64::from(draw.keys) {
            let heads = [streams[0].head()?, streams[1].head()?];
            let Some(hash) = heads.into_iter().flatten().min() else { break };
            let mut met = [Lines::default(), Lines::default()];
            let mut taken = [0, 0];
            for ((stream, lines), taken) in streams.iter_mut().zip(&mut met).zip(&mut taken) {
                *taken = stream.take(hash, lines)?;
            }
            // Where a side has sent all it was asked for, more rows of this hash may be left in it.
            let mut is_cut = false;
            for stream in streams.iter_mut() {
                is_cut |= stream.head()?.is_none() && stream.taken >= draw.rows_read();
            }
            if is_cut {
                break;
            }
            tally.pair(met[0].iter(), met[1].iter());
            // Two keys of one hash are drawn together.
            sampled.keys += taken[0].max(taken[1]);
            sampled.rows += taken[0];
            sampled.rows_against += taken[1];
            observer.note(&Progress::Compared {
                table: table.name.to_string(),
                rows: sampled.rows + sampled.rows_against,
                of_rows: 2 * u64::from(draw.keys),
            });
        }
        Ok(sampled)
    })?;
    Ok((rows, Some(sampled)))
}

/// Counts both sides.
fn count(work: &mut Work<'_>, table: &Table) -> Result<Rows, VerifyError> {
    let rows = [AtomicU64::new(0), AtomicU64::new(0)];
    let interrupt = work.interrupt;
    let read = |reader: &mut &mut Reader, piece: Piece| -> Result<(), VerifyError> {
        reader.read((table, &table.counted(piece)), interrupt, |line| {
            let count = std::str::from_utf8(line).ok().and_then(|text| text.parse::<u64>().ok());
            let count = count.ok_or_else(|| broken(table, "lacks a count"))?;
            rows[piece.side].fetch_add(count, Ordering::Relaxed);
            Ok(true)
        })
    };
    run_parallel(work.readers.iter_mut().collect(), table.pieces(), read)?;
    Ok(Rows(rows.map(AtomicU64::into_inner)))
}
