-- The views among the relations $1, with their queries.
SELECT pg_catalog.pg_get_viewdef(c.oid), r.ev_action::pg_catalog.text
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_rewrite r ON r.ev_class = c.oid AND r.rulename = '_RETURN'
 WHERE c.oid = ANY ($1) AND c.relkind IN ('v', 'm')
 ORDER BY c.oid
