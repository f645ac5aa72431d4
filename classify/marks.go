package classify

// marks is a set that is cleared at once, however large it is: what is in it bears the number of the present time.
type marks[T ~int32 | ~uint16] struct {
	at  []uint16
	now uint16
}

func newMarks[T ~int32 | ~uint16](n int) marks[T] { return marks[T]{at: make([]uint16, n), now: 1} }

func (m *marks[T]) has(x T) bool { return m.at[x] == m.now }
func (m *marks[T]) add(x T)      { m.at[x] = m.now }

func (m *marks[T]) addAll(list []T) {
	at, now := m.at, m.now
	for _, x := range list {
		at[x] = now
	}
}

func (m *marks[T]) clear() {
	if m.now++; m.now == 0 {
		clear(m.at)
		m.now = 1
	}
}
