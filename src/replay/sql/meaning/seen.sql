-- What the functions and triggers of the schema $1 might look at, where it has any whose text is read when they run:
-- columns by their table, functions and types by none. $2 is the function of the handlers.
SELECT s.of_table, s.name
  FROM (SELECT a.attrelid AS of_table, pg_catalog.format('%s %s', a.attname, a.atttypid) AS name
          FROM pg_catalog.pg_class c JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid
         WHERE c.relnamespace = pg_catalog.to_regnamespace(pg_catalog.quote_ident($1)) AND c.relkind IN ('r', 'p')
           AND a.attnum > 0 AND NOT a.attisdropped
         UNION ALL
        SELECT 0::pg_catalog.oid, pg_catalog.format('%s %s', p.proname, p.oid)
          FROM pg_catalog.pg_proc p
         WHERE p.pronamespace = pg_catalog.to_regnamespace(pg_catalog.quote_ident($1)) AND p.proname <> $2) AS s
 WHERE EXISTS (SELECT FROM pg_catalog.pg_proc p
                WHERE p.pronamespace = pg_catalog.to_regnamespace(pg_catalog.quote_ident($1)) AND p.proname <> $2
                  AND p.prosqlbody IS NULL)
    OR EXISTS (SELECT FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid
                WHERE c.relnamespace = pg_catalog.to_regnamespace(pg_catalog.quote_ident($1)) AND NOT t.tgisinternal)
 ORDER BY 1, 2
