-- The unique keys of the tables $1, each with its columns; a table without one is a row without columns.
SELECT c.oid, k.columns, COALESCE(k.never_null, false) AS never_null
  FROM pg_catalog.pg_class c
  LEFT JOIN LATERAL (
    SELECT array_agg(a.attnum::bigint ORDER BY a.attnum) AS columns, bool_and(a.attnotnull) AS never_null
      FROM pg_catalog.pg_index i
      JOIN pg_catalog.pg_attribute a
        ON a.attrelid = i.indrelid AND a.attnum = ANY ((i.indkey::int2[])[0:i.indnkeyatts - 1])
     WHERE i.indrelid = c.oid AND i.indisunique AND i.indisvalid AND i.indimmediate
       AND i.indpred IS NULL AND i.indexprs IS NULL
       -- A key says nothing of the rows of tables that inherit.
       AND NOT EXISTS (SELECT FROM pg_catalog.pg_inherits h WHERE h.inhparent = c.oid AND c.relkind = 'r')
     GROUP BY i.indexrelid
  ) AS k ON true
 WHERE c.oid = ANY ($1)
