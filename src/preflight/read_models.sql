-- What the role may make and change where the read models are. $1: the readers' schemas. $2 and
-- $3: what a rebuild does with the tables of the ledger, as pairs of a table and a privilege. $4: the ledger's schema.
SELECT quote_ident(current_user) AS role,
       quote_ident(current_database()) AS database,
       has_database_privilege(current_database(), 'CREATE') AS may_create,
       ARRAY(SELECT quote_ident(n.nspname) FROM pg_catalog.pg_namespace n
              WHERE n.nspname = ANY ($1::text[]::name[])
                AND NOT (has_schema_privilege(n.oid, 'CREATE') AND has_schema_privilege(n.oid, 'USAGE'))
              ORDER BY 1) AS closed,
       ledger.oid IS NOT NULL AND EXISTS (
           SELECT FROM pg_catalog.pg_class c WHERE c.relnamespace = ledger.oid AND c.relname = 'build') AS has_ledger,
       COALESCE(has_schema_privilege(ledger.oid, 'USAGE'), true) AS may_use_ledger,
       -- `SELECT on build`, for each that is missing.
       ARRAY(SELECT format('%s on %I', string_agg(wanted.privilege, ', ' ORDER BY wanted.privilege), c.relname)
               FROM unnest($2::text[], $3::text[]) AS wanted(relation, privilege)
               JOIN pg_catalog.pg_class c ON c.relnamespace = ledger.oid AND c.relname = wanted.relation::name
              WHERE NOT has_table_privilege(c.oid, wanted.privilege)
              GROUP BY c.relname ORDER BY c.relname) AS missing
  FROM (SELECT to_regnamespace($4)::oid AS oid) AS ledger
