SELECT i.relname, pg_get_indexdef(i.oid)
  FROM pg_catalog.pg_index x
  JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid AND i.relkind = 'i'
  JOIN pg_catalog.pg_namespace n ON n.oid = i.relnamespace
 WHERE n.nspname = $1
   AND NOT x.indisunique AND NOT x.indisprimary AND NOT x.indisexclusion
   AND NOT i.relispartition
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint k WHERE k.conindid = i.oid)
 ORDER BY i.relname COLLATE "C"
