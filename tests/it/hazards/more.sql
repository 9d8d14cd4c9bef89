-- {orders} orders of three events each, in streams that begin with {name}.
INSERT INTO event_store.events (stream_id, stream_version, event_type, schema_version, payload)
SELECT '{name}-' || n, step, type, version, jsonb_build_object('order_id', '{name}-' || n) || payload
  FROM generate_series(1, {orders}) AS n,
       LATERAL (VALUES (0, 'OrderCreated', 1, jsonb_build_object('customer_id', 'c' || n % 500, 'customer_name', 'More ' || n)),
                       (1, 'OrderItemAdded', 3, jsonb_build_object('quantity', 1 + n % 4, 'unit_price_cents', n % 1000, 'currency', 'CHF')),
                       (2, 'OrderPaid', 1, '{}'::jsonb)) AS event (step, type, version, payload)
 ORDER BY n, step
