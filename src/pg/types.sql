-- The types that stand by themselves in the schema $1: what each is, what it is made of, whether a column of a
-- table there shows it, and what keeps it from lying elsewhere. $2 and $3: the history's tables.
--
-- Names are printed with their schemas while it is read, as in schema.sql: "here" sets the path before any row of
-- it exists, everything else needs that row, and the outermost SELECT puts the old path back.
WITH here AS MATERIALIZED (
  SELECT n.oid, quote_ident(n.nspname) AS quoted, current_setting('search_path') AS path_before,
         set_config('search_path', 'pg_catalog, pg_temp', true) AS path
    FROM pg_catalog.pg_namespace n WHERE n.nspname = $1
), own AS (
  SELECT t.oid, t.typname, t.typtype, t.typrelid, t.typarray, t.typbasetype, t.typtypmod, t.typcollation, t.typnotnull,
         t.typdefaultbin, here.quoted
    FROM here
    JOIN pg_catalog.pg_type t ON t.typnamespace = here.oid
    LEFT JOIN pg_catalog.pg_class c ON c.oid = t.typrelid
   WHERE (t.typtype IN ('e', 'd') OR t.typtype = 'c' AND c.relkind = 'c')
     AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend e WHERE e.classid = 'pg_catalog.pg_type'::pg_catalog.regclass
                        AND e.objid = t.oid AND e.deptype = 'e')
), shown AS (
  SELECT a.atttypid AS oid
    FROM here
    JOIN pg_catalog.pg_class c ON c.relnamespace = here.oid AND c.relkind IN ('r', 'p')
    JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
   WHERE c.relname <> $2 AND NOT starts_with(c.relname::text, $3)
), part AS (
  SELECT own.oid, own.typbasetype AS made_of FROM own WHERE own.typtype = 'd'
  UNION
  SELECT own.oid, a.atttypid
    FROM own JOIN pg_catalog.pg_attribute a ON a.attrelid = own.typrelid AND a.attnum > 0 AND NOT a.attisdropped
   WHERE own.typtype = 'c'
), leaning AS (
  -- Whatever it leans on, itself or by a constraint, a default or a column.
  SELECT own.oid, d.refclassid, d.refobjid
    FROM own
    JOIN pg_catalog.pg_depend d
      ON d.classid = 'pg_catalog.pg_type'::pg_catalog.regclass AND d.objid = own.oid
      OR d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = own.typrelid AND own.typrelid <> 0
      OR d.classid = 'pg_catalog.pg_constraint'::pg_catalog.regclass
         AND d.objid IN (SELECT k.oid FROM pg_catalog.pg_constraint k WHERE k.contypid = own.oid)
   WHERE d.refclassid NOT IN ('pg_catalog.pg_namespace'::pg_catalog.regclass, 'pg_catalog.pg_extension'::pg_catalog.regclass)
     AND d.refobjid <> own.oid AND d.refobjid <> own.typrelid
     AND NOT (d.refclassid = 'pg_catalog.pg_type'::pg_catalog.regclass
              AND EXISTS (SELECT FROM own o WHERE d.refobjid IN (o.oid, o.typarray)))
)
SELECT facts, set_config('search_path', path_before, true)
  FROM (SELECT here.path_before, (SELECT json_agg(f ORDER BY f.oid)::text FROM (
SELECT own.oid::bigint AS oid, own.typname::text AS name, concat(own.quoted, '.', quote_ident(own.typname)) AS printed,
       quote_ident(own.typname) AS bare,
       CASE own.typtype
         WHEN 'e' THEN 'enum ' || COALESCE((
           SELECT string_agg(quote_literal(l.enumlabel), ', ' ORDER BY l.enumsortorder)
             FROM pg_catalog.pg_enum l WHERE l.enumtypid = own.oid), '')
         WHEN 'd' THEN concat_ws(' ', 'domain', format_type(own.typbasetype, own.typtypmod),
           CASE WHEN own.typcollation <> b.typcollation THEN 'collate ' || own.typcollation::pg_catalog.regcollation END,
           CASE WHEN own.typnotnull THEN 'not null' END,
           'default ' || pg_get_expr(own.typdefaultbin, 'pg_catalog.pg_type'::pg_catalog.regclass),
           (SELECT string_agg(format('%I %s', k.conname, pg_get_constraintdef(k.oid)), ' ' ORDER BY k.conname)
              FROM pg_catalog.pg_constraint k WHERE k.contypid = own.oid AND k.contype = 'c'))
         ELSE 'composite ' || COALESCE((
           SELECT string_agg(concat_ws(' ', quote_ident(a.attname), format_type(a.atttypid, a.atttypmod),
                    CASE WHEN a.attcollation <> t.typcollation THEN 'collate ' || a.attcollation::pg_catalog.regcollation END),
                    ', ' ORDER BY a.attnum)
             FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
            WHERE a.attrelid = own.typrelid AND a.attnum > 0 AND NOT a.attisdropped), '')
       END AS content,
       ARRAY(SELECT DISTINCT o.oid::bigint FROM part JOIN own o ON part.made_of IN (o.oid, o.typarray)
              WHERE part.oid = own.oid) AS made_of,
       EXISTS (SELECT FROM shown WHERE shown.oid IN (own.oid, own.typarray)) AS is_shown,
       (SELECT i.type || ' ' || i.identity
          FROM leaning, pg_catalog.pg_identify_object(leaning.refclassid, leaning.refobjid, 0) i
         WHERE leaning.oid = own.oid AND i.schema = own.quoted
         ORDER BY i.type, i.identity LIMIT 1) AS leans_on
  FROM own
  LEFT JOIN pg_catalog.pg_type b ON b.oid = own.typbasetype
  ) f) AS facts
  FROM here
OFFSET 0) AS reading
