-- Is $1.$2 a view, its options, whose it is, and whether that role could be given it again.
SELECT c.relkind = 'v' AS is_view,
       array_to_string(c.reloptions, ', ') AS options,
       quote_ident(o.rolname) AS owner,
       o.rolname = current_user AS is_own,
       c.relacl IS NULL AS has_default_rights,
       quote_ident(current_user) AS role,
       o.rolname = current_user OR has_schema_privilege(o.oid, n.oid, 'CREATE') AS owner_may_create
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_roles o ON o.oid = c.relowner
 WHERE n.nspname = $1 AND c.relname = $2
