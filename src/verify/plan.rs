//! What is compared with what: tables of one name, columns of one name, rows by a key that both builds have.

use std::collections::BTreeMap;

use super::VerifyError;
use super::digest::BUCKETS;
use crate::handler::function::NAME;
use crate::ident::Ident;
use crate::ledger::Build;
use crate::pg::catalog::{self, Column, Relation};
use crate::pg::search_path::SearchPath;
use crate::pg::{PgError, Session, Sql};
use crate::report::comparison::Draw;

/// Blocks of a table that one session reads at a time.
const BLOCKS: i64 = 8_192;

/// What is compared of two builds.
pub(super) struct Plan {
    /// Tables that both have.
    pub(super) tables: Vec<Table>,
    /// Tables that only one of both has.
    pub(super) only: [Vec<Ident>; 2],
    /// What is not looked at.
    pub(super) not_compared: Vec<String>,
}

/// A table that both builds have.
pub(super) struct Table {
    pub(super) name: Ident,
    /// The columns that both have.
    pub(super) columns: Vec<Ident>,
    /// Which of them tell its rows apart, on both sides; without it rows are a multiset.
    pub(super) key: Option<Vec<usize>>,
    /// Columns that only one of both has.
    pub(super) columns_only: [Vec<Ident>; 2],
    /// Columns whose types differ.
    pub(super) retyped: Vec<(Ident, [String; 2])>,
    /// About how many rows both have together.
    pub(super) about: u64,
    sides: [Place; 2],
}

/// Where a table lies in one build.
struct Place {
    /// `schema.table` in SQL.
    name: String,
    /// The search path of its build: names of its types are printed alike on both sides.
    path: String,
    /// How many blocks its largest part has.
    blocks: i64,
}

/// A COPY of rows of one side.
#[derive(Clone)]
pub(super) struct Copy {
    /// The statement.
    pub(super) sql: String,
    /// The search path it runs by.
    pub(super) path: String,
}

/// A part of one side.
#[derive(Clone, Copy)]
pub(super) struct Piece {
    /// Which.
    pub(super) side: usize,
    /// The first block.
    from: i64,
    /// The first block behind it; nothing if there is none.
    until: Option<i64>,
}

struct Found {
    relation: Relation,
    keys: Vec<Vec<String>>,
    rows: u64,
    blocks: i64,
}

/// Looks at both builds, in the snapshot.
///
/// # Errors
/// The server refuses.
pub(super) fn plan(session: &mut Session, builds: &[Build; 2]) -> Result<Plan, VerifyError> {
    let mut not_compared = Vec::new();
    let mut look = |build: &Build| -> Result<(String, Vec<Found>), VerifyError> {
        let path = SearchPath::of(session, &build.schema, NAME)?;
        path.set(session)?;
        let others = session.query(include_str!("others.sql"), &[&build.schema.as_str()])?;
        not_compared.extend(others.iter().map(|row| row.get::<_, String>(0)));
        Ok((path.list, found(session, build)?))
    };
    let (one_path, ones) = look(&builds[0])?;
    let (other_path, mut others) = look(&builds[1])?;
    not_compared.sort();
    not_compared.dedup();
    let (mut tables, mut only) = (Vec::new(), [Vec::new(), Vec::new()]);
    for one in ones {
        let same = |other: &Found| other.relation.name == one.relation.name;
        match others.iter().position(same) {
            Some(nth) => {
                let paths = [one_path.clone(), other_path.clone()];
                let schemas = [&builds[0].schema, &builds[1].schema];
                tables.push(Table::of([one, others.remove(nth)], (paths, schemas)));
            }
            None => only[0].push(one.relation.name),
        }
    }
    only[1].extend(others.into_iter().map(|other| other.relation.name));
    Ok(Plan { tables, only, not_compared })
}

fn found(session: &mut Session, build: &Build) -> Result<Vec<Found>, PgError> {
    let schema: [&(dyn crate::pg::Param + Sync); 1] = [&build.schema.as_str()];
    let mut keys: BTreeMap<String, Vec<Vec<String>>> = BTreeMap::new();
    for row in session.query(include_str!("keys.sql"), &schema)? {
        keys.entry(row.get(0)).or_default().push(row.get(1));
    }
    let mut sizes: BTreeMap<String, (i64, i64)> = BTreeMap::new();
    for row in session.query(include_str!("tables.sql"), &schema)? {
        sizes.insert(row.get(0), (row.get(1), row.get(2)));
    }
    let relations = catalog::tables(session, &build.schema)?;
    Ok(relations
        .into_iter()
        .map(|relation| {
            let (rows, blocks) = sizes.get(relation.name.as_str()).copied().unwrap_or_default();
            let keys = keys.remove(relation.name.as_str()).unwrap_or_default();
            Found { relation, keys, rows: u64::try_from(rows).unwrap_or(0), blocks }
        })
        .collect())
}

