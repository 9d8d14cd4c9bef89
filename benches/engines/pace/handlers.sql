-- on OrderCreated
INSERT INTO order_pace (order_id, events, last_event_at) VALUES (:order_id, 1, :event.recorded_at);

-- on OrderItemAdded, OrderPaid, OrderShipped, OrderCancelled
UPDATE order_pace SET events = events + 1, last_event_at = :event.recorded_at WHERE order_id = :order_id;
