-- What schema.sql says besides where schemas are compared: members of its JSON text. Nothing that handlers are
-- compiled for depends on it, and it takes most of the time.
  ,
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

  'later', (
    -- The same, of what older versions did not read: what they have kept has no line of it.
    SELECT json_object_agg(o.object, o.value)
      FROM (SELECT format('compression of %I.%I', c.relname, a.attname) AS object,
                   CASE a.attcompression WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' END AS value
              FROM pg_catalog.pg_class c
              JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid
             WHERE c.relnamespace = here.oid AND c.relkind IN ('r', 'p', 'm') AND a.attnum > 0 AND NOT a.attisdropped
               AND c.relname !~ $2
            UNION ALL
            SELECT format('options of column %I.%I', c.relname, a.attname), array_to_string(a.attoptions, ', ')
              FROM pg_catalog.pg_class c
              JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid
             WHERE c.relnamespace = here.oid AND c.relkind IN ('r', 'p', 'm', 'f') AND a.attnum > 0 AND NOT a.attisdropped
               AND c.relname !~ $2
            UNION ALL
            SELECT format('parameter toast.%s of %I', o.option_name, c.relname), o.option_value
              FROM pg_catalog.pg_class c
              JOIN pg_catalog.pg_class t ON t.oid = c.reltoastrelid
             CROSS JOIN LATERAL pg_options_to_table(t.reloptions) o
             WHERE c.relnamespace = here.oid AND c.relname !~ $2
            UNION ALL
            SELECT format('default of %I.%I', c.relname, a.attname), pg_get_expr(d.adbin, d.adrelid)
              FROM pg_catalog.pg_class c
              JOIN pg_catalog.pg_attrdef d ON d.adrelid = c.oid
              JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.adnum
             WHERE c.relnamespace = here.oid AND c.relkind = 'v'
            UNION ALL
            SELECT format('type of table %I', c.relname), format_type(c.reloftype, NULL)
              FROM pg_catalog.pg_class c
             WHERE c.relnamespace = here.oid AND c.relkind IN ('r', 'p') AND c.reloftype <> 0 AND c.relname !~ $2
            UNION ALL
            -- The triggers that check a constraint can be switched off like any other: then it holds by name only.
            SELECT format('enforcement of constraint %I on %s', k.conname, k.conrelid::regclass),
                   string_agg(DISTINCT CASE t.tgenabled WHEN 'D' THEN 'switched off' WHEN 'R' THEN 'on replicas only'
                                            ELSE 'on replicas too' END || ' on ' || t.tgrelid::regclass, ', ')
              FROM pg_catalog.pg_constraint k
              JOIN pg_catalog.pg_trigger t ON t.tgconstraint = k.oid AND t.tgisinternal AND t.tgenabled <> 'O'
             WHERE k.connamespace = here.oid AND k.conrelid <> 0
               AND (SELECT c.relname FROM pg_catalog.pg_class c WHERE c.oid = k.conrelid) !~ $2
             GROUP BY k.conname, k.conrelid
            UNION ALL
            SELECT format('comment on policy %I on %I', p.polname, c.relname), quote_literal(d.description)
              FROM pg_catalog.pg_policy p
              JOIN pg_catalog.pg_class c ON c.oid = p.polrelid
              JOIN pg_catalog.pg_description d ON d.classoid = 'pg_catalog.pg_policy'::regclass AND d.objoid = p.oid
             WHERE c.relnamespace = here.oid AND c.relname !~ $2
            UNION ALL
            SELECT format('comment on rule %I on %I', r.rulename, c.relname), quote_literal(d.description)
              FROM pg_catalog.pg_rewrite r
              JOIN pg_catalog.pg_class c ON c.oid = r.ev_class
              JOIN pg_catalog.pg_description d ON d.classoid = 'pg_catalog.pg_rewrite'::regclass AND d.objoid = r.oid
             WHERE c.relnamespace = here.oid AND r.rulename <> '_RETURN' AND c.relname !~ $2
            UNION ALL
            SELECT format('comment on statistics %I on %I', s.stxname, c.relname), quote_literal(d.description)
              FROM pg_catalog.pg_statistic_ext s
              JOIN pg_catalog.pg_class c ON c.oid = s.stxrelid
              JOIN pg_catalog.pg_description d ON d.classoid = 'pg_catalog.pg_statistic_ext'::regclass AND d.objoid = s.oid
             WHERE s.stxnamespace = here.oid
            UNION ALL
            SELECT format('comment on constraint %I on domain %I', k.conname, t.typname), quote_literal(d.description)
              FROM pg_catalog.pg_constraint k
              JOIN pg_catalog.pg_type t ON t.oid = k.contypid
              JOIN pg_catalog.pg_description d ON d.classoid = 'pg_catalog.pg_constraint'::regclass AND d.objoid = k.oid
             WHERE (t.typnamespace = here.oid OR t.typnamespace = ANY (here.types)) AND k.contype = 'c'
            UNION ALL
            SELECT 'comment on the schema', quote_literal(obj_description(here.oid, 'pg_namespace'))
             WHERE here.prefix <> 'public') o
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
