package message

import (
	"strings"
)

// Bounds of a header written as text.
const (
	maxBlockLines = 40 // lines, with folded lists of addressees
	maxBlockValue = 1000
	foldedWithin  = 10 // lines after which the next field must follow for a line without a label to be part of the header
)

// blockField is a field of a header written as text.
type blockField int

const (
	noBlock blockField = iota
	blockFrom
	blockDate
	blockTo
	blockSubject
	blockOther
)

// blockFieldOf is the field that a folded label names.
func blockFieldOf(label string) blockField {
	switch label {
	case "from", "de", "van", "von", "da", "expediteur", "afzender", "absender":
		return blockFrom
	case "date", "sent", "envoye", "envoye le", "date d'envoi", "verzonden", "verzonden op", "verstuurd", "datum", "gesendet", "gesendet am":
		return blockDate
	case "to", "a", "aan", "an", "pour", "destinataire", "destinataires", "ontvanger", "ontvangers", "empfanger":
		return blockTo
	case "subject", "objet", "sujet", "onderwerp", "betreff":
		return blockSubject
	case "cc", "bcc", "cci", "copie", "copie a", "kopie", "kopie (cc)", "reply-to", "repondre a", "antwoord-aan", "antwoord aan", "antwort an",
		"importance", "priorite", "urgentie", "belang", "prioriteit", "wichtigkeit", "prioritat", "piece jointe", "pieces jointes",
		"attachment", "attachments", "bijlage", "bijlagen", "anlage", "anlagen", "message-id", "organisation", "organization":
		return blockOther
	}
	return noBlock
}

// blockLine cuts a line of a header into field and value.
func blockLine(line string) (field blockField, value string) {
	label, value, ok := strings.Cut(line, ":")
	if !ok || len(label) > 30 {
		return noBlock, ""
	}
	return blockFieldOf(strings.TrimSpace(fold(label))), strings.TrimSpace(value)
}

// blockReader reads the header that a mail program wrote into the text above an earlier mail.
type blockReader struct {
	lines  []string
	depth  int
	values [blockOther + 1]string
	taken  [blockOther + 1]bool
	seen   int        // fields besides From
	last   blockField // the field of the line before
	spaced bool       // blank lines stand between the fields
}

// readHeaderBlock reads the header at the beginning of lines: From and at least others more fields, in whatever order.
// n is how many lines it takes, 0 when there is none.
func readHeaderBlock(lines []string, others int) (mail Forwarded, n int) {
	if len(lines) == 0 {
		return Forwarded{}, 0
	}
	b := blockReader{lines: lines[:min(len(lines), maxBlockLines)], depth: quoteDepth(lines[0])}
	if first, _ := blockLine(b.line(0)); first == noBlock || first == blockOther {
		return Forwarded{}, 0
	}
	for n < len(b.lines) && b.take(n, others) {
		n++
	}
	if !b.complete(others) {
		return Forwarded{}, 0
	}
	return Forwarded{
		From:    writtenMailbox(b.values[blockFrom]),
		Date:    writtenDate(b.values[blockDate]),
		Subject: cleanLine(b.values[blockSubject]),
	}, n
}

func (b *blockReader) complete(others int) bool {
	return b.values[blockFrom] != "" && b.seen >= others
}

func (b *blockReader) line(i int) string { return bare(unquoted(b.lines[i], b.depth)) }

// take reads line i; it reports false when the header ends before it.
func (b *blockReader) take(i, others int) bool {
	line := b.line(i)
	field, value := blockLine(line)
	switch {
	case line == "":
		if b.last == noBlock || b.complete(others) && !b.goesOnAfter(i) {
			return false
		}
		b.spaced = true
	case field != noBlock:
		if b.taken[field] && field != blockOther {
			return false // a second header
		}
		b.values[field], b.taken[field], b.last = value, true, field
		if field != blockFrom {
			b.seen++
		}
	case b.last == noBlock || !b.isFolded(i):
		return false
	default:
		b.values[b.last] = shorten(strings.TrimSpace(b.values[b.last]+" "+line), maxBlockValue)
	}
	return true
}

// goesOnAfter reports whether a field that was not seen yet follows blank line i, in a header with such lines between
// its fields.
func (b *blockReader) goesOnAfter(i int) bool {
	if !b.spaced || i+1 >= len(b.lines) {
		return false
	}
	field, _ := blockLine(b.line(i + 1))
	return field != noBlock && !b.taken[field]
}

// isFolded reports whether line i, which bears no label, belongs to the field above it.
func (b *blockReader) isFolded(i int) bool {
	above := b.values[b.last]
	if above == "" || strings.HasSuffix(above, ",") || strings.HasSuffix(above, ";") {
		return true
	}
	for j := i + 1; j < len(b.lines) && j <= i+foldedWithin; j++ {
		line := b.line(j)
		if line == "" {
			return false
		}
		if field, _ := blockLine(line); field != noBlock {
			return !b.taken[field] || field == blockOther
		}
	}
	return false
}

// writtenAddress is an address within text.
var writtenAddress = compile(`[^\s<>()\[\]:;,"'|]+@[^\s<>()\[\]:;,"'|]+`)

// writtenMailbox reads a sender as programs write him into a text: "Name <x>", "Name [mailto:x]", "Name (x)", "x", or
// nothing but a name.
func writtenMailbox(s string) Address {
	s = shorten(s, maxBlockValue)
	at := writtenAddress.FindStringIndex(s)
	if at == nil {
		name, _, _ := strings.Cut(s, "<") // <MAILER-DAEMON>, or Exchange's <mailto:>
		return Address{Name: cleanName(name)}
	}
	name := strings.TrimRight(s[:at[0]], " <[(\"'")
	name = strings.TrimRight(strings.TrimSuffix(name, "mailto:"), " <[(\"'")
	if after := s[at[1]:]; name == "" && strings.HasPrefix(after, " (") && !strings.Contains(after, "@") {
		name = strings.Trim(after, " ()")
	}
	return Address{cleanName(name), cleanAddress(s[at[0]:at[1]])}
}
