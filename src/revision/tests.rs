use std::collections::BTreeSet;

use super::draft::{Draft, next_version, slug};
use super::target::{Point, Target, TargetError};
use super::*;

fn lineage(files: &[(&str, &str)]) -> Result<Lineage, Vec<String>> {
    let files = files.iter().map(|(p, t)| SourceFile::new(*p, *t)).collect();
    Lineage::load("l", files).map_err(|errors| errors.iter().map(ToString::to_string).collect())
}

fn load(files: &[(&str, &str)]) -> Result<Vec<String>, Vec<String>> {
    lineage(files).map(|l| l.revisions.iter().map(Revision::stem).collect())
}

#[test]
fn a_plain_refinery_folder_is_a_line() {
    let files =
        [("m/V10__c.sql", ""), ("m/V2__b.sql", ""), ("m/V1__a.sql", ""), ("m/V1__a.down.sql", "")];
    assert_eq!(load(&files).unwrap(), ["V1__a", "V2__b", "V10__c"]);
    assert_eq!(lineage(&files).unwrap().heads()[0].version, 10);
}

#[test]
fn parents_run_first() {
    let files = [
        ("V1__a.sql", ""),
        ("V2__b.sql", "-- revises: 3\nSELECT 1"),
        ("V3__c.sql", "-- revises: 1\n"),
    ];
    assert_eq!(load(&files).unwrap(), ["V1__a", "V3__c", "V2__b"]);
    let files = [
        ("V1__a.sql", "-- depends-on: 3"),
        ("V2__b.sql", "-- revises: 1      (a remark)\n"),
        ("V3__c.sql", "-- revises: base"),
    ];
    assert_eq!(load(&files).unwrap(), ["V3__c", "V1__a", "V2__b"]);
}

#[test]
fn a_head_says_what_it_knows() {
    let text = "\u{feff}-- Orders are paid.\r\n-- lineage: l\r\n-- revises: V1, 2\r\n\
                -- depends-on: event_store@20260228, 2\r\n-- labels: paid, money\r\n\
                -- transaction: none\r\n-- change: in place\r\nSELECT 1;\r\n-- revises: 9";
    let found = lineage(&[("V1__a.sql", ""), ("V2__b.sql", ""), ("V3__c.sql", text)]).unwrap();
    let revision = &found.revisions[2];
    assert_eq!(revision.revises, [1, 2]);
    assert_eq!(revision.labels, ["paid", "money"]);
    assert_eq!((revision.outside_transaction, revision.change), (true, Some(Change::InPlace)));
    let needs: Vec<_> =
        revision.depends_on.iter().map(|d| (d.lineage.as_deref(), d.version)).collect();
    assert_eq!(needs, [(Some("event_store"), 20_260_228), (None, 2)]);
    assert_eq!(revision.depends_on[0].place.line, 4);
    // Prose that happens to begin with one of our words.
    let prose = "-- change: adds a column for the shop\n-- labels: what they are, and why\n";
    assert_eq!(load(&[("V1__a.sql", prose)]).unwrap(), ["V1__a"]);
}

