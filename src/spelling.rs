//! Names that may be others misspelt.
//!
//! Owns how far two names are apart. It knows no list of names.

/// The name that is most like another: with other letters' case, or two edits away.
pub(crate) fn nearest<'n>(name: &str, known: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let near = known.filter(|other| *other != name);
    near.filter_map(|other| Some((distance(name, other)?, other))).min().map(|(_, other)| other)
}

/// How far two names are apart, if they may be the same one misspelt: 0 for other letters' case,
/// else one or two letters that were added, left out or changed. Of a short name that is most of it.
pub(crate) fn distance(name: &str, other: &str) -> Option<usize> {
    if name.to_lowercase() == other.to_lowercase() {
        return Some(0);
    }
    let (a, b): (Vec<char>, Vec<char>) = (name.chars().collect(), other.chars().collect());
    let most = match a.len().max(b.len()) {
        ..=2 => return None,
        3 => 1,
        _ => 2,
    };
    if a.len().abs_diff(b.len()) > most {
        return None;
    }
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.iter().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, to) in b.iter().enumerate() {
            let changed = diagonal + usize::from(from != to);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row.last().copied().filter(|found| *found <= most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_those_of_misspelt_names() {
        assert_eq!(distance("OrderPaid", "orderPAID"), Some(0));
        assert_eq!(distance("Paid", "Payed"), Some(2));
        assert_eq!(distance("Paid", "Paidx"), Some(1));
        assert_eq!(distance("Paid", "Shipped"), None);
        assert_eq!(distance("abc", "abd"), Some(1));
        assert_eq!(distance("abc", "ade"), None);
        assert_eq!(distance("A", "B"), None);
        assert_eq!(distance("ชำระ", "ชำร"), Some(1));
    }
}
