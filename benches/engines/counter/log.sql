INSERT INTO event_store.events (stream_id, stream_version, event_type, payload)
SELECT 'count-' || n % 5000, n / 5000, 'Counted', '{}' FROM generate_series(1, $1::bigint) AS n ORDER BY n
