-- What a function of PL/pgSQL ($1) may assign to, with the types: its arguments, its result, the columns of the tables
-- it is a trigger of, and the types that its body names ($2, with columns in $3, empty where the whole is meant).
-- `of_table`: the table whose column it is. $4: the build's schema.
SELECT 'argument' AS kind, COALESCE(p.proargnames[n], '') AS name, t AS oid, '' AS of_table
  FROM pg_catalog.pg_proc p,
       unnest(COALESCE(p.proallargtypes, p.proargtypes::oid[])) WITH ORDINALITY AS a(t, n)
 WHERE p.oid = $1
UNION ALL
SELECT 'result', '', p.prorettype, '' FROM pg_catalog.pg_proc p WHERE p.oid = $1
UNION ALL
SELECT DISTINCT 'column', a.attname::text, a.atttypid, format('%I.%I', n.nspname, c.relname)
  FROM pg_catalog.pg_trigger t
  JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
 WHERE t.tgfoid = $1
UNION ALL
SELECT 'typed', w.name, COALESCE(a.atttypid, t.oid), ''
  FROM unnest($2::text[], $3::text[]) AS w(name, part)
  JOIN pg_catalog.pg_type t ON t.typname = w.name
  JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace AND (n.nspname = $4 OR n.nspname = ANY (current_schemas(true)))
  LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = t.typrelid AND a.attname = w.part AND w.part <> ''
 ORDER BY 1, 2, 3
