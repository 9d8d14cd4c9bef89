-- The tables of the schema $1 that Citus keeps on other nodes: the name, the distribution column (none of a reference
-- table), and a column with its type that an INSERT has to name.
SELECT c.relname::text, CASE p.partmethod WHEN 'n' THEN NULL ELSE a.attname::text END, a.attname::text,
       pg_catalog.format_type(a.atttypid, NULL), c.oid
  FROM pg_catalog.pg_dist_partition p
  JOIN pg_catalog.pg_class c ON c.oid = p.logicalrelid
  JOIN LATERAL (
       SELECT a.attname, a.atttypid FROM pg_catalog.pg_attribute a
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' AND a.attidentity = ''
        ORDER BY a.attname = pg_catalog.column_to_column_name(p.logicalrelid, p.partkey) DESC NULLS LAST, a.attnum
        LIMIT 1) AS a ON true
 WHERE c.relnamespace = pg_catalog.to_regnamespace($1)
 ORDER BY p.partmethod = 'n', c.relname
