package reply

// ContentLine is a line of text as a calendar entry writes it, for the fuzzer.
func ContentLine(name, text string) []byte {
	var w calendarWriter
	w.line(name, text)
	return w.b.Bytes()
}

// Envelope is what SMTP is told of a mail: who sends it and who gets it.
func Envelope(m Mail) (from, to string, err error) {
	e, err := seal(m)
	return e.from.path(), e.to.path(), err
}
