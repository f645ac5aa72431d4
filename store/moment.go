package store

import "time"

// MomentRestored is when the database took the place of another, see Restore.
const MomentRestored = "restored"

// SetMoment notes when something last happened to the database; the zero time takes the note away.
func (tx *Tx) SetMoment(name string, at time.Time) error {
	if at.IsZero() {
		_, err := tx.exec("DELETE FROM moment WHERE name = $1", name)
		return err
	}
	_, err := tx.exec("INSERT INTO moment (name, at) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET at = excluded.at", name, written(at))
	return err
}

// Moment is when something last happened to the database; zero when never.
func (tx *Tx) Moment(name string) (at time.Time, err error) {
	var text string
	if err := tx.queryRow("SELECT COALESCE(MAX(at), '') FROM moment WHERE name = $1", name).Scan(&text); err != nil {
		return at, err
	}
	return at, read(&at, text)
}
