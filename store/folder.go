package store

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
)

const folderColumns = "name, uidvalidity, uid, reread, began, checked, start"

func scanFolder(r row) (Folder, error) {
	var f Folder
	var began, checked string
	if err := r.Scan(&f.Name, &f.UIDValidity, &f.UID, &f.Reread, &began, &checked, &f.Start); err != nil {
		return Folder{}, err
	}
	return f, errors.Join(read(&f.Began, began), read(&f.Checked, checked))
}

// FindFolder returns one folder, or ErrNotFound.
func (tx *Tx) FindFolder(name string) (Folder, error) {
	f, err := scanFolder(tx.queryRow("SELECT "+folderColumns+" FROM folder WHERE name = $1", name))
	return f, notFound(err)
}

// FindFolders returns all folders by name.
func (tx *Tx) FindFolders() ([]Folder, error) {
	return collect(tx, scanFolder, "SELECT "+folderColumns+" FROM folder ORDER BY name")
}

// SaveFolder creates or replaces a folder.
func (tx *Tx) SaveFolder(f Folder) error {
	_, err := tx.exec(`INSERT INTO folder (`+folderColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (name) DO UPDATE SET uidvalidity = excluded.uidvalidity, uid = excluded.uid,
			reread = excluded.reread, began = excluded.began, checked = excluded.checked, start = excluded.start`,
		f.Name, f.UIDValidity, f.UID, f.Reread, written(f.Began), written(f.Checked), f.Start)
	return err
}

// Secret returns 32 random bytes, drawn once for each name and kept with the database.
func (tx *Tx) Secret(name string) ([]byte, error) {
	var value string
	err := notFound(tx.queryRow("SELECT value FROM secret WHERE name = $1", name).Scan(&value))
	if !errors.Is(err, ErrNotFound) {
		if err != nil {
			return nil, err
		}
		return hex.DecodeString(value)
	}
	secret := make([]byte, 32)
	_, _ = rand.Read(secret) // never fails: crypto/rand ends the program instead
	_, err = tx.exec("INSERT INTO secret (name, value) VALUES ($1, $2)", name, hex.EncodeToString(secret))
	return secret, err
}
