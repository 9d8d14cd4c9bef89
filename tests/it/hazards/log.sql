-- A log of {orders} orders and 500 customers, six events an order, sixteen orders at a time.
-- Items come in their three versions, and some arrive behind the payment or the cancellation.
WITH plan AS (
    SELECT i, i / 96 * 16 + i % 16 AS o, i % 96 / 16 AS step FROM generate_series(0, {orders} * 6 - 1) AS i
), event AS (
    SELECT -1000 + n AS at, 'customer-c' || n AS stream, 'CustomerRegistered' AS type, 1 AS version,
           jsonb_build_object('customer_id', 'c' || n, 'name', 'Name ' || n) AS payload
      FROM generate_series(0, 499) AS n
    UNION ALL
    SELECT i, 'order-' || o, 'OrderCreated', 1,
           jsonb_build_object('order_id', 'order-' || o, 'customer_id', 'c' || o % 500, 'customer_name', 'Typed ' || o)
      FROM plan WHERE step = 0
    UNION ALL
    SELECT i, 'order-' || o, 'OrderItemAdded', 1 + (o + step) % 3,
           jsonb_build_object('order_id', 'order-' || o, 'quantity', 1 + i % 4)
           || CASE (o + step) % 3
                   WHEN 0 THEN jsonb_build_object('price', (i % 1000 / 100.0)::numeric(9, 2)::text)
                   WHEN 1 THEN jsonb_build_object('unit_price', (i % 1000 / 100.0)::numeric(9, 2)::text, 'currency', 'EUR')
                   ELSE jsonb_build_object('unit_price_cents', i % 1000, 'currency', 'CHF') END
      FROM plan WHERE step BETWEEN 1 AND 3 OR (step = 5 AND o % 10 >= 6)
    UNION ALL
    SELECT i, 'order-' || o, CASE WHEN o % 10 < 7 THEN 'OrderPaid' ELSE 'OrderCancelled' END, 1,
           jsonb_build_object('order_id', 'order-' || o)
      FROM plan WHERE step = 4 AND o % 10 <= 7
    UNION ALL
    SELECT i, 'customer-c' || o % 500, 'CustomerRenamed', 1,
           jsonb_build_object('customer_id', 'c' || o % 500, 'name', 'Renamed ' || i)
      FROM plan WHERE step = 4 AND o % 10 > 7
    UNION ALL
    SELECT i, 'order-' || o, 'OrderShipped', 1, jsonb_build_object('order_id', 'order-' || o)
      FROM plan WHERE step = 5 AND o % 10 < 6
)
INSERT INTO event_store.events (stream_id, stream_version, event_type, schema_version, payload)
SELECT stream, row_number() OVER (PARTITION BY stream ORDER BY at) - 1, type, version, payload
  FROM event ORDER BY at
