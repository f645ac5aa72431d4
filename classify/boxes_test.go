package classify_test

import (
	"slices"
	"testing"

	"guichetdunumerique.be/guichet/cases"
	"guichetdunumerique.be/guichet/classify"
)

// A form that names every right asks for those that are ticked.
func TestAFormAsksForWhatIsTicked(t *testing.T) {
	r := builtin(t)
	for name, form := range map[string]string{
		"before":  "Naam: Jan Peeters\n[x] Ik wil mijn gegevens inkijken\n[ ] Ik wil mijn gegevens verbeteren\n[ ] Ik wil mijn gegevens wissen\n",
		"marks":   "Nom : Jeanne Martin\n☑ Accéder à mes données\n☐ Rectifier mes données\n☐ Supprimer mes données\n",
		"after":   "Accéder à mes données [x]\nRectifier mes données [ ]\nSupprimer mes données [ ]\n",
		"a line":  "I ask for: (x) access to my data ( ) correction of my data ( ) deletion of my data\n",
		"a table": "| Auskunft über meine Daten | ☒ |\n| Berichtigung meiner Daten | ☐ |\n| Löschung meiner Daten | ☐ |\n",
		"bullets": "- [X] Please send me a copy of my data\n- [ ] Please correct my data\n- [ ] Please delete my data\n",
	} {
		v := r.Classify(classify.Input{Text: form}, classify.Options{})
		if !slices.Equal(v.Rights, []cases.Right{cases.Access}) {
			t.Errorf("%s: %q files %v", name, form, v.Rights)
		}
		for _, e := range v.Evidence {
			if form[e.Start:e.End] != e.Text {
				t.Errorf("%s: %q is not what stands at %d", name, e.Text, e.Start)
			}
		}
	}
}

// Where nothing is ticked the boxes are the bullets of a list.
func TestBoxesThatNobodyTickedAreBullets(t *testing.T) {
	v := builtin(t).Classify(classify.Input{Text: "I ask you:\n☐ to send me a copy of my data\n☐ to delete my account\n"}, classify.Options{})
	if !slices.Equal(v.Rights, []cases.Right{cases.Access, cases.Erasure}) {
		t.Errorf("files %v", v.Rights)
	}
}

// What is shown of a form is what was written, with the boxes that were passed over.
func TestEvidenceKeepsTheEmptyBoxes(t *testing.T) {
	form := "[x] Merci de supprimer [ ]\ntoutes mes données personnelles\n"
	v := builtin(t).Classify(classify.Input{Text: form}, classify.Options{})
	if len(v.Evidence) == 0 {
		t.Fatal("nothing was heard")
	}
	for _, e := range v.Evidence {
		if form[e.Start:e.End] != e.Text {
			t.Errorf("%q is not what stands at %d: %q", e.Text, e.Start, form[e.Start:e.End])
		}
	}
}
