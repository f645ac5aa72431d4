package classify

import (
	"path"
	"strings"
)

// smallImage is the size in bytes under which an image inside the text is taken for a logo.
const smallImage = 20_000

// identity judges which sign of a proof of identity the message shows. It looks at names, types and sizes,
// never at content, and never says that somebody is who he claims to be.
func (t *tally) identity(in Input) IdentitySign {
	announced := t.signs[signAnnounced]
	for i, a := range in.Attachments[:len(t.files)] {
		f := t.files[i]
		switch {
		case f.proof && !f.noProof && mayShow(a):
			return IdentityCandidate
		case f.noProof || !mayShow(a) || isLogo(a) && !t.signs[signPasted]:
			continue
		case announced, t.signs[signMentioned] && (f.neutral || a.Name == ""):
			return IdentityCandidate
		}
	}
	switch {
	case t.signs[signESigned] && (in.Signed || hasPDF(in)):
		return IdentitySigned
	case announced && !t.signs[signDeclined]:
		return IdentityAnnounced
	}
	return IdentityNone
}

// mayShow reports whether a file is of a kind that can show a card: an image, a scan, or a container.
func mayShow(a Attachment) bool {
	switch strings.ToLower(path.Ext(a.Name)) {
	case ".jpg", ".jpeg", ".png", ".gif", ".heic", ".heif", ".webp", ".tif", ".tiff", ".bmp", ".pdf", ".zip", ".rar", ".7z",
		".doc", ".docx", ".odt", ".dat", ".eml":
		return true
	case ".ics", ".vcf", ".p7s", ".asc", ".sig", ".txt", ".csv", ".html", ".htm", ".xml", ".json", ".xls", ".xlsx":
		return false
	}
	kind := strings.ToLower(a.Type)
	return strings.HasPrefix(kind, "image/") || kind == "application/pdf" || kind == "application/zip" ||
		kind == "application/ms-tnef" || kind == "application/vnd.ms-tnef" || kind == "application/octet-stream"
}

// isLogo reports whether an image belongs to the look of the mail. Photos pasted into the text are JPEG.
func isLogo(a Attachment) bool {
	name := strings.ToLower(a.Name)
	drawn := strings.HasSuffix(name, ".png") && strings.HasPrefix(name, "image0") && a.Size < smallImage
	return a.Inline && (drawn || strings.HasSuffix(name, ".gif") || strings.Contains(name, "logo"))
}

func hasPDF(in Input) bool {
	for _, a := range in.Attachments {
		if strings.EqualFold(a.Type, "application/pdf") || strings.EqualFold(path.Ext(a.Name), ".pdf") {
			return true
		}
	}
	return false
}
