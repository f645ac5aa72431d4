package desk

import (
	"fmt"
	"strings"
	"time"

	"guichetdunumerique.be/guichet/cases"
	"guichetdunumerique.be/guichet/reply"
)

// kindAlarm is a mail to staff that tells of trouble at once, at any hour (rule 13: silence is an alarm).
const kindAlarm = "alarm"

// alarmAgain is when trouble that lasts is told again.
const alarmAgain = 24 * time.Hour

// alarmMoment begins the names of what staff were told, each with the kind of trouble and its folder.
const alarmMoment = "alarm:"

// alarms tells staff of grave trouble when it begins, every day while it lasts, and once when it is over.
func (t *ticker) alarms() error {
	trouble, err := t.health(t.tx)
	if err != nil {
		return err
	}
	told, err := t.tx.Moments(alarmMoment)
	if err != nil {
		return err
	}
	var news []reply.Health
	for _, h := range trouble {
		if !Grave(h) {
			continue
		}
		name := alarmMoment + h.Kind + " " + h.Folder
		last, known := told[name]
		delete(told, name)
		if known && t.tx.Now.Sub(last) < alarmAgain {
			continue
		}
		news = append(news, h)
		if err := t.tx.SetMoment(name, t.tx.Now); err != nil {
			return err
		}
	}
	for name := range told {
		kind, folder, _ := strings.Cut(strings.TrimPrefix(name, alarmMoment), " ")
		if !gaveWay(trouble, kind, folder) {
			news = append(news, reply.Health{Kind: troubleOver, Folder: folder, Since: t.tx.Now})
		}
		if err := t.tx.SetMoment(name, time.Time{}); err != nil {
			return err
		}
	}
	if len(news) == 0 {
		return nil
	}
	return t.ring(news)
}

// gaveWay reports whether one kind of trouble with a folder only became another. A sign-in that lives again is told by
// the folders that are read again.
func gaveWay(trouble []reply.Health, kind, folder string) bool {
	for _, h := range trouble {
		if Grave(h) && (h.Folder == folder || kind == troubleSignIn) {
			return true
		}
	}
	return false
}

// ring queues an alarm for every colleague, those who stand in included.
func (t *ticker) ring(news []reply.Health) error {
	to := append(append([]string(nil), t.Profile.Staff...), without(t.Profile.Backup, t.Profile.Staff)...)
	for i, address := range to {
		m, err := t.Composer.Digest(reply.Digest{
			Day: cases.DateOf(t.tx.Now, t.Profile.zone()), Health: news, Alarm: true, To: address, Now: t.tx.Now,
		})
		if err != nil {
			return fmt.Errorf("composing an alarm: %w", err)
		}
		key := fmt.Sprintf("%s:%s:%d", kindAlarm, t.tx.Now.UTC().Format("20060102T150405.000"), i+1)
		if err := enqueueOnce(t.tx, key, "", m); err != nil {
			return err
		}
	}
	return nil
}
