SELECT position, envelope, payload, system, timeline, snapshot, is_first
  FROM regrow.anchor WHERE build_id = $1
UNION ALL
SELECT anchor_position, anchor_envelope, anchor_payload, anchor_system, anchor_timeline, anchor_snapshot, false
  FROM regrow.checkpoint WHERE build_id = $1 AND shard = 0 AND anchor_position IS NOT NULL
 ORDER BY position, is_first DESC
