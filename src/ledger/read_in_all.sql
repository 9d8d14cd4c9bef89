SELECT (c.range_events + COALESCE(sum(r.events), 0))::bigint,
       (c.range_hash_sum + COALESCE(sum(r.hash_sum), 0))::text,
       c.events_read
  FROM regrow.checkpoint c
  LEFT JOIN regrow.read_range r ON r.build_id = c.build_id
 WHERE c.build_id = $1 AND c.shard = 0
 GROUP BY c.build_id, c.shard
