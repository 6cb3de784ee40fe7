-- Asked after a claim that got nothing. No row: it ended a moment ago.
SELECT CASE WHEN owner IS NULL THEN 'done' ELSE 'running' END
FROM {table}
WHERE delivery = :delivery AND ends_at > {now}
