-- The sequence behind column $2 of table $1: its own, or the one its default reads.
SELECT s.oid::regclass::text, q.seqcache
  FROM pg_catalog.pg_attribute a
  JOIN pg_catalog.pg_depend d
    ON d.deptype IN ('a', 'i', 'n')
   AND (   (d.classid = 'pg_catalog.pg_class'::regclass AND d.refclassid = 'pg_catalog.pg_class'::regclass
            AND d.refobjid = a.attrelid AND d.refobjsubid = a.attnum)
        OR (d.classid = 'pg_catalog.pg_attrdef'::regclass AND d.refclassid = 'pg_catalog.pg_class'::regclass
            AND d.objid = (SELECT f.oid FROM pg_catalog.pg_attrdef f
                            WHERE f.adrelid = a.attrelid AND f.adnum = a.attnum)))
  JOIN pg_catalog.pg_class s
    ON s.relkind = 'S' AND s.oid = CASE WHEN d.classid = 'pg_catalog.pg_class'::regclass THEN d.objid ELSE d.refobjid END
  JOIN pg_catalog.pg_sequence q ON q.seqrelid = s.oid
 WHERE a.attrelid = $1::text::regclass AND a.attname = $2 AND NOT a.attisdropped
 LIMIT 1
