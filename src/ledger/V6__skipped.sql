-- Events that builds go on without by on_error = "skip". A build is not the same with and without them, so a promote
-- asks for --accept-skipped. Which they are is needed to tell rows of today from rows that a replay makes, to make one
-- row again, and so that none is counted twice; nothing of their payloads or streams is kept.
CREATE TABLE regrow.skipped_events (
    build_id       bigint NOT NULL REFERENCES regrow.build,
    position       bigint NOT NULL,
    part           integer NOT NULL,
    event_type     text NOT NULL,
    schema_version integer NOT NULL,
    -- The kind of failure (docs/errors.md), and the handler's statement or the upcaster's step.
    code           text NOT NULL,
    place          text,
    PRIMARY KEY (build_id, position, part)
);
COMMENT ON TABLE regrow.skipped_events IS 'Events that could not be applied and were left out by on_error = "skip".';

ALTER TABLE regrow.checkpoint
    -- How many there are: a status that is asked for each second does not count them.
    ADD COLUMN events_skipped bigint NOT NULL DEFAULT 0 CHECK (events_skipped >= 0);
