-- Which of the schemas $2 have a column of a shared type (its schema's name is like $3) of whose schema a column of
-- the schema $1 has one, too.
SELECT theirs.schema
  FROM (SELECT DISTINCT c.relnamespace, t.typnamespace
          FROM pg_catalog.pg_class c
          JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
          JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
          JOIN pg_catalog.pg_namespace of_type ON of_type.oid = t.typnamespace AND of_type.nspname ~ $3
         WHERE c.relkind IN ('r', 'p') AND c.relnamespace = pg_catalog.to_regnamespace(pg_catalog.quote_ident($1))) AS ours
  JOIN (SELECT DISTINCT n.nspname::pg_catalog.text AS schema, t.typnamespace
          FROM pg_catalog.pg_namespace n
          JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relkind IN ('r', 'p')
          JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
          JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
         WHERE n.nspname = ANY ($2::pg_catalog.text[])) AS theirs USING (typnamespace)
 ORDER BY 1
 LIMIT 1
