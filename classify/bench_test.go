package classify_test

import (
	"os"
	"strings"
	"testing"

	"guichetdunumerique.be/guichet/classify"
)

// The last three are the worst that a sender can write: one endless sentence of words that every rule is
// waiting for, near misses, and a text without a single space.
func BenchmarkClassify(b *testing.B) {
	mail := "Bonjour, je vous écris au sujet de l'atelier de mardi. Pourriez-vous m'envoyer une copie de toutes les données que vous avez sur moi ? Merci. "
	var ordinary strings.Builder
	for _, lang := range classify.Languages() {
		text, err := os.ReadFile("text/" + lang + ".txt")
		if err != nil {
			b.Fatal(err)
		}
		ordinary.Write(text)
	}
	for name, text := range map[string]string{
		"mail":     mail,
		"ordinary": strings.Repeat(ordinary.String(), 10),
		"10MB":     strings.Repeat(mail, 10_000_000/len(mail)),
		"endless":  strings.Repeat("je veux mes données sur moi supprimer gegevens wissen mijn ", 2_000),
		"misses":   strings.Repeat("supprimre donneees verwijderne gegevesn loschne ", 2_000),
		"oneword":  strings.Repeat("donnees", 20_000),
		"citation": strings.Repeat("art 15 16 17 GDPR ", 5_000),
	} {
		b.Run(name, func(b *testing.B) {
			r := builtin(b)
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				r.Classify(classify.Input{Text: text}, classify.Options{})
			}
		})
	}
}

func BenchmarkBuiltin(b *testing.B) {
	for b.Loop() {
		builtin(b)
	}
}
