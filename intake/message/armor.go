package message

import "strings"

const (
	armorSigned    = "-----BEGIN PGP SIGNED MESSAGE-----\n"
	armorSignature = "\n-----BEGIN PGP SIGNATURE-----\n"
	armorEnd       = "-----END PGP SIGNATURE-----"
	armorEncrypted = "-----BEGIN PGP MESSAGE-----"
)

// withoutArmor takes the frame of a PGP signature from plain text (RFC 9580 section 7), which would otherwise pass
// for rules between words. Text without such a frame stays as it is.
func withoutArmor(text string) string {
	before, rest, ok := strings.Cut(text, armorSigned)
	if !ok {
		return text
	}
	_, signed, ok := strings.Cut("\n"+rest, "\n\n") // headers of the armor
	if !ok {
		return text
	}
	signed, signature, ok := strings.Cut(signed, armorSignature)
	if !ok {
		return text
	}
	_, after, _ := strings.Cut(signature, armorEnd)
	signed = strings.ReplaceAll("\n"+signed, "\n- ", "\n")
	return before + strings.TrimPrefix(signed, "\n") + "\n" + strings.TrimPrefix(after, "\n")
}
