CREATE TEMPORARY VIEW happened AS
SELECT stream_id AS id, message_type AS kind, message_data AS body, stream_position AS version, global_position AS position
  FROM public.emt_messages;
