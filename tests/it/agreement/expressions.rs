//! Random expressions, grown from the type they must have.

use super::shapes::Shape;
use super::tables::Table;
use super::values::{self, Base, Mood};
use crate::hazards::Dice;

/// A column that an expression may name.
#[derive(Debug, Clone)]
pub(super) struct Visible {
    /// With its table in front of it.
    pub(super) sql: String,
    pub(super) base: Base,
}

/// Who writes expressions for one statement.
pub(super) struct Pen<'a> {
    pub(super) dice: &'a mut Dice,
    pub(super) tables: &'a [Table],
    pub(super) shape: &'a mut Shape,
    pub(super) mood: Mood,
    pub(super) columns: Vec<Visible>,
    /// In a hundred expressions, those with something no fold in memory has to know.
    pub(super) outside: usize,
    /// Whether texts may leave `jsonb` here; then none may enter it from a column, since a text
    /// that goes round and round is twice as long each time.
    pub(super) arrows: bool,
}

const COMPARABLE: [Base; 12] = [
    Base::Int4,
    Base::Text,
    Base::Num,
    Base::Int2,
    Base::Int8,
    Base::Float8,
    Base::Bool,
    Base::Uuid,
    Base::Date,
    Base::Ts,
    Base::Tstz,
    Base::Texts,
];

