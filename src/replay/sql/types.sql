-- The types $1 and those they are made of: what decides how values of them are passed.
WITH RECURSIVE made(oid) AS (
  SELECT pg_catalog.unnest($1::oid[])
  UNION
  SELECT part.oid
    FROM made
    JOIN pg_catalog.pg_type t ON t.oid = made.oid,
         LATERAL (
           SELECT t.typbasetype WHERE t.typtype = 'd'
           UNION ALL
           SELECT e.oid FROM pg_catalog.pg_type e WHERE e.oid = t.typelem AND e.typarray = t.oid
           UNION ALL
           SELECT r.rngsubtype FROM pg_catalog.pg_range r WHERE t.oid IN (r.rngtypid, r.rngmultitypid)
           UNION ALL
           SELECT a.atttypid FROM pg_catalog.pg_attribute a
            WHERE t.typtype = 'c' AND a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped
         ) AS part(oid))
-- A length is the column's; without one that says so, "character" and "bit" would have the length 1.
SELECT t.oid, pg_catalog.format_type(t.oid, -1),
       t.typtype::text, t.typcategory = 'D', t.oid IN ('json'::regtype, 'jsonb'::regtype),
       NULLIF(t.typbasetype, 0), e.oid, e.typdelim::text,
       (SELECT r.rngsubtype FROM pg_catalog.pg_range r WHERE t.oid IN (r.rngtypid, r.rngmultitypid)),
       ARRAY(SELECT a.atttypid FROM pg_catalog.pg_attribute a
              WHERE t.typtype = 'c' AND a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped
              ORDER BY a.attnum)
  FROM made
  JOIN pg_catalog.pg_type t ON t.oid = made.oid
  LEFT JOIN pg_catalog.pg_type e ON e.oid = t.typelem AND e.typarray = t.oid
