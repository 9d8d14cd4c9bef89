//! What is known of keys that are not in memory.

use fastbloom::BloomFilter;

/// Bits of the filter for each key it is made for: one in a hundred is then taken for another.
const BITS_PER_KEY: usize = 10;
/// How many bits a key sets.
const PROBES: u32 = 7;
/// How many times the rows that are in memory the filter is made for.
const GROWTH: usize = 16;

/// Which of the keys that are not in memory the server does not have either.
#[derive(Debug)]
pub(super) enum AbsentKeys {
    /// None of them: everything there is, is in memory.
    All,
    /// All but those of a set, of which only a shadow is kept (a Bloom filter).
    Except(BloomFilter),
    /// Nobody knows.
    Unknown,
}

impl AbsentKeys {
    /// Whether the server surely has no row with a key of this hash.
    #[must_use]
    pub(super) fn says(&self, hash: u64) -> bool {
        match self {
            AbsentKeys::All => true,
            AbsentKeys::Except(filter) => !filter.contains_hash(hash),
            AbsentKeys::Unknown => false,
        }
    }

    /// Takes note that the server has a key which memory will not have any more. `rows` is how
    /// many there are in memory now.
    pub(super) fn except(&mut self, hash: u64, rows: usize) {
        if matches!(self, AbsentKeys::All) {
            let bits = rows.max(1024) * GROWTH * BITS_PER_KEY;
            *self = AbsentKeys::Except(BloomFilter::with_num_bits(bits).hashes(PROBES));
        }
        if let AbsentKeys::Except(filter) = self {
            filter.insert_hash(hash);
        }
    }

    /// Bytes it takes.
    #[must_use]
    pub(super) fn bytes(&self) -> usize {
        match self {
            AbsentKeys::Except(filter) => filter.num_bits() / 8,
            _ => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Hashes as they come: spread over all bits.
    fn hash(n: u64) -> u64 {
        (n + 1)
            .wrapping_mul(0x9e37_79b9_7f4a_7c15)
            .rotate_left(29)
            .wrapping_mul(0xbf58_476d_1ce4_e5b9)
    }

    #[test]
    fn a_key_that_went_out_is_never_called_absent() {
        let mut absent_keys = AbsentKeys::All;
        assert!(absent_keys.says(hash(1)));
        (0..50_000).for_each(|n| absent_keys.except(hash(n), 10_000));
        assert!((0..50_000).all(|n| !absent_keys.says(hash(n))));
        let wrong = (50_000..150_000).filter(|n| !absent_keys.says(hash(*n))).count();
        assert!(wrong < 2_000, "{wrong} of 100,000 keys would be fetched for nothing");
        assert!(absent_keys.bytes() > 0 && !AbsentKeys::Unknown.says(hash(1)));
    }
}
