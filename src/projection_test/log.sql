CREATE SCHEMA regrow_test;
CREATE TABLE regrow_test.events (
    position       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    stream_id      text        NOT NULL,
    stream_version integer     NOT NULL,
    event_type     text        NOT NULL,
    schema_version integer     NOT NULL,
    recorded_at    timestamptz NOT NULL,
    payload        jsonb       NOT NULL,
    metadata       jsonb       NOT NULL
)
