package message

// Defaults of Limits.
const (
	defaultParts       = 200
	defaultDepth       = 20
	defaultHeaderBytes = 256 << 10
	defaultTextBytes   = 2 << 20
)

// orDefaults is l with its zero (or senseless) fields set.
func (l Limits) orDefaults() Limits {
	if l.Parts <= 0 {
		l.Parts = defaultParts
	}
	if l.Depth <= 0 {
		l.Depth = defaultDepth
	}
	if l.HeaderBytes <= 0 {
		l.HeaderBytes = defaultHeaderBytes
	}
	if l.TextBytes <= 0 {
		l.TextBytes = defaultTextBytes
	}
	return l
}
