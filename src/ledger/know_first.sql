WITH kept AS (
    INSERT INTO regrow.anchor (build_id, position, is_first, events_read, envelope, payload, system, timeline,
                               snapshot)
    SELECT $1::bigint, $2::bigint, true, 0, $3::bytea, $4::bytea, $5::text, $6::text, $7::text
      FROM regrow.build b WHERE b.id = $1 AND b.known_from IS NULL
    ON CONFLICT DO NOTHING
)
UPDATE regrow.build SET known_from = 0 WHERE id = $1 AND known_from IS NULL
