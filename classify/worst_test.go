package classify_test

import (
	"fmt"
	"strings"
	"testing"

	"guichetdunumerique.be/guichet/classify"
)

// worst are texts of about n bytes that were made to cost. Words are said in another order each time, since what
// repeats is judged once.
func worst(n int) map[string]string {
	repeat := func(unit string) string { return strings.Repeat(unit, n/len(unit)+1) }
	shuffle := func(words string) string { return anyOrder(words, n/len(words)+1) }
	return map[string]string{
		"Endless":    shuffle("je veux mes données sur moi supprimer gegevens wissen mijn "),
		"Misses":     shuffle("supprimre donneees verwijderne gegevesn loschne "),
		"OneWord":    repeat("donnees"),
		"Citations":  shuffle("art 15 16 17 GDPR "),
		"Articles":   shuffle("article 15, 16, 17, 18, 19, 20, 21 et 22 "),
		"Sentences":  shuffle("Supprimez. Wissen! Löschen? Erase. "),
		"Commas":     shuffle("données, gegevens, Daten, data, "),
		"Stops":      repeat("."),
		"Dashes":     repeat("donnees-"),
		"Quotes":     repeat("d'"),
		"Marks":      "a" + repeat("\u0301"),
		"Unseen":     repeat("s\u200bu\u00adp"),
		"Spaces":     repeat(" "),
		"Lines":      repeat("\n"),
		"Digits":     repeat("1.2"),
		"NoLanguage": shuffle("xqz qzx zzq jkw wkj "),
		"Letters":    shuffle("a b c d e f g h i j k l m n o p q r s t u v w x y z "),
		"Capitals":   repeat("ÉÀ"),
		"Negations":  shuffle("je ne veux pas que vous ne supprimiez pas "),
		"Conditions": shuffle("si jamais j'avais donné mon consentement "),
		"Compounds":  repeat("persoonsgegevensverwerkingsverantwoordelijke"),
		"Cyrillic":   shuffle("данные мои удалите прошу "),
		"Addresses":  shuffle("a@b.be c@d.be e@f.be "),
		"Links":      shuffle("http://a.b/?c=d&e=f http://e.f/?g "),
		"Broken":     repeat("\xff\xfe"),
	}
}

// BenchmarkWorst shows bytes a second at three sizes: the same figure at all means linear time.
func BenchmarkWorst(b *testing.B) {
	r := builtin(b)
	for _, size := range []int{64 << 10, 256 << 10, 1 << 20} {
		for name, text := range worst(size) {
			b.Run(fmt.Sprintf("%s/%dK", name, size>>10), func(b *testing.B) {
				b.SetBytes(int64(len(text)))
				for b.Loop() {
					r.Classify(classify.Input{Text: text}, classify.Options{})
				}
			})
		}
	}
}
