CREATE TABLE regrow.definition (
    hash        text PRIMARY KEY,
    projection  text NOT NULL,
    body        text NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE regrow.definition IS 'What builds are made of, by content hash.';

CREATE TABLE regrow.build (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    projection      text NOT NULL,
    number          integer NOT NULL CHECK (number > 0),
    schema_name     name NOT NULL UNIQUE,
    definition_hash text NOT NULL REFERENCES regrow.definition,
    -- Settings that change no row lie beside the definition, as they were at creation.
    settings        text NOT NULL,
    state           text NOT NULL DEFAULT 'created'
                    CHECK (state IN ('created', 'replaying', 'catching_up', 'ready', 'live',
                                     'retired', 'dropped', 'paused', 'failed')),
    -- Where a paused or failed build goes on.
    resume_state    text CHECK (resume_state IN ('created', 'replaying', 'catching_up', 'ready')),
    -- Changes whenever somebody else must look again before writing: the fence.
    generation      bigint NOT NULL DEFAULT 1,
    -- The mark the first replay works towards.
    replay_mark     bigint,
    -- Set by --until: the build ends there and cannot be promoted.
    until_position  bigint,
    -- Why the build is not followed, as JSON; a live build keeps its state.
    failure         text,
    created_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    changed_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    UNIQUE (projection, number),
    CHECK ((state IN ('paused', 'failed')) = (resume_state IS NOT NULL))
);
CREATE UNIQUE INDEX build_one_live ON regrow.build (projection) WHERE state = 'live';
COMMENT ON TABLE regrow.build IS 'One materialisation of a definition in its own schema.';

CREATE TABLE regrow.checkpoint (
    build_id       bigint NOT NULL REFERENCES regrow.build,
    shard          integer NOT NULL DEFAULT 0,
    position       bigint NOT NULL DEFAULT 0 CHECK (position >= 0),
    events_read    bigint NOT NULL DEFAULT 0,
    events_applied bigint NOT NULL DEFAULT 0,
    changed_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (build_id, shard)
) WITH (fillfactor = 10);
COMMENT ON TABLE regrow.checkpoint IS 'How far a build has read the log; moves in the transaction of its rows.';

CREATE TABLE regrow.parked_events (
    build_id        bigint NOT NULL REFERENCES regrow.build,
    position        bigint NOT NULL,
    part            integer NOT NULL,
    stream_id       text NOT NULL,
    stream_version  bigint NOT NULL,
    event_type      text NOT NULL,
    schema_version  integer NOT NULL,
    -- The kind of failure (docs/errors.md), and what was wrong without the payload's values.
    code            text NOT NULL,
    place           text,
    sqlstate        text,
    message         text NOT NULL,
    detail          text,
    parked_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (build_id, position, part)
);
COMMENT ON TABLE regrow.parked_events IS 'Events that could not be applied and were put aside by on_error = "park".';

CREATE TABLE regrow.finish_step (
    build_id  bigint NOT NULL REFERENCES regrow.build,
    number    bigint NOT NULL,
    statement text NOT NULL,
    PRIMARY KEY (build_id, number)
);
COMMENT ON TABLE regrow.finish_step IS 'What was put off for the replay and is done after it: secondary indexes, storage settings.';

CREATE TABLE regrow.publication (
    schema_name name NOT NULL,
    view_name   name NOT NULL,
    projection  text NOT NULL,
    PRIMARY KEY (schema_name, view_name)
);
COMMENT ON TABLE regrow.publication IS 'Which projection owns which view that readers see.';

CREATE TABLE regrow.audit (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at          timestamptz NOT NULL DEFAULT clock_timestamp(),
    build_id    bigint NOT NULL,
    schema_name name NOT NULL,
    from_state  text,
    to_state    text NOT NULL,
    actor       text NOT NULL DEFAULT session_user,
    application text NOT NULL DEFAULT current_setting('application_name')
);
COMMENT ON TABLE regrow.audit IS 'Every change of a build''s state.';

CREATE FUNCTION regrow.build_moves() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog AS $$
DECLARE
    allowed CONSTANT jsonb := '{
        "created":     ["replaying", "failed", "dropped"],
        "replaying":   ["catching_up", "paused", "failed", "dropped"],
        "catching_up": ["ready", "paused", "failed", "dropped"],
        "ready":       ["live", "paused", "failed", "dropped"],
        "live":        ["retired"],
        "retired":     ["live", "dropped"],
        "paused":      ["created", "replaying", "catching_up", "ready", "dropped"],
        "failed":      ["created", "replaying", "catching_up", "ready", "dropped"],
        "dropped":     []}';
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.state = OLD.state THEN
            RETURN NEW;
        END IF;
        IF NOT allowed -> OLD.state ? NEW.state THEN
            RAISE EXCEPTION 'a build cannot go from % to %', OLD.state, NEW.state
                USING ERRCODE = 'check_violation';
        END IF;
        NEW.changed_at := clock_timestamp();
        NEW.generation := OLD.generation + 1;
    END IF;
    INSERT INTO regrow.audit (build_id, schema_name, from_state, to_state)
    VALUES (NEW.id, NEW.schema_name, CASE WHEN TG_OP = 'UPDATE' THEN OLD.state END, NEW.state);
    RETURN NEW;
END $$;

CREATE TRIGGER build_moves BEFORE INSERT OR UPDATE ON regrow.build
    FOR EACH ROW EXECUTE FUNCTION regrow.build_moves();

-- Moves a checkpoint, in the transaction of the rows it stands for. Answers NULL when it
-- did, or why it did not: the caller is a zombie or another worker was here.
CREATE FUNCTION regrow.advance(
    the_build bigint, the_generation bigint, from_position bigint, to_position bigint,
    was_read bigint, was_applied bigint) RETURNS text LANGUAGE plpgsql
SET search_path = pg_catalog AS $$
DECLARE
    found_state text;
    found_generation bigint;
    found_position bigint;
BEGIN
    SELECT state, generation INTO found_state, found_generation
      FROM regrow.build WHERE id = the_build FOR SHARE;
    IF found_generation IS DISTINCT FROM the_generation THEN
        RETURN format('the build is %s in generation %s, not %s', found_state, found_generation, the_generation);
    END IF;
    SELECT position INTO found_position
      FROM regrow.checkpoint WHERE build_id = the_build AND shard = 0 FOR UPDATE;
    IF found_position IS DISTINCT FROM from_position THEN
        RETURN format('the checkpoint is %s, not %s', found_position, from_position);
    END IF;
    UPDATE regrow.checkpoint
       SET position = to_position, events_read = events_read + was_read,
           events_applied = events_applied + was_applied, changed_at = clock_timestamp()
     WHERE build_id = the_build AND shard = 0;
    RETURN NULL;
END $$;
