-- Of the functions $1 those that read texts as values of the types they give: PostgreSQL's for members of JSON, and
-- those of extensions that give a row of a type that the call decides. Whether one is an extension's.
SELECT p.oid, format('%s.%s', n.nspname, p.proname), p.oid >= 16384
  FROM pg_catalog.pg_proc p
  JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
  JOIN pg_catalog.pg_type r ON r.oid = p.prorettype
 WHERE p.oid = ANY ($1::oid[])
   AND (n.nspname = 'pg_catalog'
        AND p.proname ~ '^jsonb?_(populate_record|populate_recordset|to_record|to_recordset)$'
        OR r.typtype IN ('p', 'c')
           AND EXISTS (SELECT FROM pg_catalog.pg_depend d
                        WHERE d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND d.objid = p.oid AND d.deptype = 'e'))
 ORDER BY 1
