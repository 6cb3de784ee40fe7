-- No row comes back where somebody else has the delivery. The end is computed anew for the update, because the
-- statement may have waited for a transaction that held the row, and the lease begins after that.
INSERT INTO {table} AS held (delivery, owner, ends_at)
VALUES (:delivery, :owner, {now} + :millis)
ON CONFLICT (delivery) DO UPDATE SET owner = excluded.owner, ends_at = {now} + :millis
WHERE held.ends_at <= {now}
RETURNING owner
