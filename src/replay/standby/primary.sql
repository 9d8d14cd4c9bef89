-- The cluster, the database, and where the WAL ends, in bytes. Where a page has just begun, nothing is written behind its
-- header yet, and a standby that has replayed everything stands before it.
SELECT c.system_identifier::text,
       (SELECT d.oid::text FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database()),
       (w.at - CASE WHEN w.at % w.page <= 40 THEN w.at % w.page ELSE 0 END)::bigint
  FROM pg_catalog.pg_control_system() c
 CROSS JOIN (SELECT pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_insert_lsn(), '0/0') AS at,
                    pg_catalog.current_setting('wal_block_size')::numeric AS page) w
