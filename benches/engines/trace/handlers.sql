-- on OrderItemAdded
INSERT INTO stream_count (stream_id, items) VALUES (:event.stream_id, 1)
ON CONFLICT (stream_id) DO UPDATE SET items = stream_count.items + 1;
