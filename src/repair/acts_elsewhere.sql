-- What acts on other rows when rows of the tables $2 of the schema $1 are deleted and inserted; one of them.
WITH ours AS (
  SELECT c.oid, c.relname FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
   WHERE n.nspname = $1 AND c.relname = ANY ($2))
SELECT found.reason
  FROM ours CROSS JOIN LATERAL (
       SELECT pg_catalog.format('%s has the trigger %s', ours.relname, t.tgname) AS reason
         FROM pg_catalog.pg_trigger t WHERE t.tgrelid = ours.oid AND NOT t.tgisinternal
       UNION ALL
       SELECT pg_catalog.format('%s has the rule %s', ours.relname, r.rulename)
         FROM pg_catalog.pg_rewrite r WHERE r.ev_class = ours.oid
       UNION ALL
       SELECT pg_catalog.format('rows of %s go with rows of %s (%s)', k.conrelid::pg_catalog.regclass, ours.relname, k.conname)
         FROM pg_catalog.pg_constraint k
        WHERE k.contype = 'f' AND k.confrelid = ours.oid AND k.confdeltype NOT IN ('a', 'r')
       UNION ALL
       SELECT pg_catalog.format('%s inherits from another table', ours.relname)
         FROM pg_catalog.pg_inherits i JOIN pg_catalog.pg_class p ON p.oid = i.inhparent
        WHERE i.inhrelid = ours.oid OR (i.inhparent = ours.oid AND p.relkind <> 'p')
       ) AS found
 ORDER BY 1
 LIMIT 1
