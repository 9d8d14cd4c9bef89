-- The fastest found. It knows that a status only moves on, so no event needs to be sorted;
-- it sums whole cents; keys come when all rows are there.
SET work_mem = '1GB';
SET hash_mem_multiplier = 2;
SET maintenance_work_mem = '1GB';
SET enable_sort = off;
CREATE SCHEMA by_hand;
CREATE TABLE by_hand.order_summary AS
SELECT payload ->> 'order_id' AS id,
       max(payload ->> 'customer_id') FILTER (WHERE event_type = 'OrderCreated') AS customer_id,
       max(payload ->> 'customer_name') FILTER (WHERE event_type = 'OrderCreated') AS customer_name,
       CASE max(CASE event_type WHEN 'OrderPaid' THEN 1 WHEN 'OrderShipped' THEN 2 WHEN 'OrderCancelled' THEN 3 ELSE 0 END)
           WHEN 0 THEN 'pending' WHEN 1 THEN 'paid' WHEN 2 THEN 'shipped' ELSE 'cancelled' END AS status,
       COALESCE(sum((payload ->> 'quantity')::integer * CASE schema_version
                        WHEN 1 THEN (payload ->> 'price')::integer
                        WHEN 2 THEN (payload ->> 'unit_price')::integer
                        ELSE (payload ->> 'unit_price_cents')::integer END)
                    FILTER (WHERE event_type = 'OrderItemAdded') / 100.0, 0)::numeric(14, 2) AS total_amount,
       COALESCE(sum((payload ->> 'quantity')::integer) FILTER (WHERE event_type = 'OrderItemAdded'), 0)::integer AS item_count,
       min(recorded_at) FILTER (WHERE event_type = 'OrderCreated') AS created_at
  FROM event_store.events
 WHERE event_type IN ('OrderCreated', 'OrderItemAdded', 'OrderPaid', 'OrderShipped', 'OrderCancelled')
 GROUP BY 1;
ALTER TABLE by_hand.order_summary
    ADD PRIMARY KEY (id), ALTER customer_id SET NOT NULL, ALTER customer_name SET NOT NULL,
    ALTER status SET NOT NULL, ALTER total_amount SET NOT NULL, ALTER item_count SET NOT NULL,
    ALTER created_at SET NOT NULL;
CREATE INDEX ON by_hand.order_summary (customer_id, created_at);
ANALYZE by_hand.order_summary;
