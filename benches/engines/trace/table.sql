-- One row a stream.
CREATE TABLE stream_count (stream_id text PRIMARY KEY, items bigint NOT NULL);
