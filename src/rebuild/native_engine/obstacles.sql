-- For each table of the schema $1, what stands in its way.
SELECT c.relname::text, found.obstacle
  FROM pg_catalog.pg_class c,
       LATERAL (
           SELECT 'has the rule ' || r.rulename FROM pg_catalog.pg_rewrite r WHERE r.ev_class = c.oid
           UNION ALL
           -- A function for just the types at hand is taken before a more general one.
           SELECT 'is beside the function ' || p.proname FROM pg_catalog.pg_proc p
            WHERE p.pronamespace = c.relnamespace
              AND p.proname IN ('abs', 'array_append', 'jsonb_build_object', 'length', 'round')
           UNION ALL
           SELECT 'is beside the operator ' || o.oprname FROM pg_catalog.pg_operator o
            WHERE o.oprnamespace = c.relnamespace
       ) AS found(obstacle)
 WHERE c.relnamespace = pg_catalog.to_regnamespace($1) AND c.relkind IN ('r', 'p')
