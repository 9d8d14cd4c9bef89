-- Everything the catalog says of schema $1, as one JSON text; no row where it does not exist.
-- {compared} is schema_compared.sql, or nothing.
--
-- The server prints a name without its schema when it is found through search_path, so the path is
-- the schema itself for as long as the reading takes: the same DDL reads alike in any schema. The
-- schema stands before pg_catalog and temporary tables, so that nothing hides a name of its own. "here" sets
-- the path before any row of it exists, every subquery needs that row, and the outermost SELECT puts
-- the old path back when the text is complete. Both settings are local to the transaction.
--
-- Types that a build shares with others lie in schemas beside it, whose names look like $4, on the path that its
-- function $3 keeps. They are read as the schema's own.
WITH here AS MATERIALIZED (
  SELECT n.oid, quote_ident(n.nspname) AS prefix, beside.types,
         current_setting('search_path') AS path_before,
         set_config('search_path', concat_ws(', ', quote_ident(n.nspname), beside.path, 'pg_catalog, pg_temp'), true) AS path
    FROM pg_catalog.pg_namespace n
   CROSS JOIN LATERAL (
         SELECT array_agg(t.oid) AS types, string_agg(DISTINCT quote_ident(t.nspname), ', ') AS path
           FROM pg_catalog.pg_proc p
          CROSS JOIN LATERAL unnest(p.proconfig) AS setting
           JOIN pg_catalog.pg_namespace t
             ON t.nspname ~ $4 AND strpos(setting || ', ', ', ' || quote_ident(t.nspname) || ', ') > 0
          WHERE p.pronamespace = n.oid AND p.proname = $3 AND starts_with(setting, 'search_path=')) AS beside
   WHERE n.nspname = $1)
