//! A disk with less room than a rebuild may take.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use super::{look, one, orders, says, severe};
use crate::bench::Project;

const GIB: u64 = 1 << 30;

/// More files of a table, of a GiB each and with nothing in them: PostgreSQL counts them as the
/// table's, and the disk does not.
fn swell(project: &Project, table: &str, gib: u64) -> Vec<PathBuf> {
    let sql = "SELECT current_setting('data_directory'), pg_relation_filepath($1::text::regclass)";
    let row = project.reads().query_one(sql, &[&table]).unwrap();
    let (folder, file): (String, String) = (row.get(0), row.get(1));
    let file = Path::new(&folder).join(file);
    let made = (1..=gib).map(|number| {
        let path = PathBuf::from(format!("{}.{number}", file.display()));
        File::create(&path).unwrap().set_len(GIB).unwrap();
        path
    });
    made.collect()
}

#[test]
fn a_live_build_that_the_disk_cannot_hold_twice() {
    let project = orders("");
    project.ok(&["rebuild", "order_summary", "--promote"]);
    let folder: String = project.reads().query_one("SHOW data_directory", &[]).unwrap().get(0);
    let free = regrow::pg::disk::free_bytes(&folder).unwrap();
    let files = swell(&project, "order_summary__b1.order_summary", free / GIB + 2);
    let found = look(&project, &[], 0);
    for file in files {
        fs::remove_file(file).unwrap();
    }
    assert_eq!(severe(&found), ["warning disk"]);
    says(
        one(&found, "disk"),
        &["of the disk are free", "as much as its live build", "regrow prune"],
    );
    assert_eq!(severe(&look(&project, &[], 0)), [""; 0]);
}
