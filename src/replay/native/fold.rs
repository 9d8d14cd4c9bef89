//! The fold: an event's statements run on rows in memory.
//!
//! An event happens as a whole or not at all: where one of its statements stops, what the others
//! did is taken back. Within a statement everything is computed before anything is written, as
//! PostgreSQL's statements see the rows as they were.

use super::store::{Before, Found, Table};
use crate::cell::{Cell, Kind};
use crate::handler::native::evaluate::{all_true, with_key};
use crate::handler::native::{
    self, Action, Conflict, Expr, Miss, Program, Rows, Scope, Stop, Target,
};

/// The most bytes of the texts in the indexed columns of a row: more may not fit PostgreSQL's
/// indexes, whose entries must be smaller than a third of a page.
const LONGEST_INDEXED: usize = 2_000;
/// How many times longer than its text a `jsonb` may be.
const JSONB_GROWTH: usize = 16;

/// The rows of all tables of a build.
#[derive(Debug)]
pub struct Fold {
    /// By the program's index.
    pub tables: Vec<Table>,
    journal: Vec<(usize, Before)>,
    set: Vec<(usize, Cell)>,
}

struct View<'v>(&'v [Table]);

impl Rows for View<'_> {
    fn find(&self, table: usize, key: &[&Cell]) -> Result<Option<&[Cell]>, Stop> {
        match self.0[table].find(key) {
            Found::Row(row) => Ok(Some(self.0[table].cells(row))),
            Found::Nothing => Ok(None),
            Found::Unknown => Err(miss(table, key)),
        }
    }
}

fn miss(table: usize, key: &[&Cell]) -> Stop {
    let key = key.iter().map(|cell| (*cell).clone()).collect();
    Stop::Miss(Box::new(Miss::Key { table, key }))
}

fn miss_of(described: &native::Table, table: usize, cells: &[Cell]) -> Stop {
    let key: Vec<&Cell> = described.key.iter().map(|column| &cells[*column]).collect();
    miss(table, &key)
}

impl Fold {
    /// A fold over these tables.
    #[must_use]
    pub fn new(tables: Vec<Table>) -> Fold {
        Fold { tables, journal: Vec::new(), set: Vec::new() }
    }

