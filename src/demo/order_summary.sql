-- What order_summary must hold, from the log alone: no handler, no upcaster, no replay.
SELECT c.payload ->> 'order_id' AS id,
       c.payload ->> 'customer_id' AS customer_id,
       c.payload ->> 'customer_name' AS customer_name,
       COALESCE(last.status, 'pending') AS status,
       COALESCE(items.cents, 0) / 100.0 AS total_amount,
       COALESCE(items.pieces, 0)::integer AS item_count,
       c.recorded_at AS created_at
  FROM event_store.events c
  LEFT JOIN (SELECT stream_id,
                    sum((payload ->> 'quantity')::bigint * CASE schema_version
                            WHEN 1 THEN ((payload ->> 'price')::numeric * 100)::bigint
                            WHEN 2 THEN ((payload ->> 'unit_price')::numeric * 100)::bigint
                            ELSE (payload ->> 'unit_price_cents')::bigint END) AS cents,
                    sum((payload ->> 'quantity')::bigint) AS pieces
               FROM event_store.events WHERE event_type = 'OrderItemAdded' GROUP BY stream_id) items
    USING (stream_id)
  LEFT JOIN (SELECT DISTINCT ON (stream_id) stream_id,
                    CASE event_type WHEN 'OrderPaid' THEN 'paid' WHEN 'OrderShipped' THEN 'shipped'
                                    ELSE 'cancelled' END AS status
               FROM event_store.events WHERE event_type IN ('OrderPaid', 'OrderShipped', 'OrderCancelled')
              ORDER BY stream_id, position DESC) last
    USING (stream_id)
 WHERE c.event_type = 'OrderCreated'
