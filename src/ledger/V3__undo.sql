ALTER TABLE regrow.finish_step
    -- Whether it takes back rows that were committed before their checkpoint: it is taken off the
    -- list with the checkpoint, or run by whoever takes the build up behind a crash.
    ADD COLUMN undoes boolean NOT NULL DEFAULT false;
COMMENT ON TABLE regrow.finish_step IS 'What is still to be done to a build''s tables: after the replay, or before anything else where it undoes.';
