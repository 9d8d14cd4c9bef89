//! Expressions: types, precedence, NULLs, literals.

use super::{check, statements};

#[test]
fn a_minus_before_a_number_is_part_of_it() {
    check(
        &[
            ("o_i8", "i4 + -2147483648"),
            ("o_i8", "-i4 + -2147483648"),
            ("o_n", "-9223372036854775808 / 3"),
            ("o_i8", "-(2147483648) / 3 + i4"),
            ("o_i8", "- -2147483648 + 1"),
            ("o_n", "-1.50"),
            ("o_i2", "-5::smallint"),
            ("o_n", "-(-0.0)"),
        ],
        &[("o_i2", "-32768::smallint")],
    );
}

#[test]
fn numbers_have_the_type_postgresql_gives_them() {
    check(
        &[
            ("o_i8", "2147483647 + 1::bigint"),
            ("o_n", "5 / 2"),
            ("o_n", "5 / 2.0"),
            ("o_n", "1e3 / 7"),
            ("o_n", "i8 / 2 * 1.0"),
            ("o_f", "i8 * 1.0::float8"),
            ("o_f", "n + f"),
            ("o_n", "9223372036854775808 + 1"),
            ("o_i4", "2.5"),
            ("o_i4", "-2.5"),
            ("o_i4", "2.5::float8"),
            ("o_i4", "3.5::float8"),
            ("o_m", "1.005"),
            ("o_m", "m * 3"),
            ("o_n", "m * 3"),
            ("o_i2", "i2 + '5'"),
            ("o_i4", "i2 * i2"),
            ("o_i4", "007"),
        ],
        &[("o_i8", "2147483647 + 1"), ("o_n", ".5"), ("o_i4", "i4 + ' 5 '")],
    );
}

#[test]
fn lists_compare_each_value_in_its_own_type() {
    check(
        &[
            ("o_b", "i4 IN (40, NULL)"),
            ("o_b", "i4 IN (1, NULL)"),
            ("o_b", "i4 NOT IN (1, NULL)"),
            ("o_b", "i4 NOT IN (1, 2.5)"),
            ("o_b", "NULL IN (i4, 1)"),
            ("o_b", "t IN ('kiwi', 'x')"),
            ("o_b", "t = ANY (ARRAY['kiwi', 'x'])"),
            ("o_b", "i4 = ANY (ARRAY[1, NULL])"),
            ("o_b", "i8 IN (9007199254740992, 1.5)"),
        ],
        // The column is a bigint beside another and a float beside a float.
        &[("o_b", "i8 - 1 IN (i8, 1.5::float8)"), ("o_b", "i8 IN (i8 - 1, f)")],
    );
}

#[test]
fn nulls_are_neither_true_nor_false() {
    check(
        &[
            ("o_b", "NOT (o_b AND false)"),
            ("o_b", "o_b OR true"),
            ("o_b", "o_b AND b"),
            ("o_b", "o_b IS NOT TRUE"),
            ("o_b", "o_b IS UNKNOWN"),
            ("o_b", "b IS NOT UNKNOWN"),
            ("o_b", "(i4 > NULL) IS NULL"),
            ("o_b", "o_i4 IS DISTINCT FROM NULL"),
            ("o_b", "o_i4 BETWEEN 1 AND 2"),
            ("o_b", "i4 BETWEEN NULL AND 2"),
            ("o_b", "i4 NOT BETWEEN NULL AND 2"),
            ("o_t", "COALESCE(NULL, 'x')"),
            ("o_t", "NULLIF(t, 'kiwi')"),
            ("o_i4", "CASE o_i4 WHEN NULL THEN 1 ELSE 2 END"),
            ("o_i4", "GREATEST(NULL, 3, i4)"),
            ("o_a", "array_append(o_a, NULL::text)"),
            ("o_a", "array_append(a, 'lit')"),
            ("o_a", "a || 'x'::text"),
            ("o_t", "t || NULL"),
            ("o_i4", "NULL + 1"),
            ("o_i4", ":none::int + 1"),
        ],
        &[("o_i4", "NULLIF(i2, 3)")],
    );
}

