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
    began_at     timestamptz NOT NULL,
    seen_at      timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE regrow.progress IS 'How far rebuilds are at the moment; not what they have committed.';
