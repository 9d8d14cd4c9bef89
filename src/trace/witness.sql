CREATE SCHEMA regrow_witness;
CREATE UNLOGGED TABLE regrow_witness.note (
    number bigint GENERATED ALWAYS AS IDENTITY,
    entry  integer NOT NULL,
    of     text NOT NULL,
    before text[],
    after  text[],
    -- Whether the row had the key before, and has it after.
    was    boolean,
    is_now boolean,
    stack  text NOT NULL
);
