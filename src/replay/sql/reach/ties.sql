-- Ties between a build's tables and others, which no statement names: foreign keys, inheritance, foreign tables,
-- identity columns. $1: the schema; $2 and $3: the history's tables in it.
WITH relation AS (
    SELECT c.oid, c.relname::text AS name, c.relkind
      FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = $1 AND c.relname <> $2 AND NOT starts_with(c.relname::text, $3)
), outside AS (
    SELECT c.oid, format('%I.%I', n.nspname, c.relname) AS name, n.nspname || '.' || c.relname AS written
      FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE c.oid NOT IN (SELECT oid FROM relation) AND c.relkind IN ('r', 'p', 'f')
)
-- A foreign key looks its row up.
SELECT 'reads' AS kind, format('the foreign key %s of %s', k.conname, r.name) AS what, r.name AS about,
       k.conname::text AS part, o.name AS outside, o.written
  FROM pg_catalog.pg_constraint k JOIN relation r ON r.oid = k.conrelid JOIN outside o ON o.oid = k.confrelid
 WHERE k.contype = 'f'
UNION ALL
-- The other way round rows here decide about rows there.
SELECT 'writes', format('the foreign key %s', k.conname), r.name, k.conname::text, o.name, o.written
  FROM pg_catalog.pg_constraint k JOIN relation r ON r.oid = k.confrelid JOIN outside o ON o.oid = k.conrelid
 WHERE k.contype = 'f'
UNION ALL
SELECT 'writes', format('the inheritance of %s', r.name), r.name, '', o.name, o.written
  FROM pg_catalog.pg_inherits i JOIN relation r ON r.oid IN (i.inhrelid, i.inhparent)
  JOIN outside o ON o.oid IN (i.inhrelid, i.inhparent)
UNION ALL
SELECT 'writes', format('the foreign table %s', r.name), r.name, '', 'another server', ''
  FROM relation r WHERE r.relkind = 'f'
UNION ALL
SELECT 'identity', format('the default of %s.%s', r.name, a.attname), r.name, a.attname::text, '', ''
  FROM pg_catalog.pg_attribute a JOIN relation r ON r.oid = a.attrelid
 WHERE a.attidentity <> '' AND NOT a.attisdropped AND r.relkind IN ('r', 'p')
 ORDER BY 3, 2