impl Pen<'_> {
    /// An expression of that type.
    pub(super) fn expression(&mut self, base: Base, depth: usize) -> String {
        if depth == 0 || self.dice.percent(35) {
            return self.leaf(base);
        }
        let deeper = depth - 1;
        if self.dice.percent(self.outside) {
            return self.outside(base, deeper);
        }
        match self.dice.below(20) {
            0 | 1 => self.case(base, deeper),
            2 | 3 => {
                let (one, other) = (self.expression(base, deeper), self.small(base));
                format!("COALESCE({one}, {other})")
            }
            4 if base != Base::Json => {
                let (one, other) = (self.expression(base, deeper), self.small(base));
                format!("NULLIF({one}, {other})")
            }
            5 if base != Base::Json => {
                let name = *self.dice.of(&["GREATEST", "LEAST"]);
                let (one, other) = (self.expression(base, deeper), self.small(base));
                format!("{name}({one}, {other})")
            }
            6 | 7 => self.cast(base, deeper),
            8 => self.lookup(base).unwrap_or_else(|| self.leaf(base)),
            _ => self.operator(base, deeper),
        }
    }

    fn case(&mut self, base: Base, depth: usize) -> String {
        let (then, other) = (self.expression(base, depth), self.small(base));
        let other = if self.dice.percent(75) { format!(" ELSE {other}") } else { String::new() };
        if self.dice.percent(25) {
            let (of, one) = (self.leaf(Base::Int4), self.small(Base::Int4));
            return format!("CASE {of} WHEN {one} THEN {then}{other} END");
        }
        let condition = self.condition(depth);
        format!("CASE WHEN {condition} THEN {then}{other} END")
    }

    /// Something without a column, so that what is added to a column stays small.
    fn small(&mut self, base: Base) -> String {
        match self.dice.below(10) {
            0 => format!("NULL::{}", base.sql()),
            1..=5 => self.param(base),
            _ => values::literal(self.dice, base, self.mood),
        }
    }

    fn leaf(&mut self, base: Base) -> String {
        match self.dice.below(10) {
            0..=4 => self.column(base).unwrap_or_else(|| self.small(base)),
            _ => self.small(base),
        }
    }

    pub(super) fn column(&mut self, base: Base) -> Option<String> {
        let fits: Vec<_> = self.columns.iter().filter(|c| c.base == base).collect();
        if fits.is_empty() { None } else { Some(self.dice.of(&fits).sql.clone()) }
    }

    /// A parameter with its type.
    pub(super) fn param(&mut self, base: Base) -> String {
        // With a cast and without one: their types are known.
        if base == Base::Tstz && self.dice.percent(20) {
            return (*self.dice.of(&[":event.recorded_at::timestamptz", ":event.recorded_at"]))
                .into();
        }
        if base == Base::Int4 && self.dice.percent(6) {
            let envelope = [":event.index", ":event.schema_version", ":event.index::int"];
            return (*self.dice.of(&envelope)).into();
        }
        if base == Base::Text && self.dice.percent(8) {
            let envelope =
                [":event.stream_id::text", ":event.type::text", ":event.metadata.who?::text"];
            return (*self.dice.of(&envelope)).into();
        }
        if base == Base::Int8 && self.dice.percent(10) {
            let envelope = [
                ":event.position::bigint",
                ":event.stream_version::bigint",
                ":event.position",
                ":event.stream_version",
            ];
            return (*self.dice.of(&envelope)).into();
        }
        let field = self.shape.field(self.dice, base, false);
        format!("{}::{}", field.param(), base.spelled(self.dice))
    }

    /// A value of another type made one of this.
    fn cast(&mut self, base: Base, depth: usize) -> String {
        let from =
            match base {
                Base::Int2 | Base::Int4 | Base::Int8 | Base::Num | Base::Float8 => *self
                    .dice
                    .of(&[Base::Int2, Base::Int4, Base::Int8, Base::Num, Base::Float8, Base::Text]),
                Base::Text => *self.dice.of(&[
                    Base::Int4,
                    Base::Int8,
                    Base::Num,
                    Base::Float8,
                    Base::Bool,
                    Base::Uuid,
                    Base::Date,
                    Base::Ts,
                    Base::Tstz,
                ]),
                Base::Date => *self.dice.of(&[Base::Ts, Base::Tstz]),
                Base::Ts => *self.dice.of(&[Base::Date, Base::Tstz]),
                Base::Tstz => *self.dice.of(&[Base::Date, Base::Ts]),
                Base::Bool => Base::Int4,
                _ => return self.leaf(base),
            };
        let inner = match from {
            // Words are no numbers: only a parameter that holds digits is read as one.
            Base::Text if self.mood == Mood::Wild => self.small(Base::Text),
            Base::Text => {
                let field = self.shape.field(self.dice, base, false);
                format!("{}::text", field.param())
            }
            _ => self.expression(from, depth),
        };
        match (base, self.dice.below(10)) {
            (Base::Num, 0 | 1) => format!("({inner})::numeric(20,2)"),
            (Base::Text, 0) => format!("({inner})::varchar(60)"),
            (_, 2 | 3) => format!("CAST({inner} AS {})", base.sql()),
            _ => format!("({inner})::{}", base.spelled(self.dice)),
        }
    }

    /// One value of one row by its whole key.
    pub(super) fn lookup(&mut self, base: Base) -> Option<String> {
        let tables = self.tables;
        let found: Vec<(&Table, &str)> = tables
            .iter()
            .flat_map(|t| {
                t.columns.iter().filter(|c| c.base == base).map(move |c| (t, c.name.as_str()))
            })
            .collect();
        if found.is_empty() {
            return None;
        }
        let (table, column) = *self.dice.of(&found);
        let conditions: Vec<String> =
            table.keys().map(|key| format!("l.{} = {}", key.name, self.key(key.base))).collect();
        Some(format!(
            "(SELECT l.{column} FROM {} AS l WHERE {})",
            table.name,
            conditions.join(" AND ")
        ))
    }

    /// What a key is compared with: few values, so that rows are found.
    pub(super) fn key(&mut self, base: Base) -> String {
        match self.dice.below(20) {
            0 => self.column(base).unwrap_or_else(|| "NULL".into()),
            1 => {
                let nth = self.dice.below(4);
                format!("'{}'::{}", values::key(base, nth).replace('\'', "''"), base.sql())
            }
            2 => {
                let field = self.shape.field(self.dice, base, false);
                field.param()
            }
            nth => {
                let field = self.shape.field(self.dice, base, true);
                if nth < 8 {
                    format!("{}::{}", field.param(), base.spelled(self.dice))
                } else {
                    field.param()
                }
            }
        }
    }

    fn operator(&mut self, base: Base, depth: usize) -> String {
        let one = |pen: &mut Self, base| pen.expression(base, depth);
        match base {
            Base::Int2 | Base::Int4 | Base::Int8 | Base::Num | Base::Float8 => {
                self.arithmetic(base, depth)
            }
            Base::Bool => self.condition(depth),
            Base::Text => {
                let left = one(self, Base::Text);
                let other = *self.dice.of(&[Base::Text, Base::Text, Base::Int4]);
                let right = self.small(other);
                // Of two untyped literals nobody knows what they are.
                format!("({left}::text || {right})")
            }
            Base::Texts => {
                let left = one(self, Base::Texts);
                match self.dice.below(4) {
                    0 => format!("({left} || {})", self.small(Base::Texts)),
                    1 => format!("({left} || {})", self.param(Base::Text)),
                    _ => format!("array_append({left}, {})", self.param(Base::Text)),
                }
            }
            Base::Date => {
                let (left, days) = (one(self, Base::Date), self.small(Base::Int4));
                format!("({left} + {days})")
            }
            Base::Jsonb => self.jsonb(depth),
            Base::Json => {
                let left = one(self, Base::Json);
                format!("({left} -> 'k')")
            }
            _ => self.leaf(base),
        }
    }

    fn arithmetic(&mut self, base: Base, depth: usize) -> String {
        if let Some(called) = self.called(base, depth) {
            return called;
        }
        let left = self.expression(base, depth);
        let right = match base {
            Base::Int4 if self.dice.percent(15) => Base::Int2,
            Base::Int8 | Base::Num if self.dice.percent(40) => {
                *self.dice.of(&[Base::Int2, Base::Int4])
            }
            Base::Num if self.dice.percent(15) => Base::Int8,
            _ => base,
        };
        match self.dice.below(12) {
            0 => format!("(- {left})"),
            1 | 2 => format!("({left} * {})", self.small(right)),
            3 => {
                let by = match self.mood {
                    Mood::Wild => self.small(right),
                    _ => format!("{}::{}", self.dice.of(&["2", "3", "100", "7"]), right.sql()),
                };
                format!("({left} / {by})")
            }
            4..=6 => format!("({left} - {})", self.expression(right, depth)),
            7 => format!("({} + {left})", self.small(right)),
            _ => format!("({left} + {})", self.expression(right, depth)),
        }
    }

    /// A number that is no sum, now and then.
    fn called(&mut self, base: Base, depth: usize) -> Option<String> {
        let die = self.dice.below(50);
        Some(match (base, die) {
            (Base::Int4, 0) => {
                let (one, other) = (self.expression(Base::Date, depth), self.small(Base::Date));
                format!("({one} - {other})")
            }
            (Base::Int4, 1) => format!("length({})", self.expression(Base::Text, depth)),
            (Base::Num, 0 | 1) => {
                format!("round({}, {})", self.expression(base, depth), self.dice.below(4))
            }
            (Base::Int2 | Base::Int4 | Base::Int8, 2 | 3) => {
                format!("({} % {})", self.expression(base, depth), self.small(base))
            }
            (_, 4) => format!("abs({})", self.expression(base, depth)),
            _ => return None,
        })
    }

    fn jsonb(&mut self, depth: usize) -> String {
        if self.dice.percent(40) {
            let key = *self.dice.of(&["'k'", "'s'", "0", "'k'::text"]);
            return format!("({} -> {key})", self.expression(Base::Jsonb, depth));
        }
        let mut members = vec![format!("'k', {}", self.expression(Base::Jsonb, depth))];
        for name in ["'s'", "'b'"].iter().take(self.dice.below(3)) {
            let base = *self.dice.of(&[
                Base::Int4,
                Base::Num,
                Base::Bool,
                Base::Text,
                Base::Tstz,
                Base::Date,
            ]);
            let value = match base {
                Base::Text if self.arrows => self.param(base),
                Base::Text => self.column(base).unwrap_or_else(|| self.param(base)),
                _ => self.small(base),
            };
            members.push(format!("{name}, {value}"));
        }
        format!("jsonb_build_object({})", members.join(", "))
    }

    /// An expression that is true, false or NULL.
    pub(super) fn condition(&mut self, depth: usize) -> String {
        let deeper = depth.saturating_sub(1);
        let base = *self.dice.of(&COMPARABLE);
        let column =
            COMPARABLE.iter().find(|b| self.columns.iter().any(|c| c.base == **b)).copied();
        let base = column.filter(|_| self.dice.percent(60)).unwrap_or(base);
        let one = self.expression(base, deeper);
        match self.dice.below(14) {
            0 => format!("({one} IS NULL)"),
            1 => format!("({one} IS NOT NULL)"),
            2 | 3 => {
                let not = *self.dice.of(&["", "NOT "]);
                format!("({one} IS {not}DISTINCT FROM {})", self.small(base))
            }
            4 => {
                let list = [
                    self.small(base),
                    self.small(base),
                    values::literal(self.dice, base, self.mood),
                ];
                let not = *self.dice.of(&["", "NOT "]);
                format!("({one} {not}IN ({}))", list.join(", "))
            }
            5 => format!("({one} BETWEEN {} AND {})", self.small(base), self.small(base)),
            6 if depth > 0 => {
                let word = *self.dice.of(&["AND", "OR"]);
                format!("({} {word} {})", self.condition(deeper), self.condition(deeper))
            }
            7 if depth > 0 => format!("(NOT {})", self.condition(deeper)),
            8 => self.column(Base::Bool).unwrap_or_else(|| self.param(Base::Bool)),
            9 if base == Base::Texts => format!("({} = ANY ({one}))", self.param(Base::Text)),
            _ => {
                let sign = *self.dice.of(&["=", "=", "<>", "<", "<=", ">", ">=", "!="]);
                let other = self.expression(base, deeper);
                format!("({one} {sign} {other})")
            }
        }
    }

    /// What the sql engine knows and a fold in memory need not.
    fn outside(&mut self, base: Base, depth: usize) -> String {
        let inner = self.expression(base, depth);
        match base {
            Base::Text => match self.dice.below(3) {
                0 => format!("upper({inner})"),
                1 => format!("left({inner}, 5)"),
                _ => format!("replace({inner}, 'a', 'b')"),
            },
            Base::Int4 => match self.dice.below(3) {
                0 => format!("length({})", self.small(Base::Text)),
                1 => format!("({inner} % 7)"),
                _ => format!("(SELECT count(*)::int FROM {})", self.dice.of(self.tables).name),
            },
            Base::Num => format!("round({inner}, 1)"),
            Base::Float8 => format!("abs({inner})"),
            Base::Ts | Base::Tstz => format!("date_trunc('day', {inner})"),
            Base::Jsonb => format!("({inner} || '{{\"z\": 1}}'::jsonb)"),
            Base::Texts => format!("array_remove({inner}, 'a')"),
            _ => inner,
        }
    }

    /// A text out of a column or parameter of `jsonb` or `json`.
    pub(super) fn arrow(&mut self) -> String {
        let base = *self.dice.of(&[Base::Jsonb, Base::Json]);
        let from = match self.arrows {
            true => self.column(base).unwrap_or_else(|| self.param(base)),
            false => self.param(base),
        };
        let path = *self.dice.of(&["->> 's'", "->> 'k'", "->> 0", "-> 'k' ->> 's'"]);
        format!("({from} {path})")
    }
}
