-- on CustomerRegistered
INSERT INTO customer_activity (id, name, last_seen_at)
VALUES (:customer_id, :name, :event.recorded_at);

-- on CustomerRenamed
UPDATE customer_activity SET name = :name, last_seen_at = :event.recorded_at WHERE id = :customer_id;
UPDATE customer_order SET customer_name = :name WHERE customer_id = :customer_id;

-- on OrderCreated
INSERT INTO customer_order (order_id, customer_id, customer_name)
VALUES (:order_id, :customer_id,
        COALESCE((SELECT name FROM customer_activity WHERE id = :customer_id), :customer_name));
INSERT INTO customer_activity (id, name, orders_open, last_seen_at)
VALUES (:customer_id, :customer_name, 1, :event.recorded_at)
ON CONFLICT (id) DO UPDATE
   SET orders_open = customer_activity.orders_open + 1, last_seen_at = EXCLUDED.last_seen_at;

-- on OrderItemAdded
UPDATE customer_order
   SET amount_cents = amount_cents + :quantity::int * :unit_price_cents::bigint
 WHERE order_id = :order_id;

-- on OrderPaid
UPDATE customer_activity
   SET spent_cents = spent_cents + (SELECT amount_cents FROM customer_order WHERE order_id = :order_id),
       last_seen_at = :event.recorded_at
 WHERE id = (SELECT customer_id FROM customer_order WHERE order_id = :order_id);

-- on OrderShipped
UPDATE customer_activity
   SET orders_open = orders_open - 1, orders_shipped = orders_shipped + 1
 WHERE id = (SELECT customer_id FROM customer_order WHERE order_id = :order_id);

-- on OrderCancelled
UPDATE customer_activity
   SET orders_open = orders_open - 1, orders_cancelled = orders_cancelled + 1
 WHERE id = (SELECT customer_id FROM customer_order WHERE order_id = :order_id);
DELETE FROM customer_order WHERE order_id = :order_id;
