WITH applied AS (
    DELETE FROM regrow.skipped_events s USING unnest($2::bigint[], $3::integer[]) AS e(position, part)
     WHERE s.build_id = $1 AND s.position = e.position AND s.part = e.part
    RETURNING 1)
UPDATE regrow.checkpoint SET events_skipped = events_skipped - (SELECT count(*) FROM applied)
 WHERE build_id = $1 AND shard = 0
