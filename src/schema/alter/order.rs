//! The order of statements: by kind, and what a statement mentions before it.
//!
//! Takes steps in the order of their kinds and moves one ahead only where another that
//! stands before it mentions what it makes. A circle is left in the order of kinds.

use super::Piece;
use crate::schema::printed::{bare, calls, mentions};

/// What a step makes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Makes {
    /// Something that was there before.
    Nothing,
    /// A type, sequence or table.
    Base(String),
    /// A function or procedure, by `name(arguments)`.
    Routine(String),
    /// A view.
    View(String),
}

/// One statement and what decides its place.
#[derive(Debug, Clone)]
pub(super) struct Step {
    /// What it makes.
    pub(super) makes: Makes,
    /// The text in which it names what must exist.
    pub(super) needs: String,
    /// The statement.
    pub(super) piece: Piece,
}

impl Step {
    /// A statement that changes what is there.
    pub(super) fn change(piece: Piece) -> Step {
        Step { makes: Makes::Nothing, needs: piece.statement().to_owned(), piece }
    }

    /// A statement whose own text names all it needs.
    pub(super) fn make(makes: Makes, piece: Piece) -> Step {
        Step { makes, needs: piece.statement().to_owned(), piece }
    }

    fn name(&self) -> Option<&str> {
        match &self.makes {
            Makes::Nothing => None,
            Makes::Base(name) | Makes::Routine(name) | Makes::View(name) => Some(name),
        }
    }

    fn depends_on(&self, other: &Step) -> bool {
        match &other.makes {
            Makes::Nothing => false,
            Makes::Base(name) => mentions(&self.needs, name),
            Makes::Routine(name) => calls(&self.needs, bare(name)),
            // A column may have the name of a view, and no table needs a view.
            Makes::View(name) => {
                !matches!(self.makes, Makes::Base(_)) && mentions(&self.needs, name)
            }
        }
    }
}

/// What needs a thing that is left to a person is left to one too.
pub(super) fn put_off(steps: &mut [Step]) {
    loop {
        let open: Vec<Step> = steps
            .iter()
            .filter(|step| step.piece.is_todo() && step.makes != Makes::Nothing)
            .cloned()
            .collect();
        let mut settled = true;
        for step in steps.iter_mut() {
            let Piece::Sql(sql) = &step.piece else { continue };
            if let Some(name) = open.iter().find(|o| step.depends_on(o)).and_then(Step::name) {
                let reason = format!("it needs {name}, which is left to a person");
                step.piece = Piece::todo(reason, sql.clone());
                settled = false;
            }
        }
        if settled {
            return;
        }
    }
}

/// The statements in an order in which they can run.
pub(super) fn sorted(steps: Vec<Step>) -> Vec<Piece> {
    let mut order = Vec::with_capacity(steps.len());
    let mut seen = vec![false; steps.len()];
    for number in 0..steps.len() {
        visit(number, &steps, &mut seen, &mut order);
    }
    let mut pieces: Vec<Option<Piece>> = steps.into_iter().map(|step| Some(step.piece)).collect();
    order.into_iter().filter_map(|number| pieces[number].take()).collect()
}

fn visit(number: usize, steps: &[Step], seen: &mut [bool], order: &mut Vec<usize>) {
    if std::mem::replace(&mut seen[number], true) {
        return;
    }
    for other in 0..steps.len() {
        if !seen[other] && steps[number].depends_on(&steps[other]) {
            visit(other, steps, seen, order);
        }
    }
    order.push(number);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(steps: &[(Makes, &str)], expected: &[&str]) {
        let steps = steps
            .iter()
            .map(|(makes, sql)| Step::make(makes.clone(), Piece::Sql((*sql).to_owned())));
        let pieces = sorted(steps.collect());
        assert_eq!(pieces.iter().map(Piece::statement).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn what_is_mentioned_comes_first() {
        check(
            &[
                (Makes::Base("t".into()), "table t default f()"),
                (Makes::Routine("f()".into()), "function f returns s"),
                (Makes::Base("s".into()), "type s"),
                (Makes::View("a".into()), "view a from b"),
                (Makes::View("b".into()), "view b from t"),
            ],
            &[
                "type s",
                "function f returns s",
                "table t default f()",
                "view b from t",
                "view a from b",
            ],
        );
    }

    #[test]
    fn a_column_with_a_views_name_moves_nothing() {
        check(
            &[
                (Makes::Base("t".into()), "table t (paid text)"),
                (Makes::View("paid".into()), "view paid from t"),
            ],
            &["table t (paid text)", "view paid from t"],
        );
    }
}
