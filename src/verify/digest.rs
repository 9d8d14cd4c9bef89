//! What a table holds, in a few megabytes whatever its size: rows are spread over buckets by a hash of their keys,
//! and each bucket knows how many rows it has and the sum of their hashes.
//!
//! Two builds' buckets that hold the same rows, in whatever order they came, have the same sum. Buckets that do not
//! are told apart but with a probability of 2^-128: a row's hash is SipHash-1-3 with 128 bits under a key that is
//! drawn for each run, so that nobody can make rows whose hashes meet. Nothing is called equal by the hash of a
//! key alone; it only says where to look.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher as _, Hasher as _};

use siphasher::sip128::{Hasher128 as _, SipHasher13};

/// How many buckets a table has: a power of two.
pub(super) const BUCKETS: usize = 1 << 18;

/// Hashes rows under a key of the run.
#[derive(Clone, Copy)]
pub(super) struct RowHash([u8; 16]);

impl RowHash {
    /// A key that nobody knows.
    pub(super) fn draw() -> RowHash {
        let mut key = [0; 16];
        // Each state has keys of its own, out of the system's randomness.
        for half in key.chunks_exact_mut(8) {
            half.copy_from_slice(&RandomState::new().hash_one(0).to_le_bytes());
        }
        RowHash(key)
    }

    /// The hash of a row as the server prints it.
    pub(super) fn of(self, row: &[u8]) -> u128 {
        let mut hasher = SipHasher13::new_with_key(&self.0);
        hasher.write(row);
        hasher.finish128().as_u128()
    }
}

/// The rows of one table of one build.
pub(super) struct Digest {
    sums: Vec<u128>,
    counts: Vec<u64>,
    /// How many rows there are.
    pub(super) rows: u64,
    /// How many bytes they have together.
    pub(super) bytes: u64,
}

impl Digest {
    pub(super) fn new() -> Digest {
        Digest { sums: vec![0; BUCKETS], counts: vec![0; BUCKETS], rows: 0, bytes: 0 }
    }

    /// Takes in rows, each by its bucket, its hash and its length.
    pub(super) fn take(&mut self, rows: &[(usize, u128, usize)]) {
        for (bucket, hash, bytes) in rows {
            let at = bucket % BUCKETS;
            self.sums[at] = self.sums[at].wrapping_add(*hash);
            self.counts[at] += 1;
            self.bytes += *bytes as u64;
        }
        self.rows += rows.len() as u64;
    }

    /// The buckets that hold other rows, and how many rows are in them on both sides together.
    pub(super) fn apart(&self, other: &Digest) -> (Vec<usize>, u64) {
        let differ =
            |at: &usize| self.sums[*at] != other.sums[*at] || self.counts[*at] != other.counts[*at];
        let apart: Vec<usize> = (0..BUCKETS).filter(differ).collect();
        let rows = apart.iter().map(|at| self.counts[*at] + other.counts[*at]).sum();
        (apart, rows)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digest(hash: RowHash, rows: &[(usize, &str)]) -> Digest {
        let mut digest = Digest::new();
        let rows: Vec<_> = rows
            .iter()
            .map(|(bucket, row)| (*bucket, hash.of(row.as_bytes()), row.len()))
            .collect();
        digest.take(&rows);
        digest
    }

    #[test]
    fn rows_are_a_multiset_without_an_order() {
        let hash = RowHash::draw();
        let one = digest(hash, &[(1, "a"), (1, "b"), (7, "a")]);
        assert_eq!(one.apart(&digest(hash, &[(7, "a"), (1, "b"), (1, "a")])), (vec![], 0));
        assert_eq!(one.apart(&digest(hash, &[(7, "a"), (1, "b"), (1, "b")])), (vec![1], 4));
        assert_eq!(one.apart(&digest(hash, &[(1, "a"), (1, "b")])), (vec![7], 1));
        assert_eq!(
            one.apart(&digest(hash, &[(1, "a"), (1, "b"), (7, "a"), (7, "a")])),
            (vec![7], 3)
        );
        assert_eq!((one.rows, one.bytes), (3, 3));
    }

    #[test]
    fn each_run_has_a_key_of_its_own() {
        let (one, other) = (RowHash::draw(), RowHash::draw());
        assert_ne!(one.of(b"a"), other.of(b"a"));
        assert_eq!(one.of(b"a"), one.of(b"a"));
        assert_ne!(one.of(b""), one.of(b"\t"));
    }
}
