-- Functions by their object ids ($1), with what tells what they do. $2: the build's schema.
SELECT p.oid,
       p.proname::text AS name,
       n.nspname::text AS schema,
       n.nspname = $2 AS is_own,
       l.lanname::text AS language,
       p.provolatile::text AS volatility,
       p.oid < 16384 AS is_builtin,
       EXISTS (SELECT FROM pg_catalog.pg_depend d
                WHERE d.classid = 'pg_catalog.pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e') AS of_extension,
       p.prosrc AS source,
       p.prosqlbody::text AS body,
       p.proargdefaults::text AS defaults,
       pg_get_function_arguments(p.oid) AS arguments,
       pg_get_function_result(p.oid) AS result,
       (SELECT split_part(c, '=', 2) FROM unnest(p.proconfig) AS c WHERE c LIKE 'search\_path=%') AS path,
       ARRAY(SELECT f FROM pg_catalog.pg_aggregate a,
                    unnest(ARRAY[a.aggtransfn, a.aggfinalfn, a.aggcombinefn, a.aggmtransfn, a.aggminvtransfn,
                                 a.aggmfinalfn]::oid[]) AS f
              WHERE a.aggfnoid = p.oid AND f <> 0) AS parts
  FROM pg_catalog.pg_proc p
  JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
  JOIN pg_catalog.pg_language l ON l.oid = p.prolang
 WHERE p.oid = ANY ($1)
 ORDER BY p.oid
