CREATE TABLE IF NOT EXISTS {schema}.regrow_schema_history (
    version    bigint PRIMARY KEY,
    revises    bigint[] NOT NULL,
    checksum   text NOT NULL,
    applied_by text NOT NULL DEFAULT session_user
);
COMMENT ON TABLE {schema}.regrow_schema_history IS 'What refinery_schema_history has no column for: parents, and a checksum that comments do not change.';
CREATE TABLE IF NOT EXISTS {schema}.regrow_schema_step (
    version    bigint NOT NULL,
    direction  text NOT NULL CHECK (direction IN ('up', 'down')),
    number     integer NOT NULL CHECK (number > 0),
    checksum   text NOT NULL,
    started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    done_at    timestamptz,
    PRIMARY KEY (version, direction, number)
);
COMMENT ON TABLE {schema}.regrow_schema_step IS 'Statements of a revision that runs outside a transaction, from its first to its last.';
CREATE TABLE IF NOT EXISTS {schema}.regrow_schema_catalog (
    only_row    boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    versions    bigint[] NOT NULL,
    lines       text[] NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE {schema}.regrow_schema_catalog IS 'The schema as it was when the last run ended: what drift is measured against.';
