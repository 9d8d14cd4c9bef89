-- Secondary indexes of the schema $1 that their definition brings back: not those with a comment, a mark
-- for CLUSTER, a replica identity, a tablespace or a statistics target of their own.
SELECT i.relname, pg_get_indexdef(i.oid)
  FROM pg_catalog.pg_index x
  JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid AND i.relkind = 'i'
  JOIN pg_catalog.pg_namespace n ON n.oid = i.relnamespace
 WHERE n.nspname = $1
   AND NOT x.indisunique AND NOT x.indisprimary AND NOT x.indisexclusion
   AND NOT i.relispartition
   AND NOT x.indisclustered AND NOT x.indisreplident AND i.reltablespace = 0
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint k WHERE k.conindid = i.oid)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute a
                    WHERE a.attrelid = i.oid AND COALESCE(a.attstattarget, -1) <> -1)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_description d
                    WHERE d.classoid = 'pg_catalog.pg_class'::regclass AND d.objoid = i.oid)
 ORDER BY i.relname COLLATE "C"