impl Table {
    fn of([one, other]: [Found; 2], (paths, schemas): ([String; 2], [&Ident; 2])) -> Table {
        let missing = |from: &Found, of: &Found| -> Vec<Ident> {
            let has = |c: &&Column| of.relation.columns.iter().any(|o| o.name == c.name);
            let columns = from.relation.columns.iter().filter(|c| !has(c));
            columns.map(|c| c.name.clone()).collect()
        };
        let columns_only = [missing(&one, &other), missing(&other, &one)];
        let (mut columns, mut retyped) = (Vec::new(), Vec::new());
        for column in &one.relation.columns {
            let mut beside = other.relation.columns.iter();
            let Some(beside) = beside.find(|o| o.name == column.name) else { continue };
            columns.push(column.name.clone());
            if column.sql_type != beside.sql_type {
                let types = [column.sql_type.clone(), beside.sql_type.clone()];
                retyped.push((column.name.clone(), types));
            }
        }
        let place = |name: &str| columns.iter().position(|c| c.as_str() == name);
        let sorted = |key: &Vec<String>| {
            let mut key = key.clone();
            key.sort();
            key
        };
        let theirs: Vec<Vec<String>> = other.keys.iter().map(sorted).collect();
        let shared = one.keys.iter().find(|key| theirs.contains(&sorted(key)));
        let key = shared.and_then(|key| key.iter().map(|name| place(name)).collect());
        let about = one.rows + other.rows;
        let name = one.relation.name.clone();
        let [one_path, other_path] = paths;
        let sides = [
            Place { name: schemas[0].dot(&name), path: one_path, blocks: one.blocks },
            Place { name: schemas[1].dot(&name), path: other_path, blocks: other.blocks },
        ];
        Table { name, columns, key, columns_only, retyped, about, sides }
    }

    /// Both sides in pieces, those of one beside those of the other. The last of each has no end: what lies in a
    /// smaller part of the table, or was not there when its size was asked for, is in one of them all the same.
    pub(super) fn pieces(&self) -> Vec<Piece> {
        let of = |side: usize| {
            let count = (self.sides[side].blocks / BLOCKS).max(1);
            (0..count).map(move |nth| Piece {
                side,
                from: nth * BLOCKS,
                until: (nth + 1 < count).then_some((nth + 1) * BLOCKS),
            })
        };
        let mut pieces: Vec<Piece> = of(0).chain(of(1)).collect();
        pieces.sort_by_key(|piece| (piece.from, piece.side));
        pieces
    }

    /// Rows of a piece, each behind its bucket.
    pub(super) fn digested(&self, piece: Piece) -> Copy {
        let wanted = format!("{}{}", self.bucket(), self.list(true));
        self.copy(piece.side, &wanted, &piece.condition(None))
    }

    /// Rows of a piece in some buckets.
    pub(super) fn picked(&self, piece: Piece, buckets: &[usize]) -> Copy {
        let list: Vec<String> = buckets.iter().map(ToString::to_string).collect();
        let list = format!("{} = ANY ('{{{}}}'::pg_catalog.int8[])", self.bucket(), list.join(","));
        self.copy(piece.side, &self.list(false), &piece.condition(Some(&list)))
    }

    /// All rows of a side in the order of a hash of their keys, each behind it. Both sides have one order, whatever the
    /// types of the keys and their collations.
    pub(super) fn sorted(&self, side: usize) -> Copy {
        let wanted = format!("{}{}", self.hash(), self.list(true));
        self.copy(side, &wanted, " ORDER BY 1")
    }

    /// The rows of a side whose keys come first by the hash that a seed gives, each after it. One more than is drawn:
    /// it tells that the last one is not cut off. Nothing if the table has no key.
    pub(super) fn drawn(&self, side: usize, draw: Draw) -> Option<Copy> {
        self.key.as_ref()?;
        let wanted = format!("{}{}", self.seeded_hash(draw.seed), self.list(true));
        Some(self.copy(side, &wanted, &format!(" ORDER BY 1 LIMIT {}", draw.rows_read())))
    }

    /// How many rows a piece has.
    pub(super) fn counted(&self, piece: Piece) -> Copy {
        self.copy(piece.side, "pg_catalog.count(*)", &piece.condition(None))
    }

    fn copy(&self, side: usize, wanted: &str, rest: &str) -> Copy {
        let Place { name, path, .. } = &self.sides[side];
        Copy {
            sql: format!("COPY (SELECT {wanted} FROM {name}{rest}) TO STDOUT"),
            path: path.clone(),
        }
    }

    fn list(&self, behind: bool) -> String {
        let columns: Vec<String> = self.columns.iter().map(Ident::quoted).collect();
        match behind && !columns.is_empty() {
            true => format!(", {}", columns.join(", ")),
            false => columns.join(", "),
        }
    }

