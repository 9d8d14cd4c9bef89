-- What a server says of itself and of the role that asks.
SELECT quote_ident(current_user) AS role,
       pg_is_in_recovery() AS standby,
       current_setting('default_transaction_read_only')::bool AS read_only,
       pg_has_role(current_user, 'pg_read_all_stats', 'USAGE') AS sees_all,
       -- Connections that are left for this role: of the server, of the role, of the database.
       LEAST(
           (current_setting('max_connections')::bigint
            - CASE WHEN r.rolsuper THEN 0
                   ELSE current_setting('superuser_reserved_connections')::bigint
                      + COALESCE(current_setting('reserved_connections', true), '0')::bigint END
            - s.all_of_them),
           CASE WHEN r.rolconnlimit >= 0 AND NOT r.rolsuper THEN r.rolconnlimit - s.of_role END,
           CASE WHEN d.datconnlimit >= 0 AND NOT r.rolsuper THEN d.datconnlimit - s.of_database END
       ) AS connections,
       -- Where the tables lie, for whoever may know it and came by a socket of this machine.
       CASE WHEN inet_server_addr() IS NULL AND pg_has_role(current_user, 'pg_read_all_settings', 'USAGE')
            THEN COALESCE(NULLIF(pg_tablespace_location(d.dattablespace), ''), current_setting('data_directory'))
       END AS folder
  FROM pg_catalog.pg_roles r
  JOIN pg_catalog.pg_database d ON d.datname = current_database()
 CROSS JOIN (
       SELECT count(*) AS all_of_them,
              count(*) FILTER (WHERE a.usename = session_user) AS of_role,
              count(*) FILTER (WHERE a.datname = current_database()) AS of_database
         FROM pg_catalog.pg_stat_activity a
         -- What kind of backend it is is hidden from roles that may not see others' statistics.
         -- A session that looked for a pooler is given back, and on a busy machine not gone yet.
        WHERE a.datid IS NOT NULL AND a.pid <> pg_backend_pid()
          AND COALESCE(a.application_name, '') NOT LIKE 'regrow connection check%'
          AND COALESCE(a.backend_type, 'client backend') = 'client backend') s
 WHERE r.rolname = session_user
