//! What the barrier watches: the tables whose locks tell who writes, and the sequence of positions.
//!
//! The name in config.toml may be a view, a parent or a partition, while writers lock other tables. So the
//! name is traced to the tables behind it, with the catalog's help, and whatever cannot be traced is refused
//! ([`Unwatchable`]). Nothing here reads an event.

mod nodes;
mod unwatchable;
mod view;

use super::{LogError, LogShape};
use crate::pg::{PgError, Row, Session, Sql};
pub(crate) use nodes::FIRST_OF_A_NODE;
pub use unwatchable::Unwatchable;

/// What `sequence` in config.toml says if there is none.
const NONE: &str = "none";
/// SQLSTATE of a text that is no name.
const INVALID_NAME: &str = "42602";

/// What is watched of a log.
#[derive(Debug, Clone)]
pub struct Watched {
    /// The tables writers lock, by oid; their children and parents are looked up whenever somebody asks.
    pub tables: Vec<u32>,
    /// The sequences whose numbers may be positions, by oid: who took one holds a lock on it.
    pub sequences: Vec<u32>,
    /// The sequence that gives all positions, if it is known.
    pub sequence: Option<Sequence>,
    /// Every table events may lie in, and what those are children of.
    pub parts: Vec<Part>,
    /// Whether a view's condition leaves rows out.
    pub is_filtered: bool,
    /// Whether the role may not see which tables subscriptions fill.
    pub hides_subscriptions: bool,
    /// The shards its events lie in on other nodes (Citus), as SQL text.
    pub shards: Vec<String>,
    /// Whether positions are a column as it is, so that an index on it finds them.
    is_direct: bool,
}

/// A sequence of positions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sequence {
    /// Its oid.
    pub oid: u32,
    /// Its name as SQL text.
    pub name: String,
    /// From one position to the next.
    pub increment: i64,
    /// The first number.
    pub start: i64,
    /// What is added to its numbers to make positions.
    pub shift: i64,
    /// Whether the role may read it.
    pub may_read: bool,
    cache: i64,
    cycles: bool,
}

/// A table of a log.
#[derive(Debug, Clone)]
pub struct Part {
    oid: u32,
    /// Its name as SQL text.
    pub name: String,
    /// Whether it is partitioned, so that its events lie in other tables.
    pub is_partitioned: bool,
    /// 0 for a table the log reads, more for its children, less for its parents.
    pub depth: i32,
    /// The column behind the positions as SQL text, if it is known.
    pub column: Option<String>,
    /// Whether the column has a DEFAULT or is an identity.
    pub has_default: bool,
    /// Whether an index begins with the column.
    pub is_indexed: bool,
    source: Source,
    /// The sequence whose numbers its positions are, or are made of.
    lock: Option<u32>,
}

/// Where a table's positions come from.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Source {
    Sequence(Sequence),
    /// A default that is more than a sequence's next number.
    Computed,
    /// Whoever writes.
    Unknown,
}

/// A relation that is read when the log is read.
struct Relation {
    oid: u32,
    label: String,
    schema: String,
    name: String,
    kind: String,
    definition: Option<String>,
    calls_others: bool,
}

/// Where positions were traced to.
#[derive(Default)]
struct Trace {
    /// Tables, the column if it is known, and what is added to it.
    columns: Vec<(u32, Option<String>, i64)>,
    obstacle: Option<&'static str>,
    is_filtered: bool,
}

impl Watched {
    /// Traces a log that is there to what is watched.
    ///
    /// # Errors
    /// Nobody can tell how far it is complete.
    pub fn look(session: &mut Session, shape: &LogShape) -> Result<Watched, LogError> {
        let rows = session.query(include_str!("watched/relations.sql"), &[&shape.table])?;
        let (mut relations, mut own, mut sees) = (Vec::new(), None, (true, true));
        for row in &rows {
            if row.get("is_log") {
                own = Some(relations.len());
            }
            sees = (row.get("sees_tables"), row.get("sees_enabled"));
            relations.push(Relation::from(row));
        }
        let Some(log) = own.and_then(|nth| relations.get(nth)) else {
            return Err(LogError::Missing { table: shape.label() });
        };
        readable(log, &relations)?;
        let trace = trace(&relations, log, shape);
        let writers = writers(session, shape)?;
        let named = named(session, shape, &trace)?;
        if let Some(why) = trace.obstacle
            && writers.is_empty()
        {
            let hint = suggestion(session, &trace)?;
            return Err(not_plain(&log.label, why, &hint, named.is_none()));
        }
        let given = trace.columns.iter().cloned();
        let given = given.chain(writers.into_iter().map(|oid| (oid, None, 0)));
        let parts = parts(session, &given.collect::<Vec<_>>())?;
        let sequences = sequences(&parts, named.as_ref());
        let sequence = match named {
            Some(named) => named,
            None => {
                let found = one_source(&log.label, &parts)?;
                if let (Some(why), Some(found)) = (trace.obstacle, &found) {
                    return Err(not_plain(&log.label, why, &Some(found.name.clone()), true));
                }
                if let (Some(why), true) = (trace.obstacle, trace.columns.is_empty()) {
                    return Err(not_plain(&log.label, why, &None, true));
                }
                found
            }
        };
        sequence.iter().try_for_each(Sequence::goes_up)?;
        let mut tables: Vec<u32> =
            parts.iter().filter(|part| part.depth == 0).map(|part| part.oid).collect();
        tables.sort_unstable();
        tables.dedup();
        let mut filled: Vec<u32> = parts.iter().map(|part| part.oid).collect();
        filled.extend(relations.iter().map(|relation| relation.oid));
        subscribed(session, &log.label, &filled, sees)?;
        let watched = Watched {
            tables,
            sequences,
            sequence,
            parts,
            is_filtered: trace.is_filtered || shape.filter.is_some(),
            hides_subscriptions: !sees.0,
            shards: Vec::new(),
            is_direct: trace
                .columns
                .iter()
                .all(|(_, column, shift)| column.is_some() && *shift == shape.offset),
        };
        let shards = nodes::shards(session, &log.label, &watched)?;
        Ok(Watched { shards, ..watched })
    }

