CREATE TABLE accounts (
    id            text PRIMARY KEY,
    owner         text NOT NULL,
    cents         bigint NOT NULL DEFAULT 0,
    deposits      bigint NOT NULL DEFAULT 0,
    last_note     text,
    closed        boolean NOT NULL DEFAULT false,
    version       bigint,
    last_position bigint NOT NULL
);
