-- What customer_activity must hold, from the log alone.
WITH orders AS (
    SELECT c.stream_id, c.payload ->> 'customer_id' AS customer_id,
           (SELECT sum((i.payload ->> 'quantity')::bigint * CASE i.schema_version
                           WHEN 1 THEN ((i.payload ->> 'price')::numeric * 100)::bigint
                           WHEN 2 THEN ((i.payload ->> 'unit_price')::numeric * 100)::bigint
                           ELSE (i.payload ->> 'unit_price_cents')::bigint END)
              FROM event_store.events i
             WHERE i.stream_id = c.stream_id AND i.event_type = 'OrderItemAdded') AS cents,
           EXISTS (SELECT FROM event_store.events e WHERE e.stream_id = c.stream_id AND e.event_type = 'OrderPaid') AS paid,
           EXISTS (SELECT FROM event_store.events e WHERE e.stream_id = c.stream_id AND e.event_type = 'OrderShipped') AS shipped,
           EXISTS (SELECT FROM event_store.events e WHERE e.stream_id = c.stream_id AND e.event_type = 'OrderCancelled') AS cancelled
      FROM event_store.events c WHERE c.event_type = 'OrderCreated'
), counts AS (
    SELECT customer_id AS id,
           count(*) FILTER (WHERE NOT shipped AND NOT cancelled)::integer AS orders_open,
           count(*) FILTER (WHERE shipped)::integer AS orders_shipped,
           count(*) FILTER (WHERE cancelled)::integer AS orders_cancelled,
           COALESCE(sum(cents) FILTER (WHERE paid), 0)::bigint AS spent_cents
      FROM orders GROUP BY customer_id
), names AS (
    SELECT DISTINCT ON (payload ->> 'customer_id') payload ->> 'customer_id' AS id, payload ->> 'name' AS name
      FROM event_store.events WHERE event_type IN ('CustomerRegistered', 'CustomerRenamed')
     ORDER BY payload ->> 'customer_id', position DESC
), seen AS (
    SELECT DISTINCT ON (id) id, recorded_at
      FROM (SELECT payload ->> 'customer_id' AS id, position, recorded_at
              FROM event_store.events WHERE event_type IN ('CustomerRegistered', 'CustomerRenamed', 'OrderCreated')
            UNION ALL
            SELECT o.customer_id, e.position, e.recorded_at
              FROM event_store.events e JOIN orders o USING (stream_id) WHERE e.event_type = 'OrderPaid') e
     ORDER BY id, position DESC
)
SELECT n.id, n.name, COALESCE(c.orders_open, 0) AS orders_open, COALESCE(c.orders_shipped, 0) AS orders_shipped,
       COALESCE(c.orders_cancelled, 0) AS orders_cancelled, COALESCE(c.spent_cents, 0) AS spent_cents,
       s.recorded_at AS last_seen_at
  FROM names n JOIN seen s USING (id) LEFT JOIN counts c USING (id)
