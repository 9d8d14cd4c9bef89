-- The views that the projections $1 publish and that another role owns: whether it can be
-- replaced by this role, and whether readers could still read through it what this role makes.
SELECT format('%I.%I', n.nspname, c.relname) AS view,
       quote_ident(current_user) AS role,
       quote_ident(o.rolname) AS owner,
       pg_has_role(current_user, o.oid, 'USAGE') AS may_replace,
       o.rolsuper OR pg_has_role(o.oid, (SELECT oid FROM pg_catalog.pg_roles WHERE rolname = current_user), 'USAGE') AS may_read
  FROM regrow.publication p
  JOIN pg_catalog.pg_namespace n ON n.nspname = p.schema_name
  JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = p.view_name AND c.relkind = 'v'
  JOIN pg_catalog.pg_roles o ON o.oid = c.relowner
 WHERE p.projection = ANY ($1::text[]) AND o.rolname <> current_user
 ORDER BY 1
