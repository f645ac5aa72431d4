package store

import "fmt"

// Gathered is what waits for one colleague's next summary, of one case and for one reason.
type Gathered struct {
	Case  string // reference, "" of what concerns none
	Why   string // the payload of the rows
	Count int
}

// GatheredFor lists the recipients for whom something waits.
func (tx *Tx) GatheredFor() ([]string, error) {
	scan := func(r row) (to string, err error) { return to, r.Scan(&to) }
	return collect(tx, scan, "SELECT DISTINCT recipient FROM outgoing WHERE state = $1 ORDER BY recipient", string(OutGathered))
}

// FindGathered returns what waits for a recipient, what happened first coming first: at most limit groups, and
// how many groups and happenings there are in all.
func (tx *Tx) FindGathered(recipient string, limit int) (list []Gathered, groups, happenings int, err error) {
	const waiting = " FROM outgoing WHERE state = $1 AND recipient = $2 GROUP BY reference, payload"
	args := []any{string(OutGathered), addressKey(recipient)}
	err = tx.queryRow("SELECT COUNT(*), COALESCE(SUM(n), 0) FROM (SELECT COUNT(*) AS n"+waiting+") AS some", args...).Scan(&groups, &happenings)
	if err != nil {
		return nil, 0, 0, err
	}
	scan := func(r row) (g Gathered, err error) { return g, r.Scan(&g.Case, &g.Why, &g.Count) }
	list, err = collect(tx, scan, "SELECT reference, payload, COUNT(*)"+waiting+fmt.Sprintf(" ORDER BY MIN(created), reference, payload LIMIT %d", limit), args...)
	return list, groups, happenings, err
}

// TellGathered records that what waits for a recipient was told.
func (tx *Tx) TellGathered(recipient string) error {
	_, err := tx.exec("UPDATE outgoing SET state = $1, payload = '', done = $2 WHERE state = $3 AND recipient = $4",
		string(OutTold), written(tx.Now), string(OutGathered), addressKey(recipient))
	return err
}
