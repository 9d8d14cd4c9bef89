-- Everybody who holds a lock that can write to the tables $1, to a child of theirs or to what they are
-- children of: an INSERT into a parent takes its position before it knows the child. And everybody who
-- took a number of the sequences $2: nextval locks its sequence to the end of the transaction. With $3 also
-- everybody who waits for such a lock.
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
 WHERE l.locktype = 'relation' AND (l.granted OR $3)
   AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
   AND l.relation IN (SELECT oid FROM watched)
   AND l.mode IN ('RowExclusiveLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
