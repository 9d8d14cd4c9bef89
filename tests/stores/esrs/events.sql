CREATE TEMPORARY VIEW happened AS
SELECT aggregate_id::text AS id,
       CASE WHEN payload = '"Closed"' THEN 'Closed' WHEN payload ? 'Opened' THEN 'Opened' ELSE 'Deposited' END AS kind,
       COALESCE(payload -> 'Opened', payload -> 'Deposited') AS body, sequence_number AS version, position
  FROM public.account_events;
