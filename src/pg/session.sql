-- First of all, since what follows calls functions: nobody who may create objects in a schema of the role's
-- own path can put theirs before the server's. Everything of ours is named with its schema.
SET search_path = pg_catalog, pg_temp;
SET TimeZone = 'UTC';
SET DateStyle = 'ISO, MDY';
SET IntervalStyle = 'postgres';
SET extra_float_digits = 1;
SET bytea_output = 'hex';
SET standard_conforming_strings = on;
SET client_min_messages = warning;
-- Settings that older servers do not have.
SELECT set_config(name, '0', false)
  FROM unnest(ARRAY['transaction_timeout', 'idle_session_timeout']) AS name
 WHERE current_setting(name, true) IS NOT NULL;
SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = '10min';
SET client_connection_check_interval = '1s';
-- A client that is gone without a word is noticed within a minute. On unix sockets they do nothing.
SET tcp_keepalives_idle = 20;
SET tcp_keepalives_interval = 5;
SET tcp_keepalives_count = 5;
SET tcp_user_timeout = '45s';
