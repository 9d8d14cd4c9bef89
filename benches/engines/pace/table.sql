-- One row an order: how many events it took, and when the last came.
CREATE TABLE order_pace (
    order_id      text PRIMARY KEY,
    events        integer NOT NULL,
    last_event_at timestamptz NOT NULL
);
