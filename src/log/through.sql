-- Views that the rows of the log $1 are read through, functions that they call, and functions by the names $2, with what
-- their definitions come to; and the server's major version. What the server brings along changes with its version only.
WITH RECURSIVE reads AS (
    SELECT 'pg_catalog.pg_class'::regclass::oid AS class, pg_catalog.to_regclass($1)::oid AS oid
    UNION
    SELECT 'pg_catalog.pg_proc'::regclass::oid, p.oid FROM pg_catalog.pg_proc p
     WHERE p.oid >= 16384 AND p.proname = ANY ($2::text[])
    UNION
    SELECT next.class, next.oid FROM reads CROSS JOIN LATERAL (
        SELECT d.refclassid AS class, d.refobjid AS oid
          FROM pg_catalog.pg_rewrite w
          JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND d.objid = w.oid
         WHERE reads.class = 'pg_catalog.pg_class'::regclass AND w.ev_class = reads.oid AND w.ev_type = '1'
           AND d.refclassid IN ('pg_catalog.pg_class'::regclass, 'pg_catalog.pg_proc'::regclass)
        UNION ALL
        -- An operator is its function.
        SELECT 'pg_catalog.pg_proc'::regclass, o.oprcode
          FROM pg_catalog.pg_rewrite w
          JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND d.objid = w.oid
          JOIN pg_catalog.pg_operator o ON d.refclassid = 'pg_catalog.pg_operator'::regclass AND o.oid = d.refobjid
         WHERE reads.class = 'pg_catalog.pg_class'::regclass AND w.ev_class = reads.oid AND w.ev_type = '1'
        UNION ALL
        -- What a function with BEGIN ATOMIC calls and reads.
        SELECT d.refclassid, d.refobjid FROM pg_catalog.pg_depend d
         WHERE reads.class = 'pg_catalog.pg_proc'::regclass AND d.classid = reads.class AND d.objid = reads.oid
           AND d.refclassid IN ('pg_catalog.pg_class'::regclass, 'pg_catalog.pg_proc'::regclass)) AS next
), found AS (
    SELECT format('the view %I.%I', n.nspname, c.relname) AS name, pg_catalog.pg_get_viewdef(c.oid) AS definition
      FROM reads
      JOIN pg_catalog.pg_class c ON c.oid = reads.oid AND c.relkind IN ('v', 'm')
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE reads.class = 'pg_catalog.pg_class'::regclass AND c.oid >= 16384
    UNION ALL
    SELECT format('the function %I.%I(%s)', n.nspname, p.proname, pg_catalog.pg_get_function_identity_arguments(p.oid)),
           pg_catalog.pg_get_functiondef(p.oid)
      FROM reads
      JOIN pg_catalog.pg_proc p ON p.oid = reads.oid AND p.prokind IN ('f', 'w')
      JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
     WHERE reads.class = 'pg_catalog.pg_proc'::regclass AND p.oid >= 16384
)
SELECT current_setting('server_version_num')::int / 10000 AS server,
       COALESCE(array_agg(name ORDER BY name) FILTER (WHERE name IS NOT NULL), '{}') AS names,
       -- By its bytes: in a database without an encoding not every text can be converted. What was dropped a moment ago
       -- has no definition any more.
       COALESCE(array_agg(COALESCE(to_hex(hashtextextended(definition COLLATE "C", 0))
                                   || to_hex(hashtextextended(definition COLLATE "C", 1)), '')
                          ORDER BY name) FILTER (WHERE name IS NOT NULL), '{}') AS digests
  FROM found
