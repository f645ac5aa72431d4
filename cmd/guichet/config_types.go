package main

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// duration is a time.Duration written "90s", "5m", "1h30m" or "7d".
type duration struct{ time.Duration }

// UnmarshalText reads a duration with its unit: a bare number would be nanoseconds to some readers.
func (d *duration) UnmarshalText(text []byte) error {
	if days, found := strings.CutSuffix(string(text), "d"); found {
		if n, err := strconv.ParseUint(days, 10, 16); err == nil {
			d.Duration = time.Duration(n) * 24 * time.Hour
			return nil
		}
	}
	parsed, err := time.ParseDuration(string(text))
	if err != nil {
		return fmt.Errorf(`%q is no length of time; write one such as "90s", "5m", "1h30m" or "7d"`, text)
	}
	d.Duration = parsed
	return nil
}

// clock is a time of the day, written "08:30".
type clock struct{ time.Duration }

// UnmarshalText reads hours and minutes.
func (c *clock) UnmarshalText(text []byte) error {
	parsed, err := time.Parse("15:04", string(text))
	if err != nil {
		return fmt.Errorf(`%q is no time of the day; write one such as "08:30"`, text)
	}
	c.Duration = time.Duration(parsed.Hour())*time.Hour + time.Duration(parsed.Minute())*time.Minute
	return nil
}

// String is the time as it is written.
func (c clock) String() string { return fmt.Sprintf("%02d:%02d", int(c.Hours()), int(c.Minutes())%60) }

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
