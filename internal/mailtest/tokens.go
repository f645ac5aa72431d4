package mailtest

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"sync"
	"time"
)

// Tokens is an OAuth 2.0 provider with one account, as strict as the strictest: each refresh token works once, and only
// the newest. It forgets everything when closed.
type Tokens struct {
	Listener net.Listener
	ClientID string        // "guichet"
	Life     time.Duration // of an access token: an hour, unless set otherwise
	Idle     time.Duration // after which an unused refresh token dies: 90 days, unless set otherwise

	server *http.Server
	served chan struct{}

	mu       sync.Mutex
	refresh  string    // the one that works
	used     time.Time // when it was given out
	access   map[string]time.Time
	answers  []Answer
	requests []url.Values
	device   string // what a device flow gets next: "" for a sign-in that was done
}

// Answer is what the provider says instead of what it would.
type Answer struct {
	Status int
	Type   string // default application/json
	Body   string
	Stall  bool // no answer comes until the client hangs up
}

// StartTokens starts a provider on a listener; nil for a free port on 127.0.0.1. Close ends it.
func StartTokens(l net.Listener) (*Tokens, error) {
	if l == nil {
		var err error
		if l, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
			return nil, fmt.Errorf("listening on loopback: %w", err)
		}
	}
	s := &Tokens{
		Listener: l, ClientID: "guichet", Life: time.Hour, Idle: 90 * 24 * time.Hour,
		served: make(chan struct{}), access: map[string]time.Time{},
	}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /token", s.token)
	mux.HandleFunc("POST /device", s.startDevice)
	s.server = &http.Server{Handler: mux, ErrorLog: silent()}
	go func() {
		defer close(s.served)
		_ = s.server.Serve(l) // ends when the server is closed
	}()
	return s, nil
}

// Close cuts all connections and waits until no more are accepted.
func (s *Tokens) Close() error {
	err := s.server.Close()
	<-s.served
	return err
}

// URL is the address of an endpoint: "token", "device" or "authorize".
func (s *Tokens) URL(endpoint string) string {
	return "http://" + s.Listener.Addr().String() + "/" + endpoint
}

// SignIn gives a refresh token, as after a person has signed in. The one before is void.
func (s *Tokens) SignIn() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.renewed()
}

func (s *Tokens) renewed() string {
	s.refresh, s.used = "refresh-"+rand.Text(), time.Now()
	return s.refresh
}

// Revoke makes the refresh token void, as when the password was changed or an administrator ended the session.
func (s *Tokens) Revoke() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refresh = ""
}

// Expire makes every access token void, though it was to last longer.
func (s *Tokens) Expire() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.access)
}

// Accepts reports whether an access token is good.
func (s *Tokens) Accepts(access string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return time.Now().Before(s.access[access])
}

// Next makes the next requests be answered by these, one each.
func (s *Tokens) Next(answers ...Answer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answers = append(s.answers, answers...)
}

// Device says what polls of the device flow get: an error code such as "authorization_pending", or "" once the person has
// signed in.
func (s *Tokens) Device(code string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.device = code
}

// Requests are the forms that were sent so far.
func (s *Tokens) Requests() []url.Values {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]url.Values(nil), s.requests...)
}

// dictated answers as Next told, if it did.
func (s *Tokens) dictated(w http.ResponseWriter, r *http.Request) bool {
	_ = r.ParseForm() // a bad form has no fields, and is refused for that
	s.mu.Lock()
	s.requests = append(s.requests, r.PostForm)
	if len(s.answers) == 0 {
		s.mu.Unlock()
		return false
	}
	a := s.answers[0]
	s.answers = s.answers[1:]
	s.mu.Unlock()
	if a.Stall {
		<-r.Context().Done()
		return true
	}
	if a.Type == "" {
		a.Type = "application/json"
	}
	w.Header().Set("Content-Type", a.Type)
	w.Header().Set("Location", s.URL("token"))
	w.WriteHeader(a.Status)
	_, _ = w.Write([]byte(a.Body)) // whether anybody listened is his affair
	return true
}

// token is the token endpoint (RFC 6749 section 3.2).
func (s *Tokens) token(w http.ResponseWriter, r *http.Request) {
	if s.dictated(w, r) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.PostForm.Get("client_id") != s.ClientID {
		refuse(w, http.StatusUnauthorized, "invalid_client")
		return
	}
	answer := map[string]any{"token_type": "Bearer", "expires_in": int(s.Life.Seconds())}
	switch r.PostForm.Get("grant_type") {
	case "refresh_token":
		if s.refresh == "" || r.PostForm.Get("refresh_token") != s.refresh || time.Since(s.used) > s.Idle {
			refuse(w, http.StatusBadRequest, "invalid_grant")
			return
		}
		answer["refresh_token"] = s.renewed()
	case "urn:ietf:params:oauth:grant-type:device_code":
		if s.device != "" {
			refuse(w, http.StatusBadRequest, s.device)
			return
		}
		answer["refresh_token"] = s.renewed()
	case "authorization_code":
		if r.PostForm.Get("code") != "good" || r.PostForm.Get("code_verifier") == "" {
			refuse(w, http.StatusBadRequest, "invalid_grant")
			return
		}
		answer["refresh_token"] = s.renewed()
	case "client_credentials":
		if r.PostForm.Get("client_secret") != "application secret" {
			refuse(w, http.StatusUnauthorized, "invalid_client")
			return
		}
	}
	access := "access-" + rand.Text()
	s.access[access] = time.Now().Add(s.Life)
	answer["access_token"] = access
	tell(w, http.StatusOK, answer)
}

// startDevice is the device authorization endpoint (RFC 8628 section 3.1).
func (s *Tokens) startDevice(w http.ResponseWriter, r *http.Request) {
	if s.dictated(w, r) {
		return
	}
	s.mu.Lock()
	s.device = "authorization_pending"
	s.mu.Unlock()
	tell(w, http.StatusOK, map[string]any{
		"device_code": "device-" + rand.Text(), "user_code": "ABCD-EFGH",
		"verification_uri": "https://login.example.org/device", "expires_in": 900, "interval": 5,
	})
}

// refuse quotes a person in its explanation, as real providers do: it must not be repeated.
func refuse(w http.ResponseWriter, status int, code string) {
	tell(w, status, map[string]any{"error": code, "error_description": "AADSTS70008: the token of zoe@example.org is no good"})
}

func tell(w http.ResponseWriter, status int, answer map[string]any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(answer) // whether anybody listened is his affair
}
