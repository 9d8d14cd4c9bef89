-- The GRANT that the role we act as lacks for the object $2 of the kind $1, which the statement $4 needs
-- the privilege $3 on. Names in refusals have no schema: one the statement mentions comes first.
SELECT CASE
       WHEN $1::text = 'database' THEN
         pg_catalog.format('GRANT %s ON DATABASE %I TO %I;', $3::text, pg_catalog.current_database(), current_user)
       WHEN $1 = 'schema' THEN (
         SELECT pg_catalog.format('GRANT %s ON SCHEMA %I TO %I;',
                CASE WHEN pg_catalog.has_schema_privilege(current_user, n.oid, 'USAGE') THEN 'CREATE' ELSE 'USAGE' END,
                n.nspname, current_user)
           FROM pg_catalog.pg_namespace n WHERE n.nspname = $2::text)
       WHEN $1 IN ('function', 'procedure', 'aggregate') THEN (
         SELECT pg_catalog.format('GRANT EXECUTE ON ROUTINE %s TO %I;', p.oid::pg_catalog.regprocedure, current_user)
           FROM pg_catalog.pg_proc p
          WHERE p.proname = $2 AND NOT pg_catalog.has_function_privilege(current_user, p.oid, 'EXECUTE')
          ORDER BY p.oid LIMIT 1)
       WHEN $1 IN ('type', 'language', 'foreign server') THEN
         pg_catalog.format('GRANT USAGE ON %s %I TO %I;', pg_catalog.upper($1), $2, current_user)
       ELSE (
         SELECT pg_catalog.format('GRANT %s ON %s %I.%I TO %I;', $3,
                CASE c.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, n.nspname, c.relname, current_user)
           FROM pg_catalog.pg_class c
           JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
          WHERE c.relname = $2 AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
            AND n.nspname NOT IN ('pg_catalog', 'information_schema')
          ORDER BY pg_catalog.strpos($4::text, n.nspname || '.') = 0
                   AND pg_catalog.strpos($4, pg_catalog.format('"%s".', n.nspname)) = 0,
                pg_catalog.has_table_privilege(current_user, c.oid, 'SELECT'), c.oid
          LIMIT 1)
       END
