-- Whatever a file has set: these of the transaction count until its end.
SET LOCAL lock_timeout = 0;
SET LOCAL statement_timeout = 0;
SET LOCAL idle_in_transaction_session_timeout = '10min';
SELECT pg_catalog.set_config(name, '0', true)
  FROM pg_catalog.unnest('{transaction_timeout,idle_session_timeout}'::pg_catalog.text[]) AS name
 WHERE pg_catalog.current_setting(name, true) IS NOT NULL;
