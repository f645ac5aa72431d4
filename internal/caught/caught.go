// Package caught turns panics into errors that may be logged.
package caught

import (
	"fmt"
	"runtime"
	"strings"
)

// Error is a panic that was caught. It tells of what type the value was and where the panic began, never the value: that
// may hold words of a mail.
type Error struct {
	Type string // such as "runtime.boundsError"
	At   string // the function and line
}

func (e *Error) Error() string { return fmt.Sprintf("panic (%s) at %s", e.Type, e.At) }

// Run runs f. A panic in it becomes an *Error.
func Run(f func() error) (err error) {
	defer func() {
		if value := recover(); value != nil {
			err = &Error{Type: fmt.Sprintf("%T", value), At: origin()}
		}
	}()
	return f()
}

// maxFrames is how deep the origin of a panic is looked for: the runtime and the standard library are seldom deeper.
const maxFrames = 32

// origin is where the panic began that is being recovered from: the first function below Go's own runtime.
func origin() string {
	calls := make([]uintptr, maxFrames)
	frames := runtime.CallersFrames(calls[:runtime.Callers(3, calls)]) // above Callers, origin and the deferred function
	for {
		f, more := frames.Next()
		if f.Function != "" && !strings.HasPrefix(f.Function, "runtime.") {
			return fmt.Sprintf("%s:%d", f.Function, f.Line)
		}
		if !more {
			return "an unknown place"
		}
	}
}
