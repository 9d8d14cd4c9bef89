-- The sequence $1 that config.toml names, if it is one.
SELECT c.oid, format('%I.%I', n.nspname, c.relname) AS label, c.relkind::text AS kind,
       q.seqincrement, q.seqcache, q.seqcycle, q.seqstart,
       CASE WHEN c.relkind = 'S' THEN has_sequence_privilege(c.oid, 'SELECT') END AS may_read
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_catalog.pg_sequence q ON q.seqrelid = c.oid
 WHERE c.oid = to_regclass($1)
