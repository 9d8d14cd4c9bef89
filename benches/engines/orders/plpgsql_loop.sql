-- What a careful person writes by hand: one pass over the log, upcasting inline.
CREATE SCHEMA by_hand;
CREATE TABLE by_hand.order_summary (
    id text PRIMARY KEY, customer_id text NOT NULL, customer_name text NOT NULL, status text NOT NULL,
    total_amount numeric(14, 2) NOT NULL, item_count integer NOT NULL, created_at timestamptz NOT NULL
);
DO $$
DECLARE
    e record;
    cents bigint;
BEGIN
    FOR e IN SELECT event_type, schema_version, payload, recorded_at FROM event_store.events ORDER BY position LOOP
        IF e.event_type = 'OrderItemAdded' THEN
            cents := CASE e.schema_version
                         WHEN 1 THEN (e.payload ->> 'price')::bigint
                         WHEN 2 THEN (e.payload ->> 'unit_price')::bigint
                         ELSE (e.payload ->> 'unit_price_cents')::bigint END;
            UPDATE by_hand.order_summary
               SET total_amount = total_amount + (e.payload ->> 'quantity')::int * cents / 100.0,
                   item_count = item_count + (e.payload ->> 'quantity')::int
             WHERE id = e.payload ->> 'order_id';
        ELSIF e.event_type = 'OrderCreated' THEN
            INSERT INTO by_hand.order_summary (id, customer_id, customer_name, status, total_amount, item_count, created_at)
            VALUES (e.payload ->> 'order_id', e.payload ->> 'customer_id', e.payload ->> 'customer_name', 'pending', 0, 0, e.recorded_at);
        ELSIF e.event_type = 'OrderPaid' THEN
            UPDATE by_hand.order_summary SET status = 'paid' WHERE id = e.payload ->> 'order_id';
        ELSIF e.event_type = 'OrderShipped' THEN
            UPDATE by_hand.order_summary SET status = 'shipped' WHERE id = e.payload ->> 'order_id';
        ELSIF e.event_type = 'OrderCancelled' THEN
            UPDATE by_hand.order_summary SET status = 'cancelled' WHERE id = e.payload ->> 'order_id';
        END IF;
    END LOOP;
END $$;
CREATE INDEX ON by_hand.order_summary (customer_id, created_at);
ANALYZE by_hand.order_summary;
