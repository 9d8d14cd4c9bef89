-- The log up to the moment $1: its last position, the events behind it that were recorded by then, those in it without a
-- time, the moment, and whether it has yet to come. What is in braces are expressions over the log's table.
WITH moment AS (SELECT $1::text::timestamptz AS at),
     events AS NOT MATERIALIZED (
       SELECT {position} AS position, ({recorded_at})::timestamptz AS recorded_at FROM {rows}),
     behind AS (SELECT min(position) AS first FROM events WHERE recorded_at > (SELECT at FROM moment)),
     prefix AS (
       SELECT COALESCE(max(position), 0)::bigint AS until, count(*) FILTER (WHERE recorded_at IS NULL) AS unknown
         FROM events
        WHERE position < (SELECT first FROM behind) OR (SELECT first FROM behind) IS NULL)
SELECT prefix.until,
       (SELECT count(*) FROM events WHERE position > prefix.until AND recorded_at <= (SELECT at FROM moment)),
       prefix.unknown,
       COALESCE(to_char((SELECT at FROM moment) AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') || ' UTC',
                (SELECT at::text FROM moment)),
       (SELECT at FROM moment) > clock_timestamp()
  FROM prefix
