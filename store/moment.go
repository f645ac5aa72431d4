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

// Moments are those whose names begin so, by name.
func (tx *Tx) Moments(prefix string) (map[string]time.Time, error) {
	scan := func(r row) (m [2]string, err error) { return m, r.Scan(&m[0], &m[1]) }
	list, err := collect(tx, scan, "SELECT name, at FROM moment WHERE substr(name, 1, $2) = $1 ORDER BY name", prefix, len(prefix))
	found := make(map[string]time.Time, len(list))
	for _, m := range list {
		var at time.Time
		if err := read(&at, m[1]); err != nil {
			return nil, err
		}
		found[m[0]] = at
	}
	return found, err
}
