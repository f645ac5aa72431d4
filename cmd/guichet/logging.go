package main

import (
	"io"
	"log/slog"
)

// newLogger writes what happens, as [log] says. Lines carry case references, UIDs, rule ids and counts:
// never a name, an address, a subject or a file name. Times are UTC, so that a year has no missing hour.
func newLogger(w io.Writer, c logConfig) *slog.Logger {
	var level slog.Level
	if err := level.UnmarshalText([]byte(c.Level)); err != nil {
		level = slog.LevelInfo
	}
	options := &slog.HandlerOptions{Level: level, ReplaceAttr: inUTC}
	if c.Format == "json" {
		return slog.New(slog.NewJSONHandler(w, options))
	}
	return slog.New(slog.NewTextHandler(w, options))
}

// inUTC turns the times of a record to UTC.
func inUTC(_ []string, a slog.Attr) slog.Attr {
	if a.Value.Kind() == slog.KindTime {
		a.Value = slog.TimeValue(a.Value.Time().UTC())
	}
	return a
}

// keyDesk is the attribute that tells desks apart where one program serves several: the prefix of their
// references. The packages name the other attributes.
const keyDesk = "desk"
