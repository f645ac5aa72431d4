package intake_test

import (
	"fmt"
	"testing"

	"guichetdunumerique.be/guichet/intake"
	"guichetdunumerique.be/guichet/internal/mailtest"
)

// BenchmarkRead reads 20,000 small mails over TLS on loopback, parsing them. The server shares the processor.
func BenchmarkRead(b *testing.B) {
	const mails = 20000
	s := startIMAP(b, mailtest.Options{})
	for i := range mails {
		deliver(b, s, "INBOX", fmt.Sprint("m", i))
	}
	for b.Loop() {
		d := at("INBOX", 1)
		if err := intake.New(towards(s), d).Once(b.Context()); err != nil {
			b.Fatal(err)
		}
		if len(d.taken) != mails {
			b.Fatalf("%d mails were read", len(d.taken))
		}
	}
	b.ReportMetric(float64(b.N)*mails/b.Elapsed().Seconds(), "mails/s")
}
