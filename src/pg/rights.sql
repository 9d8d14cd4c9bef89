-- The GRANT that the role we act as lacks for the object $2 of the kind $1, which the statement $4 needs
-- the privilege $3 on; the role is $5, if a script has taken one on. Names in refusals have no schema: one the statement mentions comes first.
SELECT CASE
       WHEN $1::text = 'database' THEN
         pg_catalog.format('GRANT %s ON DATABASE %I TO %I;', $3::text, pg_catalog.current_database(), me.role)
       WHEN $1 = 'schema' THEN (
         SELECT pg_catalog.format('GRANT %s ON SCHEMA %I TO %I;',
                CASE WHEN pg_catalog.has_schema_privilege(me.role, n.oid, 'USAGE') THEN 'CREATE' ELSE 'USAGE' END,
                n.nspname, me.role)
           FROM pg_catalog.pg_namespace n WHERE n.nspname = $2::text)
       WHEN $1 IN ('function', 'procedure', 'aggregate') THEN (
         SELECT pg_catalog.format('GRANT EXECUTE ON ROUTINE %s TO %I;', p.oid::pg_catalog.regprocedure, me.role)
           FROM pg_catalog.pg_proc p
          WHERE p.proname = $2 AND NOT pg_catalog.has_function_privilege(me.role, p.oid, 'EXECUTE')
          ORDER BY p.oid LIMIT 1)
       WHEN $1 IN ('type', 'language', 'foreign server') THEN
         pg_catalog.format('GRANT USAGE ON %s %I TO %I;', pg_catalog.upper($1), $2, me.role)
       ELSE (
         SELECT pg_catalog.format('GRANT %s ON %s %I.%I TO %I;', $3,
                CASE c.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, n.nspname, c.relname, me.role)
           FROM pg_catalog.pg_class c
           JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
          WHERE c.relname = $2 AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
            AND n.nspname NOT IN ('pg_catalog', 'information_schema')
          ORDER BY pg_catalog.strpos($4::text, n.nspname || '.') = 0
                   AND pg_catalog.strpos($4, pg_catalog.format('"%s".', n.nspname)) = 0,
                pg_catalog.has_table_privilege(me.role, c.oid, 'SELECT'), c.oid
          LIMIT 1)
       END
  FROM (SELECT COALESCE($5::text, current_user::text)::name AS role) AS me
