-- Where the WAL ends, and each that is connected to read it: whether there is one, its state (NULL if it may not be seen),
-- its name, what it has replayed, and its lag in seconds.
SELECT pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_lsn(), '0/0')::bigint,
       r.pid IS NOT NULL,
       r.state,
       COALESCE(NULLIF(r.application_name, ''), pg_catalog.host(r.client_addr), 'process ' || r.pid),
       pg_catalog.pg_wal_lsn_diff(r.replay_lsn, '0/0')::bigint,
       EXTRACT(epoch FROM r.replay_lag)::double precision
  FROM (VALUES (1)) AS one LEFT JOIN pg_catalog.pg_stat_replication r ON true
 ORDER BY r.pid
