CREATE TEMPORARY VIEW happened AS
SELECT aggregate_type || '-' || aggregate_id AS id, event_type AS kind, payload::jsonb -> event_type AS body,
       sequence AS version, position
  FROM public.events;
