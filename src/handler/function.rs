//! Handlers as one PL/pgSQL function: the sql engine's program.
//!
//! Writes the text and keeps where each line came from. Parameters are assigned to
//! typed variables first (a cast inside the statement would be set up anew at each
//! execution: measured 20 % of the time), then the statements run as written.
//! Preparing and calling it is the engine's business.
//!
//! The function runs events `first..=last` of a batch. Whatever fails, it answers with
//! the index of that event and PostgreSQL's report, and its exception block has taken
//! everything back, the checkpoint included.

use std::fmt::Write as _;

use super::param_type::{Entry, ParamType};
use super::{Handlers, Rendered};
use crate::ident::{Ident, quote_ident};
use crate::source::Place;

/// The function's name in the build's schema.
pub const NAME: &str = "regrow_apply";

/// The types PostgreSQL inferred for one statement: one for each place a parameter is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatementTypes {
    /// In the order of the text.
    pub by_use: Vec<ParamType>,
}

impl StatementTypes {
    /// The types as `PREPARE` and `CREATE FUNCTION` take them.
    #[must_use]
    pub fn listed(&self) -> String {
        let names: Vec<&str> = self.by_use.iter().map(|ty| ty.sql.as_str()).collect();
        names.join(", ")
    }
}

/// A parameter with one of its types: what a variable of the function holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    /// The index in [`super::Handler::params`].
    pub param: usize,
    /// The type.
    pub ty: ParamType,
}

impl Slot {
    fn is_domain(&self) -> bool {
        matches!(self.ty.entry, Entry::Domain { .. })
    }

    /// What its variable is given: argument `number` of the event.
    fn argument(&self, number: usize) -> String {
        let text = format!("regrow$args[regrow$arg + {number}]");
        match self.ty.entry {
            Entry::Row | Entry::Domain { of_row: true } => format!("{text}::{}", self.ty.sql),
            Entry::Assigned | Entry::Domain { of_row: false } => text,
        }
    }
}

/// Where a line of the body came from.
#[derive(Debug, Clone)]
struct Origin {
    /// Counted from 1, as PL/pgSQL does.
    line: usize,
    place: Place,
    /// The parameter whose value the line reads.
    param: Option<String>,
}

/// The function and what its callers must know.
#[derive(Debug, Clone)]
pub struct Function {
    /// `CREATE OR REPLACE FUNCTION ...`
    pub sql: String,
    /// For each handler, by its index: the arguments it takes, in order.
    pub slots: Vec<Vec<Slot>>,
    /// For lines of the body: where they came from.
    lines: Vec<Origin>,
}

impl Function {
    /// Writes the function for a build's schema, with its search path and the ledger's schema. `types` has an entry for each statement of
    /// each handler; `deferred` names the schema's constraints that wait for the end of the
    /// transaction, which for them is the end of each event; `first` is a statement that runs before all events.
    #[must_use]
    pub fn write(
        (schema, path, ledger): (&Ident, &str, &Ident),
        handlers: &Handlers,
        types: &[Vec<StatementTypes>],
        (deferred, first): (&[Ident], Option<&str>),
    ) -> Function {
        let slots = slots(handlers, types);
        let mut body = Body::default();
        body.line("#variable_conflict use_column");
        body.line("DECLARE");
        body.line("    regrow$kind smallint;");
        for (h, slots) in slots.iter().enumerate() {
            for (s, slot) in slots.iter().enumerate().filter(|(_, slot)| !slot.is_domain()) {
                body.line(&format!("    {} {};", variable(h, s), slot.ty));
            }
        }
        let first = first.map(|statement| format!("        {statement};\n")).unwrap_or_default();
        let head = include_str!("function_head.sql")
            .replace("{ledger}", &ledger.quoted())
            .replace("        {first}\n", &first);
        body.line(head.trim_end());
        for (h, handler) in handlers.handlers.iter().enumerate() {
            let word = if h == 0 { "IF" } else { "ELSIF" };
            body.line(&format!("            {word} regrow$kind = {h} THEN"));
            let assign = |body: &mut Body, s: usize, slot: &Slot, ty: &str| {
                let param = &handler.params[slot.param];
                let offset = param.spans.first().map_or(handler.span.start, |span| span.start);
                body.origin(handlers.file.place(offset), Some(format!("{param} ({})", slot.ty)));
                let (name, argument) = (variable(h, s), slot.argument(s + 1));
                body.line(&format!("                {name}{ty} := {argument};"));
            };
            let (domains, others): (Vec<_>, Vec<_>) =
                slots[h].iter().enumerate().partition(|(_, slot)| slot.is_domain());
            for (s, slot) in others {
                assign(&mut body, s, slot, "");
            }
            if !domains.is_empty() {
                body.line("                DECLARE");
                for (s, slot) in &domains {
                    assign(&mut body, *s, slot, &format!(" {}", slot.ty));
                }
                body.line("                BEGIN");
            }
            for (statement, types) in handler.statements.iter().zip(&types[h]) {
                let rendered = render(statement, types, |param, ty| {
                    let slot = slots[h].iter().position(|s| s.param == param && s.ty == *ty);
                    variable(h, slot.unwrap_or_default())
                });
                body.origin(handlers.file.place(statement.span.start), None);
                body.line(&format!("{};", rendered.sql));
            }
            if !domains.is_empty() {
                body.line("                END;");
            }
            body.line(&format!("                regrow$arg := regrow$arg + {};", slots[h].len()));
        }
        if handlers.handlers.is_empty() {
            body.line("            IF false THEN");
        }
        body.line("            END IF;");
        if !deferred.is_empty() {
            let names: Vec<String> = deferred.iter().map(|name| schema.dot(name)).collect();
            let names = names.join(", ");
            body.line(&format!("            SET CONSTRAINTS {names} IMMEDIATE;"));
            body.line(&format!("            SET CONSTRAINTS {names} DEFERRED;"));
        }
        body.line(include_str!("function_tail.sql").trim_end());
        // Citus plans some statements for the values at hand only.
        let plans = if first.is_empty() { GENERIC } else { "auto" };
        let sql = wrap((schema, path, plans), &body.text);
        Function { sql, slots, lines: body.origins }
    }

