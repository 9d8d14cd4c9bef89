-- Every tenth event is of customer-0; the others have a customer for twenty events, in no order.
-- The first half is written in version 1.
INSERT INTO event_store.events (stream_id, stream_version, event_type, schema_version, payload, recorded_at)
SELECT 'visit-' || n, 0, 'PageVisited', CASE WHEN n * 2 <= $1 THEN 1 ELSE 2 END,
       jsonb_build_object('customer_id', 'customer-' || CASE WHEN n % 10 = 0 THEN 0 ELSE 1 + (hashint8(n)::bigint & 2147483647) % GREATEST($1 / 20, 1) END,
                          'page', '/product/' || n % 997,
                          CASE WHEN n * 2 <= $1 THEN 'stay' ELSE 'seconds' END, 1 + n % 300),
       timestamptz '2026-01-01 00:00:00+00' + n * interval '137 milliseconds'
  FROM generate_series(1, $1::bigint) AS n
 ORDER BY n
