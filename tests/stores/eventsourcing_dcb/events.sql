CREATE TEMPORARY VIEW happened AS
SELECT convert_from(data, 'UTF8')::jsonb ->> 'account' AS id, substr(type, length('accounts:') + 1) AS kind,
       convert_from(data, 'UTF8')::jsonb AS body, NULL::bigint AS version, e.id AS position
  FROM public.bank_events_tt_main e;
