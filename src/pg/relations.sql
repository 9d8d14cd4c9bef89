SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
       CASE WHEN a.attidentity <> '' THEN 'identity'
            WHEN a.attgenerated = '' THEN pg_get_expr(d.adbin, d.adrelid) END
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
 WHERE n.nspname = $1
   AND strpos($2, c.relkind::text) > 0
   AND NOT c.relispartition
   AND c.relname <> $3
   AND NOT starts_with(c.relname::text, $4)
 ORDER BY c.relname COLLATE "C", a.attnum
