-- A second time for the same event changes nothing.
WITH skipped AS (
    INSERT INTO regrow.skipped_events (build_id, position, part, event_type, schema_version, code, place)
    SELECT $1, e.position, e.part, e.event_type, e.schema_version, e.code, e.place
      FROM unnest($2::bigint[], $3::integer[], $4::text[], $5::integer[], $6::text[], $7::text[])
           AS e(position, part, event_type, schema_version, code, place)
    ON CONFLICT (build_id, position, part) DO NOTHING
    RETURNING 1)
UPDATE regrow.checkpoint SET events_skipped = events_skipped + (SELECT count(*) FROM skipped)
 WHERE build_id = $1 AND shard = 0
