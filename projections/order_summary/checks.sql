-- no order has a negative total
SELECT id FROM order_summary WHERE total_amount < 0;

-- an order without items costs nothing
SELECT id FROM order_summary WHERE item_count = 0 AND total_amount <> 0;
