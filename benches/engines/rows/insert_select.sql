-- What one would write first.
CREATE SCHEMA by_hand;
CREATE TABLE by_hand.event_row (
    position bigint PRIMARY KEY, stream_id text NOT NULL, type text NOT NULL, quantity integer, cents bigint,
    recorded_at timestamptz NOT NULL
);
INSERT INTO by_hand.event_row
SELECT position, stream_id, event_type,
       CASE WHEN event_type = 'OrderItemAdded' THEN (payload ->> 'quantity')::integer END,
       CASE WHEN event_type = 'OrderItemAdded' THEN
           CASE schema_version
               WHEN 1 THEN (payload ->> 'price')::bigint
               WHEN 2 THEN (payload ->> 'unit_price')::bigint
               ELSE (payload ->> 'unit_price_cents')::bigint END
       END,
       recorded_at
  FROM event_store.events
 ORDER BY position;
ANALYZE by_hand.event_row;
