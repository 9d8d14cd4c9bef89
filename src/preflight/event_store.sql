-- The log $1, found without a right on its schema: what the role may do with it, which of the
-- columns $3 it may not read, and the sequence behind its column $2 (as in log/sequence.sql).
WITH given AS (SELECT parse_ident($1) AS parts), log AS (
    SELECT c.oid, c.relname, c.relkind, n.oid AS schema, n.nspname
      FROM given
      JOIN pg_catalog.pg_class c ON c.relname = parts[cardinality(parts)]::name
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
       AND CASE WHEN cardinality(parts) = 1 THEN pg_table_is_visible(c.oid)
                ELSE n.nspname = parts[cardinality(parts) - 1]::name END
     LIMIT 1
), sequence AS (
    SELECT s.oid, n.oid AS schema, n.nspname, s.relname
      FROM log
      JOIN pg_catalog.pg_attribute a ON a.attrelid = log.oid AND a.attname = $2 AND NOT a.attisdropped
     CROSS JOIN LATERAL (
           -- Its own, or the one its default reads.
           SELECT d.objid AS oid FROM pg_catalog.pg_depend d
            WHERE d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = a.attrelid AND d.refobjsubid = a.attnum
              AND d.classid = 'pg_catalog.pg_class'::regclass AND d.deptype IN ('a', 'i', 'n')
           UNION ALL
           SELECT d.refobjid FROM pg_catalog.pg_attrdef f
             JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_attrdef'::regclass AND d.objid = f.oid
            WHERE f.adrelid = a.attrelid AND f.adnum = a.attnum
              AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.deptype IN ('a', 'i', 'n')) found
      JOIN pg_catalog.pg_class s ON s.oid = found.oid AND s.relkind = 'S'
      JOIN pg_catalog.pg_namespace n ON n.oid = s.relnamespace
     LIMIT 1
)
SELECT quote_ident(current_user) AS role,
       format('%I.%I', log.nspname, log.relname) AS log,
       -- Schemas of the log and its sequence that may not be used.
       ARRAY(SELECT DISTINCT quote_ident(n.nspname) FROM pg_catalog.pg_namespace n
              WHERE n.oid IN (log.schema, sequence.schema) AND NOT has_schema_privilege(n.oid, 'USAGE')) AS closed,
       has_table_privilege(log.oid, 'SELECT') AS may_read,
       has_any_column_privilege(log.oid, 'SELECT') AS may_read_some,
       ARRAY(SELECT quote_ident(a.attname) FROM pg_catalog.pg_attribute a
              WHERE a.attrelid = log.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attname = ANY ($3::text[]::name[])
                AND NOT has_column_privilege(log.oid, a.attnum, 'SELECT') ORDER BY a.attnum) AS hidden,
       row_security_active(log.oid) AS row_security,
       CASE WHEN log.relkind = 'p'
            THEN (SELECT sum(pg_total_relation_size(t.relid)) FROM pg_partition_tree(log.oid) t)::bigint
            WHEN log.relkind IN ('r', 'm') THEN pg_total_relation_size(log.oid) END AS bytes,
       CASE WHEN sequence.oid IS NOT NULL THEN format('%I.%I', sequence.nspname, sequence.relname) END AS sequence,
       has_sequence_privilege(sequence.oid, 'SELECT') AS may_read_sequence
  FROM log LEFT JOIN sequence ON true
