-- One row an order.
CREATE TABLE order_summary (
    id            text PRIMARY KEY,
    customer_id   text NOT NULL,
    customer_name text NOT NULL,
    status        text NOT NULL,
    total_amount  numeric(14, 2) NOT NULL,
    item_count    integer NOT NULL,
    created_at    timestamptz NOT NULL
);
CREATE INDEX order_summary_by_customer ON order_summary (customer_id, created_at);