#[test]
fn everything_wrong_is_said_at_once() {
    let files = [
        ("m/1__a.sql", ""),
        ("m/V1__a.sql", "-- transaction: maybe\n"),
        ("m/V3__a.sql", "\n-- revises: x\n"),
        ("m/V2__a.sql", ""),
        ("m/V2__b.sql", ""),
        ("m/V4__d.sql", "-- revises: 9"),
        ("m/V5__d.sql", "-- depends-on: 10"),
        ("m/V6__d.sql", "-- change: never"),
        ("m/V7__d.sql", "-- labels: head"),
        ("m/V8__d.down.sql", ""),
        ("m/V9__d.sql", "-- lineage: other"),
        ("m/V11__d.sql", "-- labels: same"),
        ("m/V12__d.sql", "-- labels: same"),
        ("m/V13__d.sql", "-- depends-on: event_store"),
        ("m/V99999999999999999999__d.sql", ""),
    ];
    let errors = load(&files).unwrap_err().join("\n");
    for part in [
        "m/1__a.sql: a revision is named",
        "m/V1__a.sql:1:1: 'transaction: maybe'",
        "m/V3__a.sql:2:1: 'x' is not a version",
        "m/V2__a.sql and m/V2__b.sql have the same version",
        "m/V4__d.sql:1:1: it revises 9, and there is no such",
        "m/V5__d.sql:1:1: it depends on 10, and there is no such",
        "m/V6__d.sql:1:1: 'change: never'",
        "m/V7__d.sql:1:1: 'head' cannot be a label",
        "m/V8__d.down.sql: there is no revision",
        "m/V9__d.sql:1:1: it says it is of the lineage other",
        "m/V11__d.sql and m/V12__d.sql have the same label, same",
        "m/V13__d.sql:1:1: 'event_store' is not a version",
        "m/V99999999999999999999__d.sql: the version is too large",
    ] {
        assert!(errors.contains(part), "{part} is not in\n{errors}");
    }
    let circle = [
        ("V1__a.sql", ""),
        ("V2__b.sql", "-- revises: 3"),
        ("V3__c.sql", "-- revises: 2"),
        ("V4__d.sql", "-- revises: 3"),
    ];
    let errors = load(&circle).unwrap_err();
    assert_eq!(errors.len(), 1, "{errors:?}");
    assert!(errors[0].contains("a circle") && !errors[0].starts_with("V4"), "{errors:?}");
    assert!(errors[0].contains("rename the file to a later version"), "{errors:?}");
}

/// 1 - 2 - 3 - 6 (merges 3 and 5) - 7, with 4 - 5 from 2; 8 - 9 a history of its own, 9 needs 3.
fn forked() -> Lineage {
    lineage(&[
        ("V1__first.sql", ""),
        ("V2__second.sql", ""),
        ("V3__left.sql", ""),
        ("V4__right.sql", "-- revises: 2\n-- labels: cart"),
        ("V5__right_more.sql", ""),
        ("V6__merge.sql", "-- revises: 3, 5"),
        ("V7__last.sql", ""),
        ("V8__other.sql", "-- revises: base"),
        ("V9__other_more.sql", "-- depends-on: 3"),
    ])
    .unwrap()
}

/// The same without the merge and the other history: two heads, 3 and 5.
fn two_heads() -> Lineage {
    let mut lineage = forked();
    lineage.revisions.retain(|r| r.version < 6);
    lineage
}

fn target(text: &str) -> Target {
    Target::parse(text, |name| name == "l").unwrap()
}

fn set(versions: &[i64]) -> BTreeSet<i64> {
    versions.iter().copied().collect()
}

fn told(found: Result<Vec<&Revision>, TargetError>) -> Result<Vec<i64>, String> {
    found.map(|r| r.iter().map(|r| r.version).collect()).map_err(|e| e.to_string())
}

fn up(lineage: &Lineage, applied: &[i64], to: &str) -> Result<Vec<i64>, String> {
    told(lineage.upgrade(&set(applied), &target(to)))
}

fn down(lineage: &Lineage, applied: &[i64], to: &str) -> Result<Vec<i64>, String> {
    told(lineage.downgrade(&set(applied), &target(to)))
}

#[test]
fn targets_are_read() {
    let read = |text: &str| Target::parse(text, |name| name == "l").ok();
    assert_eq!(read("l@+2").unwrap().lineage.as_deref(), Some("l"));
    assert_eq!(read("cart@head").unwrap().branch.as_deref(), Some("cart"));
    let both = read("l@cart@-1").unwrap();
    assert_eq!((both.lineage.as_deref(), both.branch.as_deref()), (Some("l"), Some("cart")));
    assert_eq!(both.point, Point::Steps(-1));
    assert_eq!(read("ae10+2").unwrap().point, Point::From("ae10".into(), 2));
    assert_eq!(read("20260301").unwrap().point, Point::Named("20260301".into()));
    for text in ["", "@head", "l@", "+", "a b", "+x", "3+", "+2+1", "a@b@c@d", "--1"] {
        assert_eq!(read(text), None, "{text:?}");
    }
}