    /// The same function for the session alone, under a name of its own; `schema` is the one it was
    /// written for.
    #[must_use]
    pub fn temporary(&self, schema: &Ident, name: &str) -> String {
        let own = format!("{}.{}", schema.quoted(), quote_ident(NAME));
        self.sql.replacen(&own, &format!("pg_temp.{}", quote_ident(name)), 1)
    }

    /// Where a line of the body came from: the last origin at or before it.
    #[must_use]
    pub fn place(&self, line: usize) -> Option<&Place> {
        Some(&self.origin(line)?.place)
    }

    /// The parameter whose value a line of the body reads, with its type.
    #[must_use]
    pub fn param(&self, line: usize) -> Option<&str> {
        self.origin(line).filter(|origin| origin.line == line)?.param.as_deref()
    }

    fn origin(&self, line: usize) -> Option<&Origin> {
        let after = self.lines.partition_point(|origin| origin.line <= line);
        self.lines.get(after.checked_sub(1)?)
    }

    /// The line of the body in PostgreSQL's error context. The text around the number is
    /// translated on some servers, so only the name and the digits are looked at.
    #[must_use]
    pub fn line_in(context: &str) -> Option<usize> {
        let own = context.lines().rev().find(|line| line.contains(NAME))?;
        let after = own.rsplit_once(')').map_or(own, |(_, after)| after);
        let digits: String = after
            .chars()
            .skip_while(|c| !c.is_ascii_digit())
            .take_while(char::is_ascii_digit)
            .collect();
        digits.parse().ok()
    }
}

/// For each handler, by its index: the arguments it takes, in order.
#[must_use]
pub fn slots(handlers: &Handlers, types: &[Vec<StatementTypes>]) -> Vec<Vec<Slot>> {
    handlers.handlers.iter().zip(types).map(|(handler, types)| slots_of(handler, types)).collect()
}

/// A statement with each use of a parameter replaced by what `name` gives for it and its type.
fn render(
    statement: &super::Statement,
    types: &StatementTypes,
    name: impl Fn(usize, &ParamType) -> String,
) -> Rendered {
    let (text, mut uses) = (ParamType::text(), types.by_use.iter());
    statement.render(|param| name(param, uses.next().unwrap_or(&text)))
}

fn slots_of(handler: &super::Handler, types: &[StatementTypes]) -> Vec<Slot> {
    let mut slots: Vec<Slot> = Vec::new();
    for (statement, types) in handler.statements.iter().zip(types) {
        let mut uses = types.by_use.iter();
        statement.render(|param| {
            let ty = uses.next().cloned().unwrap_or_else(ParamType::text);
            if !slots.iter().any(|s| s.param == param && s.ty == ty) {
                slots.push(Slot { param, ty });
            }
            String::new()
        });
    }
    // A parameter nobody uses twice over still has to be there: absent fields are errors.
    for param in 0..handler.params.len() {
        if !slots.iter().any(|s| s.param == param) {
            slots.push(Slot { param, ty: ParamType::text() });
        }
    }
    slots
}

fn variable(handler: usize, slot: usize) -> String {
    format!("regrow$h{handler}_{slot}")
}

#[derive(Default)]
struct Body {
    text: String,
    newlines: usize,
    origins: Vec<Origin>,
}

impl Body {
    fn line(&mut self, text: &str) {
        self.text.push_str(text);
        self.text.push('\n');
        self.newlines += text.matches('\n').count() + 1;
    }

    /// The next line's origin. The body's text begins on its second line.
    fn origin(&mut self, place: Place, param: Option<String>) {
        self.origins.push(Origin { line: self.newlines + 2, place, param });
    }
}

/// The function of a build that has none yet: it does nothing, and keeps the search path.
#[must_use]
pub fn placeholder(schema: &Ident, path: &str) -> String {
    wrap((schema, path, GENERIC), "BEGIN\nEND\n")
}

/// Plans are made once: the tables grow from nothing, and a plan for the values at hand costs more than it gives.
const GENERIC: &str = "force_generic_plan";

fn wrap((schema, path, plans): (&Ident, &str, &str), body: &str) -> String {
    let mut tag = String::from("regrow");
    while body.contains(&format!("${tag}$")) {
        tag.push('_');
    }
    let mut sql = String::new();
    let head = include_str!("function_signature.sql")
        .replace("{function}", &format!("{}.{}", schema.quoted(), quote_ident(NAME)))
        .replace("{path}", path)
        .replace("{plans}", plans);
    write!(sql, "{} AS ${tag}$\n{body}${tag}$", head.trim_end()).expect("writing to a string");
    sql
}
