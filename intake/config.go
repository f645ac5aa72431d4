package intake

import (
	"cmp"
	"context"
	"crypto/tls"
	"log/slog"
	"net"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"

	"guichetdunumerique.be/guichet/intake/message"
)

// The values of Config.Security.
const (
	SecurityTLS      = "tls"      // TLS from the first byte, usually port 993 (RFC 8314)
	SecuritySTARTTLS = "starttls" // usually port 143
	SecurityNone     = "none"     // towards loopback only
)

// Config says how a mailbox is reached and read. The zero value of a field means its default.
type Config struct {
	Server   string // host:port
	Security string // default SecurityTLS
	Username string
	// Password is asked at each login, so that a changed password or a new access token needs no restart.
	Password func(ctx context.Context) (string, error)
	OAuth    bool // Password gives an OAuth 2.0 access token (SASL XOAUTH2 or OAUTHBEARER, RFC 7628)
	// Refused is told of an access token that the server did not take, so that the next one is another; nil if
	// there is no other.
	Refused func(token string)
	TLS     *tls.Config // roots and ServerName; ServerName defaults to the host of Server

	Folders []string // default INBOX
	Junk    string   // default: the folder that bears \Junk (RFC 6154), if there is one
	// Sent and Drafts are the account's own folders of that use; default: those that bear \Sent and \Drafts.
	// Sent is only looked into when WatchSent is set. Append puts mail into both.
	Sent      string
	WatchSent bool
	Drafts    string

	PollEvery  time.Duration // longest time between two looks at a folder, IDLE or not; default 2 minutes
	AlarmAfter time.Duration // without a successful look, failures are logged as errors; default 30 minutes

	HeadBytes    int64 // read of each mail in the first round trip; default 64 KiB
	MessageBytes int64 // most bytes ever read of one mail; default 4 MiB
	Limits       message.Limits

	Log  *slog.Logger // default: none
	Dial func(ctx context.Context, network, addr string) (net.Conn, error)
}

// Mailbox watches the folders of one mailbox.
type Mailbox struct {
	Config
	desk  Desk
	parse func(message.Source, message.Limits) message.Message

	login chan struct{} // holds a token while somebody logs in, one at a time; guards gate
	gate  gate
}

// New returns a mailbox whose mail goes to d. Nothing is dialled yet. c is taken to be valid.
func New(c Config, d Desk) *Mailbox {
	c.Security = cmp.Or(c.Security, SecurityTLS)
	if len(c.Folders) == 0 {
		c.Folders = []string{"INBOX"}
	}
	c.PollEvery = cmp.Or(c.PollEvery, 2*time.Minute)
	c.AlarmAfter = cmp.Or(c.AlarmAfter, 30*time.Minute)
	c.HeadBytes = cmp.Or(c.HeadBytes, 64<<10)
	c.MessageBytes = max(cmp.Or(c.MessageBytes, 4<<20), c.HeadBytes)
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Dial == nil {
		c.Dial = (&net.Dialer{}).DialContext
	}
	return &Mailbox{Config: c, desk: d, parse: message.Parse, login: make(chan struct{}, 1)}
}

// folders are the folders to watch, each once. One that is to be found by its SPECIAL-USE bears no name yet.
func (m *Mailbox) folders() []*folder {
	var list []*folder
	seen := make(map[string]bool)
	for _, name := range m.Folders {
		name = folderKey(name)
		if !seen[name] && m.useOf(name, nil) == "" {
			list = append(list, &folder{Mailbox: m, name: name})
		}
		seen[name] = true
	}
	list = append(list, &folder{Mailbox: m, name: folderKey(m.Junk), use: imap.MailboxAttrJunk, seek: m.Junk == ""})
	if sent := folderKey(m.Sent); m.WatchSent && (sent == "" || m.useOf(sent, nil) == imap.MailboxAttrSent) {
		list = append(list, &folder{Mailbox: m, name: sent, use: imap.MailboxAttrSent, seek: sent == ""})
	}
	return list
}

// folderKey is the one way to write a folder's name: INBOX has no case (RFC 9051 section 5.1), and a desk must
// not take a new spelling for a new folder.
func folderKey(name string) string {
	if strings.EqualFold(name, "INBOX") {
		return "INBOX"
	}
	return name
}
