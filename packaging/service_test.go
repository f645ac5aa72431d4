// Package packaging_test checks what surrounds the program on an operator's machine.
package packaging_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// maxExposure is the worst mark that systemd may give the unit: 0 stands for a service that can do nothing,
// 10 for one that can do all that root can.
const maxExposure = 1.5

func TestTheServiceIsSandboxed(t *testing.T) {
	out := output(t, "systemd-analyze", "security", "--offline=true", "guichet.service")
	m := regexp.MustCompile(`exposure level for guichet\.service: ([0-9.]+)`).FindStringSubmatch(out)
	if m == nil {
		t.Fatalf("no exposure level in:\n%s", out)
	}
	exposure, err := strconv.ParseFloat(m[1], 64)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("exposure %.1f", exposure)
	if exposure > maxExposure {
		t.Errorf("exposure is %.1f, more than %.1f:\n%s", exposure, maxExposure, out)
	}
}

// TestTheSandboxAllowsWhatTheProgramDoes watches a whole demo: mail servers, database, intake and delivery. A
// system call outside the filter would be refused in service, where nobody would think of looking for it.
func TestTheSandboxAllowsWhatTheProgramDoes(t *testing.T) {
	calls, families := trace(t)
	allowed := filter(t)
	for _, call := range calls {
		if !allowed[call] {
			t.Errorf("SystemCallFilter= refuses %s", call)
		}
	}
	may := strings.Fields(strings.Join(setting(t, "RestrictAddressFamilies"), " "))
	for _, family := range families {
		if !slices.Contains(may, family) {
			t.Errorf("RestrictAddressFamilies= refuses %s", family)
		}
	}
	if len(calls) < 30 || len(families) == 0 {
		t.Errorf("saw %d system calls and %d address families, too few for a demo", len(calls), len(families))
	}
	t.Logf("%d system calls on sockets of %v", len(calls), families)
}

// trace runs the demo, as anybody but root, under strace: the system calls it made and the families of its sockets.
func trace(t *testing.T) (calls, families []string) {
	t.Helper()
	strace := find(t, "strace")
	dir := t.TempDir()
	program, log := filepath.Join(dir, "guichet"), filepath.Join(dir, "trace")
	output(t, "go", "build", "-o", program, "../cmd/guichet")

	cmd := exec.Command(strace, "-f", "-qq", "-o", log, program, "demo")
	cmd.Dir = dir
	if os.Geteuid() == 0 {
		const nobody = 65534
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
		for _, d := range []string{dir, filepath.Dir(dir)} {
			if err := os.Chmod(d, 0o777); err != nil {
				t.Fatal(err)
			}
		}
	}
	if out, err := cmd.CombinedOutput(); err != nil {
		if strings.Contains(string(out), "ptrace") {
			t.Skipf("strace may not trace here: %v", err)
		}
		t.Fatalf("tracing the demo: %v\n%s", err, out)
	}
	text, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	return unique(regexp.MustCompile(`(?m)^\d+ +([a-z_0-9]+)\(`), text), unique(regexp.MustCompile(`\bsocket\((AF_[A-Z0-9]+)`), text)
}

// unique are the different first groups of pattern in text, sorted.
func unique(pattern *regexp.Regexp, text []byte) []string {
	var found []string
	for _, m := range pattern.FindAllSubmatch(text, -1) {
		found = append(found, string(m[1]))
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// filter is the set of system calls that the unit allows: its lines in order, each adding its sets or, after
// a ~, taking them away.
func filter(t *testing.T) map[string]bool {
	t.Helper()
	sets := systemCallSets(t)
	allowed := map[string]bool{}
	var apply func(name string, allow bool)
	apply = func(name string, allow bool) {
		if !strings.HasPrefix(name, "@") {
			allowed[name] = allow
		}
		for _, member := range sets[name] {
			apply(member, allow)
		}
	}
	apply("@default", true) // which systemd adds to any list of what is allowed
	for _, line := range setting(t, "SystemCallFilter") {
		names, denied := strings.CutPrefix(line, "~")
		for name := range strings.FieldsSeq(names) {
			apply(name, !denied)
		}
	}
	return allowed
}

// systemCallSets are systemd's named sets and their members, which may be sets again.
func systemCallSets(t *testing.T) map[string][]string {
	t.Helper()
	sets := map[string][]string{}
	var name string
	for line := range strings.Lines(output(t, "systemd-analyze", "syscall-filter")) {
		word := strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(line, "@"):
			name = word
		case word != "" && !strings.HasPrefix(word, "#"):
			sets[name] = append(sets[name], word)
		}
	}
	return sets
}

// setting is all values of a key of the unit, in order.
func setting(t *testing.T, key string) []string {
	t.Helper()
	unit, err := os.ReadFile("guichet.service")
	if err != nil {
		t.Fatal(err)
	}
	var values []string
	for line := range strings.Lines(string(unit)) {
		if value, found := strings.CutPrefix(line, key+"="); found {
			values = append(values, strings.TrimSpace(value))
		}
	}
	return values
}

// output is what a program wrote; the test is skipped where the machine has no such program.
func output(t *testing.T, program string, args ...string) string {
	t.Helper()
	cmd := exec.Command(find(t, program), args...)
	var complaint strings.Builder
	cmd.Stderr = &complaint
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s %v: %v\n%s", program, args, err, complaint.String())
	}
	return string(out)
}

// find is the path of a program; the test is skipped without it.
func find(t *testing.T, program string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	if err != nil {
		t.Skipf("%s is not installed", program)
	}
	return path
}
