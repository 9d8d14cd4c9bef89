-- Everything that goes with schema $1 when it is dropped (with its relation $2 alone, if that is named),
-- one row an object; $3 is the name of the function that every build has, which is left out.
--
-- pg_depend is walked from what is dropped to what depends on it, whatever the kind of dependency: those
-- that RESTRICT would take in silence (triggers, policies, statistics, the membership of a publication)
-- are rows like all others. What is a part of something else (an index of a TOAST table, a trigger of a
-- foreign key, the rule that makes a view, a member of an extension) is not named: the whole goes with it.
WITH RECURSIVE root AS (
  SELECT 'pg_catalog.pg_namespace'::pg_catalog.regclass::oid AS classid, n.oid AS objid, n.oid AS schema_oid
    FROM pg_catalog.pg_namespace n
   WHERE n.nspname = $1 AND $2::text IS NULL
  UNION ALL
  SELECT 'pg_catalog.pg_class'::pg_catalog.regclass::oid, c.oid, NULL
    FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
   WHERE n.nspname = $1 AND c.relname = $2
), taken (classid, objid, objsubid) AS (
  SELECT classid, objid, 0 FROM root
  UNION
  SELECT o.classid, o.objid, o.objsubid
    FROM taken t
   CROSS JOIN LATERAL (
         SELECT d.classid, d.objid, d.objsubid
           FROM pg_catalog.pg_depend d
          WHERE d.refclassid = t.classid AND d.refobjid = t.objid
            AND (t.objsubid = 0 OR d.refobjsubid = t.objsubid)
         UNION ALL
         SELECT d.refclassid, d.refobjid, d.refobjsubid
           FROM pg_catalog.pg_depend d
          WHERE d.classid = t.classid AND d.objid = t.objid AND d.deptype IN ('i', 'e')) o
), object AS (
  SELECT t.classid, t.objid, t.objsubid
    FROM taken t
   WHERE NOT EXISTS (SELECT FROM root WHERE root.classid = t.classid AND root.objid = t.objid)
     -- TOAST tables and their indexes are their tables'.
     AND NOT (t.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND EXISTS (
           SELECT FROM pg_catalog.pg_class c
            WHERE c.oid = t.objid AND c.relnamespace = 'pg_toast'::pg_catalog.regnamespace))
     AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                      WHERE d.classid = t.classid AND d.objid = t.objid AND d.deptype IN ('i', 'e')
                        -- A partition key's column depends on its table as a part; the table is a part of nothing.
                        AND d.objsubid = t.objsubid)
     -- So are the parts of an operator family that belongs to an extension.
     AND NOT (t.classid IN ('pg_catalog.pg_amop'::pg_catalog.regclass, 'pg_catalog.pg_amproc'::pg_catalog.regclass)
              AND EXISTS (SELECT FROM pg_catalog.pg_depend d
                            JOIN pg_catalog.pg_depend e
                              ON e.classid = d.refclassid AND e.objid = d.refobjid AND e.deptype = 'e'
                           WHERE d.classid = t.classid AND d.objid = t.objid AND d.deptype IN ('a', 'i')))
     -- A column of a table that goes as a whole is named below.
     AND NOT (t.objsubid > 0 AND EXISTS (
           SELECT FROM taken w WHERE w.classid = t.classid AND w.objid = t.objid AND w.objsubid = 0))
  UNION ALL
  -- Columns depend on their table without a row of pg_depend.
  SELECT t.classid, t.objid, a.attnum
    FROM taken t
    JOIN root ON root.schema_oid IS NOT NULL
    JOIN pg_catalog.pg_class c ON c.oid = t.objid AND c.relnamespace = root.schema_oid
    JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
   WHERE t.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND t.objsubid = 0
     AND c.relkind IN ('r', 'p', 'f')
), known AS (
  SELECT o.*, i.type AS kind, i.identity,
         -- The relation that it is a part of.
         CASE o.classid
           WHEN 'pg_catalog.pg_class'::pg_catalog.regclass THEN CASE WHEN o.objsubid > 0 THEN o.objid
             ELSE COALESCE((SELECT x.indrelid FROM pg_catalog.pg_index x WHERE x.indexrelid = o.objid),
                           -- A sequence that a column owns, which lies beside its table and moves with it.
                           (SELECT d.refobjid FROM pg_catalog.pg_depend d
                             WHERE d.classid = o.classid AND d.objid = o.objid AND d.refclassid = o.classid
                               AND d.refobjsubid > 0 AND d.deptype = 'a'
                               AND EXISTS (SELECT FROM pg_catalog.pg_sequence s WHERE s.seqrelid = o.objid))) END
           WHEN 'pg_catalog.pg_attrdef'::pg_catalog.regclass THEN
             (SELECT a.adrelid FROM pg_catalog.pg_attrdef a WHERE a.oid = o.objid)
           WHEN 'pg_catalog.pg_constraint'::pg_catalog.regclass THEN
             (SELECT NULLIF(k.conrelid, 0) FROM pg_catalog.pg_constraint k WHERE k.oid = o.objid)
           WHEN 'pg_catalog.pg_trigger'::pg_catalog.regclass THEN
             (SELECT g.tgrelid FROM pg_catalog.pg_trigger g WHERE g.oid = o.objid)
           WHEN 'pg_catalog.pg_rewrite'::pg_catalog.regclass THEN
             (SELECT r.ev_class FROM pg_catalog.pg_rewrite r WHERE r.oid = o.objid)
           WHEN 'pg_catalog.pg_policy'::pg_catalog.regclass THEN
             (SELECT p.polrelid FROM pg_catalog.pg_policy p WHERE p.oid = o.objid)
           WHEN 'pg_catalog.pg_statistic_ext'::pg_catalog.regclass THEN
             (SELECT s.stxrelid FROM pg_catalog.pg_statistic_ext s WHERE s.oid = o.objid)
           WHEN 'pg_catalog.pg_publication_rel'::pg_catalog.regclass THEN
             (SELECT p.prrelid FROM pg_catalog.pg_publication_rel p WHERE p.oid = o.objid)
         END AS holder
    FROM object o
   CROSS JOIN LATERAL pg_catalog.pg_identify_object(o.classid, o.objid, o.objsubid) i
   -- An object may have gone since it was found.
   WHERE i.identity IS NOT NULL
), named AS (
  SELECT k.*, h.name AS holder_name, h.nspname::text AS holder_schema, h.relname::text AS holder_relation, h.kind AS holder_kind,
         a.attname, a.attgenerated, k.objsubid > 0 AS is_column,
         in_schema.oid IS NOT NULL AS is_inside, COALESCE(quote_ident(h.nspname), i.schema) AS lies_in
    FROM known k
    LEFT JOIN LATERAL (
         SELECT format('%I.%I', n.nspname, c.relname) AS name, c.relnamespace, n.nspname, c.relname,
                CASE c.relkind WHEN 'f' THEN 'FOREIGN TABLE' ELSE 'TABLE' END AS kind
           FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
          WHERE c.oid = k.holder) h ON true
    LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = k.holder AND a.attnum = COALESCE(NULLIF(k.objsubid, 0),
         (SELECT f.adnum FROM pg_catalog.pg_attrdef f
           WHERE k.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass AND f.oid = k.objid))
    LEFT JOIN LATERAL pg_catalog.pg_identify_object(k.classid, k.objid, 0) i ON true
    LEFT JOIN pg_catalog.pg_namespace in_schema
      ON in_schema.nspname = $1
     AND (in_schema.oid = h.relnamespace OR (h.relnamespace IS NULL AND quote_ident(in_schema.nspname) = i.schema))
)
SELECT n.kind, n.identity,
       -- A domain and an operator family of the schema move with what is a part of them.
       COALESCE(n.holder_name, CASE
         WHEN n.kind = 'domain constraint' THEN
           (SELECT i.identity FROM pg_catalog.pg_constraint k
             CROSS JOIN LATERAL pg_catalog.pg_identify_object('pg_catalog.pg_type'::pg_catalog.regclass, k.contypid, 0) i
              JOIN pg_catalog.pg_type t ON t.oid = k.contypid
              JOIN root ON root.schema_oid = t.typnamespace
             WHERE k.oid = n.objid)
         WHEN n.kind IN ('operator of access method', 'function of access method') AND EXISTS (
                SELECT FROM root JOIN pg_catalog.pg_opfamily f ON f.opfnamespace = root.schema_oid
                 WHERE f.oid IN (SELECT o.amopfamily FROM pg_catalog.pg_amop o WHERE o.oid = n.objid
                                 UNION ALL SELECT p.amprocfamily FROM pg_catalog.pg_amproc p WHERE p.oid = n.objid)) THEN
           split_part(n.identity, ' of ', 2) END) AS holder, n.holder_schema, n.holder_relation, n.is_inside, n.lies_in,
       CASE
         WHEN n.is_column AND n.is_inside THEN
           format('ALTER %s %s DROP COLUMN %I', n.holder_kind, n.holder_name, n.attname)
         WHEN n.is_column AND n.attgenerated = 's' THEN
           format('ALTER TABLE %s ALTER COLUMN %I DROP EXPRESSION', n.holder_name, n.attname)
         WHEN n.is_column THEN
           format('ALTER %s %s ALTER COLUMN %I TYPE text', n.holder_kind, n.holder_name, n.attname)
         WHEN n.kind = 'default value' AND n.attgenerated = 's' THEN
           format('ALTER TABLE %s ALTER COLUMN %I DROP EXPRESSION', n.holder_name, n.attname)
         WHEN n.kind = 'default value' AND n.attname IS NOT NULL THEN
           format('ALTER %s %s ALTER COLUMN %I DROP DEFAULT', n.holder_kind, n.holder_name, n.attname)
         WHEN n.kind = 'table constraint' THEN
           (SELECT format('ALTER %s %s DROP CONSTRAINT %I', n.holder_kind, n.holder_name, k.conname)
              FROM pg_catalog.pg_constraint k WHERE k.oid = n.objid)
         WHEN n.kind = 'domain constraint' THEN
           (SELECT format('ALTER DOMAIN %s DROP CONSTRAINT %I', k.contypid::regtype, k.conname)
              FROM pg_catalog.pg_constraint k WHERE k.oid = n.objid)
         WHEN n.kind = 'publication relation' THEN
           (SELECT format('ALTER PUBLICATION %I DROP TABLE %s', p.pubname, n.holder_name)
              FROM pg_catalog.pg_publication_rel r JOIN pg_catalog.pg_publication p ON p.oid = r.prpubid
             WHERE r.oid = n.objid)
         WHEN n.kind = 'publication namespace' THEN
           format('ALTER PUBLICATION %s DROP TABLES IN SCHEMA %I', split_part(n.identity, ' in publication ', 2), $1)
         WHEN n.kind = 'default acl' THEN
           (SELECT format('ALTER DEFAULT PRIVILEGES FOR ROLE %I%s REVOKE ALL ON %s FROM %s',
                          pg_get_userbyid(a.defaclrole),
                          (SELECT format(' IN SCHEMA %I', s.nspname) FROM pg_catalog.pg_namespace s WHERE s.oid = a.defaclnamespace),
                          CASE a.defaclobjtype WHEN 'r' THEN 'TABLES' WHEN 'S' THEN 'SEQUENCES' WHEN 'f' THEN 'FUNCTIONS'
                               WHEN 'T' THEN 'TYPES' ELSE 'SCHEMAS' END,
                          (SELECT string_agg(DISTINCT CASE WHEN g.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(g.grantee)) END, ', ')
                             FROM aclexplode(a.defaclacl) g))
              FROM pg_catalog.pg_default_acl a WHERE a.oid = n.objid)
         -- Beside a table that it is no part of: its own schema is no reason to lose it.
         WHEN n.kind = 'statistics object' AND NOT n.is_inside AND EXISTS (
                SELECT FROM root JOIN pg_catalog.pg_statistic_ext s ON s.stxnamespace = root.schema_oid
                 WHERE s.oid = n.objid) THEN
           format('ALTER STATISTICS %s SET SCHEMA public', n.identity)
         WHEN n.kind IN ('trigger', 'rule', 'policy', 'statistics object', 'index') THEN
           format('DROP %s %s', CASE n.kind WHEN 'statistics object' THEN 'STATISTICS' ELSE upper(n.kind) END, n.identity)
         WHEN n.kind IN ('operator of access method', 'function of access method') THEN
           format('ALTER OPERATOR FAMILY %s DROP %s', split_part(n.identity, ' of ', 2), split_part(n.identity, ' of ', 1))
         WHEN n.kind = 'type' AND NOT n.is_inside AND EXISTS (
                SELECT FROM pg_catalog.pg_type d
                 WHERE d.oid = n.objid AND d.typtype = 'd' AND d.typdefaultbin IS NOT NULL
                   AND NOT EXISTS (SELECT FROM taken b WHERE b.classid = n.classid AND b.objid = d.typbasetype)) THEN
           format('ALTER DOMAIN %s DROP DEFAULT', n.identity)
         WHEN n.kind = 'cast' THEN format('DROP CAST %s', n.identity)
         WHEN n.kind = 'sequence' AND EXISTS (
                SELECT FROM pg_catalog.pg_depend d WHERE d.classid = n.classid AND d.objid = n.objid AND d.deptype = 'a') THEN
           format('ALTER SEQUENCE %s OWNED BY NONE', n.identity) || CASE WHEN n.is_inside
             THEN format('; ALTER SEQUENCE %s SET SCHEMA public', n.identity) ELSE '' END
         -- What makes values of a range type stays where it is, unless it is moved before the type that it names.
         WHEN n.is_inside AND n.kind = 'type' AND EXISTS (SELECT FROM pg_catalog.pg_range r WHERE r.rngtypid = n.objid) THEN
           (SELECT concat_ws('; ',
                     (SELECT string_agg(format('ALTER FUNCTION %s SET SCHEMA public', p.oid::pg_catalog.regprocedure), '; ' ORDER BY p.oid DESC)
                        FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_proc p ON p.oid = d.objid
                       WHERE d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND d.deptype = 'i'
                         AND d.refclassid = n.classid AND d.refobjid IN (n.objid, parts.multirange)),
                     format('ALTER TYPE %s SET SCHEMA public', parts.multirange::pg_catalog.regtype),
                     format('ALTER TYPE %s SET SCHEMA public', n.identity))
              FROM (SELECT (to_jsonb(r) ->> 'rngmultitypid')::oid AS multirange
                      FROM pg_catalog.pg_range r WHERE r.rngtypid = n.objid) AS parts)
         WHEN n.is_inside AND n.kind IN ('table', 'foreign table', 'view', 'materialized view', 'sequence', 'type',
                'function', 'procedure', 'aggregate', 'operator', 'operator class', 'operator family', 'collation',
                'conversion', 'text search dictionary', 'text search configuration', 'text search parser',
                'text search template') THEN
           format('ALTER %s %s SET SCHEMA public', upper(n.kind), n.identity)
         WHEN n.kind = 'composite type' AND n.is_inside THEN format('ALTER TYPE %s SET SCHEMA public', n.identity)
         WHEN n.kind IN ('table', 'foreign table') AND EXISTS (
                SELECT FROM pg_catalog.pg_inherits h JOIN taken p ON p.objid = h.inhparent
                 WHERE h.inhrelid = n.objid AND p.classid = n.classid) THEN
           (SELECT CASE WHEN c.relispartition
                   THEN format('ALTER TABLE %I.%I DETACH PARTITION %s', pn.nspname, p.relname, n.identity)
                   ELSE format('ALTER TABLE %s NO INHERIT %I.%I', n.identity, pn.nspname, p.relname) END
              FROM pg_catalog.pg_class c
              JOIN pg_catalog.pg_inherits h ON h.inhrelid = c.oid
              JOIN pg_catalog.pg_class p ON p.oid = h.inhparent
              JOIN pg_catalog.pg_namespace pn ON pn.oid = p.relnamespace
             WHERE c.oid = n.objid ORDER BY h.inhseqno LIMIT 1)
         WHEN n.kind = 'table' AND EXISTS (
                SELECT FROM pg_catalog.pg_class c WHERE c.oid = n.objid AND c.reloftype <> 0) THEN
           format('ALTER TABLE %s NOT OF', n.identity)
         WHEN n.kind = 'composite type' THEN format('DROP TYPE %s', n.identity)
         WHEN n.kind = 'user mapping' THEN
           format('DROP USER MAPPING FOR %s', replace(n.identity, ' on server ', ' SERVER '))
         WHEN n.kind = 'transform' THEN format('DROP TRANSFORM %s', replace(n.identity, ' on language ', ' LANGUAGE '))
         WHEN n.kind = 'extension' AND EXISTS (
                SELECT FROM pg_catalog.pg_extension e WHERE e.oid = n.objid AND e.extrelocatable) THEN
           format('ALTER EXTENSION %s SET SCHEMA public', n.identity)
         ELSE format('DROP %s %s', upper(replace(n.kind, '-', ' ')), n.identity)
       END AS first,
       n.objid, n.objsubid
  FROM named n
 WHERE NOT (n.kind = 'function' AND EXISTS (
         SELECT FROM root JOIN pg_catalog.pg_proc p ON p.oid = n.objid
          WHERE p.pronamespace = root.schema_oid AND p.proname = $3))
   -- The server makes these by itself from version 18 on, also when an older one is upgraded.
   AND NOT (n.kind = 'table constraint' AND n.is_inside AND EXISTS (
         SELECT FROM pg_catalog.pg_constraint k WHERE k.oid = n.objid AND k.contype = 'n'))
   -- Until version 14 a generated column depends by itself on what its expression calls: it is named once.
   AND NOT (n.kind = 'default value' AND n.attgenerated = 's' AND NOT n.is_inside AND EXISTS (
         SELECT FROM named c WHERE c.is_column AND c.holder = n.holder AND c.attname = n.attname))
UNION ALL
-- A table of the schema whose rows show in a table elsewhere.
SELECT 'inheritance', format('of %I.%I from %I.%I', $1, c.relname, pn.nspname, p.relname), NULL, NULL, NULL, false, NULL,
       CASE WHEN c.relispartition
            THEN format('ALTER TABLE %I.%I DETACH PARTITION %I.%I', pn.nspname, p.relname, $1, c.relname)
            ELSE format('ALTER TABLE %I.%I NO INHERIT %I.%I', $1, c.relname, pn.nspname, p.relname) END,
       c.oid, 0
  FROM root
  JOIN pg_catalog.pg_class c ON c.relnamespace = root.schema_oid AND c.relkind IN ('r', 'p', 'f')
  JOIN pg_catalog.pg_inherits h ON h.inhrelid = c.oid
  JOIN pg_catalog.pg_class p ON p.oid = h.inhparent AND p.relnamespace <> c.relnamespace
  JOIN pg_catalog.pg_namespace pn ON pn.oid = p.relnamespace
 -- What was made later depends on what was there, and has to go first.
 ORDER BY objid DESC, objsubid DESC, identity
