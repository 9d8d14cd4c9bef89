-- Settings that only a superuser may change and under which statements mean something else or damage is passed
-- over: those of them that are not as they must be, a line each, with what the session could not do itself.
SELECT COALESCE(string_agg(concat_ws(E'\t', name, wanted, current_setting(name), format(
           'ALTER ROLE %I IN DATABASE %I SET %s = %L;', session_user, current_database(), name, wanted)), E'\n'), '')
  FROM (VALUES ('session_replication_role', 'origin'),
               ('plpgsql.variable_conflict', 'error'),
               ('zero_damaged_pages', 'off'),
               ('ignore_checksum_failure', 'off')) AS checked(name, wanted)
 WHERE COALESCE(current_setting(name, true), '') NOT IN ('', wanted)
