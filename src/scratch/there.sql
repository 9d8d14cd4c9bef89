-- Whether an object is there, by the kind and the name that a message gives it.
SELECT CASE $1
       WHEN 'relation' THEN pg_catalog.to_regclass($2) IS NOT NULL
       WHEN 'schema' THEN EXISTS (SELECT FROM pg_catalog.pg_namespace WHERE nspname = $2)
       WHEN 'type' THEN pg_catalog.to_regtype($2) IS NOT NULL
       WHEN 'role' THEN EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = $2)
       WHEN 'collation' THEN pg_catalog.to_regcollation($2) IS NOT NULL
       WHEN 'extension' THEN EXISTS (SELECT FROM pg_catalog.pg_extension WHERE extname = $2)
       WHEN 'language' THEN EXISTS (SELECT FROM pg_catalog.pg_language WHERE lanname = $2)
       WHEN 'server' THEN EXISTS (SELECT FROM pg_catalog.pg_foreign_server WHERE srvname = $2)
       WHEN 'foreign-data wrapper' THEN EXISTS (SELECT FROM pg_catalog.pg_foreign_data_wrapper WHERE fdwname = $2)
       WHEN 'publication' THEN EXISTS (SELECT FROM pg_catalog.pg_publication WHERE pubname = $2)
       WHEN 'tablespace' THEN EXISTS (SELECT FROM pg_catalog.pg_tablespace WHERE spcname = $2)
       WHEN 'text search configuration' THEN EXISTS (SELECT FROM pg_catalog.pg_ts_config WHERE cfgname = $2)
       WHEN 'function' THEN EXISTS (
           SELECT FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
            WHERE p.proname = $2 OR n.nspname || '.' || p.proname = $2)
       ELSE false END
