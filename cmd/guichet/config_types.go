package main

import (
	"errors"
	"fmt"
	"time"
)

// duration is a time.Duration written "90s", "5m" or "1h30m".
type duration struct{ time.Duration }

// UnmarshalText reads a duration with its unit: a bare number would be nanoseconds to some readers.
func (d *duration) UnmarshalText(text []byte) error {
	parsed, err := time.ParseDuration(string(text))
	if err != nil {
		return fmt.Errorf(`%q is no length of time; write one such as "90s", "5m" or "1h30m"`, text)
	}
	d.Duration = parsed
	return nil
}

// zone is a time zone by its IANA name.
type zone struct{ *time.Location }

// UnmarshalText finds a zone by its name. "Local" is refused: the law's days do not depend on the machine.
func (z *zone) UnmarshalText(text []byte) error {
	location, err := time.LoadLocation(string(text))
	if err == nil && (len(text) == 0 || string(text) == "Local") {
		err = errors.New("not a fixed zone")
	}
	if err != nil {
		return fmt.Errorf(`%q is no time zone; write one such as "Europe/Brussels"`, text)
	}
	z.Location = location
	return nil
}

// mustZone is a zone that is known to exist: the program carries the zones with it.
func mustZone(name string) zone {
	location, err := time.LoadLocation(name)
	if err != nil {
		panic(err)
	}
	return zone{location}
}