SELECT facts, set_config('search_path', path_before, true)
  FROM (SELECT path_before, json_strip_nulls(json_build_object(

  'tables', (
    SELECT json_object_agg(quote_ident(c.relname), json_build_object(
      'unlogged', c.relpersistence = 'u',
      'partitioned_by', CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END,
      'partition_bound', CASE WHEN c.relispartition THEN pg_get_expr(c.relpartbound, c.oid) END,
      'parents', (
        SELECT json_agg(i.inhparent::regclass::text ORDER BY i.inhseqno)
          FROM pg_catalog.pg_inherits i WHERE i.inhrelid = c.oid),
      'options', (
        SELECT json_object_agg(o.option_name, o.option_value)
          FROM pg_options_to_table(c.reloptions) o),
      'row_security', c.relrowsecurity,
      'row_security_forced', c.relforcerowsecurity,
      'columns', (
        SELECT json_agg(json_build_object(
                 'name', quote_ident(a.attname),
                 'type', format_type(a.atttypid, a.atttypmod),
                 'collation', CASE WHEN a.attcollation <> 0 AND a.attcollation <>
                     (SELECT t.typcollation FROM pg_catalog.pg_type t WHERE t.oid = a.atttypid)
                     THEN a.attcollation::regcollation::text END,
                 'not_null', a.attnotnull,
                 'default', CASE WHEN a.attgenerated = '' THEN pg_get_expr(d.adbin, d.adrelid) END,
                 'generated', CASE WHEN a.attgenerated <> '' THEN format('GENERATED ALWAYS AS (%s) %s',
                     pg_get_expr(d.adbin, d.adrelid),
                     CASE a.attgenerated WHEN 'v' THEN 'VIRTUAL' ELSE 'STORED' END) END,
                 'identity', CASE a.attidentity WHEN 'a' THEN 'ALWAYS' WHEN 'd' THEN 'BY DEFAULT' END,
                 'identity_options', CASE WHEN a.attidentity <> '' THEN (
                     SELECT format('START WITH %s INCREMENT BY %s MINVALUE %s MAXVALUE %s CACHE %s %s',
                                   s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcache,
                                   CASE WHEN s.seqcycle THEN 'CYCLE' ELSE 'NO CYCLE' END)
                       FROM pg_catalog.pg_sequence s
                      WHERE s.seqrelid = (SELECT p.objid FROM pg_catalog.pg_depend p
                                           WHERE p.refclassid = 'pg_catalog.pg_class'::regclass
                                             AND p.refobjid = c.oid AND p.refobjsubid = a.attnum
                                             AND p.classid = 'pg_catalog.pg_class'::regclass
                                             AND p.deptype = 'i')
                        AND (s.seqstart, s.seqincrement, s.seqmin, s.seqcache, s.seqcycle,
                             s.seqmax) IS DISTINCT FROM (1, 1, 1, 1, false,
                             CASE s.seqtypid WHEN 'int2'::regtype THEN 32767
                                  WHEN 'int4'::regtype THEN 2147483647 ELSE 9223372036854775807 END)) END)
               ORDER BY a.attnum)
          FROM pg_catalog.pg_attribute a
          LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
         WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped),
      'constraints', (
        -- NOT NULL constraints, which have rows of their own since PostgreSQL 18, are the column's.
        SELECT json_object_agg(quote_ident(k.conname), json_build_object(
                 'kind', k.contype, 'definition', pg_get_constraintdef(k.oid, true)))
          FROM pg_catalog.pg_constraint k
         WHERE k.conrelid = c.oid AND k.contype IN ('p', 'u', 'x', 'c', 'f')
           AND k.conparentid = 0 AND k.conislocal),
      'policies', (
        SELECT json_object_agg(quote_ident(p.polname), concat_ws(' ',
                 CASE WHEN p.polpermissive THEN 'AS PERMISSIVE' ELSE 'AS RESTRICTIVE' END,
                 'FOR ' || CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT'
                                WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE' ELSE 'ALL' END,
                 'TO ' || (SELECT string_agg(CASE WHEN r = 0 THEN 'public' ELSE quote_ident(pg_get_userbyid(r)) END,
                                             ', ' ORDER BY pg_get_userbyid(r)::text COLLATE "C")
                             FROM unnest(p.polroles) r),
                 'USING (' || pg_get_expr(p.polqual, p.polrelid) || ')',
                 'WITH CHECK (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')'))
          FROM pg_catalog.pg_policy p WHERE p.polrelid = c.oid)))
      FROM pg_catalog.pg_class c
     WHERE c.relnamespace = here.oid AND c.relkind IN ('r', 'p')
       AND c.relname !~ $2
       AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend e WHERE e.classid = 'pg_catalog.pg_class'::regclass
                          AND e.objid = c.oid AND e.deptype = 'e')),

  'indexes', (
    SELECT json_object_agg(quote_ident(i.relname), json_build_object(
             'on', quote_ident(c.relname),
             'definition', CASE WHEN c.relkind = 'p'
                 THEN regexp_replace(pg_get_indexdef(i.oid, 0, true), ' ON ONLY ', ' ON ')
                 ELSE pg_get_indexdef(i.oid, 0, true) END,
             'valid', x.indisvalid))
      FROM pg_catalog.pg_class i
      JOIN pg_catalog.pg_index x ON x.indexrelid = i.oid
      JOIN pg_catalog.pg_class c ON c.oid = x.indrelid
     WHERE i.relnamespace = here.oid AND i.relkind IN ('i', 'I')
       AND NOT i.relispartition
       AND c.relname !~ $2
       -- A foreign key names the index it leans on as well, and does not own it.
       AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint k
                        WHERE k.conrelid = x.indrelid AND k.conindid = i.oid AND k.contype IN ('p', 'u', 'x'))
       AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend e WHERE e.classid = 'pg_catalog.pg_class'::regclass
                          AND e.objid = c.oid AND e.deptype = 'e')),

  'triggers', (
    SELECT json_object_agg(format('%I ON %I', t.tgname, c.relname), json_build_object(
             'name', quote_ident(t.tgname),
             'on', quote_ident(c.relname),
             'definition', pg_get_triggerdef(t.oid, true),
             'fires', t.tgenabled))
      FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_trigger t ON t.tgrelid = c.oid
     WHERE c.relnamespace = here.oid AND NOT t.tgisinternal AND t.tgparentid = 0
       AND c.relname !~ $2),

  'views', (
    SELECT json_object_agg(quote_ident(c.relname), json_build_object(
             'materialized', c.relkind = 'm',
             'definition', rtrim(btrim(pg_get_viewdef(c.oid, true), E' \n'), ';'),
             'options', (
               SELECT json_object_agg(o.option_name, o.option_value)
                 FROM pg_options_to_table(c.reloptions) o),
             'columns', (
               SELECT json_agg(json_build_object('name', quote_ident(a.attname),
                               'type', format_type(a.atttypid, a.atttypmod)) ORDER BY a.attnum)
                 FROM pg_catalog.pg_attribute a
                WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)))
      FROM pg_catalog.pg_class c
     WHERE c.relnamespace = here.oid AND c.relkind IN ('v', 'm')
       AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend e WHERE e.classid = 'pg_catalog.pg_class'::regclass
                          AND e.objid = c.oid AND e.deptype = 'e')),

  'routines', (
    -- pg_get_functiondef() names the schema whatever the path is, always at the same place.
    SELECT json_object_agg(format('%I(%s)', p.proname, pg_get_function_identity_arguments(p.oid)),
             json_build_object(
             'kind', CASE p.prokind WHEN 'p' THEN 'PROCEDURE' ELSE 'FUNCTION' END,
             'arguments', pg_get_function_arguments(p.oid),
             'returns', pg_get_function_result(p.oid),
             'language', (SELECT l.lanname FROM pg_catalog.pg_language l WHERE l.oid = p.prolang),
             'definition', rtrim(overlay(pg_get_functiondef(p.oid) PLACING '' FROM
                 19 + CASE p.prokind WHEN 'p' THEN 10 ELSE 9 END FOR length(here.prefix) + 1), E' \n')))
      FROM pg_catalog.pg_proc p
     WHERE p.pronamespace = here.oid AND p.prokind <> 'a' AND p.proname !~ $2
       -- What makes values of a range type is a part of it.
       AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend e WHERE e.classid = 'pg_catalog.pg_proc'::regclass
                          AND e.objid = p.oid AND e.deptype IN ('e', 'i')))
  {compared}
  ))::text AS facts
  FROM here
OFFSET 0) AS reading
