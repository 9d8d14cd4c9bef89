-- What the scratch function resolved outside the schema $1, those of its types ($2) and the server's own: each object with
-- its schema, the extension it belongs to, if to any, and whether it is a table.
WITH RECURSIVE probe AS (
  SELECT p.oid, p.prosqlbody::text AS tree
    FROM pg_catalog.pg_proc p
   WHERE p.pronamespace = pg_catalog.to_regnamespace($1) AND p.proname = 'regrow_probe'
), named(class, oid) AS (
  SELECT d.refclassid, d.refobjid
    FROM probe JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_proc'::regclass AND d.objid = probe.oid
   WHERE d.refclassid <> 'pg_catalog.pg_namespace'::regclass
  UNION
  -- A column's type is nowhere else: its operators may be those of another type.
  SELECT 'pg_catalog.pg_type'::regclass, m[1]::oid
    FROM probe, pg_catalog.regexp_matches(tree, ':[a-z_]*type(?:id)? (\d+)', 'g') AS m
  UNION
  -- An array is where its elements are, and a domain has the operators of what it is over.
  SELECT 'pg_catalog.pg_type'::regclass, part.oid
    FROM named JOIN pg_catalog.pg_type t ON named.class = 'pg_catalog.pg_type'::regclass AND t.oid = named.oid,
         LATERAL (
           SELECT t.typbasetype AS oid WHERE t.typtype = 'd'
           UNION ALL
           SELECT e.oid FROM pg_catalog.pg_type e WHERE e.oid = t.typelem AND e.typarray = t.oid
         ) AS part
), placed AS (
  SELECT named.class, named.oid, (pg_catalog.pg_identify_object(named.class, named.oid, 0)).*
    FROM named
   WHERE named.class <> 'pg_catalog.pg_type'::regclass
      -- Not an array itself: it is no member of an extension. Nor a table's row, where the table is.
      OR EXISTS (SELECT FROM pg_catalog.pg_type t WHERE t.oid = named.oid AND t.typtype <> 'p'
                    AND NOT EXISTS (SELECT FROM pg_catalog.pg_class c WHERE c.oid = t.typrelid AND c.relkind <> 'c')
                    AND NOT EXISTS (SELECT FROM pg_catalog.pg_type e WHERE e.oid = t.typelem AND e.typarray = t.oid))
)
SELECT DISTINCT placed.type || ' ' || placed.identity, n.nspname::text, x.extname::text,
       placed.class = 'pg_catalog.pg_class'::regclass
  FROM placed
  JOIN pg_catalog.pg_namespace n ON pg_catalog.quote_ident(n.nspname) = placed.schema
  LEFT JOIN pg_catalog.pg_depend e ON e.classid = placed.class AND e.objid = placed.oid AND e.deptype = 'e'
  LEFT JOIN pg_catalog.pg_extension x ON x.oid = e.refobjid
 WHERE n.oid <> pg_catalog.to_regnamespace($1) AND n.nspname NOT IN ('pg_catalog', 'information_schema')
   AND NOT n.nspname = ANY ($2::text[]::name[])
 ORDER BY 1
