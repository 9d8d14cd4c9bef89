-- How transactions ended, 1 for a commit and 0 for a rollback, in one text.
SELECT pg_catalog.string_agg(CASE pg_catalog.pg_xact_status(t.number) WHEN 'committed' THEN '1' WHEN 'aborted' THEN '0' ELSE '?' END,
           '' ORDER BY t.nth)
  FROM pg_catalog.unnest('{{transactions}}'::pg_catalog.xid8[]) WITH ORDINALITY AS t (number, nth)
