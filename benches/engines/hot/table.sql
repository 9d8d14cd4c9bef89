-- One row a customer.
CREATE TABLE customer_visits (
    id           text PRIMARY KEY,
    visits       integer NOT NULL,
    seconds      bigint NOT NULL,
    last_page    text NOT NULL,
    last_seen_at timestamptz NOT NULL
);
