-- The same rows in both builds, in another order on the disk, and then so many differences, scattered: six
-- tenths are changed in one column or the other, two tenths are missing here and two tenths there.
ALTER TABLE event_row__b1.event_row DROP CONSTRAINT event_row_pkey;
ALTER TABLE event_row__b2.event_row DROP CONSTRAINT event_row_pkey;
TRUNCATE event_row__b1.event_row, event_row__b2.event_row;
INSERT INTO event_row__b1.event_row (position, stream_id, type, quantity, cents, recorded_at)
SELECT n, 'order-' || (hashint8(n)::bigint & 2147483647) % 3000000, 'OrderItemAdded', 1 + n % 7, n % 9973,
       timestamptz '2026-01-01 00:00:00+00' + n * interval '1 second'
  FROM generate_series(1, {rows}::bigint) AS n;
INSERT INTO event_row__b2.event_row SELECT * FROM event_row__b1.event_row WHERE position % 2 = 0;
INSERT INTO event_row__b2.event_row SELECT * FROM event_row__b1.event_row WHERE position % 2 = 1;
CREATE TABLE planted AS
SELECT position, row_number() OVER (ORDER BY hashint8extended(position, 18), position) AS nth
  FROM event_row__b1.event_row ORDER BY nth LIMIT {differences};
ALTER TABLE planted ADD PRIMARY KEY (position);
ANALYZE planted;
ALTER TABLE event_row__b1.event_row ADD PRIMARY KEY (position);
ALTER TABLE event_row__b2.event_row ADD PRIMARY KEY (position);
UPDATE event_row__b2.event_row t SET quantity = quantity + 1 FROM planted p
 WHERE p.position = t.position AND p.nth % 10 < 4;
UPDATE event_row__b2.event_row t SET recorded_at = recorded_at + interval '1 microsecond' FROM planted p
 WHERE p.position = t.position AND p.nth % 10 IN (4, 5);
DELETE FROM event_row__b2.event_row t USING planted p WHERE p.position = t.position AND p.nth % 10 IN (6, 7);
DELETE FROM event_row__b1.event_row t USING planted p WHERE p.position = t.position AND p.nth % 10 IN (8, 9);
