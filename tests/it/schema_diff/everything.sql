CREATE TYPE status AS ENUM ('pending', 'paid');
CREATE DOMAIN amount AS numeric(12,2) NOT NULL DEFAULT 0 CONSTRAINT amount_positive CHECK (VALUE >= 0);
CREATE TYPE address AS (street text, zip varchar(10));
CREATE TABLE customers (
    id bigint GENERATED ALWAYS AS IDENTITY (START WITH 100) PRIMARY KEY,
    name text NOT NULL,
    home address);
CREATE FUNCTION fee() RETURNS numeric LANGUAGE sql IMMUTABLE AS 'SELECT 1.5';
CREATE TABLE orders (
    id serial PRIMARY KEY,
    customer bigint REFERENCES customers,
    total amount,
    fee numeric DEFAULT fee(),
    state status NOT NULL DEFAULT 'pending',
    "Odd: name" text COLLATE "C",
    net numeric(12,2) GENERATED ALWAYS AS (total * 0.8) STORED,
    CHECK (total < 10000),
    EXCLUDE USING btree (id WITH =) DEFERRABLE INITIALLY DEFERRED) WITH (fillfactor = 70);
CREATE INDEX orders_by_customer ON orders (customer) WHERE state = 'paid';
CREATE UNIQUE INDEX customers_name ON customers (lower(name));
CREATE UNIQUE INDEX customers_id_too ON customers (id, name);
CREATE TABLE leaning (id bigint, name text);
ALTER TABLE leaning ADD FOREIGN KEY (id, name) REFERENCES customers (id, name) NOT VALID;
ALTER TABLE leaning ADD CONSTRAINT late CHECK (id > 0) NOT VALID;
CREATE UNLOGGED TABLE scratch (note text);
CREATE TABLE log (at timestamptz NOT NULL, what text, PRIMARY KEY (at)) PARTITION BY RANGE (at);
CREATE TABLE log_2024 PARTITION OF log (CONSTRAINT short CHECK (length(what) < 9))
    FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE INDEX log_what ON log (what);
CREATE SEQUENCE numbers START 10 CYCLE;
CREATE FUNCTION total_of(c bigint, tax numeric DEFAULT 1) RETURNS numeric LANGUAGE sql STABLE
    BEGIN ATOMIC SELECT sum(total) * tax FROM orders WHERE customer = c; END;
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE PROCEDURE tidy() LANGUAGE sql AS 'DELETE FROM scratch';
CREATE TRIGGER touched BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION touch();
CREATE TRIGGER asleep AFTER INSERT ON log FOR EACH ROW EXECUTE FUNCTION touch();
ALTER TABLE orders DISABLE TRIGGER touched;
CREATE VIEW late AS SELECT o.id, c.name FROM orders o JOIN customers c ON c.id = o.customer WHERE o.state = 'paid';
CREATE VIEW above_late WITH (security_barrier = true) AS SELECT id FROM late;
CREATE MATERIALIZED VIEW sums AS SELECT customer, sum(total) AS total FROM orders GROUP BY 1;
CREATE UNIQUE INDEX sums_key ON sums (customer);
ALTER TABLE orders ENABLE ROW LEVEL SECURITY;
ALTER TABLE orders FORCE ROW LEVEL SECURITY;
CREATE POLICY mine ON orders FOR SELECT USING (state = 'paid');
CREATE POLICY written ON orders AS RESTRICTIVE FOR INSERT TO public, pg_monitor WITH CHECK (total > 0);
COMMENT ON TABLE orders IS 'What was bought:
it''s two lines';
COMMENT ON COLUMN orders.total IS 'In euros';
COMMENT ON FUNCTION touch() IS 'Nothing';
COMMENT ON CONSTRAINT orders_pkey ON orders IS 'The key';
COMMENT ON INDEX orders_by_customer IS 'Paid ones';
COMMENT ON TRIGGER touched ON orders IS 'Asleep';
COMMENT ON MATERIALIZED VIEW sums IS 'Sums';
COMMENT ON COLUMN sums.total IS 'Euros';
COMMENT ON TYPE status IS 'States';
COMMENT ON DOMAIN amount IS 'Money';
