-- Whether the server is a standby, its cluster, the database, and the end of what it has replayed, in bytes; in one text.
SELECT pg_catalog.concat_ws(' ', pg_catalog.pg_is_in_recovery(), c.system_identifier,
           (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database()),
           COALESCE(pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_last_wal_replay_lsn(), '0/0'), 0)::bigint)
  FROM pg_catalog.pg_control_system() c
