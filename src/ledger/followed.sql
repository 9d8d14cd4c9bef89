SELECT DISTINCT f.build_id
  FROM regrow.worker_build f
  JOIN regrow.worker w ON w.id = f.worker_id
 WHERE w.seen_at > clock_timestamp() - interval '10 seconds'
    OR EXISTS (SELECT FROM regrow.worker_build o
                 JOIN regrow.checkpoint c ON c.build_id = o.build_id
                WHERE o.worker_id = w.id AND c.changed_at > w.seen_at
                  AND c.changed_at > clock_timestamp() - interval '10 seconds')
