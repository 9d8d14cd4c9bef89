-- Columns whose default is not the same at the next rebuild; the history's own tables aside.
SELECT c.relname::text, a.attname::text, 'an identity'
  FROM pg_catalog.pg_attribute a
  JOIN pg_catalog.pg_class c ON c.oid = a.attrelid AND c.relkind IN ('r', 'p')
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE n.nspname = $1 AND NOT starts_with(c.relname::text, $2) AND a.attidentity <> '' AND NOT a.attisdropped
UNION ALL
SELECT c.relname::text, a.attname::text, pg_get_expr(d.adbin, d.adrelid)
  FROM pg_catalog.pg_attrdef d
  JOIN pg_catalog.pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum AND a.attgenerated = ''
  JOIN pg_catalog.pg_class c ON c.oid = d.adrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE n.nspname = $1 AND NOT starts_with(c.relname::text, $2)
   AND (-- A text that is read as a date or time when a row is written.
        EXISTS (SELECT FROM regexp_matches(d.adbin::text, '\{COERCEVIAIO .*?:resulttype (\d+) ', 'g') AS m
                  JOIN pg_catalog.pg_type t ON t.oid = m[1]::oid AND t.typcategory = 'D')
        -- 'now' and the like became constants in this transaction, if the lineage has such words.
        OR $3 AND EXISTS (
             SELECT FROM unnest(ARRAY[0, -1, 1]) AS days, LATERAL (VALUES
                    ((current_date + days)::text), ((current_date + days)::timestamp::text),
                    ((current_date + days)::timestamptz::text), (now()::text), (now()::timestamp::text),
                    (localtime::text), (current_time::text)) AS moment(said)
              WHERE strpos(pg_get_expr(d.adbin, d.adrelid), quote_literal(said) || '::') > 0)
        OR d.adbin::text LIKE '%{SQLVALUEFUNCTION%' OR d.adbin::text LIKE '%{NEXTVALUEEXPR%'
        OR EXISTS (SELECT FROM regexp_matches(d.adbin::text, ':(?:funcid|opfuncid) (\d+)', 'g') AS m
                     JOIN pg_catalog.pg_proc f ON f.oid = m[1]::oid
                    WHERE f.provolatile = 'v'
                       OR f.pronamespace = 'pg_catalog'::regnamespace
                          AND f.proname IN ('now', 'transaction_timestamp', 'statement_timestamp')))
 ORDER BY 1, 2
