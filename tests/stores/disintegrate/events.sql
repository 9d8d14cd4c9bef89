CREATE TEMPORARY VIEW happened AS
SELECT account_id AS id, event_type AS kind, convert_from(payload, 'UTF8')::jsonb -> event_type AS body,
       NULL::bigint AS version, event_id AS position
  FROM public.event;
