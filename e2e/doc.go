// Package e2e runs the built guichet as its users do: against a real Dovecot on the loopback interface,
// an SMTP server that remembers all it was given, and a store on disk, and looks at the outcome from
// outside. Everything but this comment needs the build tag e2e:
//
//	go test -tags e2e ./e2e/...
//
// Dovecot must be installed (Debian: dovecot-core dovecot-imapd dovecot-lmtpd); the stories that need it
// are skipped where it is not. Each story starts its own servers in a temporary folder, on free ports and
// as an unprivileged user, and leaves nothing behind. GUICHET_E2E_SEED repeats the choices of those that roll
// dice; GUICHET_E2E_SOAK=15m makes the soak as long as that. Those that mostly wait run beside one another:
// -parallel 6 does them good.
package e2e
