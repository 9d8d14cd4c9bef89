-- The rights on the view $1.$2 and on its columns, one row a privilege, as they were given.
SELECT given.column_name,
       quote_ident(by.rolname) AS grantor,
       by.oid = given.owner AS is_by_owner,
       CASE WHEN given.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(given.grantee)) END AS grantee,
       given.privilege_type AS privilege,
       given.is_grantable,
       by.oid = given.owner OR CASE WHEN current_setting('server_version_num')::int >= 160000
            THEN pg_has_role(by.oid, 'SET') ELSE pg_has_role(by.oid, 'MEMBER') END AS may_act
  FROM (SELECT NULL AS column_name, c.relowner AS owner, g.*
          FROM pg_catalog.pg_class c
          JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
         CROSS JOIN LATERAL aclexplode(c.relacl) g
         WHERE n.nspname = $1 AND c.relname = $2
        UNION ALL
        SELECT a.attname::text, c.relowner, g.*
          FROM pg_catalog.pg_class c
          JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
          JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND NOT a.attisdropped
         CROSS JOIN LATERAL aclexplode(a.attacl) g
         WHERE n.nspname = $1 AND c.relname = $2) AS given
  JOIN pg_catalog.pg_roles by ON by.oid = given.grantor
