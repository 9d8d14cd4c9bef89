-- Everything the catalog says of schema $1, as one JSON text; no row where it does not exist.
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

  'sequences', (
    SELECT json_object_agg(quote_ident(c.relname), json_build_object(
             'definition', format('AS %s START WITH %s INCREMENT BY %s MINVALUE %s MAXVALUE %s CACHE %s %s',
                 format_type(s.seqtypid, NULL), s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcache,
                 CASE WHEN s.seqcycle THEN 'CYCLE' ELSE 'NO CYCLE' END),
             'owned_by', (
               SELECT format('%s.%I', a.attrelid::regclass, a.attname)
                 FROM pg_catalog.pg_depend d
                 JOIN pg_catalog.pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
                WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid
                  AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.deptype = 'a')))
      FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_sequence s ON s.seqrelid = c.oid
     WHERE c.relnamespace = here.oid AND c.relkind = 'S'
       AND c.relname !~ $2
       AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend e WHERE e.classid = 'pg_catalog.pg_class'::regclass
                          AND e.objid = c.oid AND e.deptype IN ('e', 'i'))),

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
       AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend e WHERE e.classid = 'pg_catalog.pg_proc'::regclass
                          AND e.objid = p.oid AND e.deptype = 'e')),

  'enums', (
    SELECT json_object_agg(quote_ident(t.typname), (
             SELECT json_agg(l.enumlabel ORDER BY l.enumsortorder)
               FROM pg_catalog.pg_enum l WHERE l.enumtypid = t.oid))
      FROM pg_catalog.pg_type t
     WHERE (t.typnamespace = here.oid OR t.typnamespace = ANY (here.types)) AND t.typtype = 'e'
       AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend e WHERE e.classid = 'pg_catalog.pg_type'::regclass
                          AND e.objid = t.oid AND e.deptype = 'e')),

  'domains', (
    SELECT json_object_agg(quote_ident(t.typname), json_build_object(
             'type', format_type(t.typbasetype, t.typtypmod),
             'collation', CASE WHEN t.typcollation <> b.typcollation THEN t.typcollation::regcollation::text END,
             'not_null', t.typnotnull,
             'default', pg_get_expr(t.typdefaultbin, 'pg_catalog.pg_type'::regclass),
             'constraints', (
               SELECT json_object_agg(quote_ident(k.conname), pg_get_constraintdef(k.oid, true))
                 FROM pg_catalog.pg_constraint k WHERE k.contypid = t.oid AND k.contype = 'c')))
      FROM pg_catalog.pg_type t
      JOIN pg_catalog.pg_type b ON b.oid = t.typbasetype
     WHERE (t.typnamespace = here.oid OR t.typnamespace = ANY (here.types)) AND t.typtype = 'd'
       AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend e WHERE e.classid = 'pg_catalog.pg_type'::regclass
                          AND e.objid = t.oid AND e.deptype = 'e')),

  'composites', (
    SELECT json_object_agg(quote_ident(c.relname), (
             SELECT json_agg(json_build_object('name', quote_ident(a.attname),
                             'type', format_type(a.atttypid, a.atttypmod)) ORDER BY a.attnum)
               FROM pg_catalog.pg_attribute a
              WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped))
      FROM pg_catalog.pg_class c
     WHERE (c.relnamespace = here.oid OR c.relnamespace = ANY (here.types)) AND c.relkind = 'c'
       AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend e WHERE e.classid = 'pg_catalog.pg_type'::regclass
                          AND e.objid = c.reltype AND e.deptype = 'e')),

  'others', (
    -- What no script of ours makes: the keys and values are lines as they are.
    SELECT json_object_agg(o.object, o.value)
      FROM (SELECT format('rule %I on %I', r.rulename, c.relname) AS object,
                   pg_get_ruledef(r.oid, true) || CASE r.ev_enabled WHEN 'D' THEN ' (disabled)' WHEN 'R' THEN ' (on replicas only)'
                       WHEN 'A' THEN ' (on replicas too)' ELSE '' END AS value
              FROM pg_catalog.pg_rewrite r
              JOIN pg_catalog.pg_class c ON c.oid = r.ev_class
             WHERE c.relnamespace = here.oid AND r.rulename <> '_RETURN' AND c.relname !~ $2
            UNION ALL
            SELECT format('replica identity of %I', c.relname),
                   CASE c.relreplident WHEN 'n' THEN 'nothing' WHEN 'f' THEN 'full'
                        ELSE 'index ' || (SELECT i.indexrelid::regclass::text FROM pg_catalog.pg_index i
                                           WHERE i.indrelid = c.oid AND i.indisreplident) END
              FROM pg_catalog.pg_class c
             WHERE c.relnamespace = here.oid AND c.relkind IN ('r', 'p') AND c.relreplident <> 'd' AND c.relname !~ $2
            UNION ALL
            SELECT format('statistics %I on %I', s.stxname, c.relname),
                   pg_get_statisticsobjdef(s.oid) || CASE WHEN (to_jsonb(s) ->> 'stxstattarget')::int >= 0
                       THEN ' (target ' || (to_jsonb(s) ->> 'stxstattarget') || ')' ELSE '' END
              FROM pg_catalog.pg_statistic_ext s
              JOIN pg_catalog.pg_class c ON c.oid = s.stxrelid
             WHERE s.stxnamespace = here.oid
            UNION ALL
            SELECT format('statistics target of %I.%I', c.relname, a.attname), a.attstattarget::text
              FROM pg_catalog.pg_class c
              JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid
             WHERE c.relnamespace = here.oid AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped
               AND a.attstattarget >= 0 AND c.relname !~ $2
            UNION ALL
            SELECT format('storage of %I.%I', c.relname, a.attname), a.attstorage::text
              FROM pg_catalog.pg_class c
              JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid
              JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
             WHERE c.relnamespace = here.oid AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped
               AND a.attstorage <> t.typstorage AND c.relname !~ $2
            UNION ALL
            SELECT format('clustered on of %I', c.relname), x.indexrelid::regclass::text
              FROM pg_catalog.pg_class c
              JOIN pg_catalog.pg_index x ON x.indrelid = c.oid AND x.indisclustered
             WHERE c.relnamespace = here.oid AND c.relname !~ $2
            UNION ALL
            SELECT format('tablespace of %I', c.relname), s.spcname
              FROM pg_catalog.pg_class c
              JOIN pg_catalog.pg_tablespace s ON s.oid = c.reltablespace
             WHERE c.relnamespace = here.oid AND c.relkind IN ('r', 'p', 'i', 'I', 'm') AND c.relname !~ $2
            UNION ALL
            SELECT format('aggregate %I(%s)', p.proname, pg_get_function_identity_arguments(p.oid)),
                   format('sfunc %s, stype %s, initial %s', a.aggtransfn::regproc,
                          format_type(a.aggtranstype, NULL), COALESCE(quote_literal(a.agginitval), 'none'))
              FROM pg_catalog.pg_proc p
              JOIN pg_catalog.pg_aggregate a ON a.aggfnoid = p.oid
             WHERE p.pronamespace = here.oid
               AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend e WHERE e.classid = 'pg_catalog.pg_proc'::regclass
                                  AND e.objid = p.oid AND e.deptype = 'e')
            UNION ALL
            SELECT format('operator %s', o.oid::regoperator), 'function ' || o.oprcode::regproc
              FROM pg_catalog.pg_operator o
             WHERE o.oprnamespace = here.oid
               AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend e WHERE e.classid = 'pg_catalog.pg_operator'::regclass
                                  AND e.objid = o.oid AND e.deptype = 'e')
            UNION ALL
            SELECT format('range type %I', t.typname), 'of ' || format_type(r.rngsubtype, NULL)
              FROM pg_catalog.pg_type t
              JOIN pg_catalog.pg_range r ON r.rngtypid = t.oid
             WHERE t.typnamespace = here.oid
               AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend e WHERE e.classid = 'pg_catalog.pg_type'::regclass
                                  AND e.objid = t.oid AND e.deptype = 'e')
            UNION ALL
            SELECT format('foreign table %I', c.relname),
                   (SELECT string_agg(format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod)), ', ' ORDER BY a.attnum)
                      FROM pg_catalog.pg_attribute a
                     WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)
              FROM pg_catalog.pg_class c
             WHERE c.relnamespace = here.oid AND c.relkind = 'f'
            UNION ALL
            SELECT format('collation %I', l.collname),
                   format('%s, %s', l.collprovider, COALESCE(to_jsonb(l) ->> 'colllocale', to_jsonb(l) ->> 'colliculocale', l.collcollate))
              FROM pg_catalog.pg_collation l
             WHERE l.collnamespace = here.oid) o
     WHERE o.value IS NOT NULL),

  'comments', (
    -- The keys are what COMMENT ON takes.
    SELECT json_object_agg(o.object, o.description)
      FROM (SELECT CASE WHEN d.objsubid > 0 THEN (
                     SELECT format('COLUMN %I.%I', c.relname, a.attname)
                       FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attnum = d.objsubid)
                   ELSE format('%s %I', CASE c.relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW'
                                        WHEN 'i' THEN 'INDEX' WHEN 'I' THEN 'INDEX'
                                        WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, c.relname) END AS object,
                   d.description, d.classoid, d.objoid
              FROM pg_catalog.pg_class c
              JOIN pg_catalog.pg_description d ON d.classoid = 'pg_catalog.pg_class'::regclass AND d.objoid = c.oid
             WHERE (c.relnamespace = here.oid OR c.relnamespace = ANY (here.types)) AND c.relkind IN ('r', 'p', 'v', 'm', 'i', 'I', 'S', 'c')
               AND c.relname !~ $2
            UNION ALL
            SELECT format('%s %I(%s)', CASE p.prokind WHEN 'p' THEN 'PROCEDURE' ELSE 'FUNCTION' END,
                          p.proname, pg_get_function_identity_arguments(p.oid)),
                   d.description, d.classoid, d.objoid
              FROM pg_catalog.pg_proc p
              JOIN pg_catalog.pg_description d ON d.classoid = 'pg_catalog.pg_proc'::regclass AND d.objoid = p.oid
             WHERE p.pronamespace = here.oid AND p.prokind <> 'a' AND p.proname !~ $2
            UNION ALL
            SELECT format('%s %I', CASE t.typtype WHEN 'd' THEN 'DOMAIN' ELSE 'TYPE' END, t.typname),
                   d.description, d.classoid, d.objoid
              FROM pg_catalog.pg_type t
              JOIN pg_catalog.pg_description d ON d.classoid = 'pg_catalog.pg_type'::regclass AND d.objoid = t.oid
             WHERE (t.typnamespace = here.oid OR t.typnamespace = ANY (here.types)) AND t.typtype IN ('e', 'd', 'c')
            UNION ALL
            SELECT format('CONSTRAINT %I ON %s', k.conname, k.conrelid::regclass),
                   d.description, d.classoid, d.objoid
              FROM pg_catalog.pg_constraint k
              JOIN pg_catalog.pg_description d
                ON d.classoid = 'pg_catalog.pg_constraint'::regclass AND d.objoid = k.oid
             WHERE k.connamespace = here.oid AND k.conrelid <> 0 AND k.contype <> 'n'
               AND (SELECT c.relname FROM pg_catalog.pg_class c WHERE c.oid = k.conrelid) !~ $2
            UNION ALL
            SELECT format('TRIGGER %I ON %I', t.tgname, c.relname), d.description, d.classoid, d.objoid
              FROM pg_catalog.pg_class c
              JOIN pg_catalog.pg_trigger t ON t.tgrelid = c.oid
              JOIN pg_catalog.pg_description d
                ON d.classoid = 'pg_catalog.pg_trigger'::regclass AND d.objoid = t.oid
             WHERE c.relnamespace = here.oid AND c.relname !~ $2) o
     WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_depend e
                        WHERE e.classid = o.classoid AND e.objid = o.objoid AND e.deptype = 'e'))

  ))::text AS facts
  FROM here
OFFSET 0) AS reading
