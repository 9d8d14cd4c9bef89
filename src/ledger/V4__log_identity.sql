-- A log that builds of this ledger were made from.
CREATE TABLE regrow.source_log (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name       text NOT NULL UNIQUE,
    -- What anchors are hashed with: the plain hash of an erased payload would still be personal data.
    key        bytea NOT NULL CHECK (length(key) = 32),
    created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE regrow.source_log IS 'The logs that builds are made from.';

ALTER TABLE regrow.build
    ADD COLUMN log_id     bigint REFERENCES regrow.source_log,
    -- From which position on it is known what the log was; 0: from its first event.
    ADD COLUMN known_from bigint,
    -- Where the operator said that the log begins (--log-begins-at).
    ADD COLUMN begins_at  bigint;

ALTER TABLE regrow.checkpoint
    -- The anchor that belongs to the position.
    ADD COLUMN anchor_position bigint,
    ADD COLUMN anchor_envelope bytea,
    ADD COLUMN anchor_payload  bytea,
    ADD COLUMN anchor_system   text,
    ADD COLUMN anchor_timeline text,
    ADD COLUMN anchor_snapshot text,
    -- The range that is still open: what was read between range_after and the position.
    ADD COLUMN range_after     bigint NOT NULL DEFAULT 0,
    ADD COLUMN range_events    bigint NOT NULL DEFAULT 0,
    ADD COLUMN range_hash_sum  numeric NOT NULL DEFAULT 0;
-- What earlier versions of regrow read was not hashed.
UPDATE regrow.checkpoint SET range_after = position;

CREATE TABLE regrow.anchor (
    build_id    bigint NOT NULL REFERENCES regrow.build,
    position    bigint NOT NULL,
    -- Whether it is the log's first event, from which the build began.
    is_first    boolean NOT NULL DEFAULT false,
    events_read bigint NOT NULL,
    envelope    bytea NOT NULL,
    -- NULL after the payload was seen to be another.
    payload     bytea,
    system      text,
    timeline    text,
    -- The transaction id at which the log's server stood when the event was read.
    snapshot    text,
    taken_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (build_id, position, is_first)
);
COMMENT ON TABLE regrow.anchor IS 'Fingerprints of events that a build has read, ever farther apart; the newest is in the checkpoint.';

CREATE TABLE regrow.read_range (
    build_id     bigint NOT NULL REFERENCES regrow.build,
    after        bigint NOT NULL,
    until        bigint NOT NULL CHECK (until > after),
    events       bigint NOT NULL,
    hash_sum     numeric NOT NULL,
    -- What the log held there when it was last compared.
    found_events bigint,
    found_sum    numeric,
    compared_at  timestamptz,
    PRIMARY KEY (build_id, after)
);
COMMENT ON TABLE regrow.read_range IS 'How many events a build has read in each range of positions, and the sum of the hashes of their positions.';

ALTER TABLE regrow.publication
    -- What belongs to the view and could not be put back, since the build that is live has not its columns:
    -- statements and the columns they need, as JSON.
    ADD COLUMN kept text;

CREATE TABLE regrow.build_object (
    build_id bigint NOT NULL REFERENCES regrow.build,
    -- As pg_identify_object names it.
    kind     text NOT NULL,
    identity text NOT NULL,
    PRIMARY KEY (build_id, kind, identity)
);
COMMENT ON TABLE regrow.build_object IS 'What a build is made of, written down when it was made: nothing else may go with it.';

CREATE TABLE regrow.worker (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    host       text NOT NULL,
    pid        bigint NOT NULL,
    command    text NOT NULL,
    started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    seen_at    timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE regrow.worker IS 'Processes that follow builds; each renews seen_at every few seconds.';

CREATE TABLE regrow.worker_build (
    worker_id bigint NOT NULL REFERENCES regrow.worker ON DELETE CASCADE,
    build_id  bigint NOT NULL REFERENCES regrow.build,
    shard     integer NOT NULL DEFAULT 0,
    PRIMARY KEY (worker_id, build_id, shard)
);

-- Also for a session with session_replication_role = replica.
ALTER TABLE regrow.build ENABLE ALWAYS TRIGGER build_moves;

-- Moves a checkpoint, in the transaction of the rows it stands for. Returns NULL if it did, or why it
-- did not: the caller is a zombie, or another worker was here. the_anchor is NULL if the range had no
-- event of the build's types; the_hash_sum is NULL if it is not known what was read.
CREATE FUNCTION regrow.advance(
    the_build bigint, the_generation bigint, the_shard integer, from_position bigint, to_position bigint,
    was_read bigint, was_applied bigint, the_hash_sum numeric,
    the_anchor bigint, the_envelope bytea, the_payload bytea, the_system text, the_timeline text,
    the_snapshot text)
RETURNS text LANGUAGE plpgsql
SET search_path = pg_catalog AS $$
DECLARE
    found_state text;
    found_generation bigint;
    here regrow.checkpoint;
BEGIN
    SELECT state, generation INTO found_state, found_generation
      FROM regrow.build WHERE id = the_build FOR SHARE;
    IF found_generation IS DISTINCT FROM the_generation THEN
        RETURN format('the build is %s in generation %s, not %s', found_state, found_generation, the_generation);
    END IF;
    SELECT * INTO here FROM regrow.checkpoint WHERE build_id = the_build AND shard = the_shard FOR UPDATE;
    IF here.position IS DISTINCT FROM from_position THEN
        RETURN format('the checkpoint is %s, not %s', here.position, from_position);
    END IF;
    IF the_anchor IS NOT NULL THEN
        IF here.anchor_position IS NOT NULL AND the_shard = 0 THEN
            PERFORM regrow.keep_anchor(here);
        END IF;
        here.anchor_position := the_anchor;
        here.anchor_envelope := the_envelope;
        here.anchor_payload := the_payload;
        here.anchor_system := the_system;
        here.anchor_timeline := the_timeline;
        here.anchor_snapshot := the_snapshot;
    END IF;
    IF the_hash_sum IS NULL THEN
        IF here.range_events > 0 THEN
            INSERT INTO regrow.read_range (build_id, after, until, events, hash_sum)
            VALUES (the_build, here.range_after, from_position, here.range_events, here.range_hash_sum)
            ON CONFLICT DO NOTHING;
        END IF;
        here.range_after := to_position;
        here.range_events := 0;
        here.range_hash_sum := 0;
    ELSE
        here.range_events := here.range_events + was_read;
        here.range_hash_sum := here.range_hash_sum + the_hash_sum;
        -- A range is large enough to be worth a row, and small enough to be compared in milliseconds.
        IF here.range_events >= 20000 THEN
            INSERT INTO regrow.read_range (build_id, after, until, events, hash_sum)
            VALUES (the_build, here.range_after, to_position, here.range_events, here.range_hash_sum)
            ON CONFLICT DO NOTHING;
            here.range_after := to_position;
            here.range_events := 0;
            here.range_hash_sum := 0;
        END IF;
    END IF;
    UPDATE regrow.checkpoint
       SET position = to_position, events_read = events_read + was_read,
           events_applied = events_applied + was_applied, changed_at = clock_timestamp(),
           anchor_position = here.anchor_position, anchor_envelope = here.anchor_envelope,
           anchor_payload = here.anchor_payload, anchor_system = here.anchor_system,
           anchor_timeline = here.anchor_timeline, anchor_snapshot = here.anchor_snapshot, range_after = here.range_after,
           range_events = here.range_events, range_hash_sum = here.range_hash_sum
     WHERE build_id = the_build AND shard = the_shard;
    RETURN NULL;
END $$;

-- Keeps the anchor of a checkpoint that is about to get another, unless one was kept just now: for
-- each power of two of events that were read since, the oldest stays.
CREATE FUNCTION regrow.keep_anchor(here regrow.checkpoint) RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog AS $$
BEGIN
    IF EXISTS (SELECT FROM regrow.anchor a
                WHERE a.build_id = here.build_id AND NOT a.is_first
                  AND a.events_read > here.events_read - 10000
                  AND a.taken_at > clock_timestamp() - interval '10 seconds') THEN
        RETURN;
    END IF;
    INSERT INTO regrow.anchor (build_id, position, events_read, envelope, payload, system, timeline,
                               snapshot)
    VALUES (here.build_id, here.anchor_position, here.events_read, here.anchor_envelope,
            here.anchor_payload, here.anchor_system, here.anchor_timeline, here.anchor_snapshot)
    ON CONFLICT DO NOTHING;
    DELETE FROM regrow.anchor a
     WHERE a.build_id = here.build_id AND NOT a.is_first
       AND EXISTS (SELECT FROM regrow.anchor o
                    WHERE o.build_id = a.build_id AND NOT o.is_first AND o.position < a.position
                      AND floor(log(2, (here.events_read - o.events_read + 1)::numeric))
                        = floor(log(2, (here.events_read - a.events_read + 1)::numeric)));
END $$;

-- What functions that earlier versions of regrow wrote into builds call.
CREATE OR REPLACE FUNCTION regrow.advance(
    the_build bigint, the_generation bigint, from_position bigint, to_position bigint,
    was_read bigint, was_applied bigint) RETURNS text LANGUAGE sql
SET search_path = pg_catalog AS $$
    SELECT regrow.advance(the_build, the_generation, 0, from_position, to_position, was_read, was_applied,
                          NULL, NULL, NULL, NULL, NULL, NULL, NULL)
$$;
