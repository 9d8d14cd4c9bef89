-- Constraints and defaults of a domain ($1), and of those it is made of.
WITH RECURSIVE made AS (
    SELECT $1::oid AS oid
    UNION
    SELECT i.oid FROM made JOIN pg_catalog.pg_type t USING (oid),
           LATERAL (SELECT t.typbasetype AS oid UNION ALL SELECT t.typelem
                    UNION ALL SELECT a.atttypid FROM pg_catalog.pg_attribute a
                               WHERE a.attrelid = t.typrelid AND t.typtype = 'c' AND a.attnum > 0) AS i
     WHERE i.oid <> 0)
SELECT k.conbin::text FROM made JOIN pg_catalog.pg_constraint k ON k.contypid = made.oid
UNION ALL
SELECT t.typdefaultbin::text FROM made JOIN pg_catalog.pg_type t USING (oid) WHERE t.typdefaultbin IS NOT NULL
 ORDER BY 1
