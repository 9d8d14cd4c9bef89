-- Four orders of five events each in one transaction, and the position of the last of them.
WITH new AS (
    INSERT INTO event_store.events (stream_id, stream_version, event_type, schema_version, payload)
    SELECT id, step, event_type, schema_version, jsonb_build_object('order_id', id) || more
      FROM (SELECT $1::text || '-' || n AS id FROM generate_series(1, 4) AS n) AS orders,
           (VALUES (0, 'OrderCreated', 1, '{"customer_id": "customer-1", "customer_name": "Ada"}'::jsonb),
                   (1, 'OrderItemAdded', 1, '{"sku": "sku-1", "quantity": 2, "price": "1250"}'),
                   (2, 'OrderItemAdded', 3, '{"sku": "sku-2", "quantity": 1, "unit_price_cents": 399, "currency": "USD"}'),
                   (3, 'OrderPaid', 1, '{}'),
                   (4, 'OrderShipped', 1, '{}')) AS steps (step, event_type, schema_version, more)
     ORDER BY step, id
    RETURNING position
)
SELECT max(position) FROM new
