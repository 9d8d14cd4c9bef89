-- Batch $1 of a log of orders, by a seed $2: twenty events in one transaction, four for each of five steps in the life
-- of an order. An order is paid a hundred batches after it was made, and shipped ten thousand batches after, so rows
-- both new and old change. What has no such order yet is one more item of a new one.
WITH step (step, age, event_type, schema_version) AS (
    VALUES (0, 0, 'OrderCreated', 1), (1, 0, 'OrderItemAdded', 1), (2, 10, 'OrderItemAdded', 3),
           (3, 100, 'OrderPaid', 1), (4, 10000, 'OrderShipped', 1)
), event AS (
    SELECT step, k, $1::bigint >= age AS is_old_enough, event_type, schema_version,
           'order-' || (CASE WHEN $1::bigint >= age THEN $1::bigint - age ELSE $1::bigint END) * 4 + k AS id,
           1 + ($1::bigint + $2::bigint + k) % 4 AS quantity
      FROM step, generate_series(0, 3) AS k
), new AS (
    INSERT INTO event_store.events (stream_id, stream_version, event_type, schema_version, payload)
    SELECT id, CASE WHEN is_old_enough THEN step ELSE step + 5 END,
           CASE WHEN is_old_enough THEN event_type ELSE 'OrderItemAdded' END,
           CASE WHEN is_old_enough THEN schema_version ELSE 3 END,
           jsonb_build_object('order_id', id) || CASE
               WHEN event_type = 'OrderCreated' THEN
                   jsonb_build_object('customer_id', 'c' || ($1::bigint + k) % 500, 'customer_name', 'Typed ' || id)
               WHEN step = 1 THEN jsonb_build_object('quantity', quantity, 'price', '12.50')
               WHEN step = 2 OR NOT is_old_enough THEN
                   jsonb_build_object('quantity', quantity, 'unit_price_cents', 399 + k, 'currency', 'EUR')
               ELSE '{}' END
      FROM event ORDER BY step, k
    RETURNING position
)
SELECT max(position) FROM new
