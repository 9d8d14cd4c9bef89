INSERT INTO regrow.parked_events (build_id, position, part, stream_id, stream_version, event_type,
                                 schema_version, place, sqlstate, message, code, detail)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
ON CONFLICT (build_id, position, part) DO UPDATE
   SET place = EXCLUDED.place, sqlstate = EXCLUDED.sqlstate, message = EXCLUDED.message,
       code = EXCLUDED.code, detail = EXCLUDED.detail, parked_at = clock_timestamp()