#[test]
fn a_revision_goes_by_version_stem_label_or_what_is_unique() {
    let lineage = forked();
    let find = |name: &str| lineage.find(name).map(|r| r.version).map_err(|e| e.to_string());
    for (name, version) in
        [("3", 3), ("V3", 3), ("V3__left", 3), ("cart", 4), ("le", 3), ("other_", 9), ("other", 8)]
    {
        assert_eq!(find(name), Ok(version), "{name}");
    }
    assert_eq!(
        find("right_").map_err(|e| e.to_string()),
        Ok(5),
        "a beginning that only one slug has"
    );
    let ambiguous = find("righ").unwrap_err();
    assert!(ambiguous.contains("V4__right or V5__right_more"), "{ambiguous}");
    assert!(find("nosuch").unwrap_err().contains("no revision nosuch"));
}

#[test]
fn up_runs_what_is_missing_and_nothing_else() {
    let lineage = two_heads();
    assert_eq!(up(&lineage, &[], "heads"), Ok(vec![1, 2, 3, 4, 5]));
    assert_eq!(up(&lineage, &[], "3"), Ok(vec![1, 2, 3]));
    assert_eq!(up(&lineage, &[1, 2, 3], "cart@head"), Ok(vec![4, 5]));
    assert_eq!(up(&lineage, &[1, 2, 3], "5"), Ok(vec![4, 5]));
    assert_eq!(up(&lineage, &[1, 2, 3], "2"), Ok(vec![]), "it is there already");
    assert_eq!(up(&lineage, &[1], "+1"), Ok(vec![2]));
    assert_eq!(up(&lineage, &[], "+2"), Ok(vec![1, 2]));
    assert_eq!(up(&lineage, &[1], "2+0"), Ok(vec![2]));
    assert_eq!(up(&lineage, &[], "5-1"), Ok(vec![1, 2, 4]));
    assert_eq!(up(&lineage, &[1, 2], "cart@+2"), Ok(vec![4, 5]));
    assert_eq!(up(&lineage, &[1, 2, 3, 4], "cart@+1"), Ok(vec![5]));
    assert_eq!(up(&forked(), &[], "9"), Ok(vec![1, 2, 3, 8, 9]), "its dependency runs, too");
    for (applied, to, part) in [
        (&[][..], "head", "several heads: V3__left, V5__right_more"),
        (&[1, 2], "+1", "from V2__second there is more than one way: V3__left or V4__right"),
        (&[1, 2, 3, 4], "+1", "stands at several revisions, V3__left and V4__right"),
        (&[1, 2, 3], "+1", "+1 leads out of l: from V3__left there are only 0"),
        (&[1], "-1", "-1 is the wrong direction for migrate"),
        (&[1], "3@5", "V5__right_more of l is not on the branch of 3"),
    ] {
        let error = up(&lineage, applied, to).unwrap_err();
        assert!(error.contains(part), "{to}: {error}");
    }
}

#[test]
fn down_takes_back_what_stands_on_the_target() {
    let lineage = two_heads();
    let all = &[1, 2, 3, 4, 5];
    assert_eq!(down(&lineage, all, "base"), Ok(vec![5, 4, 3, 2, 1]));
    assert_eq!(down(&lineage, all, "2"), Ok(vec![5, 4, 3]));
    assert_eq!(down(&lineage, all, "cart@2"), Ok(vec![5, 4]), "one branch only");
    assert_eq!(down(&lineage, all, "4"), Ok(vec![5]));
    assert_eq!(down(&lineage, all, "cart@-1"), Ok(vec![5]));
    assert_eq!(down(&lineage, all, "cart@-2"), Ok(vec![5, 4]));
    assert_eq!(down(&lineage, &[1, 2], "-2"), Ok(vec![2, 1]));
    assert_eq!(down(&lineage, all, "5"), Ok(vec![]));
    assert_eq!(down(&lineage, all, "5-1"), Ok(vec![5]));
    let merged = forked();
    let all = &[1, 2, 3, 4, 5, 6, 7, 8, 9];
    assert_eq!(down(&merged, all, "3"), Ok(vec![7, 6]), "the merge goes, the other side stays");
    assert_eq!(down(&merged, all, "2"), Ok(vec![9, 7, 6, 5, 4, 3]), "9 depends on 3");
    assert_eq!(down(&merged, all, "8@base"), Ok(vec![9, 8]));
    for (applied, to, part) in [
        (&[1, 2, 3, 4, 5][..], "-1", "several revisions, V3__left and V5__right_more: -1 of"),
        (&[1, 2, 3, 4, 5, 6], "-1", "from V6__merge there is more than one way"),
        (&[1, 2], "-3", "-3 leads out of l: from V2__second there are only 2"),
        (&[1], "+1", "+1 is the wrong direction for downgrade"),
        (&[1, 2], "3", "V3__left of l is not applied"),
    ] {
        let error = down(&merged, applied, to).unwrap_err();
        assert!(error.contains(part), "{to}: {error}");
    }
}

