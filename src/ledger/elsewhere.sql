-- Ledgers beside the one in the schema $1, by their tables, and whether this role may read what they publish.
SELECT n.nspname::text,
       has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(p.oid, 'SELECT')
  FROM pg_class p
  JOIN pg_namespace n ON n.oid = p.relnamespace
 WHERE p.relname = 'publication' AND p.relkind = 'r' AND n.nspname <> $1::text::name
   AND EXISTS (SELECT FROM pg_class c WHERE c.relnamespace = n.oid AND c.relname = 'build' AND c.relkind = 'r')
   AND EXISTS (SELECT FROM pg_class c WHERE c.relnamespace = n.oid AND c.relname = 'checkpoint' AND c.relkind = 'r')
 ORDER BY 1
