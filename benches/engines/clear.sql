-- Takes the benchmark's database back to its log. The ledger's tables stay, empty.
DO $$
DECLARE
    found name;
BEGIN
    FOR found IN SELECT nspname FROM pg_namespace
                  WHERE nspname ~ '__b[0-9]+$' OR nspname IN ('by_hand', 'floor', 'read_model') LOOP
        EXECUTE format('DROP SCHEMA %I CASCADE', found);
    END LOOP;
    IF to_regclass('regrow.build') IS NOT NULL THEN
        TRUNCATE regrow.build, regrow.definition, regrow.publication, regrow.audit CASCADE;
    END IF;
END $$;
