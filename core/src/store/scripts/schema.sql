-- A row without an owner is done. Times are milliseconds of the unix clock of the server.
CREATE TABLE IF NOT EXISTS {table} (
  delivery varchar(64) NOT NULL PRIMARY KEY,
  owner varchar(64) NULL,
  ends_at bigint NOT NULL
);
CREATE INDEX IF NOT EXISTS {index} ON {table} (ends_at);