    /// Bytes of memory all rows take.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.tables.iter().map(Table::bytes).sum()
    }

    /// The hash of a key over arguments.
    #[must_use]
    pub fn hash(&self, table: usize, key: &[Expr], args: &[Cell]) -> Option<u64> {
        let rows = View(&self.tables);
        let scope = Scope { args, row: &[], excluded: &[], rows: &rows };
        with_key(key, &scope, |key| Ok(self.tables[table].hash(key))).ok().flatten()
    }

    /// Runs the statements of a handler. `more` says that other handlers of the same event follow
    /// or went before; `near` is a guess which row the first statement is about.
    ///
    /// # Errors
    /// Why it stopped; what the event did so far is taken back.
    pub fn apply(
        &mut self,
        program: &Program,
        statements: &[native::Statement],
        (args, row_hint): (&[Cell], Option<u32>),
        more: bool,
    ) -> Result<(), Stop> {
        let undoable = more || statements.len() > 1;
        for (nth, statement) in statements.iter().enumerate() {
            let row_hint = row_hint.filter(|_| nth == 0);
            if let Err(stop) = self.run(program, statement, (args, row_hint), undoable) {
                self.take_back();
                return Err(stop);
            }
        }
        if !more {
            self.keep();
        }
        Ok(())
    }

    /// The event is over: nothing of it is taken back any more.
    pub fn keep(&mut self) {
        if !self.journal.is_empty() {
            self.journal.clear();
        }
    }

    /// Takes back what an event that is not over has done.
    pub fn take_back(&mut self) {
        while let Some((table, before)) = self.journal.pop() {
            self.tables[table].undo(before);
        }
    }

    fn run(
        &mut self,
        program: &Program,
        statement: &native::Statement,
        (args, row_hint): (&[Cell], Option<u32>),
        undoable: bool,
    ) -> Result<(), Stop> {
        let table = statement.table;
        let described = &program.tables[table];
        match &statement.action {
            Action::Insert { values, conflict } => {
                self.insert(described, table, (values, conflict), (args, row_hint), undoable)
            }
            Action::Update { target, gates, conditions, set } => {
                if !self.are_open(gates, args)? {
                    return Ok(());
                }
                let rows = self.targets(table, target, (args, row_hint))?;
                match rows {
                    Rowset::None => Ok(()),
                    Rowset::One(row) => {
                        self.update(described, (table, row), conditions, set, (args, &[]), undoable)
                    }
                    Rowset::Many(rows) => {
                        self.update_all(described, table, &rows, (conditions, set), args, undoable)
                    }
                }
            }
            Action::Delete { target, gates, conditions } => {
                if !self.are_open(gates, args)? {
                    return Ok(());
                }
                let rows = match self.targets(table, target, (args, row_hint))? {
                    Rowset::None => Vec::new(),
                    Rowset::One(row) => vec![row],
                    Rowset::Many(rows) => rows,
                };
                let mut gone = Vec::with_capacity(rows.len());
                for row in rows {
                    if self.holds(conditions, (table, row), args, &[])? {
                        gone.push(row);
                    }
                }
                for row in gone {
                    let before = self.tables[table].delete(row);
                    self.note(table, before, undoable);
                }
                Ok(())
            }
        }
    }

    /// Whether what does not look at rows is true; PostgreSQL looks at it first, row or not.
    fn are_open(&self, gates: &[Expr], args: &[Cell]) -> Result<bool, Stop> {
        if gates.is_empty() {
            return Ok(true);
        }
        let rows = View(&self.tables);
        all_true(gates, &Scope { args, row: &[], excluded: &[], rows: &rows })
    }

    fn note(&mut self, table: usize, before: Before, undoable: bool) {
        if undoable {
            self.journal.push((table, before));
        }
    }

    fn targets(
        &self,
        table: usize,
        target: &Target,
        (args, row_hint): (&[Cell], Option<u32>),
    ) -> Result<Rowset, Stop> {
        let rows = View(&self.tables);
        let scope = Scope { args, row: &[], excluded: &[], rows: &rows };
        match target {
            Target::Key(key) => {
                let of = &self.tables[table];
                let found = with_key(key, &scope, |key| match of.find_with_hint(key, row_hint) {
                    Found::Row(row) => Ok(Rowset::One(row)),
                    Found::Nothing => Ok(Rowset::None),
                    Found::Unknown => Err(miss(table, key)),
                })?;
                Ok(found.unwrap_or(Rowset::None))
            }
            Target::Column { column, value } => {
                let value = value.value(&scope)?;
                if value.is_null() {
                    return Ok(Rowset::None);
                }
                match self.tables[table].find_all(*column, &value) {
                    Some(rows) => Ok(Rowset::Many(rows)),
                    None => {
                        let value = value.into_owned();
                        Err(Stop::Miss(Box::new(Miss::Column { table, column: *column, value })))
                    }
                }
            }
        }
    }

    fn holds(
        &self,
        conditions: &[Expr],
        (table, row): (usize, u32),
        args: &[Cell],
        excluded: &[Cell],
    ) -> Result<bool, Stop> {
        if conditions.is_empty() {
            return Ok(true);
        }
        let rows = View(&self.tables);
        let scope = Scope { args, row: self.tables[table].cells(row), excluded, rows: &rows };
        all_true(conditions, &scope)
    }

    fn insert(
        &mut self,
        described: &native::Table,
        table: usize,
        (values, conflict): (&[Expr], &Conflict),
        (args, row_hint): (&[Cell], Option<u32>),
        undoable: bool,
    ) -> Result<(), Stop> {
        let mut cells = Vec::with_capacity(values.len());
        {
            let rows = View(&self.tables);
            let scope = Scope { args, row: &[], excluded: &[], rows: &rows };
            for value in values {
                cells.push(value.cell(&scope)?);
            }
            fits(described, &cells, &scope)?;
        }
        match (self.tables[table].find_key_of(&cells, row_hint), conflict) {
            (Found::Unknown, _) => Err(miss_of(described, table, &cells)),
            (Found::Nothing, _) => {
                let before = self.tables[table].insert(cells);
                self.note(table, before, undoable);
                Ok(())
            }
            (Found::Row(_), Conflict::Fail) => Err(Stop::Decline),
            (Found::Row(_), Conflict::Nothing) => Ok(()),
            (Found::Row(row), Conflict::Update { conditions, set }) => {
                self.update(described, (table, row), conditions, set, (args, &cells), undoable)
            }
        }
    }

    fn update(
        &mut self,
        described: &native::Table,
        (table, row): (usize, u32),
        conditions: &[Expr],
        set: &[(usize, Expr)],
        (args, excluded): (&[Cell], &[Cell]),
        undoable: bool,
    ) -> Result<(), Stop> {
        if !self.holds(conditions, (table, row), args, excluded)? {
            return Ok(());
        }
        let mut new = std::mem::take(&mut self.set);
        new.clear();
        self.computed(described, (table, row), set, (args, excluded), &mut new)?;
        if let Some(moved) = self.moved(described, (table, row), &new)? {
            for before in [self.tables[table].delete(row), self.tables[table].insert(moved)] {
                self.note(table, before, undoable);
            }
            return Ok(());
        }
        let before = self.tables[table].update(row, &mut new, undoable);
        self.set = new;
        self.note(table, before, undoable);
        Ok(())
    }

    /// The whole row under its new key, where new values change the key. Another row with that key
    /// is for PostgreSQL to refuse.
    fn moved(
        &self,
        described: &native::Table,
        (table, row): (usize, u32),
        new: &[(usize, Cell)],
    ) -> Result<Option<Vec<Cell>>, Stop> {
        let old = self.tables[table].cells(row);
        let changes = |(column, cell): &(usize, Cell)| {
            described.key.contains(column) && !old[*column].same_key(cell)
        };
        if !new.iter().any(changes) {
            return Ok(None);
        }
        let mut whole = old.to_vec();
        for (column, cell) in new {
            whole[*column] = cell.clone();
        }
        match self.tables[table].find_key_of(&whole, None) {
            Found::Nothing => Ok(Some(whole)),
            Found::Row(_) => Err(Stop::Decline),
            Found::Unknown => Err(miss_of(described, table, &whole)),
        }
    }

    fn update_all(
        &mut self,
        described: &native::Table,
        table: usize,
        rows: &[u32],
        (conditions, set): (&[Expr], &[(usize, Expr)]),
        args: &[Cell],
        undoable: bool,
    ) -> Result<(), Stop> {
        let mut all = Vec::with_capacity(rows.len());
        for row in rows {
            if self.holds(conditions, (table, *row), args, &[])? {
                let mut new = Vec::with_capacity(set.len());
                self.computed(described, (table, *row), set, (args, &[]), &mut new)?;
                all.push((*row, new));
            }
        }
        for (row, mut new) in all {
            let before = self.tables[table].update(row, &mut new, undoable);
            self.note(table, before, undoable);
        }
        Ok(())
    }

    /// The new values of a row, which fit it.
    fn computed(
        &self,
        described: &native::Table,
        (table, row): (usize, u32),
        set: &[(usize, Expr)],
        (args, excluded): (&[Cell], &[Cell]),
        new: &mut Vec<(usize, Cell)>,
    ) -> Result<(), Stop> {
        let rows = View(&self.tables);
        let row = self.tables[table].cells(row);
        let scope = Scope { args, row, excluded, rows: &rows };
        for (column, value) in set {
            let cell = value.cell(&scope)?;
            fits_column(described, *column, &cell)?;
            new.push((*column, cell));
        }
        if !described.checks.is_empty() || !described.computed.is_empty() {
            let mut whole = row.to_vec();
            for (column, cell) in new.iter() {
                whole[*column] = cell.clone();
            }
            passes(described, &Scope { row: &whole, ..scope })?;
        }
        Ok(())
    }
}

