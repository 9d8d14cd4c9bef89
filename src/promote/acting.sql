-- What acts on the rows of builds that readers see, or may see next, and was not there when they were made: triggers,
-- rules, defaults. $1: the builds. One of which nothing was written down is left out.
SELECT b.schema_name, i.type || ' ' || i.identity AS object
  FROM regrow.build b
  JOIN pg_catalog.pg_namespace n ON n.nspname = b.schema_name
  JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid
  JOIN LATERAL (
         SELECT 'pg_catalog.pg_trigger'::pg_catalog.regclass AS classid, t.oid
           FROM pg_catalog.pg_trigger t
          WHERE t.tgrelid = c.oid AND NOT t.tgisinternal AND t.tgparentid = 0
         UNION ALL
         SELECT 'pg_catalog.pg_rewrite'::pg_catalog.regclass, r.oid
           FROM pg_catalog.pg_rewrite r WHERE r.ev_class = c.oid AND r.rulename <> '_RETURN'
         UNION ALL
         SELECT 'pg_catalog.pg_attrdef'::pg_catalog.regclass, d.oid
           FROM pg_catalog.pg_attrdef d
           JOIN pg_catalog.pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
          WHERE d.adrelid = c.oid AND a.attgenerated = '') AS acts ON true
 CROSS JOIN LATERAL pg_catalog.pg_identify_object(acts.classid, acts.oid, 0) AS i
 WHERE b.state IN ('ready', 'live')
   AND b.id = ANY ($1)
   AND EXISTS (SELECT FROM regrow.build_object o WHERE o.build_id = b.id)
   AND NOT EXISTS (SELECT FROM regrow.build_object o
                    WHERE o.build_id = b.id AND o.kind = i.type AND o.identity = i.identity)
 ORDER BY 1, 2
