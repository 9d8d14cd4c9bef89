-- Everybody who holds a lock that can write to the tables $1 or a partition of theirs.
WITH watched AS (
    SELECT t.oid FROM unnest($1::text[]) AS given(name), LATERAL (
        SELECT given.name::regclass::oid AS oid
        UNION ALL
        SELECT relid::oid FROM pg_catalog.pg_partition_tree(given.name::regclass)) t
)
SELECT DISTINCT l.virtualtransaction, l.pid,
       CASE WHEN l.pid IS NULL
            -- It keeps its backend's virtual transaction, or has -1/xid after a restart; in
            -- both cases it also holds the lock of its own transaction id.
            THEN format('prepared transaction %s', COALESCE((
                     SELECT quote_literal(p.gid) || ' since ' || p.prepared::timestamptz(0)
                       FROM pg_catalog.pg_locks x
                       JOIN pg_catalog.pg_prepared_xacts p ON p.transaction = x.transactionid
                      WHERE x.locktype = 'transactionid' AND x.pid IS NULL
                        AND x.virtualtransaction = l.virtualtransaction LIMIT 1), l.virtualtransaction))
            ELSE format('pid %s (user %s, %s, %s)', l.pid, a.usename,
                        COALESCE(NULLIF(a.application_name, ''), 'no application name'), a.state)
       END
  FROM pg_catalog.pg_locks l
  LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
 WHERE l.locktype = 'relation' AND l.granted
   AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
   AND l.relation IN (SELECT oid FROM watched)
   AND l.mode IN ('RowExclusiveLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
