-- A log that regrow does not own: like ours, but its payloads are json.
CREATE SCHEMA event_store;
CREATE TABLE event_store.events (
    position       bigint GENERATED ALWAYS AS IDENTITY (CACHE 1) PRIMARY KEY,
    stream_id      text NOT NULL,
    stream_version integer NOT NULL,
    event_type     text NOT NULL,
    schema_version integer NOT NULL,
    payload        json NOT NULL,
    metadata       json NOT NULL,
    recorded_at    timestamptz NOT NULL,
    UNIQUE (stream_id, stream_version)
);
CREATE TEMPORARY TABLE raw_line (number bigint GENERATED ALWAYS AS IDENTITY, line json NOT NULL);
