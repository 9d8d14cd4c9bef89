WITH closed AS (
    UPDATE regrow.checkpoint SET range_after = position, range_events = 0, range_hash_sum = 0
     WHERE build_id = $1 AND shard = 0 AND range_after = $2 AND position = $3
    RETURNING build_id
), before AS (
    SELECT c.range_events, c.range_hash_sum FROM regrow.checkpoint c WHERE c.build_id = $1 AND c.shard = 0
)
INSERT INTO regrow.read_range (build_id, after, until, events, hash_sum, found_events, found_sum, compared_at)
SELECT $1::bigint, $2::bigint, $3::bigint, before.range_events, before.range_hash_sum, $4::bigint,
       $5::text::numeric, clock_timestamp()
  FROM closed, before
ON CONFLICT DO NOTHING
