//! What goes wrong with the tests of projections, and what to do then.

use super::{Error, with};
use crate::projection_test::TestError;

impl From<TestError> for Error {
    fn from(error: TestError) -> Error {
        let shown = with(&error);
        match error {
            TestError::Pg(error) => error.into(),
            TestError::Log(error) => error.into(),
            TestError::Project(error) => error.into(),
            TestError::Migrate(error) => {
                Error::from(error).about("the projection's tables could not be made in scratch")
            }
            TestError::Program(error) => error.into(),
            TestError::Exists { .. } => shown
                .hint("delete it first, or write anew what it expects: regrow test NAME --update"),
            TestError::NoEvents { .. } => {
                shown.hint("'regrow census' shows which types and versions the log has")
            }
            TestError::Definition(_)
            | TestError::EmptyStream { .. }
            | TestError::NoFile { .. }
            | TestError::File { .. }
            | TestError::Interrupted => shown,
        }
    }
}
