-- The views in schema $1 that are what we make for a table in schema $2: each column a column of the table under its own
-- name, and nothing else. Which columns of the table they have not comes with them. Names are printed with their schemas,
-- since the path holds none of them. Until version 15 columns come with the table's name, and a table that is called
-- as the row of a rule is has another one there.
SELECT v.relname::text AS name,
       ARRAY(SELECT i.identity
               FROM pg_catalog.pg_attribute a
              CROSS JOIN LATERAL pg_catalog.pg_identify_object('pg_catalog.pg_class'::pg_catalog.regclass, t.oid, a.attnum) i
              WHERE a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
                AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute s
                                 WHERE s.attrelid = v.oid AND s.attnum > 0 AND s.attname = a.attname)) AS lacking
  FROM pg_catalog.pg_class v
  JOIN pg_catalog.pg_namespace n ON n.oid = v.relnamespace
  JOIN pg_catalog.pg_namespace b ON b.nspname = $2
  JOIN pg_catalog.pg_class t ON t.relnamespace = b.oid AND t.relname = v.relname AND t.relkind IN ('r', 'p')
 CROSS JOIN LATERAL (
       SELECT quote_ident(t.relname) AS known_as, '' AS alias
       UNION ALL
       SELECT t.relname || '_1', format(' %s_1', t.relname) WHERE t.relname IN ('old', 'new')) AS of_rule
 CROSS JOIN LATERAL (
       SELECT string_agg(quote_ident(a.attname), E',\n    ' ORDER BY a.attnum) AS plain,
              string_agg(format('%s.%I', of_rule.known_as, a.attname), E',\n    ' ORDER BY a.attnum) AS qualified
         FROM pg_catalog.pg_attribute a
        WHERE a.attrelid = v.oid AND a.attnum > 0) AS columns
 WHERE n.nspname = $1 AND v.relkind = 'v'
   AND pg_get_viewdef(v.oid) IN (
         format(E' SELECT %s\n   FROM %I.%I%s;', columns.plain, b.nspname, t.relname, of_rule.alias),
         format(E' SELECT %s\n   FROM %I.%I%s;', columns.qualified, b.nspname, t.relname, of_rule.alias))
 ORDER BY 1
