package message

import "strings"

// unflow joins the lines that a mailer broke softly (RFC 3676 section 4): those that end in a space go on in the
// next line of the same quote depth. delSp tells that the space itself is not of the text.
func unflow(text string, delSp bool) string {
	var out strings.Builder
	out.Grow(len(text))
	open, openDepth := false, 0 // whether the line before flows on
	for text != "" {
		line, rest, more := strings.Cut(text, "\n")
		text = rest
		depth := len(line) - len(strings.TrimLeft(line, ">"))
		line = strings.TrimPrefix(line[depth:], " ") // space-stuffed
		if open && depth != openDepth {
			out.WriteByte('\n')
			open = false
		}
		if !open && depth > 0 {
			out.WriteString(strings.Repeat(">", depth) + " ")
		}
		open = strings.HasSuffix(line, " ") && line != "-- "
		openDepth = depth
		if open && delSp {
			line = line[:len(line)-1]
		}
		out.WriteString(line)
		if !open && more {
			out.WriteByte('\n')
		}
	}
	return out.String()
}

// plainOfEnriched drops the commands of text/enriched (RFC 1896); "<<" stands for "<".
func plainOfEnriched(text string) string {
	text = strings.ReplaceAll(text, "<<", "\x00")
	var out strings.Builder
	for text != "" {
		before, rest, ok := strings.Cut(text, "<")
		out.WriteString(before)
		if !ok {
			break
		}
		command, after, ok := strings.Cut(rest, ">")
		if !ok {
			out.WriteString("<" + rest)
			break
		}
		if strings.EqualFold(command, "param") {
			if _, end, ok := strings.Cut(after, "</param>"); ok {
				after = end
			}
		}
		text = after
	}
	return strings.ReplaceAll(out.String(), "\x00", "<")
}
