-- Objects with the names of the server's own and of ours: whoever uses one moves a sequence.
-- Whoever sets them does not walk into them.
SET search_path = pg_catalog;
CREATE SEQUENCE public.sprung MINVALUE 0 START 1;
SELECT pg_catalog.nextval('public.sprung');
GRANT USAGE ON SEQUENCE public.sprung TO PUBLIC;

DO $traps$
DECLARE
    f record;
    body text;
BEGIN
    -- Every function of the server whose name is a word of ours.
    FOR f IN SELECT p.proname, pg_get_function_identity_arguments(p.oid) AS args,
                    pg_get_function_result(p.oid) AS result, p.proretset
               FROM pg_catalog.pg_proc p
              WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.prokind = 'f'
                AND p.proname <> 'nextval'
                AND p.proname = ANY (string_to_array(current_setting('our.words'), ' '))
    LOOP
        body := CASE WHEN f.proretset THEN 'RETURN' ELSE 'RETURN NULL' END;
        BEGIN
            EXECUTE format('CREATE FUNCTION public.%I(%s) RETURNS %s LANGUAGE plpgsql AS '
                           '$f$ BEGIN PERFORM pg_catalog.nextval(''public.sprung''); %s; END $f$',
                           f.proname, f.args, f.result, body);
        EXCEPTION WHEN OTHERS THEN NULL;
        END;
    END LOOP;
    -- Of those that take anything, with types that fit better.
    FOR f IN SELECT 'format' AS proname, args, 'text' AS result
               FROM unnest(ARRAY['text, text', 'text, name', 'text, text, text', 'text, name, name', 'text, name, name, text',
                                 'text, text, text, text', 'text, integer', 'text, regclass, text']) AS args
             UNION ALL
             SELECT 'concat_ws', args, 'text' FROM unnest(ARRAY['text, text', 'text, text, text']) AS args
    LOOP
        EXECUTE format('CREATE FUNCTION public.%I(%s) RETURNS %s LANGUAGE plpgsql AS '
                       '$f$ BEGIN PERFORM pg_catalog.nextval(''public.sprung''); RETURN NULL; END $f$',
                       f.proname, f.args, f.result);
    END LOOP;
    -- Operators of the usual types.
    FOR f IN SELECT o.oprname, o.oprleft::regtype AS l, o.oprright::regtype AS r, o.oprresult::regtype AS result,
                    'trap_' || o.oid AS proname
               FROM pg_catalog.pg_operator o
              WHERE o.oprleft::regtype::text IN ('smallint', 'integer', 'bigint', 'text', 'name', 'oid', 'boolean', '"char"',
                                                 'timestamp with time zone', 'json', 'jsonb', 'numeric', 'interval')
                AND o.oprright <> 0 AND o.oprnamespace = 'pg_catalog'::regnamespace
    LOOP
        BEGIN
            EXECUTE format('CREATE FUNCTION public.%I(%s, %s) RETURNS %s LANGUAGE plpgsql AS '
                           '$f$ BEGIN PERFORM pg_catalog.nextval(''public.sprung''); RETURN NULL; END $f$',
                           f.proname, f.l, f.r, f.result);
            EXECUTE format('CREATE OPERATOR public.%s (LEFTARG = %s, RIGHTARG = %s, FUNCTION = public.%I)',
                           f.oprname, f.l, f.r, f.proname);
        EXCEPTION WHEN OTHERS THEN NULL;
        END;
    END LOOP;
END $traps$;

CREATE FUNCTION public.spring(anyelement) RETURNS boolean LANGUAGE plpgsql AS
    $f$ BEGIN PERFORM pg_catalog.nextval('public.sprung'); RETURN true; END $f$;

-- Relations of ours, which tell when they are read.
DO $traps$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['build', 'checkpoint', 'definition', 'events', 'publication', 'finish_step', 'parked_events',
                                'audit', 'refinery_schema_history', 'regrow_schema_history', 'regrow_schema_step',
                                'regrow_schema_catalog', 'order_summary', 'customer_activity', 'customer_order',
                                'pg_class', 'pg_namespace', 'pg_locks', 'pg_proc', 'pg_attribute']
    LOOP
        EXECUTE format('CREATE VIEW public.%I AS SELECT g FROM pg_catalog.generate_series(1, 2) AS g WHERE public.spring(g)', name);
        EXECUTE format('GRANT ALL ON public.%I TO PUBLIC', name);
    END LOOP;
END $traps$;

-- Types whose values are looked at; last, since what stands above means the server's.
DO $traps$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['text', 'name', 'oid', 'regclass', 'regnamespace', 'regtype', 'jsonb', 'json', 'timestamptz', 'int8', 'int4']
    LOOP
        EXECUTE pg_catalog.format('CREATE DOMAIN public.%I AS pg_catalog.%I CHECK (public.spring(1))', name, name);
    END LOOP;
END $traps$;
