package store

// PretendVersion makes the database look as if a newer program had changed its tables.
func (tx *Tx) PretendVersion(version int) error {
	_, err := tx.exec("INSERT INTO goose_db_version (version_id, is_applied) VALUES ($1, TRUE)", version)
	return err
}

// Forge changes an event behind the chain's back.
func (tx *Tx) Forge(reference string, seq int, note string) error {
	_, err := tx.exec("UPDATE event SET note = $1 WHERE reference = $2 AND seq = $3", note, reference, seq)
	return err
}
