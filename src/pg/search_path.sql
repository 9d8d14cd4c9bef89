-- The search path of the projection's schema $1, as the function $2 keeps it or made anew; the one for
-- its DDL; and of each schema beside it that is on none of them, who else may create objects there. Beside it
-- lie those of extensions, and those of types that builds share: by their names ($3), and on the path that is kept.
WITH here AS (
  SELECT d.datdba AS owner,
         ARRAY(SELECT r.oid FROM pg_catalog.pg_roles r
                WHERE r.rolsuper OR r.oid = d.datdba
                   OR r.rolname IN (current_user, session_user, 'pg_database_owner')) AS trusted
    FROM pg_catalog.pg_database d WHERE d.datname = current_database()
), kept AS (
  SELECT substr(setting, length('search_path=') + 1) AS path
    FROM pg_catalog.pg_proc p, unnest(p.proconfig) AS setting
   WHERE p.pronamespace = (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = $1)
     AND p.proname = $2 AND starts_with(setting, 'search_path=')
   LIMIT 1
), extension AS (
  SELECT n.nspname, place.is_type, place.at,
         COALESCE(
           (SELECT 'every role' FROM pg_catalog.aclexplode(n.nspacl) a
             WHERE a.privilege_type = 'CREATE' AND a.grantee = 0 LIMIT 1),
           (SELECT format('role %I', r.rolname)
              FROM pg_catalog.aclexplode(n.nspacl) a JOIN pg_catalog.pg_roles r ON r.oid = a.grantee
             WHERE a.privilege_type = 'CREATE' AND a.grantee <> n.nspowner
               AND NOT a.grantee = ANY (here.trusted) ORDER BY 1 LIMIT 1),
           (SELECT format('its owner %I', r.rolname) FROM pg_catalog.pg_roles r
             WHERE r.oid = n.nspowner AND NOT n.nspowner = ANY (here.trusted)
               -- A superuser is a member of every role: only what was granted counts.
               AND NOT EXISTS (
                 WITH RECURSIVE own(oid) AS (
                   SELECT o.oid FROM pg_catalog.pg_roles o WHERE o.rolname IN (current_user, session_user)
                   UNION
                   SELECT m.roleid FROM own JOIN pg_catalog.pg_auth_members m ON m.member = own.oid)
                 SELECT FROM own WHERE own.oid = n.nspowner))) AS others,
         -- Whatever lies there beside the extension's own could be changed or dropped by DDL that means
         -- an object of the projection.
         EXISTS (
           SELECT FROM (
             SELECT 'pg_catalog.pg_class'::regclass, c.oid FROM pg_catalog.pg_class c WHERE c.relnamespace = n.oid AND c.relkind <> 'i'
             UNION ALL
             SELECT 'pg_catalog.pg_proc'::regclass, p.oid FROM pg_catalog.pg_proc p WHERE p.pronamespace = n.oid
             UNION ALL
             SELECT 'pg_catalog.pg_type'::regclass, t.oid FROM pg_catalog.pg_type t
              WHERE t.typnamespace = n.oid AND t.typrelid = 0
                AND NOT EXISTS (SELECT FROM pg_catalog.pg_type e WHERE e.oid = t.typelem AND e.typarray = t.oid)
           ) AS lies(class, oid)
            WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                               WHERE d.classid = lies.class AND d.objid = lies.oid AND d.deptype IN ('e', 'i'))) AS shared
    FROM here, pg_catalog.pg_namespace n
   CROSS JOIN LATERAL (
         SELECT n.oid NOT IN (SELECT e.extnamespace FROM pg_catalog.pg_extension e) AS is_type,
                strpos((SELECT path FROM kept) || ', ', ', ' || quote_ident(n.nspname) || ', ') AS at) AS place
   WHERE (NOT place.is_type OR n.nspname ~ $3 AND place.at > 0)
     AND n.nspname NOT IN ('pg_catalog', $1)
)
SELECT COALESCE((SELECT path FROM kept),
                concat_ws(', ', quote_ident($1),
                          (SELECT string_agg(quote_ident(nspname), ', ' ORDER BY nspname COLLATE "C")
                             FROM extension WHERE others IS NULL),
                          'pg_temp')),
       concat_ws(', ', quote_ident($1),
                 (SELECT string_agg(quote_ident(nspname), ', ' ORDER BY at) FROM extension WHERE others IS NULL AND is_type),
                 (SELECT string_agg(quote_ident(nspname), ', ' ORDER BY nspname COLLATE "C")
                    FROM extension WHERE others IS NULL AND NOT is_type AND NOT shared),
                 'pg_temp'),
       ARRAY(SELECT nspname::text FROM extension WHERE others IS NOT NULL ORDER BY nspname),
       ARRAY(SELECT others FROM extension WHERE others IS NOT NULL ORDER BY nspname),
       ARRAY(SELECT nspname::text FROM extension WHERE others IS NULL ORDER BY nspname),
       ARRAY(SELECT nspname::text FROM extension WHERE others IS NULL AND is_type ORDER BY at),
       quote_ident($1)
