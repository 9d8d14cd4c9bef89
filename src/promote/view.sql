-- Is it a view, its options, and what must be said again after it was dropped.
SELECT c.relkind = 'v',
       array_to_string(c.reloptions, ', '),
       ARRAY(SELECT format('GRANT %s ON %I.%I TO %s%s', g.privilege_type, n.nspname, c.relname,
                           CASE WHEN g.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(g.grantee)) END,
                           CASE WHEN g.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
               FROM aclexplode(c.relacl) g WHERE g.grantee <> c.relowner)
       || ARRAY(SELECT format('COMMENT ON VIEW %I.%I IS %L', n.nspname, c.relname, d)
                  FROM obj_description(c.oid, 'pg_class') d WHERE d IS NOT NULL)
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE n.nspname = $1 AND c.relname = $2
