DELETE FROM {table} WHERE delivery = :delivery AND owner = :owner
