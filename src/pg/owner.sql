-- Whose the schema $1 is, if it is nobody's we may trust: neither a role we act or log in as, nor one that
-- such a role is a member of, nor a superuser's, who needs no schema to do harm. A superuser counts as a
-- member of every role to the server's own functions: only what was granted counts here.
WITH RECURSIVE here AS (
  SELECT (SELECT d.datdba FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database()) AS owner
), own(oid) AS (
  SELECT r.oid FROM pg_catalog.pg_roles r WHERE r.rolname IN (current_user, session_user)
  UNION
  SELECT m.roleid FROM own JOIN pg_catalog.pg_auth_members m ON m.member OPERATOR(pg_catalog.=) own.oid
), found AS (
  SELECT CASE r.rolname WHEN 'pg_database_owner' THEN here.owner ELSE r.oid END AS owner
    FROM here, pg_catalog.pg_namespace n
    JOIN pg_catalog.pg_roles r ON r.oid OPERATOR(pg_catalog.=) n.nspowner
   WHERE n.nspname OPERATOR(pg_catalog.=) $1::pg_catalog.text::pg_catalog.name
)
SELECT r.rolname::pg_catalog.text, current_user::pg_catalog.text,
       r.rolsuper OR EXISTS (SELECT FROM own WHERE own.oid OPERATOR(pg_catalog.=) r.oid)
  FROM found JOIN pg_catalog.pg_roles r ON r.oid OPERATOR(pg_catalog.=) found.owner
