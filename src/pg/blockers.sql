-- Who holds up a session, the oldest transaction first. Prepared transactions have no session.
SELECT COALESCE(
           format('pid %s (user %s, %s, %s for %s): %s', a.pid, a.usename,
                  COALESCE(NULLIF(a.application_name, ''), 'no application name'), a.state,
                  date_trunc('second', clock_timestamp() - COALESCE(a.xact_start, a.state_change)),
                  left(regexp_replace(a.query, '\s+', ' ', 'g'), 80)),
           'a prepared transaction (see pg_prepared_xacts)')
  FROM (SELECT DISTINCT unnest(pg_catalog.pg_blocking_pids($1)) AS pid) AS b
  LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = b.pid
 ORDER BY a.xact_start
 LIMIT 10
