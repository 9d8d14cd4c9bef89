-- One row a customer, and the orders it is counted from.
CREATE TABLE customer_activity (
    id              text PRIMARY KEY,
    name            text NOT NULL,
    orders_open     integer NOT NULL DEFAULT 0,
    orders_shipped  integer NOT NULL DEFAULT 0,
    orders_cancelled integer NOT NULL DEFAULT 0,
    spent_cents     bigint NOT NULL DEFAULT 0,
    last_seen_at    timestamptz NOT NULL
);

CREATE TABLE customer_order (
    order_id      text PRIMARY KEY,
    customer_id   text NOT NULL,
    customer_name text NOT NULL,
    amount_cents  bigint NOT NULL DEFAULT 0
);
CREATE INDEX customer_order_by_customer ON customer_order (customer_id);
