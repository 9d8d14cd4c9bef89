-- Columns of the log's table that are never NULL, in no table that is read with it either.
SELECT a.attname::text
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
 WHERE c.oid = pg_catalog.to_regclass($1) AND a.attnotnull
   AND (c.relkind = 'p' OR (c.relkind = 'r' AND NOT EXISTS (
            SELECT FROM pg_catalog.pg_inherits i WHERE i.inhparent = c.oid)))
