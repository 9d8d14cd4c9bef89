-- What the names in a body of PL/pgSQL may mean where the build's path holds. $1, $2, $3: schemas (empty where
-- none is named), names and numbers of arguments of calls (-1: a row's function, which only the build's own can
-- be); $4: names that stand alone; $5: names before a dot; $6: the build's schema.
SELECT 'function' AS kind, p.oid, NULL AS name
  FROM unnest($1::text[], $2::text[], $3::int[]) AS c(schema, name, arguments)
  JOIN pg_catalog.pg_proc p ON p.proname = c.name
  JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
 WHERE CASE c.schema WHEN '' THEN n.nspname = ANY (current_schemas(true)) ELSE n.nspname = c.schema END
   AND (c.arguments >= 0 OR n.nspname = $6)
   AND (c.arguments < 0 OR c.arguments BETWEEN p.pronargs - p.pronargdefaults AND p.pronargs OR p.provariadic <> 0
        -- No function takes so many: then it is all of them that may be meant.
        OR NOT EXISTS (SELECT FROM pg_catalog.pg_proc o
                        WHERE o.proname = c.name AND o.pronamespace = p.pronamespace
                          AND c.arguments BETWEEN o.pronargs - o.pronargdefaults AND o.pronargs))
UNION
-- Operators and casts are not named: all that are not PostgreSQL's or an extension's may be meant.
SELECT 'function', f.oid, NULL
  FROM (SELECT oprcode::oid AS oid FROM pg_catalog.pg_operator
        UNION SELECT castfunc FROM pg_catalog.pg_cast) AS f
 WHERE f.oid >= 16384
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                    WHERE d.classid = 'pg_catalog.pg_proc'::regclass AND d.objid = f.oid AND d.deptype = 'e')
UNION
-- A table of another schema on the path.
SELECT 'relation', c.oid, format('%I.%I', n.nspname, c.relname)
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relname = ANY ($4::text[]::name[]) AND n.nspname = ANY (current_schemas(false))
   AND n.nspname <> $6 AND n.nspname <> 'pg_catalog' AND n.nspname !~ '^pg_temp' AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_class own
                    WHERE own.relname = c.relname AND own.relnamespace = to_regnamespace(quote_ident($6)))
UNION
SELECT 'schema', n.oid, n.nspname::text
  FROM pg_catalog.pg_namespace n
 WHERE n.nspname = ANY ($5::text[]::name[]) AND n.nspname NOT IN ('pg_catalog', $6)
UNION
-- What is not there yet could be made, and would then be another function at another rebuild.
SELECT 'missing', NULL, c.schema || '.' || c.name
  FROM unnest($1::text[], $2::text[]) AS c(schema, name)
 WHERE c.schema <> '' AND NOT EXISTS (SELECT FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n
                                          ON n.oid = p.pronamespace WHERE n.nspname = c.schema AND p.proname = c.name)
 ORDER BY 1, 2
