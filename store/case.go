package store

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"guichetdunumerique.be/guichet/cases"
)

const caseColumns = `reference, prefix, year, number, status, outcome, identity, address, address_key, name, language,
	rights, flags, hold, received, due, due_why, latest, latest_why, extended, first_reply, opened, closed, related,
	marketing, pauses, id_copy`

// addressKey is an address as it is compared: whoever writes from it may change its case.
func addressKey(address string) string { return strings.ToLower(address) }

// caseValues are the values of caseColumns, in their order.
func caseValues(c cases.Case) ([]any, error) {
	rights, err1 := list(c.Rights)
	flags, err2 := list(c.Flags)
	dueWhy, err3 := list(c.DueWhy)
	latestWhy, err4 := list(c.LatestWhy)
	pauses, err5 := list(c.Pauses)
	return []any{
		c.Reference.String(), c.Reference.Prefix, c.Reference.Year, c.Reference.Number,
		string(c.Status), string(c.Outcome), string(c.Identity),
		c.Requester.Address, addressKey(c.Requester.Address), c.Requester.Name, c.Language,
		rights, flags, c.Hold, written(c.Received), c.Due.String(), dueWhy, c.Latest.String(), latestWhy,
		c.Extended.String(), written(c.FirstReply), written(c.Opened), written(c.Closed), c.Related,
		c.Marketing, pauses, string(c.Copy),
	}, errors.Join(err1, err2, err3, err4, err5)
}

func scanCase(r row) (cases.Case, error) {
	var c cases.Case
	var reference, key, rights, flags, received, due, dueWhy, latest, latestWhy, extended, firstReply, opened, closed, pauses string
	err := r.Scan(&reference, &c.Reference.Prefix, &c.Reference.Year, &c.Reference.Number,
		&c.Status, &c.Outcome, &c.Identity, &c.Requester.Address, &key, &c.Requester.Name, &c.Language,
		&rights, &flags, &c.Hold, &received, &due, &dueWhy, &latest, &latestWhy, &extended, &firstReply, &opened, &closed, &c.Related,
		&c.Marketing, &pauses, &c.Copy)
	if err != nil {
		return cases.Case{}, err
	}
	return c, errors.Join(
		readWords(&c.Rights, rights), readWords(&c.Flags, flags), readWords(&c.DueWhy, dueWhy), readWords(&c.LatestWhy, latestWhy),
		readList(&c.Pauses, pauses),
		read(&c.Received, received), read(&c.FirstReply, firstReply), read(&c.Opened, opened), read(&c.Closed, closed),
		readDate(&c.Due, due), readDate(&c.Latest, latest), readDate(&c.Extended, extended))
}

// readDate fills dest from a date as written; "" is no day.
func readDate(dest *cases.Date, text string) (err error) {
	*dest = cases.Date{}
	if text == "" {
		return nil
	}
	if *dest, err = cases.ParseDate(text); err != nil {
		return damaged("a date", err)
	}
	return nil
}

// CreateCase adds a case under the next number of its year, which it sets. The caller sets the
// reference's Year.
func (tx *Tx) CreateCase(c *cases.Case, prefix string) error {
	c.Reference.Prefix = prefix
	err := tx.queryRow("SELECT COALESCE(MAX(number), 0) + 1 FROM request WHERE prefix = $1 AND year = $2",
		prefix, c.Reference.Year).Scan(&c.Reference.Number)
	if err != nil {
		return fmt.Errorf("numbering a case: %w", err)
	}
	values, err := caseValues(*c)
	if err != nil {
		return err
	}
	_, err = tx.exec("INSERT INTO request ("+caseColumns+") VALUES ("+marks(len(values))+")", values...)
	return constraint(err)
}

// marks is "$1, $2, ..., $n".
func marks(n int) string {
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprintf("$%d", i+1)
	}
	return strings.Join(list, ", ")
}

// UpdateCase replaces a case, or returns ErrNotFound.
func (tx *Tx) UpdateCase(c cases.Case) error {
	values, err := caseValues(c)
	if err != nil {
		return err
	}
	return changedOne(tx.exec("UPDATE request SET ("+caseColumns+") = ("+marks(len(values))+") WHERE reference = $1", values...))
}

// FindCase returns one case, or ErrNotFound.
func (tx *Tx) FindCase(reference string) (cases.Case, error) {
	c, err := scanCase(tx.queryRow("SELECT "+caseColumns+" FROM request WHERE reference = $1", reference))
	return c, notFound(err)
}

func (f CaseFilter) where() *where {
	w := where{terms: []string{"(status <> 'closed' OR closed <> '')"}} // nothing is left to find of an emptied case
	if f.Address != "" {
		w.add("address_key = ?", addressKey(f.Address))
	}
	if len(f.Statuses) > 0 {
		in(&w, "status", f.Statuses)
	}
	if f.Copy != cases.CopyNone {
		w.add("id_copy = ?", string(f.Copy))
	}
	return &w
}

// FindCases returns the cases that a filter selects, the earliest due date first.
func (tx *Tx) FindCases(f CaseFilter) ([]cases.Case, error) {
	w := f.where()
	return collect(tx, scanCase, "SELECT "+caseColumns+" FROM request"+w.clause()+" ORDER BY due, year, number", w.args...)
}

// CountHeld counts the cases in triage or open, opened at or after a moment, whose Hold is just that, and tells
// when the first of them was opened.
func (tx *Tx) CountHeld(hold string, since time.Time) (n int, oldest time.Time, err error) {
	var opened string
	err = tx.queryRow("SELECT COUNT(*), COALESCE(MIN(opened), '') FROM request WHERE status IN ($1, $2) AND hold = $3 AND opened >= $4",
		string(cases.Triage), string(cases.Open), hold, written(since)).Scan(&n, &opened)
	if err == nil {
		err = read(&oldest, opened)
	}
	return n, oldest, err
}
