-- nobody has fewer than no open orders
SELECT id FROM customer_activity WHERE orders_open < 0;

-- every order belongs to a known customer
SELECT o.order_id FROM customer_order o LEFT JOIN customer_activity c ON c.id = o.customer_id WHERE c.id IS NULL;
