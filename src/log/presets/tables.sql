-- The columns of the table or view $1 (a name as SQL text), or of all that are not the server's own.
SELECT n.nspname::text AS schema, c.relname::text AS name, quote_ident(n.nspname) AS schema_label,
       format('%I.%I', n.nspname, c.relname) AS label,
       EXISTS (SELECT FROM pg_catalog.pg_inherits i WHERE i.inhrelid = c.oid) AS is_part,
       (SELECT count(*) FROM pg_catalog.pg_inherits i WHERE i.inhparent = c.oid) AS parts,
       a.attname::text AS column_name, pg_catalog.format_type(a.atttypid, NULL) AS type,
       a.attidentity <> '' OR (a.atthasdef AND a.attgenerated = '') AS has_default,
       EXISTS (SELECT FROM pg_catalog.pg_index x
                WHERE x.indrelid = c.oid AND x.indisunique AND x.indisvalid AND a.attnum = ANY (x.indkey::int2[])) AS is_unique,
       EXISTS (SELECT FROM pg_catalog.pg_index x
                 JOIN pg_catalog.pg_class xc ON xc.oid = x.indexrelid
                 JOIN pg_catalog.pg_am m ON m.oid = xc.relam AND m.amname = 'btree'
                WHERE x.indrelid = c.oid AND x.indisvalid AND x.indpred IS NULL AND x.indkey[0] = a.attnum) AS is_indexed
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
 WHERE c.relkind IN ('r', 'p', 'v') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
   AND ($1::text IS NULL OR c.oid = pg_catalog.to_regclass($1::text)::oid)
 ORDER BY n.nspname, c.relname, a.attnum
