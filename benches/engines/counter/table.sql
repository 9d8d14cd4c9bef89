-- One row, which every event changes.
CREATE TABLE counter (id integer PRIMARY KEY, n bigint NOT NULL);