    /// The tables events lie in, whose column of positions is known.
    pub fn leaves(&self) -> impl Iterator<Item = &Part> {
        self.parts.iter().filter(|p| p.depth >= 0 && !p.is_partitioned && p.column.is_some())
    }

    /// Indexes that would find positions, as statements.
    #[must_use]
    pub fn wanted_indexes(&self) -> Vec<String> {
        let statement = |part: &Part| {
            let column = part.column.as_deref().unwrap_or("?");
            format!("CREATE INDEX CONCURRENTLY ON {} ({column});", part.name)
        };
        self.leaves().filter(|part| !part.is_indexed).map(statement).collect()
    }

    /// Whether these are the tables and sequences of another look. Children may come and go.
    #[must_use]
    pub fn is_of(&self, other: &Watched) -> bool {
        (&self.tables, &self.sequences, &self.sequence)
            == (&other.tables, &other.sequences, &other.sequence)
    }

    /// Whether indexes find the log's last position.
    #[must_use]
    pub fn is_indexed(&self) -> bool {
        let mut leaves = self.leaves().peekable();
        self.is_direct && leaves.peek().is_some() && leaves.all(|p| p.is_indexed)
    }
}

impl From<&Row> for Relation {
    fn from(row: &Row) -> Relation {
        Relation {
            oid: row.get("oid"),
            label: row.get("label"),
            schema: row.get("schema"),
            name: row.get("name"),
            kind: row.get("kind"),
            definition: row.get("definition"),
            calls_others: row.get("calls_others"),
        }
    }
}

/// A foreign table or a materialised view anywhere in it makes a log that nobody can follow.
fn readable(log: &Relation, relations: &[Relation]) -> Result<(), Unwatchable> {
    let (log_label, kind) = (log.label.clone(), log.kind.as_str());
    for relation in relations {
        let (log, part) = (log_label.clone(), relation.label.clone());
        match relation.kind.as_str() {
            "f" => return Err(Unwatchable::Foreign { log, part }),
            "m" => return Err(Unwatchable::Materialised { log, part }),
            _ => {}
        }
    }
    match kind {
        "r" | "p" | "v" => Ok(()),
        _ => Err(Unwatchable::Kind { log: log_label }),
    }
}

/// Follows the position down through views to the tables it is a column of.
fn trace(relations: &[Relation], log: &Relation, shape: &LogShape) -> Trace {
    let mut trace = Trace::default();
    match view::column(&shape.position) {
        Some((column, shift)) => {
            trace.follow(relations, log, &column, shift.saturating_add(shape.offset));
        }
        None if log.definition.is_none() => trace.columns.push((log.oid, None, 0)),
        None => trace.obstacle = Some("its position is no column of a table"),
    }
    trace
}

impl Trace {
    fn follow(&mut self, relations: &[Relation], at: &Relation, column: &str, shift: i64) {
        let Some(definition) = &at.definition else {
            self.columns.push((at.oid, Some(column.to_owned()), shift));
            return;
        };
        let origin = view::origin(definition, column);
        self.is_filtered |= origin.is_filtered;
        if let Some(why) = origin.obstacle {
            self.obstacle.get_or_insert(why);
        } else if origin.is_filtered && at.calls_others {
            self.obstacle.get_or_insert("its condition calls functions or reads other tables");
        }
        for part in origin.columns {
            let is_it = |relation: &&Relation| {
                relation.oid != at.oid
                    && relation.name == part.table
                    && part.schema.as_ref().is_none_or(|schema| *schema == relation.schema)
            };
            let mut found = relations.iter().filter(is_it);
            match (found.next(), found.next(), shift.checked_add(part.shift)) {
                (Some(next), None, Some(shift)) => {
                    self.follow(relations, next, &part.column, shift)
                }
                _ => {
                    self.obstacle.get_or_insert("its tables cannot be told from one another");
                }
            }
        }
    }
}

