-- What one would write first: the status is that of the last event which has one.
CREATE SCHEMA by_hand;
CREATE TABLE by_hand.order_summary (
    id text PRIMARY KEY, customer_id text NOT NULL, customer_name text NOT NULL, status text NOT NULL,
    total_amount numeric(14, 2) NOT NULL, item_count integer NOT NULL, created_at timestamptz NOT NULL
);
INSERT INTO by_hand.order_summary
SELECT payload ->> 'order_id',
       max(payload ->> 'customer_id') FILTER (WHERE event_type = 'OrderCreated'),
       max(payload ->> 'customer_name') FILTER (WHERE event_type = 'OrderCreated'),
       (array_agg(CASE event_type WHEN 'OrderPaid' THEN 'paid' WHEN 'OrderShipped' THEN 'shipped'
                                  WHEN 'OrderCancelled' THEN 'cancelled' ELSE 'pending' END
                  ORDER BY position DESC) FILTER (WHERE event_type <> 'OrderItemAdded'))[1],
       COALESCE(sum((payload ->> 'quantity')::integer * CASE schema_version
                        WHEN 1 THEN (payload ->> 'price')::bigint
                        WHEN 2 THEN (payload ->> 'unit_price')::bigint
                        ELSE (payload ->> 'unit_price_cents')::bigint END / 100.0)
                    FILTER (WHERE event_type = 'OrderItemAdded'), 0),
       COALESCE(sum((payload ->> 'quantity')::integer) FILTER (WHERE event_type = 'OrderItemAdded'), 0),
       min(recorded_at) FILTER (WHERE event_type = 'OrderCreated')
  FROM event_store.events
 WHERE event_type IN ('OrderCreated', 'OrderItemAdded', 'OrderPaid', 'OrderShipped', 'OrderCancelled')
 GROUP BY 1;
CREATE INDEX ON by_hand.order_summary (customer_id, created_at);
ANALYZE by_hand.order_summary;
