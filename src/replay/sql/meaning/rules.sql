-- What the tables of the schema $1 refuse, and what decides their conflicts: constraints, unique indexes, columns without
-- NULL; whether it only refuses, and the lowest column it is about. A check that is yet to be validated holds for
-- every row that comes.
SELECT c.oid, r.name, r.only_refuses, r.lowest, r.text
  FROM pg_catalog.pg_class c
 CROSS JOIN LATERAL (
       SELECT k.conname::pg_catalog.text AS name, k.contype = 'c' AS only_refuses,
              COALESCE((SELECT pg_catalog.min(n) FROM pg_catalog.unnest(k.conkey) AS n), 0::pg_catalog.int2) AS lowest,
              pg_catalog.replace(pg_catalog.pg_get_constraintdef(k.oid), ' NOT VALID', '') AS text
         FROM pg_catalog.pg_constraint k WHERE k.conrelid = c.oid AND k.contype IN ('c', 'f', 'p', 'u', 'x')
        UNION ALL
       SELECT i.relname::pg_catalog.text, false,
              COALESCE((SELECT pg_catalog.min(n) FROM pg_catalog.unnest(x.indkey::pg_catalog.int2[]) AS n), 0::pg_catalog.int2),
              pg_catalog.pg_get_indexdef(i.oid)
         FROM pg_catalog.pg_index x JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid
        WHERE x.indrelid = c.oid AND (x.indisunique OR x.indisexclusion)
          AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint k
                           WHERE k.conindid = i.oid AND k.contype IN ('p', 'u', 'x'))
        UNION ALL
       SELECT a.attname::pg_catalog.text, true, a.attnum, 'NOT NULL'
         FROM pg_catalog.pg_attribute a
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND a.attnotnull AND NOT a.attisdropped) AS r
 WHERE c.relnamespace = pg_catalog.to_regnamespace(pg_catalog.quote_ident($1)) AND c.relkind IN ('r', 'p')
 ORDER BY 1, 5, 2
