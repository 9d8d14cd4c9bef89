-- Relations by their object ids ($1). $2: the build's schema; $3 and $4: the history's tables in it.
SELECT c.oid,
       format('%I.%I', n.nspname, c.relname) AS name,
       c.relname::text AS bare,
       n.nspname || '.' || c.relname AS written,
       n.nspname = $2 AND c.relkind <> 'f' AND c.relname <> $3 AND NOT starts_with(c.relname::text, $4) AS is_own,
       c.relkind = 'S' AS is_sequence,
       ARRAY(SELECT r.ev_action::text FROM pg_catalog.pg_rewrite r
              WHERE r.ev_class = c.oid AND c.relkind IN ('v', 'm')) AS trees
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE c.oid = ANY ($1)
 ORDER BY c.oid
