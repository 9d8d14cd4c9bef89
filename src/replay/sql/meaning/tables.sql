-- The tables of the schema $1, with the number of their columns.
SELECT c.oid, c.relnatts
  FROM pg_catalog.pg_class c
 WHERE c.relnamespace = pg_catalog.to_regnamespace(pg_catalog.quote_ident($1)) AND c.relkind IN ('r', 'p')
 ORDER BY 1
