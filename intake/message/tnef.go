package message

func (r *reader) openTNEF(p *part) []Attachment { return nil }
