package reply

// ContentLine is a line of text as a calendar entry writes it, for the fuzzer.
func ContentLine(name, text string) []byte {
	var w calendarWriter
	w.line(name, escapeText(text))
	return w.b.Bytes()
}
