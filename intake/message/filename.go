package message

import (
	"path"
	"strings"
)

// maxFileName bounds the name of an attachment, in bytes; its extension is kept.
const maxFileName = 255

// cleanFileName is the last element of a name, on one line.
func cleanFileName(name string) string {
	name = cleanLine(name)
	if i := strings.LastIndexAny(name, `/\`); i >= 0 {
		name = name[i+1:]
	}
	name = strings.TrimSpace(name)
	if len(name) <= maxFileName {
		return name
	}
	ext := path.Ext(name)
	if len(ext) > 16 {
		ext = ""
	}
	return shorten(name, maxFileName-len(ext)) + ext
}

// mediaTypeOf is the media type of a file: the declared one, or where that says nothing, the one that the
// file's extension stands for.
func mediaTypeOf(name, declared string) string {
	switch declared {
	case "image/jpg", "image/pjpeg", "image/jpe":
		return "image/jpeg"
	case "application/x-pdf", "application/acrobat", "text/pdf":
		return "application/pdf"
	case "application/x-zip-compressed", "application/x-zip":
		return "application/zip"
	case "application/vnd.ms-tnef":
		return typeTNEF
	case "", "application/octet-stream", "application/octetstream", "application/binary", "application/unknown", "application/x-unknown",
		"application/download", "application/x-download", "application/force-download", "application/data", "binary/octet-stream",
		"application/x-octet-stream", "file", "unknown/unknown", "multipart/form-data":
		if t, ok := extensions[strings.ToLower(path.Ext(name))]; ok {
			return t
		}
		return "application/octet-stream"
	}
	return declared
}

const typeTNEF = "application/ms-tnef"

// extensions are the files that people attach. The table of the operating system is not asked, so that the
// same mail reads the same everywhere.
var extensions = map[string]string{
	".pdf": "application/pdf", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".jpe": "image/jpeg", ".jfif": "image/jpeg",
	".png": "image/png", ".gif": "image/gif", ".heic": "image/heic", ".heif": "image/heif", ".webp": "image/webp",
	".tif": "image/tiff", ".tiff": "image/tiff", ".bmp": "image/bmp", ".svg": "image/svg+xml", ".avif": "image/avif",
	".doc": "application/msword", ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	".docm": "application/vnd.ms-word.document.macroenabled.12", ".odt": "application/vnd.oasis.opendocument.text",
	".xls": "application/vnd.ms-excel", ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	".xlsm": "application/vnd.ms-excel.sheet.macroenabled.12", ".ods": "application/vnd.oasis.opendocument.spreadsheet",
	".ppt": "application/vnd.ms-powerpoint", ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
	".rtf": "application/rtf", ".pages": "application/vnd.apple.pages", ".txt": "text/plain", ".csv": "text/csv",
	".htm": "text/html", ".html": "text/html", ".xml": "application/xml", ".json": "application/json", ".ics": "text/calendar",
	".vcf": "text/vcard", ".eml": "message/rfc822", ".msg": "application/vnd.ms-outlook", ".zip": "application/zip",
	".7z": "application/x-7z-compressed", ".rar": "application/vnd.rar", ".gz": "application/gzip", ".tar": "application/x-tar",
	".p7s": "application/pkcs7-signature", ".p7m": "application/pkcs7-mime", ".asc": "application/pgp-signature",
	".asice": "application/vnd.etsi.asic-e+zip", ".exe": "application/vnd.microsoft.portable-executable", ".js": "text/javascript",
	".mp3": "audio/mpeg", ".m4a": "audio/mp4", ".ogg": "audio/ogg", ".wav": "audio/wav", ".mp4": "video/mp4", ".mov": "video/quicktime",
}
