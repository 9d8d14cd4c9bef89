-- What later statements of this session may rest on, a line each: its role, what is set in it other than the timeouts
-- and the level of messages (those are ours), and what it has that goes with it.
SELECT pg_catalog.concat_ws(E'\n', 'role ' OPERATOR(pg_catalog.||) CURRENT_USER,
       'session_authorization ' OPERATOR(pg_catalog.||) SESSION_USER,
       (SELECT pg_catalog.string_agg(pg_catalog.format('%s %s', s.name, s.setting), E'\n' ORDER BY s.name)
          FROM pg_catalog.pg_settings s
         WHERE s.source OPERATOR(pg_catalog.=) 'session'
           -- Those of a library show once it is loaded.
           AND pg_catalog.strpos(s.name, '.') OPERATOR(pg_catalog.=) 0
           AND s.name OPERATOR(pg_catalog.<>) ALL ('{lock_timeout,statement_timeout,idle_in_transaction_session_timeout,'
               'transaction_timeout,idle_session_timeout,client_min_messages}'::pg_catalog.text[])),
       (SELECT pg_catalog.string_agg(pg_catalog.format('temporary %s', o.name), E'\n' ORDER BY o.name)
          FROM (SELECT c.relname AS name FROM pg_catalog.pg_class c
                 WHERE c.relnamespace OPERATOR(pg_catalog.=) pg_catalog.pg_my_temp_schema() AND c.relkind OPERATOR(pg_catalog.<>) 'i'
                 UNION ALL
                SELECT p.proname FROM pg_catalog.pg_proc p
                 WHERE p.pronamespace OPERATOR(pg_catalog.=) pg_catalog.pg_my_temp_schema()
                 UNION ALL
                SELECT t.typname FROM pg_catalog.pg_type t
                 WHERE t.typnamespace OPERATOR(pg_catalog.=) pg_catalog.pg_my_temp_schema()
                   AND t.typtype OPERATOR(pg_catalog.=) ANY ('{e,d,r}'::pg_catalog."char"[])) AS o))
