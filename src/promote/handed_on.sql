SELECT DISTINCT quote_ident(t.pubname), format('%I.%I', t.schemaname, t.tablename), t.tablename::text
  FROM pg_catalog.pg_publication_tables t
  JOIN pg_catalog.pg_publication p ON p.pubname = t.pubname AND NOT p.puballtables
 WHERE t.schemaname = $1
 ORDER BY 1, 2
