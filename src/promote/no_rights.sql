DO $regrow$
DECLARE
    given record;
BEGIN
    FOR given IN
        SELECT DISTINCT CASE WHEN g.grantee = 0 THEN 'PUBLIC' ELSE pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(g.grantee)) END AS role
          FROM pg_catalog.pg_class c CROSS JOIN LATERAL pg_catalog.aclexplode(c.relacl) g
         WHERE c.oid = {literal}::pg_catalog.regclass {but_owner}
    LOOP
        EXECUTE pg_catalog.format('REVOKE ALL ON {view} FROM %s', given.role);
    END LOOP;
END $regrow$
