package message

func forwardedText(text string) []Forwarded { return nil }
func readForm(text string) *Form            { return nil }
func autoByWords(subject, own string) Auto  { return Auto{} }
