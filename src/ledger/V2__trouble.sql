ALTER TABLE regrow.build
    -- What ended the last run that worked on it, where that run could still say so.
    ADD COLUMN trouble    text,
    ADD COLUMN trouble_at timestamptz;
