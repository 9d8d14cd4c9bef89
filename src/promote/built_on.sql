-- The views outside the schema $1 that read a relation in it themselves; not those named in $2.
SELECT DISTINCT CASE c.relkind WHEN 'm' THEN 'materialized view ' ELSE 'view ' END || pg_catalog.format('%I.%I', n.nspname, c.relname)
  FROM pg_catalog.pg_depend d
  JOIN pg_catalog.pg_class read ON d.refclassid = 'pg_catalog.pg_class'::regclass AND read.oid = d.refobjid
  JOIN pg_catalog.pg_rewrite w ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND w.oid = d.objid
  JOIN pg_catalog.pg_class c ON c.oid = w.ev_class AND c.relkind IN ('v', 'm')
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE read.relnamespace = pg_catalog.to_regnamespace($1) AND n.oid <> read.relnamespace
   AND pg_catalog.format('%I.%I', n.nspname, c.relname) <> ALL ($2)
 ORDER BY 1
