-- "->" of json gives the text as it was written.
INSERT INTO event_store.events (stream_id, stream_version, event_type, schema_version, payload, metadata, recorded_at)
SELECT line ->> 'stream_id', (line ->> 'stream_version')::integer, line ->> 'type', (line ->> 'schema_version')::integer,
       line -> 'payload', line -> 'metadata', (line ->> 'recorded_at')::timestamptz
  FROM raw_line
 ORDER BY number;
DROP TABLE raw_line;
