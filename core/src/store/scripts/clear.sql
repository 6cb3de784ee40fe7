-- The time is compared a second time, because a row that ended may have been claimed since it was found.
DELETE FROM {table}
WHERE ends_at <= {now} AND delivery IN (
  SELECT delivery FROM {table} WHERE ends_at <= {now} ORDER BY ends_at LIMIT :limit {skip_locked}
)
