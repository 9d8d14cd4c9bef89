use super::*;

fn row(key: i64, text: &str) -> Vec<Cell> {
    vec![Cell::Int(key), Cell::text(text)]
}

/// A table of a number and a text by which it is searched, with some rows the server has.
fn table(whole: bool) -> Table {
    let mut table = Table::new(2, vec![0], [1], whole);
    (1..=3).for_each(|key| drop(table.insert(row(key, "a"))));
    table.written();
    table
}

fn find(table: &Table, key: i64) -> Found {
    table.find(&[&Cell::Int(key)])
}

fn number(table: &Table, key: i64) -> u32 {
    match find(table, key) {
        Found::Row(row) => row,
        other => panic!("{key} is {other:?}"),
    }
}

fn shown(table: &Table) -> Vec<String> {
    let all =
        (0..u32::try_from(table.states.len()).unwrap()).filter(|r| table.state(*r).is_there());
    let mut all: Vec<String> =
        all.map(|r| format!("{:?} {:?}", table.cells(r), table.state(r))).collect();
    all.sort();
    all
}

fn with_text(table: &Table, text: &str) -> usize {
    table.find_all(1, &Cell::text(text)).map_or(usize::MAX, |rows| rows.len())
}

#[test]
fn every_change_can_be_taken_back() {
    let mut table = table(true);
    let before = shown(&table);
    let mut journal = vec![table.insert(row(4, "b"))];
    let two = number(&table, 2);
    journal.push(table.update(two, &mut vec![(1, Cell::text("b"))], true));
    journal.push(table.delete(number(&table, 4)));
    journal.push(table.delete(two));
    journal.push(table.insert(row(2, "c")));
    assert_eq!((with_text(&table, "a"), with_text(&table, "b"), with_text(&table, "c")), (2, 0, 1));
    assert_eq!((find(&table, 4), table.dirty()), (Found::Nothing, 1));
    journal.into_iter().rev().for_each(|change| table.undo(change));
    assert_eq!((shown(&table), table.dirty(), with_text(&table, "a")), (before, 0, 3));
}

#[test]
fn what_is_written_tells_the_server_what_to_do() {
    let mut table = table(true);
    table.insert(row(4, "b"));
    table.delete(number(&table, 4));
    table.delete(number(&table, 1));
    table.insert(row(1, "b"));
    table.delete(number(&table, 2));
    let states = [State::New, State::Changed, State::Deleted];
    assert_eq!(states.map(|state| table.rows_in(state).count()), [0, 1, 1]);
    assert_eq!(table.dirty(), 2);
    table.written();
    assert_eq!((table.dirty(), find(&table, 2)), (0, Found::Nothing));
}

#[test]
fn a_row_that_was_let_go_is_unknown_and_others_are_not() {
    let mut table = table(true);
    let bytes = table.bytes();
    table.begin_round();
    let three = number(&table, 3);
    table.update(three, &mut vec![(1, Cell::text("warm"))], false);
    table.written();
    table.evict(1);
    assert_eq!((find(&table, 1), find(&table, 9)), (Found::Unknown, Found::Nothing));
    assert_eq!((number(&table, 3), with_text(&table, "a")), (three, usize::MAX));
    assert!(!table.is_whole());
    table.evict(0);
    assert_eq!(find(&table, 3), Found::Unknown);
    table.cache_row(&[&Cell::Int(1)], Some(row(1, "a")));
    table.cache_row(&[&Cell::Int(1)], None);
    assert_eq!(shown(&table).len(), 1, "what is here is newer than what is learnt");
    table.all_are_here(1, Cell::text("a"));
    assert_eq!(with_text(&table, "a"), 1);
    assert!(table.bytes() - table.absent_keys.bytes() < bytes);
}

#[test]
fn nothing_is_known_of_a_table_that_others_filled() {
    let mut table = Table::new(2, vec![0], [], false);
    assert_eq!(find(&table, 1), Found::Unknown);
    table.cache_row(&[&Cell::Int(1)], None);
    assert_eq!(find(&table, 1), Found::Nothing);
    table.insert(row(1, "a"));
    assert_eq!(table.rows_in(State::New).count(), 1);
    table.written();
    table.clear();
    assert_eq!(find(&table, 1), Found::Unknown);
}

#[test]
fn rows_of_one_value_come_and_go_in_any_order() {
    let mut table = Table::new(2, vec![0], [1], true);
    (0..5).for_each(|key| drop(table.insert(row(key, "a"))));
    let numbers: Vec<u32> = (0..5).map(|key| number(&table, key)).collect();
    table.delete(numbers[1]);
    table.update(numbers[4], &mut vec![(1, Cell::text("b"))], false);
    let mut left = table.find_all(1, &Cell::text("a")).unwrap();
    left.sort_unstable();
    assert_eq!(left, [numbers[0], numbers[2], numbers[3]]);
    for key in [3, 0, 2] {
        table.delete(number(&table, key));
        let left = table.find_all(1, &Cell::text("a")).unwrap();
        assert!(left.iter().all(|row| table.state(*row).is_there()), "{left:?} without {key}");
    }
    assert_eq!((with_text(&table, "a"), with_text(&table, "b")), (0, 1));
}

/// A search for each would take minutes.
#[test]
fn many_rows_of_one_value_are_let_go() {
    let mut table = Table::new(2, vec![0], [1], true);
    (0..300_000).for_each(|key| drop(table.insert(row(key, "a"))));
    table.written();
    table.begin_round();
    table.evict(1);
    assert_eq!(find(&table, 7), Found::Unknown);
    table.cache_row(&[&Cell::Int(7)], Some(row(7, "a")));
    table.all_are_here(1, Cell::text("a"));
    assert_eq!(with_text(&table, "a"), 1);
}

#[test]
fn the_memory_of_values_is_counted_and_given_back() {
    let long = "a value that does not fit where short ones stand";
    let tables = [vec![1], Vec::new()].map(|searched| {
        let mut table = Table::new(2, vec![0], searched, true);
        (0..100).for_each(|key| drop(table.insert(row(key, &format!("{long} {key}")))));
        table
    });
    let own = tables[0].bytes() - tables[1].bytes();
    assert!(own > 100 * long.len(), "{own} bytes");
    let [mut table, _] = tables;
    (0..100).for_each(|key| drop(table.delete(number(&table, key))));
    assert_eq!(table.indexes[0].bytes(), 0);
    table.all_are_here(1, Cell::text(long));
    assert!(table.indexes[0].bytes() > long.len());
    table.indexes[0].some_are_gone();
    assert_eq!(table.indexes[0].bytes(), 0);
}
