-- on OrderItemAdded
INSERT INTO event_row (position, stream_id, type, quantity, cents, recorded_at)
VALUES (:event.position, :event.stream_id, :event.type, :quantity::int, :unit_price_cents::bigint, :event.recorded_at);

-- on OrderCreated, OrderPaid, OrderShipped, OrderCancelled, CustomerRegistered, CustomerRenamed
INSERT INTO event_row (position, stream_id, type, recorded_at)
VALUES (:event.position, :event.stream_id, :event.type, :event.recorded_at);
