//go:build e2e

package e2e

import (
	"bytes"
	"context"
	"fmt"
	"image"
	_ "image/png" // what Chromium writes
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-message"
)

// screens are the ways in which people look at a mail.
var screens = []struct {
	name  string
	width int
	dark  bool
}{{"wide", 1000, false}, {"phone", 390, false}, {"dark", 1000, true}}

// The digest and a notice as a browser shows them: wide, on a phone, in the dark. They are kept in the folder that
// GUICHET_E2E_SCREENS names, for a person to look at. Skipped where there is no Chromium.
func TestTheDigestAndNoticesCanBeLookedAt(t *testing.T) {
	browser, err := exec.LookPath("chromium")
	if err != nil {
		t.Skipf("no Chromium to look with: %v", err)
	}
	d := newDesk(t)
	d.set(t, "staff", "notify_new", "true")
	d.set(t, "staff", "digest_to", `["`+colleague+`"]`)
	d.start(t)
	d.mailbox.deliver(t, several(0, 6, request)...)
	d.answered(t, 6)
	if r := d.guichet(t, "digest", "--send"); r.code != 0 {
		t.Fatalf("digest --send: %s", r.err)
	}
	var digest, notice []byte
	await(t, 60*time.Second, "staff have the digest", func(context.Context) error {
		for _, m := range d.out.mails() {
			switch {
			case strings.HasPrefix(m.header.Get("Message-ID"), "<digest."):
				digest = m.raw
			case strings.HasPrefix(m.header.Get("Message-ID"), "<notice."):
				notice = m.raw
			}
		}
		if digest == nil || notice == nil {
			return fmt.Errorf("digest %t, notice %t", digest != nil, notice != nil)
		}
		return nil
	})
	folder := os.Getenv("GUICHET_E2E_SCREENS")
	if folder == "" {
		folder = t.TempDir()
	}
	for name, raw := range map[string][]byte{"digest": digest, "notice": notice} {
		page := filepath.Join(t.TempDir(), name+".html")
		if err := os.WriteFile(page, htmlPart(t, raw), 0o600); err != nil {
			t.Fatal(err)
		}
		var tones []int
		for _, s := range screens {
			picture := filepath.Join(folder, name+"-"+s.name+".png")
			look(t, browser, page, picture, s.width, s.dark)
			tones = append(tones, tone(t, picture, s.width))
		}
		if tones[2] >= tones[0] {
			t.Errorf("the %s is not darker in the dark: %v", name, tones)
		}
	}
}

// htmlPart is the HTML of a mail.
func htmlPart(t *testing.T, raw []byte) (page []byte) {
	t.Helper()
	entity, err := message.Read(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	err = entity.Walk(func(_ []int, part *message.Entity, err error) error {
		if err != nil {
			return err
		}
		if kind, _, _ := part.Header.ContentType(); kind == "text/html" {
			page, err = io.ReadAll(part.Body)
		}
		return err
	})
	if err != nil || len(page) == 0 {
		t.Fatalf("no HTML: %v", err)
	}
	return page
}

// look takes a picture of a page.
func look(t *testing.T, browser, page, picture string, width int, dark bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	scheme := "1"
	if dark {
		scheme = "0"
	}
	out, err := exec.CommandContext(ctx, browser, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run",
		"--disable-background-networking", "--disable-component-update", "--disable-sync", "--user-data-dir="+t.TempDir(),
		"--blink-settings=preferredColorScheme="+scheme, fmt.Sprintf("--window-size=%d,1400", width), "--screenshot="+picture, "file://"+page).CombinedOutput()
	if err != nil {
		t.Fatalf("looking: %v\n%s", err, tail(string(out), 10))
	}
}

// tone is the brightness of a picture, 0 to 255. A picture of one colour alone shows nothing.
func tone(t *testing.T, picture string, width int) int {
	t.Helper()
	f, err := os.Open(picture)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	shown, _, err := image.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	bounds := shown.Bounds()
	if bounds.Dx() != width {
		t.Errorf("%s is %d wide", picture, bounds.Dx())
	}
	colours, sum, n := map[uint32]bool{}, 0, 0
	for y := bounds.Min.Y; y < bounds.Max.Y; y += 3 {
		for x := bounds.Min.X; x < bounds.Max.X; x += 3 {
			r, g, b, _ := shown.At(x, y).RGBA()
			colours[r>>12<<8|g>>12<<4|b>>12] = true
			sum, n = sum+int(r+g+b)/3>>8, n+1
		}
	}
	if len(colours) < 4 {
		t.Errorf("%s shows %d colours", picture, len(colours))
	}
	return sum / n
}
