-- The statements that drop each index of table $1, and those that make it again; no row at all where
-- one of them has what these do not bring back: a comment, a mark for CLUSTER, a replica identity or a
-- tablespace. Whoever asks has a search path on which only the server's own names are.
WITH own AS (
  SELECT i.*, c.oid AS con, c.conname, c.contype, c.condeferrable
    FROM pg_catalog.pg_index i
    LEFT JOIN pg_catalog.pg_constraint c
           ON c.conindid = i.indexrelid AND c.conrelid = i.indrelid AND c.contype IN ('p', 'u', 'x')
   WHERE i.indrelid = $1::text::regclass)
SELECT CASE WHEN con IS NULL THEN format('DROP INDEX %s', indexrelid::regclass)
            ELSE format('ALTER TABLE %s DROP CONSTRAINT %I', $1::text, conname) END,
       CASE WHEN con IS NULL THEN pg_get_indexdef(indexrelid)
            -- Making the index lets others make theirs beside it; the constraint takes a moment.
            WHEN contype = 'p' AND NOT condeferrable
            THEN format('%s; ALTER TABLE %s ADD CONSTRAINT %I PRIMARY KEY USING INDEX %I',
                        pg_get_indexdef(indexrelid), $1::text, conname,
                        (SELECT x.relname FROM pg_catalog.pg_class x WHERE x.oid = indexrelid))
            ELSE format('ALTER TABLE %s ADD CONSTRAINT %I %s', $1::text, conname, pg_get_constraintdef(con)) END
  FROM own
 WHERE NOT EXISTS (
   SELECT FROM own JOIN pg_catalog.pg_class x ON x.oid = own.indexrelid
    WHERE indisclustered OR indisreplident OR NOT indisvalid OR x.reltablespace <> 0
       OR EXISTS (SELECT FROM pg_catalog.pg_attribute a
                   WHERE a.attrelid = indexrelid AND COALESCE(a.attstattarget, -1) <> -1)
       OR EXISTS (SELECT FROM pg_catalog.pg_description d WHERE d.objoid IN (indexrelid, con)))
 ORDER BY con IS NULL, indexrelid
