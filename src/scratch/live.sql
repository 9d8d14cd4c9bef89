-- What a scratch database shall be like, and whether this role may make one here.
SELECT pg_catalog.current_setting('server_version_num')::int8 / 10000,
       d.oid::int8,
       r.rolsuper OR (r.rolcreatedb AND r.rolcreaterole),
       pg_catalog.format('ENCODING %L LC_COLLATE %L LC_CTYPE %L',
                         pg_catalog.pg_encoding_to_char(d.encoding), d.datcollate, d.datctype),
       ARRAY(SELECT rolname::text FROM pg_catalog.pg_roles
              WHERE NOT starts_with(rolname, 'pg_') AND NOT starts_with(rolname, 'regrow_scratch')),
       ARRAY(SELECT extname::text FROM pg_catalog.pg_extension WHERE extname <> 'plpgsql' ORDER BY oid),
       ARRAY(SELECT n.nspname::text FROM pg_catalog.pg_extension e
               JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace
              WHERE e.extname <> 'plpgsql' ORDER BY e.oid)
  FROM pg_catalog.pg_database d, pg_catalog.pg_roles r
 WHERE d.datname = pg_catalog.current_database() AND r.rolname = current_user