#[test]
fn a_branch_that_was_not_applied_takes_nothing_back() {
    let lineage = two_heads();
    for (applied, to, part) in [
        (&[1, 2, 3][..], "cart@-1", "V4__right of l is not applied"),
        (&[1, 2, 3], "cart@2", "nothing of cart stands on V2__second of l"),
        (&[], "cart@-1", "-1 leads out of l: from base there are only 0"),
    ] {
        let error = down(&lineage, applied, to).unwrap_err();
        assert!(error.contains(part), "{to}: {error}");
    }
    assert_eq!(down(&lineage, &[1, 2], "cart@2"), Ok(vec![]), "it stands there");
}

#[test]
fn up_a_branch_begins_where_the_database_stands_on_it() {
    // At 3 and 4: 5 merges 3 with what 4 stands on, so only 3 is a current one of its branch.
    let lineage = lineage(&[
        ("V1__a.sql", ""),
        ("V2__b.sql", "-- revises: 1"),
        ("V3__c.sql", "-- revises: 1"),
        ("V4__d.sql", "-- revises: 2"),
        ("V5__e.sql", "-- revises: 2, 3\n-- labels: merged"),
    ])
    .unwrap();
    assert_eq!(up(&lineage, &[1, 2, 3, 4], "merged@+1"), Ok(vec![5]));
    assert_eq!(up(&two_heads(), &[1, 2, 3], "cart@+1"), Ok(vec![4]), "it has not begun yet");
    // 9 depends on 3, which is no place of its own then.
    assert_eq!(down(&forked(), &[1, 2, 3, 8, 9], "-1"), Ok(vec![9]));
    assert_eq!(down(&forked(), &[1, 2, 3, 8, 9], "1@-1"), Ok(vec![9, 3]));
}

#[test]
fn a_branch_chooses_among_beginnings_and_refuses_others_starts() {
    let lineage = two_heads();
    assert_eq!(up(&lineage, &[1, 2], "3@le"), Ok(vec![3]));
    assert!(up(&lineage, &[1, 2], "righ").unwrap_err().contains("may be"));
    let two =
        [("V1__cart.sql", ""), ("V2__more.sql", ""), ("V3__more_still.sql", "-- revises: base")];
    let two = self::lineage(&two).unwrap();
    assert!(up(&two, &[], "mo").unwrap_err().contains("may be V2__more or V3__more_still"));
    assert_eq!(up(&two, &[], "1@mo"), Ok(vec![1, 2]), "only one of them is on the branch");
    assert!(up(&lineage, &[1, 2], "cart@3-1").unwrap_err().contains("not on the branch of cart"));
    assert_eq!(up(&forked(), &[1, 2, 3, 4, 5], "cart@3+1"), Ok(vec![6]), "the merge is on it");
}

