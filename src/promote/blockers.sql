-- Who holds locks on a schema's views, the longest transaction first: with many readers the
-- one in the way is not the one that came last.
SELECT format('pid %s (user %s, %s, %s for %s)', a.pid, a.usename,
              COALESCE(NULLIF(a.application_name, ''), 'no application name'), a.state,
              date_trunc('second', clock_timestamp() - a.xact_start))
  FROM pg_catalog.pg_stat_activity a
 WHERE a.pid <> pg_backend_pid()
   AND a.pid IN (SELECT l.pid
                   FROM pg_catalog.pg_locks l
                   JOIN pg_catalog.pg_class c ON c.oid = l.relation
                   JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                  WHERE n.nspname = $1 AND l.granted
                    AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database()))
 ORDER BY a.xact_start
 LIMIT 10
