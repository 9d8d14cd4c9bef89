-- How large what readers see of the projections $1 is.
SELECT b.projection, COALESCE(sum(pg_total_relation_size(c.oid)), 0)::bigint AS bytes
  FROM regrow.build b
  JOIN pg_catalog.pg_namespace n ON n.nspname = b.schema_name
  LEFT JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relkind IN ('r', 'm')
 WHERE b.state = 'live' AND b.projection = ANY ($1::text[])
 GROUP BY b.projection
 ORDER BY b.projection
