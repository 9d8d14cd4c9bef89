SELECT format('%I to %I.%I', s.subname, n.nspname, c.relname) AS identity,
       format('DROP SUBSCRIPTION %I', s.subname) AS first
  FROM pg_catalog.pg_subscription_rel r
  JOIN pg_catalog.pg_subscription s ON s.oid = r.srsubid
  JOIN pg_catalog.pg_class c ON c.oid = r.srrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE n.nspname = $1
 ORDER BY 1