#[test]
fn operators_bind_as_in_postgresql() {
    check(
        &[
            ("o_i4", "2 + 3 * 4 - 10 / 3"),
            ("o_i4", "-i4 + 3"),
            ("o_i4", "- i4::int * 2"),
            ("o_b", "NOT b = false"),
            ("o_b", "NOT i4 IS NULL AND b"),
            ("o_b", "b OR b AND false"),
            ("o_b", "i4 + 1 = 41 AND i4 IN (40)"),
            ("o_i4", "17 % 5 * 2 - i4 % 7"),
            ("o_i4", "-17 % 5"),
            ("o_b", "i4 BETWEEN 1 AND 50 AND false"),
            ("o_b", "jb ->> 's' = 'y'"),
            ("o_b", "jb -> 'k' ->> 's' IN ('x', 'z')"),
            ("o_b", "t || 'x' = 'kiwix'"),
            ("o_b", "jb ->> 'no' IS NULL"),
        ],
        &[("o_t", "jb ->> 's' || 'x'"), ("o_b", "i4 = 40 IS TRUE")],
    );
}

#[test]
fn literals_and_names_are_read_as_postgresql_reads_them() {
    check(
        &[
            ("o_t", "'a\\nb'"),
            ("o_t", "'it''s'"),
            ("o_i4", "\"Ä\""),
            ("o_i4", "Ä"),
            ("o_i4", "S.I4"),
            ("o_t", "'$1 :x'"),
            ("o_v", "'abc'"),
            ("o_d", "'2026-02-28'"),
            ("o_a", "'{x}'"),
            ("o_a", "'{a,b}'::text[]"),
            ("o_a", "'{\"a b\",NULL}'"),
            ("o_a", "'{}'"),
        ],
        &[
            ("o_t", "E'a\\nb'"),
            ("o_t", "$$x$$"),
            ("o_t", "'a'\n'b'"),
            ("o_v", "'abc '"),
            ("o_v", "'abcdef'::varchar(3)"),
            ("o_d", "date '2026-02-28'"),
            ("o_t", "U&'\\0061'"),
            ("o_a", "'{{a},{b}}'"),
            ("o_a", "'{ a , b }'"),
            ("o_a", "'[0:1]={a,b}'"),
            ("o_a", "'{null}'"),
        ],
    );
}

#[test]
fn texts_of_values_are_postgresqls() {
    check(
        &[
            ("o_t", "b"),
            ("o_t", "n"),
            ("o_t", "tz"),
            ("o_t", "ts"),
            ("o_t", "d::text || u::text"),
            ("o_v", "i2"),
            ("o_v", "i4::varchar(3)"),
            ("o_t", "j"),
            ("o_t", "j ->> 's'"),
            ("o_t", "jb ->> 's'"),
            ("o_t", "j ->> 'nr'"),
            ("o_t", "jb -> 'no' ->> 'x'"),
            ("o_jb", "jb -> 'no'"),
            ("o_t", "t || b"),
            ("o_t", "i4 || t || n"),
            ("o_t", "t || (tz || t)"),
            ("o_t", "t || d || u || ts"),
            ("o_t", "t || o_i4"),
            ("o_t", "t || 1.50"),
            ("o_j", "j -> 'k'"),
            ("o_t", "(jb -> 'k') ->> 's'"),
            ("o_t", "jb ->> :y::text"),
            ("o_jb", "jb -> (:y::text)"),
            ("o_t", "jb ->> o_t"),
            ("o_v", "i8"),
            ("o_t", "jb ->> 'k'"),
            ("o_b", "EXISTS (SELECT FROM other WHERE k = :y AND nr = :x)"),
            ("o_b", "EXISTS (SELECT FROM other WHERE k = :y AND nr = :x AND 10 / i8 > 1)"),
            ("o_b", "NOT EXISTS (SELECT 1 FROM other AS o WHERE o.k = s.t AND o.nr = i4)"),
            (
                "o_jb",
                "jsonb_build_object('a', 1, 'b', n, 'c', b, 'd', t, 'e', jb, 'f', j, 'g', NULL, 'h', o_i4)",
            ),
            ("o_jb", "jsonb_build_object('d', d, 'ts', ts, 'tz', tz, 'u', u, 'o', o_d)"),
        ],
        &[
            ("o_j", "to_json(f)"),
            ("o_t", "t || f"),
            ("o_t", "i4 || 'x'"),
            ("o_t", "t || jb"),
            ("o_jb", "jsonb_build_object('f', f)"),
            (
                "o_b",
                "EXISTS (SELECT FROM other AS o WHERE o.k = s.t AND o.nr = 1 AND 10 / o.i8 > 1)",
            ),
            ("o_b", "EXISTS (SELECT count(*) FROM other WHERE k = :y AND nr = :x)"),
        ],
    );
}

