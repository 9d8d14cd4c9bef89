-- A process that was killed loses its lock with its session. One that hangs, or whose machine is gone, is
-- not seen any more.
SELECT f.build_id, w.host, w.pid
  FROM regrow.worker_build f
  JOIN regrow.worker w ON w.id = f.worker_id
 WHERE (w.seen_at > clock_timestamp() - interval '10 seconds'
        OR EXISTS (SELECT FROM regrow.worker_build o
                     JOIN regrow.checkpoint c ON c.build_id = o.build_id
                    WHERE o.worker_id = w.id AND c.changed_at > w.seen_at
                      AND c.changed_at > clock_timestamp() - interval '10 seconds'))
   AND (NOT w.has_lock OR pg_catalog.pg_is_in_recovery()
        OR EXISTS (SELECT FROM pg_catalog.pg_locks l
                    WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 2
                      AND l.database = (SELECT oid FROM pg_catalog.pg_database
                                         WHERE datname = pg_catalog.current_database())
                      AND l.classid = $1::int4::bigint::oid
                      AND l.objid = (pg_catalog.hashtext('worker ' || w.id || $2::text)::bigint & 4294967295)::oid))
 ORDER BY f.build_id, w.id
