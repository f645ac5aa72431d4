package message

func autoByWords(subject, own string) Auto { return Auto{} }