#[test]
fn functions_and_dates() {
    check(
        &[
            ("o_i4", "abs(-i4)"),
            ("o_i2", "abs(i2)"),
            ("o_n", "abs(-2.50)"),
            ("o_f", "abs(-f)"),
            ("o_i4", "length(t || 'äö')"),
            ("o_n", "round(n * 1.115, 2)"),
            ("o_n", "round(-2.5)"),
            ("o_n", "round(n)"),
            ("o_n", "round(i4, 1)"),
            ("o_d", "d + 1"),
            ("o_d", "1 + d"),
            ("o_d", "d - i4"),
            ("o_i4", "d - '2026-01-01'"),
            ("o_i4", "d - '2026-01-01'::date"),
            ("o_i4", "(d + i4) - d"),
            ("o_d", "GREATEST(d, '2026-02-01')"),
            ("o_n", "LEAST(n, 2, i4)"),
            ("o_n", "GREATEST(1.0, 1.00, 1)"),
            ("o_b", "d < d + 1"),
            ("o_b", "u < '00000000-0000-0000-0000-000000000002'"),
            ("o_ts", "LEAST(ts, NULL)"),
        ],
        &[
            ("o_n", "round(n, -1)"),
            ("o_n", "round(f)"),
            ("o_t", "lower(t)"),
            ("o_t", "LEAST(t, 'x')"),
            ("o_d", "d + i8::int8::int4 + interval '1 day'"),
            ("o_b", "d < tz"),
        ],
    );
}

#[test]
fn what_constants_alone_tell_is_computed_without_a_row() {
    check(
        &[
            ("o_n", "COALESCE(n * NULL, 2)"),
            ("o_n", "COALESCE(NULL, n, 1 / (i4 - 40))"),
            ("o_n", "COALESCE(NULL * n, round(n * NULL, 1), 3, 1 / (i4 - 40))"),
            ("o_i8", "i8 / (i4 - 40) * NULL"),
            ("o_t", "t || NULL"),
            ("o_b", "(1 / (i4 - 40)) = NULL"),
            (
                "o_n",
                "CASE WHEN NULL THEN 5 WHEN 1 = 2 THEN 6 WHEN n > 1 THEN n WHEN true THEN 7 ELSE 8 END",
            ),
            ("o_n", "CASE WHEN false THEN n WHEN true THEN 3 ELSE n END"),
            ("o_n", "CASE WHEN false THEN n END"),
        ],
        // What is left is a constant that the column does not take.
        &[
            ("o_m", "COALESCE(round(i8 * NULL::numeric, 1), 12345.678)"),
            ("o_m", "CASE WHEN false THEN n ELSE 12345.678 END"),
        ],
    );
    // PostgreSQL refuses it when it plans, so also where there is no row.
    let told = statements(
        "CREATE TABLE p (id int, n int, m numeric(3,3), PRIMARY KEY (id, n));",
        &[(
            "Set",
            &[
                "UPDATE p SET m = COALESCE(round(:x::numeric * NULL::numeric, 1), -3.125) WHERE id = :id AND n = 1",
            ],
        )],
        &[("Set", r#"{"id": 1, "x": 99.99}"#)],
    );
    assert!(!told.reasons[0].is_empty(), "{:?}", told.reasons);
}
