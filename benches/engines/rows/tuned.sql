-- The key is added when all rows are there, and nothing is sorted.
SET maintenance_work_mem = '1GB';
CREATE SCHEMA by_hand;
CREATE TABLE by_hand.event_row AS
SELECT position, stream_id, event_type AS type,
       CASE WHEN event_type = 'OrderItemAdded' THEN (payload ->> 'quantity')::integer END AS quantity,
       CASE WHEN event_type = 'OrderItemAdded' THEN
           CASE schema_version
               WHEN 1 THEN (payload ->> 'price')::bigint
               WHEN 2 THEN (payload ->> 'unit_price')::bigint
               ELSE (payload ->> 'unit_price_cents')::bigint END
       END AS cents,
       recorded_at
  FROM event_store.events;
ALTER TABLE by_hand.event_row
    ADD PRIMARY KEY (position), ALTER stream_id SET NOT NULL, ALTER type SET NOT NULL, ALTER recorded_at SET NOT NULL;
ANALYZE by_hand.event_row;
