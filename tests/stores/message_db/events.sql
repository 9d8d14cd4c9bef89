CREATE TEMPORARY VIEW happened AS
SELECT stream_name AS id, type AS kind, data AS body, m.position AS version, global_position AS position
  FROM message_store.messages m;
