-- The statements, a line each, that take away what a script has left: statements prepared by PREPARE, of which the
-- driver's own are none, and advisory locks of the session whose first key is not ours.
SELECT pg_catalog.string_agg(statement, E'\n')
  FROM (SELECT pg_catalog.format('DEALLOCATE %I', p.name) FROM pg_catalog.pg_prepared_statements p WHERE p.from_sql
        UNION ALL
        SELECT pg_catalog.format('SELECT pg_catalog.pg_advisory_unlock%s(%s)',
                 CASE WHEN l.mode = 'ShareLock' THEN '_shared' END,
                 CASE WHEN l.objsubid = 1
                      THEN ((l.classid::pg_catalog.int8 << 32) | l.objid::pg_catalog.int8)::pg_catalog.text
                      ELSE pg_catalog.format('%s, %s', l.classid::pg_catalog.int4, l.objid::pg_catalog.int4) END)
          FROM pg_catalog.pg_locks l
         WHERE l.locktype = 'advisory' AND l.pid = pg_catalog.pg_backend_pid() AND l.granted
           AND l.database = (SELECT d.oid FROM pg_catalog.pg_database d
                              WHERE d.datname = pg_catalog.current_database())
           AND NOT (l.objsubid = 2 AND l.classid = {class})) AS left_behind(statement)
