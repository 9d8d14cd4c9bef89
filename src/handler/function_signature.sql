CREATE OR REPLACE FUNCTION {function}(
    regrow$build bigint, regrow$generation bigint, regrow$from bigint, regrow$to bigint,
    regrow$read bigint, regrow$applied bigint, regrow$hash_sum numeric, regrow$anchor bigint,
    regrow$envelope bytea, regrow$payload bytea, regrow$system text, regrow$timeline text,
    regrow$snapshot text, regrow$advance boolean,
    regrow$first integer, regrow$last integer, regrow$arg integer,
    regrow$kinds smallint[], regrow$args text[],
    OUT regrow$at integer, OUT regrow$fenced text, OUT regrow$sqlstate text, OUT regrow$message text,
    OUT regrow$detail text, OUT regrow$hint text, OUT regrow$context text)
LANGUAGE plpgsql
SET search_path = {path}
SET plan_cache_mode = {plans}
SET TimeZone = 'UTC'
SET DateStyle = 'ISO, MDY'
SET IntervalStyle = 'postgres'
SET extra_float_digits = 1
SET bytea_output = 'hex'
SET jit = off
