-- The views that the rows of the log $1 are read through, those of the server left out, with their queries.
WITH RECURSIVE reads AS (
    SELECT pg_catalog.to_regclass($1)::pg_catalog.oid AS oid
    UNION
    SELECT d.refobjid
      FROM reads
      JOIN pg_catalog.pg_rewrite w ON w.ev_class = reads.oid AND w.ev_type = '1'
      JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass AND d.objid = w.oid
       AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
)
SELECT pg_catalog.format('the view %I.%I', n.nspname, c.relname), pg_catalog.pg_get_viewdef(c.oid)
  FROM reads
  JOIN pg_catalog.pg_class c ON c.oid = reads.oid AND c.relkind IN ('v', 'm') AND c.oid >= 16384
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 ORDER BY 1
