SELECT a.attname::text, a.atttypid::regtype::text, array_position(k.conkey, a.attnum)
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  LEFT JOIN pg_catalog.pg_constraint k ON k.conrelid = c.oid AND k.contype = 'p'
 WHERE c.relnamespace = to_regnamespace($1) AND c.relname = $2
 ORDER BY a.attnum
