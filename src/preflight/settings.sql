-- Settings that a session of this role begins with and that are not what regrow sets, and where
-- each was set; and a limit that regrow cannot lift. $1: the settings that give statements their meaning.
SELECT s.name,
       s.reset_val || COALESCE(s.unit, '') AS found,
       s.setting || COALESCE(s.unit, '') AS ours,
       COALESCE(told.set_on, 'the server') AS set_on
  FROM pg_catalog.pg_settings s
  LEFT JOIN LATERAL (
           SELECT CASE WHEN r.setrole = 0 THEN format('the database %I', current_database())
                       WHEN r.setdatabase = 0 THEN format('the role %I', session_user)
                       ELSE format('the role %I in the database %I', session_user, current_database()) END AS set_on
             FROM pg_catalog.pg_db_role_setting r, unnest(r.setconfig) AS c
            WHERE split_part(c, '=', 1) = s.name
              AND r.setrole IN (0, (SELECT oid FROM pg_catalog.pg_roles WHERE rolname = session_user))
              AND r.setdatabase IN (0, (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database()))
            ORDER BY r.setrole <> 0 DESC, r.setdatabase <> 0 DESC LIMIT 1) AS told ON true
 WHERE (s.name IN ('statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout',
                   'transaction_timeout', 'idle_session_timeout')
        AND s.reset_val NOT IN ('0', s.setting))
    OR (s.name = ANY ($1) AND told.set_on IS NOT NULL AND s.reset_val <> s.setting)
    OR (s.name = 'temp_file_limit' AND s.setting <> '-1')
 ORDER BY s.name
