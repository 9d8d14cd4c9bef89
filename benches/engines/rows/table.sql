-- One row an event.
CREATE TABLE event_row (
    position    bigint PRIMARY KEY,
    stream_id   text NOT NULL,
    type        text NOT NULL,
    quantity    integer,
    cents       bigint,
    recorded_at timestamptz NOT NULL
);
