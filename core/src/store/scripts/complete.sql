UPDATE {table} SET owner = NULL, ends_at = {now} + :millis
WHERE delivery = :delivery AND owner = :owner AND ends_at > {now}
