SELECT DISTINCT format('pid %s (user %s, %s, %s for %s)', a.pid, a.usename,
                       COALESCE(NULLIF(a.application_name, ''), 'no application name'), a.state,
                       date_trunc('second', clock_timestamp() - a.xact_start))
  FROM pg_catalog.pg_locks l
  JOIN pg_catalog.pg_class c ON c.oid = l.relation
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
 WHERE n.nspname = $1 AND l.granted AND l.pid <> pg_backend_pid()
 LIMIT 10
