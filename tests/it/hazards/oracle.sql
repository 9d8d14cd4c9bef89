-- The read models as the log up to {until} says, in set-based SQL that shares nothing with
-- the engine: no handler, no upcaster, no order of execution.
WITH log AS MATERIALIZED (
    SELECT position, event_type, schema_version, payload, recorded_at, payload ->> 'order_id' AS order_id
      FROM event_store.events WHERE position <= {until}
), created AS (
    SELECT order_id, payload ->> 'customer_id' AS customer_id, payload ->> 'customer_name' AS typed_name, recorded_at
      FROM log WHERE event_type = 'OrderCreated'
), item AS (
    SELECT position, order_id, (payload ->> 'quantity')::int AS quantity,
           (payload ->> 'quantity')::int * CASE schema_version
               WHEN 1 THEN (payload ->> 'price')::numeric * 100
               WHEN 2 THEN (payload ->> 'unit_price')::numeric * 100
               ELSE (payload ->> 'unit_price_cents')::numeric END AS cents,
           COALESCE(payload ->> 'currency', 'USD') AS currency
      FROM log WHERE event_type = 'OrderItemAdded'
), items AS (
    SELECT order_id, sum(quantity)::int AS quantity, sum(cents) AS cents,
           (array_agg(currency ORDER BY position DESC))[1] AS currency
      FROM item GROUP BY order_id
), outcome AS (
    SELECT DISTINCT ON (order_id) order_id, lower(substr(event_type, 6)) AS status
      FROM log WHERE event_type IN ('OrderPaid', 'OrderShipped', 'OrderCancelled')
     ORDER BY order_id, position DESC
), named AS (
    SELECT DISTINCT ON (1) payload ->> 'customer_id' AS customer_id, payload ->> 'name' AS name
      FROM log WHERE event_type IN ('CustomerRegistered', 'CustomerRenamed')
     ORDER BY 1, position DESC
), seen AS (
    SELECT DISTINCT ON (customer_id) customer_id, recorded_at FROM (
        SELECT payload ->> 'customer_id', position, recorded_at
          FROM log WHERE event_type IN ('CustomerRegistered', 'CustomerRenamed', 'OrderCreated')
        UNION ALL
        SELECT c.customer_id, p.position, p.recorded_at
          FROM log p JOIN created c USING (order_id) WHERE p.event_type = 'OrderPaid') AS s (customer_id, position, recorded_at)
     ORDER BY customer_id, position DESC
), fate AS (
    SELECT c.customer_id, count(*) FILTER (WHERE l.event_type = 'OrderCreated') AS created,
           count(*) FILTER (WHERE l.event_type = 'OrderShipped') AS shipped,
           count(*) FILTER (WHERE l.event_type = 'OrderCancelled') AS cancelled
      FROM log l JOIN created c USING (order_id) GROUP BY c.customer_id
), spent AS (
    SELECT c.customer_id, sum(i.cents) AS cents
      FROM log p JOIN created c USING (order_id) JOIN item i ON i.order_id = p.order_id AND i.position < p.position
     WHERE p.event_type = 'OrderPaid' GROUP BY c.customer_id
), order_summary AS (
    SELECT c.order_id AS id, c.customer_id, c.typed_name AS customer_name, COALESCE(o.status, 'pending') AS status,
           (COALESCE(i.cents, 0) / 100)::numeric(14, 2) AS total_amount, COALESCE(i.quantity, 0) AS item_count,
           c.recorded_at AS created_at, i.currency
      FROM created c LEFT JOIN items i USING (order_id) LEFT JOIN outcome o USING (order_id)
), customer_activity AS (
    SELECT n.customer_id AS id, n.name,
           (COALESCE(f.created, 0) - COALESCE(f.shipped, 0) - COALESCE(f.cancelled, 0))::int AS orders_open,
           COALESCE(f.shipped, 0)::int AS orders_shipped, COALESCE(f.cancelled, 0)::int AS orders_cancelled,
           COALESCE(s.cents, 0)::bigint AS spent_cents, t.recorded_at AS last_seen_at
      FROM named n LEFT JOIN fate f USING (customer_id) LEFT JOIN spent s USING (customer_id)
      LEFT JOIN seen t USING (customer_id)
), customer_order AS (
    SELECT c.order_id, c.customer_id, n.name AS customer_name, COALESCE(i.cents, 0)::bigint AS amount_cents
      FROM created c LEFT JOIN named n USING (customer_id) LEFT JOIN items i USING (order_id)
     WHERE c.order_id NOT IN (SELECT order_id FROM log WHERE event_type = 'OrderCancelled')
)
SELECT {columns} FROM {table}
