-- Brings the extensions of the schema that was put aside into the scratch schema, which is the
-- search path. Rolled back with everything else.
DO $$
DECLARE
    extension name;
BEGIN
    FOR extension IN
        SELECT extname FROM pg_catalog.pg_extension
         WHERE extnamespace = (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = 'regrow scratch aside')
           AND extrelocatable
    LOOP
        EXECUTE format('ALTER EXTENSION %I SET SCHEMA %I', extension, current_schema());
    END LOOP;
END $$
