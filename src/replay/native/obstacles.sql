-- For each table of the schema $1, what stands in its way. The other schemas of its search path are $2, the functions of
-- the native subset $3.
WITH beside AS (
  SELECT n.oid FROM pg_catalog.pg_namespace n
   WHERE n.nspname = ANY ($2::text[]) AND n.oid <> pg_catalog.to_regnamespace($1)
), known AS (
  SELECT unnest(ARRAY['smallint', 'integer', 'bigint', 'numeric', 'double precision', 'boolean', 'text',
                      'varchar', 'uuid', 'date', 'timestamp', 'timestamptz', 'json', 'jsonb', 'text[]', 'interval',
                      'anyarray', 'anyelement', 'anynonarray', 'anycompatible', 'anycompatiblearray']::regtype[]) AS oid
)
SELECT c.relname::text, found.obstacle
  FROM pg_catalog.pg_class c,
       LATERAL (
           -- Texts are compared, cut and counted as UTF-8 by the native engine, and by the server in its own way.
           SELECT 'is in a database whose encoding is ' || pg_catalog.getdatabaseencoding()
            WHERE pg_catalog.getdatabaseencoding() <> 'UTF8'
           UNION ALL
           SELECT 'has the rule ' || r.rulename FROM pg_catalog.pg_rewrite r WHERE r.ev_class = c.oid
           UNION ALL
           -- Functions of an operator class see each value; those of these extensions refuse none.
           SELECT 'has an index of the operator class ' || oc.opcname || ', which may refuse a row'
             FROM pg_catalog.pg_index i
             JOIN pg_catalog.pg_opclass oc ON oc.oid = ANY (i.indclass::oid[])
            WHERE i.indrelid = c.oid AND oc.opcnamespace <> 'pg_catalog'::regnamespace
              AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_extension x ON x.oid = d.refobjid
                               WHERE d.classid = 'pg_catalog.pg_opclass'::regclass AND d.objid = oc.oid AND d.deptype = 'e'
                                 AND x.extname IN ('btree_gin', 'btree_gist', 'pg_trgm'))
           UNION ALL
           -- A function for just the types at hand is taken before a more general one.
           SELECT 'is beside the function ' || p.proname FROM pg_catalog.pg_proc p
            WHERE p.pronamespace = c.relnamespace
              AND p.proname = ANY ($3::text[])
           UNION ALL
           SELECT 'is beside the operator ' || o.oprname FROM pg_catalog.pg_operator o
            WHERE o.oprnamespace = c.relnamespace
           UNION ALL
           -- Of an extension's, those that are for PostgreSQL's own types alone.
           SELECT 'is built beside the function ' || p.oid::regprocedure FROM pg_catalog.pg_proc p
            WHERE p.pronamespace IN (SELECT oid FROM beside)
              AND p.proname = ANY ($3::text[])
              AND NOT EXISTS (SELECT FROM unnest(p.proargtypes) AS a(ty) WHERE ty NOT IN (SELECT oid FROM known))
           UNION ALL
           SELECT 'is built beside the operator ' || o.oid::regoperator FROM pg_catalog.pg_operator o
            WHERE o.oprnamespace IN (SELECT oid FROM beside)
              AND o.oprname IN ('+', '-', '*', '/', '%', '=', '<>', '<', '<=', '>', '>=', '||', '->', '->>')
              AND (o.oprleft = 0 OR o.oprleft IN (SELECT oid FROM known)) AND o.oprright IN (SELECT oid FROM known)
              -- Not in the native subset, whoever made it: pg_trgm has one.
              AND NOT (o.oprname = '%' AND o.oprleft = 'text'::regtype)
       ) AS found(obstacle)
 WHERE c.relnamespace = pg_catalog.to_regnamespace($1) AND c.relkind IN ('r', 'p')
