-- How names are written, that of the next line among them.
SET quote_all_identifiers = off;
-- First of all, since what follows calls functions: nobody who may create objects in a schema of the role's
-- own path can put theirs before the server's. Everything of ours is named with its schema.
SET search_path = pg_catalog, pg_temp;
-- What a statement means: the same handler gives the same row whatever is set for the role, the database or the
-- server. A test (tests/it/settings.rs) knows every setting there is, and which of them belong here.
SET TimeZone = 'UTC';
SET timezone_abbreviations = 'Default';
SET DateStyle = 'ISO, MDY';
SET IntervalStyle = 'postgres';
SET extra_float_digits = 1;
SET bytea_output = 'hex';
SET array_nulls = on;
SET transform_null_equals = off;
SET standard_conforming_strings = on;
SET backslash_quote = safe_encoding;
SET client_encoding = 'UTF8';
SET lc_monetary = 'C';
SET lc_numeric = 'C';
SET lc_time = 'C';
SET xmlbinary = 'base64';
SET xmloption = 'content';
-- A limit gives some of the rows; a scan that joins another's gives them in its order.
SET gin_fuzzy_search_limit = 0;
SET synchronize_seqscans = off;
-- A policy that holds for the role is an error, and never rows that are left out.
SET row_security = off;
SET check_function_bodies = on;
SET plpgsql.check_asserts = on;
SET plpgsql.print_strict_params = off;
SET plpgsql.extra_warnings = 'none';
SET plpgsql.extra_errors = 'none';
-- An event that fails ends a statement, never the session.
SET exit_on_error = off;
SET default_transaction_isolation = 'read committed';
SET default_transaction_deferrable = off;
SET client_min_messages = warning;
-- Settings that older servers do not have.
SELECT set_config(name, '0', false)
  FROM unnest(ARRAY['transaction_timeout', 'idle_session_timeout']) AS name
 WHERE current_setting(name, true) IS NOT NULL;
SELECT set_config(name, '', false)
  FROM unnest(ARRAY['restrict_nonsystem_relation_kind']) AS name
 WHERE current_setting(name, true) <> '';
SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = '10min';
SET client_connection_check_interval = '1s';
-- A client that is gone without a word is noticed within a minute. On unix sockets they do nothing.
SET tcp_keepalives_idle = 20;
SET tcp_keepalives_interval = 5;
SET tcp_keepalives_count = 5;
SET tcp_user_timeout = '45s';
