-- Every relation that is read when the log $1 is read: itself, what a view among them reads, and the
-- children of tables; and whether this role may see subscriptions.
WITH RECURSIVE reads AS (
    SELECT $1::text::regclass::oid AS oid
    UNION
    SELECT next.oid FROM reads CROSS JOIN LATERAL (
        SELECT d.refobjid AS oid
          FROM pg_catalog.pg_rewrite w
          JOIN pg_catalog.pg_depend d
            ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND d.objid = w.oid
           AND d.refclassid = 'pg_catalog.pg_class'::regclass
         WHERE w.ev_class = reads.oid AND w.ev_type = '1'
        UNION ALL
        SELECT i.inhrelid FROM pg_catalog.pg_inherits i WHERE i.inhparent = reads.oid) AS next
)
SELECT c.oid, format('%I.%I', n.nspname, c.relname) AS label, n.nspname::text AS schema, c.relname::text AS name,
       c.relkind::text AS kind, reads.oid = $1::text::regclass AS is_log,
       CASE WHEN c.relkind = 'v' THEN pg_catalog.pg_get_viewdef(c.oid) END AS definition,
       -- Functions and operators that are not the server's own can do anything.
       EXISTS (SELECT FROM pg_catalog.pg_rewrite w
                 JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND d.objid = w.oid
                WHERE w.ev_class = c.oid AND d.refclassid IN ('pg_catalog.pg_proc'::regclass, 'pg_catalog.pg_operator'::regclass)
       ) AS calls_others,
       has_table_privilege('pg_catalog.pg_subscription_rel', 'SELECT') AS sees_tables,
       has_column_privilege('pg_catalog.pg_subscription', 'subenabled', 'SELECT') AS sees_enabled
  FROM reads
  JOIN pg_catalog.pg_class c ON c.oid = reads.oid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
