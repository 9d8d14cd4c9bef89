//! `--report FILE`: where a report is written, whole or not at all.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use super::{Answer, Global, errors, output};
use crate::build_report::{self, BuildReport};
use crate::error::Error;
use crate::error::exit_code::Code;
use crate::error::reason::Reason;
use crate::verify::VerifyError;

/// So many names are tried for the file that becomes the report.
const NAMES: u32 = 100;

/// A file that a report can be written to.
pub(crate) struct ReportFile {
    path: PathBuf,
}

impl ReportFile {
    /// Looks at the place before any work is done.
    ///
    /// # Errors
    /// It is a folder or a device, or no file can be made there.
    pub(crate) fn at(path: &Path) -> Result<ReportFile, Error> {
        if path == Path::new("-") {
            return Err(Error::usage("--report takes a file: what is compared goes to stdout"));
        }
        let refuse = |what: &str| {
            let shown = Error::failed(format!("{} {what}", path.display()));
            shown.reason(Reason::FileUnwritable)
        };
        // A link stays one: what it leads to is written.
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        match fs::metadata(&path) {
            Ok(there) if there.is_dir() => {
                let inside = path.join("report.html");
                return Err(refuse("is a folder")
                    .hint(format!("name a file in it: --report {}", inside.display())));
            }
            Ok(there) if !there.is_file() => return Err(refuse("is no regular file")),
            _ => {}
        }
        let file = ReportFile { path };
        let (_, probe) = file.beside().map_err(|error| file.failed(&error))?;
        fs::remove_file(&probe).map_err(|error| file.failed(&error))?;
        Ok(file)
    }

    /// Writes a page beside the file, and gives it the file's name once it is on the disk.
    fn write(&self, page: &str) -> Result<(), Error> {
        let (mut file, beside) = self.beside().map_err(|error| self.failed(&error))?;
        let written = file
            .write_all(page.as_bytes())
            .and_then(|()| file.sync_all())
            .and_then(|()| fs::rename(&beside, &self.path));
        written.map_err(|error| {
            let _ = fs::remove_file(&beside);
            self.failed(&error)
        })
    }

    /// A new file in the same folder.
    fn beside(&self) -> io::Result<(File, PathBuf)> {
        let name = self.path.file_name().unwrap_or_default().to_string_lossy();
        let mut last = io::Error::from(ErrorKind::AlreadyExists);
        for nth in 0..NAMES {
            let path = self.path.with_file_name(format!(".{name}.{}-{nth}", std::process::id()));
            match OpenOptions::new().write(true).create_new(true).open(&path) {
                Ok(file) => return Ok((file, path)),
                Err(error) if error.kind() == ErrorKind::AlreadyExists => last = error,
                Err(error) => return Err(error),
            }
        }
        Err(last)
    }

    fn failed(&self, error: &io::Error) -> Error {
        let shown = Error::failed(format!("{} cannot be written: {error}", self.path.display()));
        shown.reason(Reason::FileUnwritable)
    }
}

/// Ends a command whose result has been printed, with a report if one is asked for. What the command came to is not lost if
/// the report cannot be written: the worse code is the command's.
pub(crate) fn finish(
    global: &Global,
    code: Code,
    file: Option<&ReportFile>,
    make: impl FnOnce() -> Result<BuildReport, VerifyError>,
) -> Answer {
    let Some(file) = file else { return Ok(code) };
    let written =
        make().map_err(Error::from).and_then(|report| file.write(&build_report::render(&report)));
    match written {
        Ok(()) => {
            if !global.quiet {
                output::note(format!("report written to {}", file.path.display()));
            }
            Ok(code)
        }
        Err(error) if code == Code::Done => Err(error),
        Err(error) => {
            errors::print(&error, global.json);
            Ok(code.max(error.code))
        }
    }
}
