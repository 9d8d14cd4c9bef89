-- on OrderCreated
INSERT INTO order_summary (id, customer_id, customer_name, status, total_amount, item_count, created_at)
VALUES (:order_id, :customer_id, :customer_name, 'pending', 0, 0, :event.recorded_at);

-- on OrderItemAdded
UPDATE order_summary
   SET total_amount = total_amount + :quantity::int * :unit_price_cents::bigint / 100.0,
       item_count = item_count + :quantity::int
 WHERE id = :order_id;

-- on OrderPaid
UPDATE order_summary SET status = 'paid' WHERE id = :order_id;

-- on OrderShipped
UPDATE order_summary SET status = 'shipped' WHERE id = :order_id;

-- on OrderCancelled
UPDATE order_summary SET status = 'cancelled' WHERE id = :order_id;
