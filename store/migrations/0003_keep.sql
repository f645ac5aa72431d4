-- +goose Up
-- What a note says is bound into the chain by a salted hash of it: the note can go and the chain still hold.
ALTER TABLE event ADD COLUMN salt TEXT NOT NULL DEFAULT '';
ALTER TABLE event ADD COLUMN seal TEXT NOT NULL DEFAULT '';
-- The hash of a case's last event: an event cut off the end shows. '' until the first event after this step.
ALTER TABLE request ADD COLUMN chain TEXT NOT NULL DEFAULT '';
-- The last UID that lay in the folder when watching began; -1 where that was not noted.
ALTER TABLE folder ADD COLUMN start BIGINT NOT NULL DEFAULT -1;
-- Keyed hashes of the addresses of those who were erased.
CREATE TABLE erased (
  digest TEXT PRIMARY KEY,
  at     TEXT NOT NULL
);
CREATE INDEX request_closed ON request (status, closed);
-- Moments of the database's own life, such as when it was restored from a backup.
CREATE TABLE moment (
  name TEXT PRIMARY KEY,
  at   TEXT NOT NULL
);
