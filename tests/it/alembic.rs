//! Alembic and regrow side by side: the same commands on the same graph end in the same
//! catalog and at the same revisions, after every step, and what one refuses the other
//! refuses. Alembic is the real one, installed from PyPI.

mod pair;
mod python;
mod random;

use pair::{Operation, Pair, Said, Written};
use python::Alembic;

/// Runs operations, one a line; `!` before one says that both must refuse it.
fn walk(pair: &mut Pair, operations: &str) {
    for line in operations.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (refused, text) = match line.strip_prefix("! ") {
            Some(text) => (true, text),
            None => (false, line),
        };
        let Said { alembic, regrow } = pair.run(&Operation::read(text));
        assert_eq!(alembic.is_some(), refused, "alembic {text}: {alembic:?}");
        assert_eq!(regrow.is_some(), refused, "regrow {text}: {regrow:?}");
        pair.agree(text);
    }
}

/// 100000 - 200000, then 310000 - 320000 and, labelled cart, 410000 - 420000.
fn two_branches() -> Vec<Written> {
    vec![
        Written::table(100_000, &[]).sql(
            "CREATE TABLE orders (id bigint PRIMARY KEY, total numeric(10, 2) NOT NULL)",
            "DROP TABLE orders",
        ),
        Written::table(200_000, &[100_000]).sql(
            "ALTER TABLE orders ADD COLUMN status text DEFAULT 'new' CHECK (status <> '')",
            "ALTER TABLE orders DROP COLUMN status",
        ),
        Written::table(310_000, &[200_000])
            .sql("CREATE INDEX by_status ON orders (status)", "DROP INDEX by_status"),
        Written::table(320_000, &[310_000]),
        Written::table(410_000, &[200_000])
            .label("cart")
            .sql("CREATE TABLE cart (orders bigint REFERENCES orders)", "DROP TABLE cart"),
        Written::table(420_000, &[410_000])
            .sql("ALTER TABLE cart ADD n int", "ALTER TABLE cart DROP n"),
    ]
}

#[test]
fn the_same_words_lead_to_the_same_place() {
    let Some(mut alembic) = Alembic::start() else { return };
    let graph = two_branches();
    let mut pair = Pair::new(&mut alembic, graph[..2].to_vec());
    walk(
        &mut pair,
        "upgrade +1
         upgrade 100000
         upgrade head
         upgrade head
         ! upgrade +1
         ! upgrade -1
         ! downgrade +1
         ! downgrade -3
         ! downgrade 999999
         downgrade -1
         downgrade base
         ! downgrade -1
         ! downgrade 200000
         upgrade 2000
         downgrade 1000",
    );
    graph[2..].iter().for_each(|written| pair.add(written.clone()));
    walk(
        &mut pair,
        "! upgrade head
         ! upgrade +2
         upgrade 200000
         ! upgrade +1
         upgrade cart@+1
         upgrade cart@+1
         downgrade cart@-1
         downgrade cart@200000
         upgrade 310000
         ! downgrade cart@-1
         ! downgrade 410000
         upgrade cart@head
         upgrade heads
         upgrade heads
         ! upgrade +1
         ! upgrade cart@320000
         ! upgrade 3
         downgrade 3100
         upgrade 310000+1
         downgrade 320000-1
         upgrade 320000-1
         upgrade 31
         upgrade 200000
         ! upgrade nosuch@head
         downgrade cart@200000
         upgrade heads
         stamp 410000
         stamp cart@head
         stamp 200000
         stamp base
         stamp heads
         stamp 200000
         stamp 320000
         stamp base
         stamp 320000 410000
         stamp 310000
         stamp cart@410000
         stamp heads
         downgrade cart@410000
         downgrade cart@base
         upgrade heads",
    );
    pair.add(Written::table(500_000, &[320_000, 420_000]));
    pair.add(Written::table(600_000, &[500_000]));
    walk(
        &mut pair,
        "upgrade head
         upgrade 500000
         ! downgrade -2
         downgrade -1
         ! downgrade -1
         downgrade 410000
         upgrade head
         downgrade 320000
         ! upgrade +1
         upgrade cart@+1
         downgrade 200000
         upgrade heads
         downgrade base",
    );
}

#[test]
fn a_dependency_of_another_branch_comes_along() {
    let Some(mut alembic) = Alembic::start() else { return };
    let graph = vec![
        Written::table(100_000, &[]).label("shop"),
        Written::table(110_000, &[100_000]),
        Written::table(120_000, &[110_000]),
        Written::table(200_000, &[]).label("stock"),
        Written::table(210_000, &[200_000]).needs(110_000),
        Written::table(220_000, &[210_000]),
    ];
    let mut pair = Pair::new(&mut alembic, graph);
    walk(
        &mut pair,
        "! upgrade head
         ! upgrade +1
         upgrade stock@+1
         upgrade stock@head
         upgrade shop@head
         downgrade shop@100000
         upgrade heads
         downgrade 210000
         downgrade stock@base
         upgrade 210000
         downgrade stock@-1
         upgrade heads
         stamp shop@base
         stamp heads
         downgrade base",
    );
}

#[test]
fn scripts_for_psql_lead_to_the_same_place() {
    let Some(mut alembic) = Alembic::start() else { return };
    let mut graph = two_branches();
    graph.push(Written::table(500_000, &[320_000, 420_000]));
    let mut pair = Pair::new(&mut alembic, graph);
    for operations in [
        &["upgrade head"][..],
        &["upgrade 200000", "upgrade 200000:310000"],
        &["upgrade 200000", "upgrade 200000:heads"],
        &["upgrade head", "downgrade head:200000"],
        &["upgrade 320000", "downgrade 320000:100000"],
        &["upgrade 420000", "downgrade 420000:base"],
        &["stamp 320000", "downgrade 320000:310000"],
    ] {
        let (alembic, regrow) = pair.run_scripts(operations);
        assert_eq!(regrow, alembic, "regrow (left) and Alembic after {operations:?}");
    }
}
