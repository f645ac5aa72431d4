package discover

// provider is where many Belgian organisations keep their mail.
type provider struct {
	name     string
	domains  []string // of addresses, or of the hosts that the MX records of its customers name
	incoming Server
	outgoing Server
	advice   string
}

// providers are told by their own published settings.
var providers = []provider{
	{"Microsoft 365", []string{"mail.protection.outlook.com", "mx.microsoft", "onmicrosoft.com"},
		Server{"outlook.office365.com:993", "tls"}, Server{"smtp.office365.com:587", "starttls"},
		"It takes access tokens (OAuth 2.0) and refuses passwords."},
	{"Gmail", []string{"gmail.com", "google.com", "googlemail.com"},
		Server{"imap.gmail.com:993", "tls"}, Server{"smtp.gmail.com:465", "tls"},
		"It refuses the account's own password: make an app password, which needs 2-step verification, or let guichet have access tokens."},
	{"OVH", []string{"mail.ovh.net"},
		Server{"ssl0.ovh.net:993", "tls"}, Server{"ssl0.ovh.net:465", "tls"}, ""},
	{"Infomaniak", []string{"infomaniak.ch", "infomaniak.com"},
		Server{"mail.infomaniak.com:993", "tls"}, Server{"mail.infomaniak.com:465", "tls"}, ""},
	{"Combell", []string{"mailprotect.be"},
		Server{"imap.mailprotect.be:993", "tls"}, Server{"smtp-auth.mailprotect.be:465", "tls"}, ""},
	{"one.com", []string{"one.com"},
		Server{"imap.one.com:993", "tls"}, Server{"send.one.com:465", "tls"}, ""},
	{"Proximus", []string{"proximus.be", "skynet.be", "belgacom.net"},
		Server{"imap.proximus.be:993", "tls"}, Server{"relay.proximus.be:587", "starttls"}, ""},
	{"Telenet", []string{"telenet.be", "telenet-ops.be"},
		Server{"imap.telenet.be:993", "tls"}, Server{"smtp.telenet.be:587", "starttls"}, ""},
	{"Gandi", []string{"mail.gandi.net"},
		Server{"mail.gandi.net:993", "tls"}, Server{"mail.gandi.net:465", "tls"}, ""},
}
