-- Who keeps dead rows of this database from being taken away, for longer than $1 seconds.
SELECT format('pid %s (user %s, %s, %s for %s)', a.pid, a.usename,
              COALESCE(NULLIF(a.application_name, ''), 'no application name'), a.state,
              date_trunc('second', clock_timestamp() - a.xact_start)) AS who,
       format('SELECT pg_terminate_backend(%s);', a.pid) AS next
  FROM pg_catalog.pg_stat_activity a
 WHERE a.backend_xmin IS NOT NULL AND a.pid <> pg_backend_pid()
   AND a.datname = current_database()
   AND a.xact_start <= clock_timestamp() - make_interval(secs => $1)
UNION ALL
SELECT format('prepared transaction %L (user %s, for %s)', p.gid, p.owner,
              date_trunc('second', clock_timestamp() - p.prepared)),
       format('ROLLBACK PREPARED %L; or COMMIT PREPARED %1$L;', p.gid)
  FROM pg_catalog.pg_prepared_xacts p
 WHERE p.database = current_database()
   AND p.prepared <= clock_timestamp() - make_interval(secs => $1)
UNION ALL
SELECT format('replication slot %s, which nobody reads', s.slot_name),
       format('SELECT pg_drop_replication_slot(%L);', s.slot_name)
  FROM pg_catalog.pg_replication_slots s
 WHERE s.xmin IS NOT NULL AND NOT s.active
 LIMIT 10
