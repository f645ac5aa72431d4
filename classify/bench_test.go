package classify_test

import (
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"guichetdunumerique.be/guichet/classify"
)

// The first are mail as people write it; mails holds thousands of requests and traps, of which hardly a sentence is there
// twice, and 10MB says the same over and over. From endless on they are the worst that a sender can write: sentences as
// long as can be of words that every rule is waiting for, in any order; near misses; a text without a single space; nothing
// but citations.
func BenchmarkClassify(b *testing.B) {
	mail := "Bonjour, je vous écris au sujet de l'atelier de mardi. Pourriez-vous m'envoyer une copie de toutes les données que vous avez sur moi ? Merci. "
	var ordinary, requests strings.Builder
	for _, lang := range classify.Languages() {
		text, err := os.ReadFile("text/" + lang + ".txt")
		if err != nil {
			b.Fatal(err)
		}
		ordinary.Write(text)
	}
	for _, line := range mails(b) {
		_, words, _ := strings.Cut(line, "\t")
		requests.WriteString(words + "\n\n")
	}
	for _, bench := range []struct{ name, text string }{
		{"mail", mail},
		{"ordinary", ordinary.String()},
		{"mails", requests.String()},
		{"10MB", strings.Repeat(mail, 10_000_000/len(mail))},
		{"10MB_of_mails", strings.Repeat(requests.String(), 10_000_000/requests.Len())},
		{"endless", anyOrder("je veux mes données sur moi supprimer gegevens wissen mijn", 2_000)},
		{"misses", anyOrder("supprimre donneees verwijderne gegevesn loschne", 2_000)},
		{"oneword", strings.Repeat("donnees", 20_000)},
		{"citation", anyOrder("art 15 16 17 GDPR", 5_000)},
	} {
		b.Run(bench.name, func(b *testing.B) {
			r := builtin(b)
			b.SetBytes(int64(len(bench.text)))
			b.ReportAllocs()
			for b.Loop() {
				r.Classify(classify.Input{Text: bench.text}, classify.Options{})
			}
		})
	}
}

// anyOrder says the words n times, in another order each time: what repeats is judged once.
func anyOrder(words string, n int) string {
	random, list := rand.New(rand.NewPCG(1, 1)), strings.Fields(words)
	var b strings.Builder
	for range n {
		random.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		b.WriteString(strings.Join(list, " ") + " ")
	}
	return b.String()
}

func BenchmarkBuiltin(b *testing.B) {
	for b.Loop() {
		builtin(b)
	}
}
