-- Views (through their rewrite rules), foreign keys and functions that need a
-- relation of schema $1 (only the relation $2 where it is given) and lie elsewhere.
SELECT DISTINCT pg_describe_object(o.classid, o.objid, 0)
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_depend d
    ON d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = c.oid AND d.deptype = 'n'
  LEFT JOIN pg_catalog.pg_rewrite r
    ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND r.oid = d.objid
  CROSS JOIN LATERAL (
       SELECT CASE WHEN r.oid IS NULL THEN d.classid ELSE 'pg_catalog.pg_class'::regclass END AS classid,
              CASE WHEN r.oid IS NULL THEN d.objid ELSE r.ev_class END AS objid) o
  LEFT JOIN pg_catalog.pg_class oc
    ON o.classid = 'pg_catalog.pg_class'::regclass AND oc.oid = o.objid
  LEFT JOIN pg_catalog.pg_namespace ons ON ons.oid = oc.relnamespace
  LEFT JOIN pg_catalog.pg_constraint k
    ON o.classid = 'pg_catalog.pg_constraint'::regclass AND k.oid = o.objid
  LEFT JOIN pg_catalog.pg_namespace kns ON kns.oid = k.connamespace
 WHERE n.nspname = $1
   AND ($2::text IS NULL OR c.relname = $2)
   AND o.objid <> c.oid
   AND ($2::text IS NOT NULL OR COALESCE(ons.nspname, kns.nspname, '') <> $1)
   AND NOT COALESCE(ons.nspname, '') = ANY ($3::text[])
