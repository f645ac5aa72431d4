package message

import (
	"bytes"
	"strings"
)

// cutUU takes the uuencoded files out of plain text: the old way to attach, still used by cron jobs and
// databases. A line "begin 644 name" counts only when the line after it is uuencoded too.
func cutUU(text string) (rest string, files []Attachment) {
	if !strings.Contains(text, "begin ") {
		return text, nil
	}
	var out strings.Builder
	for text != "" {
		line, after, _ := strings.Cut(text, "\n")
		if name, ok := uuBegin(line); ok && uuLine(firstLine(after)) && len(files) < maxUUFiles {
			size, end := uuSize(after)
			files = append(files, Attachment{Name: cleanFileName(name), Type: mediaTypeOf(name, ""), Size: size})
			text = after[end:]
			continue
		}
		out.WriteString(text[:len(text)-len(after)])
		text = after
	}
	return out.String(), files
}

// maxUUFiles bounds the files taken out of one text.
const maxUUFiles = 50

// uuBegin reads "begin 644 name".
func uuBegin(line string) (name string, ok bool) {
	rest, ok := strings.CutPrefix(strings.TrimRight(line, "\r"), "begin ")
	if !ok || len(rest) < 5 {
		return "", false
	}
	mode, name, ok := strings.Cut(rest, " ")
	if !ok || len(mode) < 3 || len(mode) > 4 || strings.Trim(mode, "01234567") != "" {
		return "", false
	}
	return strings.TrimSpace(name), strings.TrimSpace(name) != ""
}

// uuLine reports whether a line's length is the one that its first character says.
func uuLine(line string) bool {
	line = strings.TrimRight(line, "\r")
	if line == "" || line[0] <= ' ' || line[0] > '`' {
		return false
	}
	want := (int(line[0]-' ')&63 + 2) / 3 * 4
	got := len(line) - 1
	return got >= want-3 && got <= want+1 // white space at the end may be lost, a check character be added
}

// uuSize is the number of bytes encoded in text and where the text after the block begins.
func uuSize(text string) (size int64, end int) {
	for end < len(text) {
		line := firstLine(text[end:])
		next := min(end+len(line)+1, len(text))
		if strings.TrimRight(line, "\r ") == "end" {
			return size, next
		}
		blank := strings.TrimRight(line, "\r ")
		if blank != "" && blank != "`" {
			if !uuLine(line) {
				return size, end
			}
			size += int64(line[0]-' ') & 63
		}
		end = next
	}
	return size, end
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}

// decodeUU decodes a part whose transfer encoding is uuencode: the name of its file and at most max bytes.
func decodeUU(b []byte, max int) (name string, out []byte) {
	started := false
	for len(b) > 0 && len(out) < max {
		line, size := cutLine(b)
		b = b[size:]
		if !started {
			name, started = uuBegin(string(line[:min(len(line), 300)]))
			continue
		}
		if bytes.Equal(line, []byte("end")) || len(line) == 0 {
			break
		}
		want := int(line[0]-' ') & 63
		for i := 1; i < len(line) && want > 0; i += 4 {
			var q [4]byte
			for j := range q {
				if i+j < len(line) {
					q[j] = (line[i+j] - ' ') & 63
				}
			}
			triple := []byte{q[0]<<2 | q[1]>>4, q[1]<<4 | q[2]>>2, q[2]<<6 | q[3]}
			n := min(want, 3)
			out = append(out, triple[:n]...)
			want -= n
		}
	}
	return name, out[:min(len(out), max)]
}