/// The rows a statement is about.
enum Rowset {
    None,
    One(u32),
    Many(Vec<u32>),
}

fn fits(described: &native::Table, cells: &[Cell], scope: &Scope<'_>) -> Result<(), Stop> {
    for (column, cell) in cells.iter().enumerate() {
        fits_column(described, column, cell)?;
    }
    passes(described, &Scope { row: cells, ..*scope })
}

fn fits_column(described: &native::Table, column: usize, cell: &Cell) -> Result<(), Stop> {
    let of = &described.columns[column];
    let long = match cell {
        Cell::Null => return if of.not_null { Err(Stop::Decline) } else { Ok(()) },
        Cell::Text(text) => {
            let grows = if of.ty.kind == Kind::Jsonb { JSONB_GROWTH } else { 1 };
            text.len() * grows * described.indexed.len() > LONGEST_INDEXED
        }
        Cell::Array(_) => of.ty.kind == Kind::TextArray,
        _ => false,
    };
    match long && described.indexed.contains(&column) {
        true => Err(Stop::Decline),
        false => Ok(()),
    }
}

/// What CHECK constraints and generated columns ask of a row.
fn passes(described: &native::Table, scope: &Scope<'_>) -> Result<(), Stop> {
    for check in &described.checks {
        if check.truth(scope)? == Some(false) {
            return Err(Stop::Decline);
        }
    }
    for value in &described.computed {
        value.value(scope)?;
    }
    Ok(())
}
