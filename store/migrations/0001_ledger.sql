-- +goose Up
CREATE TABLE secret (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
);

CREATE TABLE folder (
  name        TEXT PRIMARY KEY,
  uidvalidity BIGINT NOT NULL,
  uid         BIGINT NOT NULL,
  reread      BIGINT NOT NULL,
  began       TEXT NOT NULL,
  checked     TEXT NOT NULL
);

-- The reference of a case is its identity everywhere; year and number give the next one without gaps.
CREATE TABLE request (
  reference   TEXT PRIMARY KEY,
  prefix      TEXT NOT NULL,
  year        INTEGER NOT NULL,
  number      INTEGER NOT NULL,
  status      TEXT NOT NULL,
  outcome     TEXT NOT NULL,
  identity    TEXT NOT NULL,
  address     TEXT NOT NULL,
  address_key TEXT NOT NULL,
  name        TEXT NOT NULL,
  language    TEXT NOT NULL,
  rights      TEXT NOT NULL,
  flags       TEXT NOT NULL,
  hold        TEXT NOT NULL,
  received    TEXT NOT NULL,
  due         TEXT NOT NULL,
  due_why     TEXT NOT NULL,
  latest      TEXT NOT NULL,
  latest_why  TEXT NOT NULL,
  extended    TEXT NOT NULL,
  first_reply TEXT NOT NULL,
  opened      TEXT NOT NULL,
  closed      TEXT NOT NULL,
  related     TEXT NOT NULL,
  UNIQUE (prefix, year, number)
);
CREATE INDEX request_status ON request (status, due);
CREATE INDEX request_address ON request (address_key, status);

CREATE TABLE event (
  reference TEXT NOT NULL REFERENCES request (reference),
  seq       INTEGER NOT NULL,
  at        TEXT NOT NULL,
  kind      TEXT NOT NULL,
  actor     TEXT NOT NULL,
  note      TEXT NOT NULL,
  hash      TEXT NOT NULL,
  PRIMARY KEY (reference, seq)
);

CREATE TABLE entry (
  id          BIGINT PRIMARY KEY,
  folder      TEXT NOT NULL,
  uidvalidity BIGINT NOT NULL,
  uid         BIGINT NOT NULL,
  message_id  TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  size        BIGINT NOT NULL,
  received    TEXT NOT NULL,
  fate        TEXT NOT NULL,
  reason      TEXT NOT NULL,
  reference   TEXT NOT NULL,
  recorded    TEXT NOT NULL,
  UNIQUE (folder, uidvalidity, uid)
);
CREATE INDEX entry_message_id ON entry (message_id);
CREATE INDEX entry_fingerprint ON entry (fingerprint);
CREATE INDEX entry_reference ON entry (reference);

CREATE TABLE outgoing (
  key          TEXT PRIMARY KEY,
  kind         TEXT NOT NULL,
  reference    TEXT NOT NULL,
  recipient    TEXT NOT NULL,
  message_id   TEXT NOT NULL UNIQUE,
  payload      TEXT NOT NULL,
  state        TEXT NOT NULL,
  attempts     INTEGER NOT NULL,
  next_attempt TEXT NOT NULL,
  created      TEXT NOT NULL,
  done         TEXT NOT NULL,
  last_error   TEXT NOT NULL
);
CREATE INDEX outgoing_due ON outgoing (state, next_attempt);
CREATE INDEX outgoing_recipient ON outgoing (recipient, created);
CREATE INDEX outgoing_created ON outgoing (created);
CREATE INDEX outgoing_reference ON outgoing (reference);
