CREATE TEMPORARY VIEW happened AS
SELECT originator_id::text AS id, substr(topic, length('accounts:Account.') + 1) AS kind,
       convert_from(state, 'UTF8')::jsonb AS body, originator_version AS version, notification_id AS position
  FROM public.bank_events;
