-- The tables of a schema: about how many rows they have, and how many blocks the largest part of each.
SELECT c.relname::text, sum(greatest(p.reltuples, 0))::bigint,
       max(pg_relation_size(p.oid) / current_setting('block_size')::bigint)::bigint
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 CROSS JOIN LATERAL (SELECT c.oid UNION SELECT t.relid FROM pg_partition_tree(c.oid) t) AS part (id)
  JOIN pg_catalog.pg_class p ON p.oid = part.id
 WHERE n.nspname = $1 AND c.relkind IN ('r', 'p')
 GROUP BY c.oid, c.relname
