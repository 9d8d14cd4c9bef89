-- What belongs to the views $2 (as PostgreSQL prints their names), and to the schema $1 if it is not NULL, and goes with them:
-- comments, security labels, and rights that somebody else than the owner has.
WITH it AS (
  SELECT 'pg_catalog.pg_class'::pg_catalog.regclass::oid AS classid, c.oid AS objid, format('%I.%I', n.nspname, c.relname) AS name,
         c.relowner AS owner, c.relacl AS acl
    FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
   WHERE format('%I.%I', n.nspname, c.relname) = ANY ($2)
  UNION ALL
  SELECT 'pg_catalog.pg_namespace'::pg_catalog.regclass::oid, n.oid, format('schema %I', n.nspname), n.nspowner, n.nspacl
    FROM pg_catalog.pg_namespace n
   WHERE n.nspname = $1
), part AS (
  SELECT it.*, 0 AS objsubid FROM it
  UNION ALL
  SELECT it.classid, it.objid, format('%s.%I', it.name, a.attname), it.owner, a.attacl, a.attnum
    FROM it
    JOIN pg_catalog.pg_attribute a ON a.attrelid = it.objid AND a.attnum > 0
   WHERE it.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
)
SELECT format('the comment on %s', part.name) AS what
  FROM part
  JOIN pg_catalog.pg_description d ON d.classoid = part.classid AND d.objoid = part.objid AND d.objsubid = part.objsubid
UNION ALL
SELECT format('the security label on %s', part.name)
  FROM part
  JOIN pg_catalog.pg_seclabel l ON l.classoid = part.classid AND l.objoid = part.objid AND l.objsubid = part.objsubid
UNION ALL
SELECT format('%s on %s for %s', string_agg(g.privilege_type, ', ' ORDER BY g.privilege_type), part.name,
              CASE WHEN g.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(g.grantee)) END)
  FROM part
 CROSS JOIN LATERAL aclexplode(part.acl) g
 WHERE g.grantee <> part.owner
 GROUP BY part.name, g.grantee
 ORDER BY 1
