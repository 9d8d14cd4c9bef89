(SELECT range_after AS after, position AS until, range_events AS events, range_hash_sum::text AS hash_sum,
        true AS is_open
   FROM regrow.checkpoint WHERE build_id = $1 AND shard = 0 AND position > range_after)
UNION ALL
(SELECT after, until, events, hash_sum::text, false
   FROM regrow.read_range WHERE build_id = $1
  ORDER BY compared_at NULLS FIRST, after DESC LIMIT $2)
