//! What somebody changes by hand is named.

use regrow::pg;
use regrow::schema::differences;

use super::{EVERYTHING, ident, made, open, run};
use crate::bench::Database;

/// What is done by hand, and the sentences about it.
const DRIFT: &[(&str, &[&str])] = &[
    ("SELECT 1", &[]),
    ("ALTER TABLE orders ADD note text", &["column orders.note was added: text"]),
    ("ALTER TABLE scratch DROP COLUMN note", &["column scratch.note is missing"]),
    (
        "ALTER TABLE orders ALTER \"Odd: name\" TYPE varchar(9)",
        &["column orders.\"Odd: name\" is character varying(9), expected text collate \"C\""],
    ),
    (
        "ALTER TABLE orders ALTER state DROP DEFAULT, ALTER state DROP NOT NULL",
        &["column orders.state is status, expected status not null default 'pending'::status"],
    ),
    ("DROP TABLE leaning", &["table leaning is missing"]),
    ("CREATE TABLE extra (id bigint PRIMARY KEY)", &["table extra was added"]),
    ("ALTER TABLE scratch SET LOGGED", &["table scratch is ordinary, expected unlogged"]),
    (
        "CREATE TABLE log_2025 PARTITION OF log FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')",
        &[
            "table log_2025 was added: partition of log FOR VALUES FROM ('2025-01-01 00:00:00+00') TO \
             ('2026-01-01 00:00:00+00')",
        ],
    ),
    (
        "ALTER TABLE orders SET (fillfactor = 90)",
        &["parameter fillfactor of orders is 90, expected 70"],
    ),
    (
        "ALTER TABLE orders DROP CONSTRAINT orders_total_check",
        &["constraint orders_total_check on orders is missing"],
    ),
    (
        "ALTER TABLE leaning VALIDATE CONSTRAINT leaning_id_name_fkey",
        &[
            "constraint leaning_id_name_fkey on leaning is FOREIGN KEY (id, name) REFERENCES customers(id, name), \
             expected FOREIGN KEY (id, name) REFERENCES customers(id, name) NOT VALID",
        ],
    ),
    ("DROP INDEX orders_by_customer", &["index orders_by_customer is missing"]),
    (
        "CREATE INDEX by_hand ON orders (state)",
        &["index by_hand was added: on orders USING btree (state)"],
    ),
    (
        "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'customers_name'::regclass",
        &[
            "index customers_name is unique on customers USING btree (lower(name)) (invalid), expected unique on \
             customers USING btree (lower(name))",
        ],
    ),
    ("DROP VIEW above_late", &["view above_late is missing"]),
    (
        "CREATE OR REPLACE VIEW above_late AS SELECT id FROM late WHERE id > 3",
        &[
            "parameter security_barrier of above_late is missing",
            "view above_late has another definition",
        ],
    ),
    (
        "CREATE OR REPLACE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
        &["function touch() has another definition"],
    ),
    ("DROP PROCEDURE tidy()", &["procedure tidy() is missing"]),
    (
        "ALTER TABLE orders ENABLE TRIGGER touched",
        &[
            "trigger touched on orders is BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION touch(), expected \
             BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION touch() (disabled)",
        ],
    ),
    ("DROP TRIGGER asleep ON log", &["trigger asleep on log is missing"]),
    (
        "ALTER TYPE status ADD VALUE 'late'",
        &["enum status is 'pending', 'paid', 'late', expected 'pending', 'paid'"],
    ),
    (
        "ALTER DOMAIN amount DROP CONSTRAINT amount_positive",
        &["constraint amount_positive on domain amount is missing"],
    ),
    (
        "ALTER DOMAIN amount DROP DEFAULT",
        &[
            "domain amount is AS numeric(12,2) NOT NULL, expected AS numeric(12,2) DEFAULT 0 NOT NULL",
        ],
    ),
    ("CREATE TYPE pair AS (a int, b int)", &["type pair was added: a integer, b integer"]),
    ("DROP SEQUENCE numbers", &["sequence numbers is missing"]),
    ("ALTER SEQUENCE orders_id_seq OWNED BY NONE", &["owner of sequence orders_id_seq is missing"]),
    (
        "ALTER TABLE orders NO FORCE ROW LEVEL SECURITY",
        &["forced row security on orders is missing"],
    ),
    ("ALTER TABLE log ENABLE ROW LEVEL SECURITY", &["row security on log was added"]),
    (
        "ALTER POLICY mine ON orders USING (true)",
        &[
            "policy mine on orders is AS PERMISSIVE FOR SELECT TO public USING (true), expected AS PERMISSIVE FOR \
             SELECT TO public USING ((state = 'paid'::status))",
        ],
    ),
    (
        "COMMENT ON COLUMN orders.total IS 'In dollars'",
        &["comment on column orders.total is 'In dollars', expected 'In euros'"],
    ),
];

#[test]
fn each_change_by_hand_is_named() {
    let database = Database::new();
    let mut session = open(&database);
    for (by_hand, sentences) in DRIFT {
        let mut transaction = session.begin().unwrap();
        let expected = made(&mut transaction, "a", EVERYTHING).lines();
        run(&mut transaction, "a", by_hand);
        let found = pg::schema::read(&mut transaction, &ident("a")).unwrap().lines();
        let named: Vec<String> =
            differences(&expected, &found).iter().map(ToString::to_string).collect();
        assert_eq!(named, *sentences, "{by_hand}");
    }
}
