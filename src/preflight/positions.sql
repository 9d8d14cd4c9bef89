-- One pass over the log in the order of positions. What is in braces are expressions over the
-- log's table and numbers. The windows have one order, so rows are sorted once, or not at all
-- where an index has that order; nothing but a few places is kept in memory.
WITH steps AS (
    SELECT position, recorded_at, lag(position) OVER w AS previous, lag(recorded_at) OVER w AS previously
      FROM (SELECT {position} AS position, ({recorded_at})::timestamptz AS recorded_at
              FROM {rows}) AS event
    WINDOW w AS (ORDER BY position)
), judged AS (
    SELECT *, COALESCE(previous, {start} - {increment}) AS before,
           position - {increment} > COALESCE(previous, {start} - {increment}) AS is_gap,
           position = previous AS is_twice,
           recorded_at < previously - make_interval(secs => {seconds}) AS goes_back
      FROM steps
), numbered AS (
    SELECT *, count(*) FILTER (WHERE is_gap) OVER w AS gap, count(*) FILTER (WHERE is_twice) OVER w AS twice,
           count(*) FILTER (WHERE goes_back) OVER w AS back
      FROM judged
    WINDOW w AS (ORDER BY position ROWS UNBOUNDED PRECEDING)
)
SELECT count(*) FILTER (WHERE is_gap) AS gaps,
       COALESCE(sum((position - before) / {increment} - 1) FILTER (WHERE is_gap), 0)::bigint AS missing,
       array_agg(CASE WHEN position - before = 2 * {increment} THEN (before + {increment})::text
                      ELSE format('%s to %s', before + {increment}, position - {increment}) END)
           FILTER (WHERE is_gap AND gap <= {listed}) AS ranges,
       count(*) FILTER (WHERE is_twice) AS twice,
       array_agg(position::text) FILTER (WHERE is_twice AND twice <= {listed}) AS shared,
       count(*) FILTER (WHERE goes_back) AS back,
       array_agg(format('%s by %s', position, date_trunc('second', previously - recorded_at)))
           FILTER (WHERE goes_back AND back <= {listed}) AS places,
       count(*) FILTER (WHERE position <= 0) AS low,
       min(position) AS first
  FROM numbered