    fn bucket(&self) -> String {
        format!("({} & {})", self.hash(), BUCKETS - 1)
    }

    /// A hash of what the key is printed as, or of the whole row.
    fn hash(&self) -> String {
        self.seeded_hash(0)
    }

    fn seeded_hash(&self, seed: u32) -> String {
        let named = |columns: &mut dyn Iterator<Item = &Ident>| -> String {
            columns.map(Ident::quoted).collect::<Vec<_>>().join(", ")
        };
        let text = match &self.key {
            // Both print by the types' own output functions, as COPY does; a cast to text may not.
            Some(key) => format!(
                "pg_catalog.concat_ws('|', {})",
                named(&mut key.iter().map(|nth| &self.columns[*nth]))
            ),
            None => format!("ROW({})::pg_catalog.text", named(&mut self.columns.iter())),
        };
        format!("pg_catalog.hashtextextended({text} COLLATE pg_catalog.\"C\", {seed})")
    }
}

impl Piece {
    fn condition(&self, more: Option<&str>) -> String {
        let tid = |block: i64| format!("'({block},0)'::pg_catalog.tid");
        let mut all: Vec<String> = more.map(str::to_owned).into_iter().collect();
        if self.from > 0 {
            all.push(format!("ctid >= {}", tid(self.from)));
        }
        if let Some(until) = self.until {
            all.push(format!("ctid < {}", tid(until)));
        }
        match all.is_empty() {
            true => String::new(),
            false => format!(" WHERE {}", all.join(" AND ")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(columns: &[(&str, &str)], keys: &[&[&str]], blocks: i64) -> Found {
        let column = |(name, sql_type): &(&str, &str)| Column {
            name: Ident::new(*name).unwrap(),
            sql_type: (*sql_type).into(),
            default: None,
        };
        let relation = Relation {
            name: Ident::new("t").unwrap(),
            columns: columns.iter().map(column).collect(),
        };
        let keys = keys.iter().map(|k| k.iter().map(|n| (*n).to_owned()).collect()).collect();
        Found { relation, keys, rows: 1, blocks }
    }

    fn table(one: Found, other: Found) -> Table {
        let schemas = [Ident::new("a").unwrap(), Ident::new("b").unwrap()];
        Table::of([one, other], (["a".into(), "b".into()], [&schemas[0], &schemas[1]]))
    }

    #[test]
    fn a_key_is_one_that_both_have() {
        let columns = [("id", "text"), ("n", "integer"), ("m", "integer")];
        let key = |one: &[&[&str]], other: &[&[&str]]| {
            table(found(&columns, one, 0), found(&columns, other, 0)).key
        };
        assert_eq!(key(&[&["id"]], &[&["id"]]), Some(vec![0]));
        assert_eq!(key(&[&["n", "id"]], &[&["id", "n"]]), Some(vec![1, 0]));
        assert_eq!(key(&[&["id"], &["m"]], &[&["n"], &["m"]]), Some(vec![2]));
        assert_eq!(key(&[&["id"]], &[&["id", "n"]]), None);
        assert_eq!(key(&[], &[]), None);
    }

    #[test]
    fn columns_are_compared_by_their_names() {
        let one = found(&[("id", "text"), ("x", "integer"), ("gone", "text")], &[], 0);
        let other = found(&[("new", "text"), ("x", "bigint"), ("id", "text")], &[], 0);
        let table = table(one, other);
        let names = |columns: &[Ident]| columns.iter().map(Ident::to_string).collect::<Vec<_>>();
        assert_eq!(names(&table.columns), ["id", "x"]);
        assert_eq!(names(&table.columns_only[0]), ["gone"]);
        assert_eq!(names(&table.columns_only[1]), ["new"]);
        assert_eq!(table.retyped[0].1, ["integer", "bigint"]);
        assert!(
            table.sorted(1).sql.contains("SELECT pg_catalog.hashtextextended(ROW(\"id\", \"x\")")
        );
    }

    #[test]
    fn pieces_leave_no_block_out() {
        let columns = [("id", "text")];
        let table =
            table(found(&columns, &[&["id"]], 3 * BLOCKS + 5), found(&columns, &[&["id"]], 0));
        let pieces = table.pieces();
        let of = |side: usize| -> Vec<(i64, Option<i64>)> {
            let own = pieces.iter().filter(|p| p.side == side);
            own.map(|p| (p.from, p.until)).collect()
        };
        assert_eq!(of(0), [(0, Some(BLOCKS)), (BLOCKS, Some(2 * BLOCKS)), (2 * BLOCKS, None)]);
        assert_eq!(of(1), [(0, None)]);
        let sql = table.picked(pieces[2], &[3, 5]).sql;
        assert!(sql.contains("& 262143) = ANY ('{3,5}'::pg_catalog.int8[]) AND ctid >="), "{sql}");
    }
}
