-- The tables $1 with the column of each that is its position ($2, NULL where nobody knows), their children
-- and what they are children of; and the sequence behind each of those columns.
WITH RECURSIVE given AS (
    SELECT * FROM unnest($1::oid[], $2::text[]) AS given(oid, column_name)
), below AS (
    SELECT oid, column_name, 0 AS depth FROM given
    UNION
    SELECT i.inhrelid, b.column_name, b.depth + 1
      FROM below b JOIN pg_catalog.pg_inherits i ON i.inhparent = b.oid
), above AS (
    SELECT oid, column_name, 0 AS depth FROM given
    UNION
    SELECT i.inhparent, a.column_name, a.depth - 1
      FROM above a JOIN pg_catalog.pg_inherits i ON i.inhrelid = a.oid
), tables AS (
    SELECT oid, column_name, depth FROM below UNION SELECT oid, column_name, depth FROM above
)
SELECT t.oid, format('%I.%I', n.nspname, c.relname) AS label, c.relkind::text AS kind, t.depth, t.column_name,
       quote_ident(t.column_name) AS quoted,
       f.oid IS NOT NULL OR COALESCE(a.attidentity, '') <> '' AS has_default,
       s.oid AS sequence, CASE WHEN s.oid IS NOT NULL THEN format('%I.%I', sn.nspname, s.relname) END AS sequence_label,
       -- A default that is nothing but nextval, perhaps cast: positions are what the sequence gives.
       COALESCE(pg_catalog.pg_get_expr(f.adbin, f.adrelid)
                ~ '^\(*nextval\(''([^'']|'''')+''::regclass\)\)*(::(bigint|integer|smallint))?\)*$', true) AS is_plain,
       q.seqincrement, q.seqcache, q.seqcycle, q.seqstart,
       has_sequence_privilege(s.oid, 'SELECT') AS may_read,
       EXISTS (SELECT FROM pg_catalog.pg_index x
                 JOIN pg_catalog.pg_class xc ON xc.oid = x.indexrelid
                 JOIN pg_catalog.pg_am m ON m.oid = xc.relam AND m.amname = 'btree'
                WHERE x.indrelid = t.oid AND x.indisvalid AND x.indpred IS NULL AND x.indkey[0] = a.attnum) AS is_indexed
  FROM tables t
  JOIN pg_catalog.pg_class c ON c.oid = t.oid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = t.oid AND a.attname = t.column_name AND NOT a.attisdropped
  LEFT JOIN pg_catalog.pg_attrdef f ON f.adrelid = t.oid AND f.adnum = a.attnum
  LEFT JOIN LATERAL (
       SELECT x.oid, x.relname, x.relnamespace
         FROM (-- The one its default reads, that of an identity, or one it owns, which the writer reads.
               SELECT d.refobjid AS oid, 1 AS rank FROM pg_catalog.pg_depend d
                WHERE d.classid = 'pg_catalog.pg_attrdef'::regclass AND d.objid = f.oid
                  AND d.refclassid = 'pg_catalog.pg_class'::regclass
               UNION ALL
               SELECT d.objid, CASE d.deptype WHEN 'i' THEN 2 ELSE 3 END FROM pg_catalog.pg_depend d
                WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.deptype IN ('a', 'i')
                  AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = t.oid AND d.refobjsubid = a.attnum
         ) AS found
         JOIN pg_catalog.pg_class x ON x.oid = found.oid AND x.relkind = 'S'
        ORDER BY found.rank LIMIT 1) AS s ON true
  LEFT JOIN pg_catalog.pg_namespace sn ON sn.oid = s.relnamespace
  LEFT JOIN pg_catalog.pg_sequence q ON q.seqrelid = s.oid
 ORDER BY t.depth, label
