-- What tells the rows of each table of a schema apart: unique indexes over all rows, of columns that are never NULL;
-- primary keys first, then those of fewer columns.
SELECT c.relname::text, array_agg(a.attname::text ORDER BY k.nth)
  FROM pg_catalog.pg_index i
  JOIN pg_catalog.pg_class c ON c.oid = i.indrelid
  JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attnum, nth)
  JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum
 WHERE n.nspname = $1 AND i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL
   AND k.nth <= i.indnkeyatts
 GROUP BY c.relname, x.relname, i.indisprimary, i.indnkeyatts
HAVING bool_and(a.attnotnull)
 ORDER BY c.relname COLLATE "C", i.indisprimary DESC, i.indnkeyatts, x.relname COLLATE "C"
