-- What the scratch function's body calls and must not. Source of the tree's format: nodeToString.
WITH body AS (
    SELECT p.prosqlbody::text AS tree
      FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
     WHERE n.nspname = $1 AND p.proname = 'regrow_probe'
), called AS (
    SELECT DISTINCT m[1]::oid AS oid
      FROM body, regexp_matches(tree, ':(?:funcid|opfuncid|aggfnoid|winfnoid) (\d+)', 'g') AS m
)
SELECT f.proname::text
  FROM called JOIN pg_catalog.pg_proc f USING (oid)
 WHERE f.provolatile = 'v'
    OR (f.pronamespace = 'pg_catalog'::regnamespace
        AND f.proname IN ('now', 'transaction_timestamp', 'statement_timestamp', 'current_setting',
                          'txid_current', 'txid_current_snapshot', 'pg_current_xact_id', 'pg_current_snapshot',
                          'pg_backend_pid', 'inet_client_addr', 'inet_client_port', 'inet_server_addr',
                          'inet_server_port', 'current_database', 'current_schema', 'current_schemas',
                          'current_user', 'session_user', 'version', 'pg_postmaster_start_time',
                          -- Called by name, they read any text as a date.
                          'date_in', 'time_in', 'timetz_in', 'timestamp_in', 'timestamptz_in', 'array_in',
                          'record_in', 'domain_in', 'range_in', 'multirange_in'))
    OR (f.pronamespace = 'pg_catalog'::regnamespace AND f.proname = 'age' AND f.pronargs = 1)
UNION
SELECT (ARRAY['current_date', 'current_time', 'current_time', 'current_timestamp', 'current_timestamp',
              'localtime', 'localtime', 'localtimestamp', 'localtimestamp', 'current_role', 'current_user',
              'user', 'session_user', 'current_catalog', 'current_schema'])[m[1]::int + 1]
  FROM body, regexp_matches(tree, '\{SQLVALUEFUNCTION :op (\d+)', 'g') AS m
UNION
SELECT 'nextval' FROM body WHERE tree LIKE '%{NEXTVALUEEXPR%'
 ORDER BY 1