#[test]
fn a_stamp_moves_its_own_branch() {
    let check = |applied: &[i64], to: &[&str], purge: bool, add: &[i64], remove: &[i64]| {
        let targets: Vec<Target> = to.iter().map(|t| target(t)).collect();
        let stamp = two_heads().stamp(&set(applied), &targets, purge).unwrap();
        assert_eq!(stamp, Stamp { add: add.into(), remove: remove.into() }, "{applied:?} {to:?}");
    };
    check(&[], &["heads"], false, &[1, 2, 3, 4, 5], &[]);
    check(&[1, 2, 3, 4, 5], &["base"], false, &[], &[1, 2, 3, 4, 5]);
    check(&[1, 2, 3, 4, 5], &["4"], false, &[], &[5]);
    check(&[1, 2, 3, 4, 5], &["2"], false, &[], &[3, 4, 5]);
    check(&[1, 2, 3], &["5"], false, &[4, 5], &[]);
    check(&[1, 2, 3, 4, 5], &["1@4"], false, &[], &[3, 5]);
    check(&[1, 2, 3, 4], &["1@4"], false, &[], &[]);
    check(&[1], &["3", "4"], false, &[2, 3, 4], &[]);
    check(&[1, 2, 3, 99], &["4"], false, &[4], &[]);
    check(&[1, 2, 3, 99], &["4"], true, &[4], &[3, 99]);
    // 9 depends on 3: without the branch of 3 it cannot have run.
    let stamp = forked().stamp(&set(&[1, 2, 3, 8, 9]), &[target("3@base")], false).unwrap();
    assert_eq!(stamp.remove, [1, 2, 3, 8, 9]);
}

#[test]
fn a_range_has_both_its_ends() {
    let lineage = forked();
    let range = |from: Option<&str>, to: Option<&str>| {
        let (from, to) = (from.map(target), to.map(target));
        told(lineage.range(from.as_ref(), to.as_ref()))
    };
    assert_eq!(range(None, None).unwrap().len(), 9);
    assert_eq!(range(Some("2"), Some("5")), Ok(vec![2, 4, 5]));
    assert_eq!(range(Some("6"), None), Ok(vec![6, 7]));
    assert_eq!(range(None, Some("3")), Ok(vec![1, 2, 3]));
    assert_eq!(range(Some("-1"), Some("7")), Ok(vec![6, 7]));
    assert_eq!(range(Some("1"), Some("+1")), Ok(vec![1, 2]));
    assert_eq!(range(Some("base"), Some("2")), Ok(vec![1, 2]));
}

#[test]
fn heads_and_branch_points() {
    let lineage = forked();
    let versions = |found: Vec<&Revision>| found.iter().map(|r| r.version).collect::<Vec<_>>();
    assert_eq!(versions(lineage.heads()), [7, 9]);
    assert_eq!(versions(lineage.bases()), [1, 8]);
    assert_eq!(versions(lineage.branch_points()), [2]);
    assert_eq!(versions(lineage.tips(&set(&[1, 2, 3, 4]))), [3, 4]);
}

#[test]
fn a_draft_reads_back_as_what_it_says() {
    let draft = Draft {
        created: 0,
        lineage: "l".into(),
        version: 7,
        message: "Orders: who PAID, and when?".into(),
        revises: vec![3, 5],
        depends_on: vec!["event_store@2".into()],
        labels: vec!["paid".into()],
        up: "SELECT 1;\n".into(),
        down: "SELECT 2;\n".into(),
    };
    assert_eq!(draft.stem(), "V7__orders_who_paid_and_when");
    let path = format!("{}.sql", draft.stem());
    let (revision, _) =
        Revision::parse("l", SourceFile::new(path.as_str(), draft.up_text())).unwrap();
    assert_eq!(revision.labels, ["paid"]);
    assert_eq!(revision.depends_on[0].version, 2);
    let mut files = vec![("V3__a.sql", ""), ("V5__b.sql", "")];
    let text = draft.up_text().replace("event_store@2", "3");
    files.push((&path, &text));
    assert_eq!(lineage(&files).unwrap().revisions[2].revises, [3, 5]);
    assert_eq!(slug("***"), "revision");
    assert_eq!(slug(&"word ".repeat(20)).len(), 39);
}

#[test]
fn versions_go_on_as_the_lineage_counts() {
    let now = 20_261_121_060_000;
    assert_eq!(next_version(&Lineage::default(), now), now);
    assert_eq!(next_version(&forked(), now), 10);
    let stamped = lineage(&[("V20261121060000__a.sql", "")]).unwrap();
    assert_eq!(next_version(&stamped, now), now + 1, "two within a second");
    assert_eq!(next_version(&stamped, now + 100), now + 100);
}
