-- The statements that take away what a REINDEX CONCURRENTLY of a table or an index left when it
-- was cut off: invalid indexes of the table whose names end as PostgreSQL ends them.
SELECT format('DROP INDEX CONCURRENTLY IF EXISTS %s', i.oid::regclass)
  FROM pg_catalog.pg_index x
  JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid
 WHERE NOT x.indisvalid
   AND i.relname ~ '_cc(new|old)[0-9]*$'
   AND (x.indrelid = to_regclass($1)
        OR x.indrelid = (SELECT o.indrelid FROM pg_catalog.pg_index o WHERE o.indexrelid = to_regclass($1)))
