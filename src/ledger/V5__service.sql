ALTER TABLE regrow.build
    -- What an operator wants of the build. It outlives the process that works on it: a paused build is
    -- not taken up by the next one. Whoever works on a build looks at it every second.
    ADD COLUMN wanted    text NOT NULL DEFAULT 'run' CHECK (wanted IN ('run', 'pause', 'cancel')),
    ADD COLUMN wanted_at timestamptz,
    ADD COLUMN wanted_by text;

ALTER TABLE regrow.worker
    -- Whether its session holds an advisory lock for as long as the process lives, so that a process that was
    -- killed is known to be gone at once. Older versions of regrow hold none.
    ADD COLUMN has_lock boolean NOT NULL DEFAULT false;

-- Where a rebuild is between two checkpoints. It is told every second and promises nothing: rows and checkpoint
-- may be thirty seconds behind.
CREATE TABLE regrow.progress (
    build_id     bigint PRIMARY KEY REFERENCES regrow.build ON DELETE CASCADE,
    host         text NOT NULL,
    pid          bigint NOT NULL,
    stage        text NOT NULL,
    -- Where it is, and what it works towards.
    position     bigint NOT NULL,
    target       bigint NOT NULL,
    -- Events read so far, and about how many it will have read, if positions do not tell.
    events       bigint NOT NULL,
    events_whole bigint,
    -- Events a second lately, and seconds to the target at that rate.
    rate         double precision,
    left_s       double precision,
    -- What it waits for between two batches, so that it does not hurt the site.
    waits        text,
    began_at     timestamptz NOT NULL,
    seen_at      timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE regrow.progress IS 'How far rebuilds are at the moment; not what they have committed.';

-- What the assertions of checks.sql came to when a build's were last looked at, all of them at once: a look
-- replaces the one before it. Of rows that break an assertion it has the keys of the first ten, and no other values.
CREATE TABLE regrow.assertions (
    build_id  bigint PRIMARY KEY REFERENCES regrow.build ON DELETE CASCADE,
    -- When the look began.
    looked_at timestamptz NOT NULL,
    found     jsonb NOT NULL
);
COMMENT ON TABLE regrow.assertions IS 'What assertions on builds came to when they were last looked at.';

-- For applications: how far the rows are that readers see. A role that reads it needs USAGE on the schema and SELECT
-- on this view, and no other right on the ledger.
CREATE VIEW regrow.live_position AS
    SELECT b.projection, c.position
      FROM regrow.build b
      JOIN regrow.checkpoint c ON c.build_id = b.id AND c.shard = 0
     WHERE b.state = 'live';
COMMENT ON VIEW regrow.live_position IS 'Readers of a projection see everything up to this position.';

-- Whether readers of a projection see everything up to a position, as soon as they do or when the time is over. It
-- runs with its caller's rights, as a statement of its own: only the next statement sees the rows.
CREATE FUNCTION regrow.wait_for(the_projection text, the_position bigint, the_timeout interval DEFAULT '5 s')
RETURNS boolean LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
    the_end constant timestamptz := clock_timestamp() + the_timeout;
    pause double precision := 0.002;
    reached bigint;
BEGIN
    IF current_setting('transaction_isolation') IN ('repeatable read', 'serializable') THEN
        RAISE EXCEPTION 'wait_for waits in vain in a transaction that is %', current_setting('transaction_isolation')
            USING ERRCODE = 'invalid_transaction_state',
                  HINT = 'Such a transaction sees nothing that others commit. Wait before it, or in READ COMMITTED.';
    END IF;
    IF the_projection IS NULL OR the_position IS NULL OR the_timeout IS NULL THEN
        RAISE EXCEPTION 'wait_for needs a projection, a position and a timeout, and one of them is NULL'
            USING ERRCODE = 'null_value_not_allowed';
    END IF;
    LOOP
        SELECT position INTO reached FROM regrow.live_position WHERE projection = the_projection;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'the projection % has no live build', the_projection
                USING ERRCODE = 'object_not_in_prerequisite_state';
        END IF;
        IF reached >= the_position THEN
            RETURN true;
        END IF;
        IF clock_timestamp() >= the_end THEN
            RETURN false;
        END IF;
        PERFORM pg_sleep(LEAST(pause, GREATEST(0, extract(epoch FROM the_end - clock_timestamp()))));
        pause := LEAST(pause * 2, 0.1);
    END LOOP;
END
$body$;
COMMENT ON FUNCTION regrow.wait_for IS 'Waits until readers of a projection see everything up to a position.';
