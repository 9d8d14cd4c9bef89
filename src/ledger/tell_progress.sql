INSERT INTO regrow.progress (build_id, host, pid, stage, position, target, events, events_whole, rate, left_s,
                             began_at, seen_at, waits)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10,
        clock_timestamp() - make_interval(secs => $11::float8), clock_timestamp(), $12)
ON CONFLICT (build_id) DO UPDATE
   SET host = EXCLUDED.host, pid = EXCLUDED.pid, stage = EXCLUDED.stage, position = EXCLUDED.position,
       target = EXCLUDED.target, events = EXCLUDED.events, events_whole = EXCLUDED.events_whole,
       rate = EXCLUDED.rate, left_s = EXCLUDED.left_s, began_at = EXCLUDED.began_at, seen_at = EXCLUDED.seen_at,
       waits = EXCLUDED.waits
