-- Whose transactions have held a lock that can write to the tables $1, their children or their parents,
-- or have held a number of the sequences $2, for longer than $3 seconds (log/writers.sql says how a
-- prepared one is known).
WITH RECURSIVE below AS (
    SELECT unnest($1::oid[]) AS oid
    UNION
    SELECT i.inhrelid FROM below b JOIN pg_catalog.pg_inherits i ON i.inhparent = b.oid
), above AS (
    SELECT unnest($1::oid[]) AS oid
    UNION
    SELECT i.inhparent FROM above a JOIN pg_catalog.pg_inherits i ON i.inhrelid = a.oid
), watched AS (
    SELECT oid FROM below UNION SELECT oid FROM above UNION SELECT unnest($2::oid[])
), holders AS (
    SELECT DISTINCT l.pid, l.virtualtransaction
      FROM pg_catalog.pg_locks l
     WHERE l.locktype = 'relation' AND l.granted
       AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
       AND l.relation IN (SELECT oid FROM watched)
       AND l.mode IN ('RowExclusiveLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
)
SELECT false AS prepared,
       format('pid %s (user %s, %s, %s for %s)', a.pid, a.usename,
              COALESCE(NULLIF(a.application_name, ''), 'no application name'), a.state,
              date_trunc('second', clock_timestamp() - a.xact_start)) AS who,
       format('let it end, or end it: SELECT pg_terminate_backend(%s);', a.pid) AS next,
       a.xact_start AS since
  FROM holders h
  JOIN pg_catalog.pg_stat_activity a ON a.pid = h.pid
 WHERE a.xact_start <= clock_timestamp() - make_interval(secs => $3)
UNION ALL
SELECT true,
       format('prepared transaction %L (user %s, for %s)', p.gid, p.owner,
              date_trunc('second', clock_timestamp() - p.prepared)),
       format('COMMIT PREPARED %L; or ROLLBACK PREPARED %1$L;', p.gid),
       p.prepared
  FROM holders h
  JOIN pg_catalog.pg_locks x
    ON h.pid IS NULL AND x.locktype = 'transactionid' AND x.pid IS NULL AND x.virtualtransaction = h.virtualtransaction
  JOIN pg_catalog.pg_prepared_xacts p ON p.transaction = x.transactionid
 WHERE p.prepared <= clock_timestamp() - make_interval(secs => $3)
 ORDER BY since
 LIMIT 10