/// The tables that `writers` names.
fn writers(session: &mut Session, shape: &LogShape) -> Result<Vec<u32>, LogError> {
    let names = &shape.writers;
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let not = |name: String, is: &str| LogError::from(Unwatchable::Writer { name, is: is.into() });
    let rows = match session.query(include_str!("watched/writers.sql"), &[names]) {
        Err(PgError::Server(error)) if error.code == INVALID_NAME => {
            return Err(not(names.join(", "), "is no name"));
        }
        rows => rows?,
    };
    let mut oids = Vec::new();
    for row in &rows {
        let (name, kind): (String, Option<String>) = (row.get("name"), row.get("kind"));
        match kind.as_deref() {
            Some("r" | "p") => oids.push(row.get("oid")),
            Some("v") => return Err(not(name, "is a view, which no writer of its tables locks")),
            Some("m") => return Err(not(name, "is a materialised view, which no writer locks")),
            Some("f") => {
                return Err(not(name, "is a foreign table, which is locked on another server"));
            }
            Some("S") => return Err(not(name, "is a sequence; it is named by the key sequence")),
            Some(_) => return Err(not(name, "is no table")),
            None => return Err(not(name, "does not exist")),
        }
    }
    Ok(oids)
}

/// The sequence that `sequence` names; inside, `None` if it says that there is none.
fn named(
    session: &mut Session,
    shape: &LogShape,
    trace: &Trace,
) -> Result<Option<Option<Sequence>>, LogError> {
    let Some(name) = &shape.sequence else { return Ok(None) };
    if name == NONE {
        return Ok(Some(None));
    }
    let none = || LogError::from(Unwatchable::NoSequence { name: name.clone() });
    let row = match session.query_opt(include_str!("watched/sequence.sql"), &[name]) {
        Err(PgError::Server(error)) if error.code == INVALID_NAME => return Err(none()),
        row => row?,
    };
    let row = row.filter(|row| row.get::<_, String>("kind") == "S").ok_or_else(none)?;
    let mut shifts = trace.columns.iter().map(|(.., shift)| *shift);
    let shift = shifts.next().filter(|first| shifts.all(|other| other == *first)).unwrap_or(0);
    let sequence = Sequence::from_row(&row, (row.get("oid"), row.get("label")), shift);
    Ok(Some(Some(sequence)))
}

/// The name to give as `sequence` for a view that needs one, if it can be told.
fn suggestion(session: &mut Session, trace: &Trace) -> Result<Option<String>, LogError> {
    let parts = parts(session, &trace.columns)?;
    let names = parts.iter().find_map(|part| match &part.source {
        Source::Sequence(sequence) => Some(sequence.name.clone()),
        _ => None,
    });
    Ok(names)
}

fn not_plain(
    log: &str,
    why: &'static str,
    sequence: &Option<String>,
    asks_for_it: bool,
) -> LogError {
    let sequence = sequence.as_deref().unwrap_or("the sequence of its positions, or none");
    let keys = match asks_for_it {
        true => {
            format!("writers = [\"every table an append writes to\"] and sequence = \"{sequence}\"")
        }
        false => "writers = [\"every table an append writes to\"]".to_owned(),
    };
    Unwatchable::View { log: log.to_owned(), why, keys }.into()
}

/// The tables of a log, their children and parents.
fn parts(
    session: &mut Session,
    given: &[(u32, Option<String>, i64)],
) -> Result<Vec<Part>, LogError> {
    let (oids, columns): (Vec<u32>, Vec<Option<String>>) =
        given.iter().map(|(oid, column, _)| (*oid, column.clone())).unzip();
    let rows = session.query(include_str!("watched/columns.sql"), &[&oids, &columns])?;
    // A column is shifted the same way in every child; two ways for one table are told apart below.
    let shift_of = |row: &Row| {
        let column: Option<String> = row.get("column_name");
        let of =
            |(_, name, shift): &(u32, Option<String>, i64)| (*name == column).then_some(*shift);
        given.iter().find_map(of).unwrap_or(0)
    };
    Ok(rows.iter().map(|row| Part::from_row(row, shift_of(row))).collect())
}

