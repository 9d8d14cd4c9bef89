-- What lies in the schema $1 besides views of the tables in the schemas $2.
WITH here AS (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = $1),
     tables AS (
       SELECT c.relname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = ANY ($2) AND c.relkind IN ('r', 'p'))
SELECT pg_catalog.pg_describe_object('pg_catalog.pg_class'::regclass, c.oid, 0)
  FROM pg_catalog.pg_class c, here
 WHERE c.relnamespace = here.oid AND c.relkind NOT IN ('i', 'I', 't')
   AND NOT (c.relkind = 'v' AND c.relname IN (SELECT relname FROM tables))
UNION ALL
SELECT pg_catalog.pg_describe_object('pg_catalog.pg_proc'::regclass, p.oid, 0)
  FROM pg_catalog.pg_proc p, here WHERE p.pronamespace = here.oid
UNION ALL
SELECT pg_catalog.pg_describe_object('pg_catalog.pg_type'::regclass, t.oid, 0)
  FROM pg_catalog.pg_type t, here
 WHERE t.typnamespace = here.oid AND t.typrelid = 0 AND t.typelem = 0
 ORDER BY 1