impl Part {
    fn from_row(row: &Row, shift: i64) -> Part {
        let (sequence, has_default): (Option<u32>, bool) =
            (row.get("sequence"), row.get("has_default"));
        let source = match (sequence, row.get("is_plain")) {
            (Some(oid), true) => {
                Source::Sequence(Sequence::from_row(row, (oid, row.get("sequence_label")), shift))
            }
            (Some(_), false) => Source::Computed,
            (None, _) if has_default => Source::Computed,
            (None, _) => Source::Unknown,
        };
        Part {
            oid: row.get("oid"),
            name: row.get("label"),
            is_partitioned: row.get::<_, String>("kind") == "p",
            depth: row.get("depth"),
            column: row.get("quoted"),
            has_default,
            is_indexed: row.get("is_indexed"),
            source,
            lock: sequence,
        }
    }
}

impl Sequence {
    fn from_row(row: &Row, (oid, name): (u32, String), shift: i64) -> Sequence {
        let number = |column| row.get::<_, Option<i64>>(column).unwrap_or(1);
        Sequence {
            oid,
            name,
            increment: number("seqincrement"),
            start: number("seqstart"),
            shift,
            may_read: row.get::<_, Option<bool>>("may_read").unwrap_or(true),
            cache: number("seqcache"),
            cycles: row.get::<_, Option<bool>>("seqcycle").unwrap_or(false),
        }
    }

    fn goes_up(&self) -> Result<(), LogError> {
        let sequence = self.name.clone();
        if self.increment < 0 {
            let (flaw, clause) = ("goes down", "INCREMENT BY 1");
            return Err(Unwatchable::Sequence { sequence, flaw, clause }.into());
        }
        if self.cycles {
            let (flaw, clause) = ("begins again when it is used up (CYCLE)", "NO CYCLE");
            return Err(Unwatchable::Sequence { sequence, flaw, clause }.into());
        }
        match self.cache {
            ..=1 => Ok(()),
            cache => Err(LogError::CachedSequence { sequence, cache }),
        }
    }
}

/// Every sequence whose lock tells that somebody took a number.
fn sequences(parts: &[Part], named: Option<&Option<Sequence>>) -> Vec<u32> {
    let mut oids: Vec<u32> = parts.iter().filter_map(|part| part.lock).collect();
    oids.extend(named.into_iter().flatten().map(|sequence| sequence.oid));
    oids.sort_unstable();
    oids.dedup();
    oids
}

/// The one sequence of all positions; `None` if nobody knows of any.
fn one_source(log: &str, parts: &[Part]) -> Result<Option<Sequence>, LogError> {
    let known = |part: &&Part| part.source != Source::Unknown && part.column.is_some();
    let own: Vec<&Part> = parts.iter().filter(|p| p.depth >= 0).filter(known).collect();
    // A partition without a default of its own gets positions by way of its parents.
    let parents = || parts.iter().filter(|p| p.depth < 0).filter(known).collect();
    let sources: Vec<&Part> = if own.is_empty() { parents() } else { own };
    let Some(first) = sources.first() else { return Ok(None) };
    if sources.iter().all(|part| part.source == first.source) {
        return Ok(match &first.source {
            Source::Sequence(sequence) => Some(sequence.clone()),
            _ => None,
        });
    }
    let told = |part: &&Part| match &part.source {
        Source::Sequence(Sequence { name, shift: 0, .. }) => format!("{} from {name}", part.name),
        Source::Sequence(Sequence { name, shift, .. }) => {
            format!("{} from {name} and {shift}", part.name)
        }
        _ => format!("{} from a DEFAULT of its own", part.name),
    };
    let sources = sources.iter().map(told).collect();
    Err(Unwatchable::SeveralSources { log: log.to_owned(), sources }.into())
}

/// Refuses tables that an enabled subscription fills. `sees` is what the role may read of the catalog.
fn subscribed(
    session: &mut Session,
    log: &str,
    tables: &[u32],
    (sees_tables, sees_enabled): (bool, bool),
) -> Result<(), LogError> {
    if !sees_tables {
        return Ok(());
    }
    let sql = match sees_enabled {
        true => {
            "SELECT r.srrelid::regclass::text, quote_ident(s.subname) FROM pg_catalog.pg_subscription_rel r \
             JOIN pg_catalog.pg_subscription s ON s.oid = r.srsubid \
             WHERE r.srrelid = ANY ($1::oid[]) AND s.subenabled LIMIT 1"
        }
        false => {
            "SELECT r.srrelid::regclass::text, 'number ' || r.srsubid FROM pg_catalog.pg_subscription_rel r \
             WHERE r.srrelid = ANY ($1::oid[]) LIMIT 1"
        }
    };
    match session.query_opt(sql, &[&tables])? {
        None => Ok(()),
        Some(row) => Err(Unwatchable::Subscribed {
            log: log.to_owned(),
            table: row.get(0),
            subscription: row.get(1),
            is_known: sees_enabled,
        }
        .into()),
    }
}
