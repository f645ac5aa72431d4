package mailtest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"time"
)

// Certificate is the self-signed certificate of the embedded servers, good for localhost and the loopback
// addresses. Its key never leaves memory.
type Certificate struct {
	PEM []byte // what a client must trust

	pair tls.Certificate
}

// NewCertificate makes a key and its certificate. It is valid for so long that tests which move the clock
// do not outlive it.
func NewCertificate() (*Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("making a key: %w", err)
	}
	template := &x509.Certificate{
		SerialNumber:          big.NewInt(1),
		Subject:               pkix.Name{CommonName: "guichet embedded mail server"},
		NotBefore:             time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC),
		NotAfter:              time.Date(2099, 1, 1, 0, 0, 0, 0, time.UTC),
		KeyUsage:              x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		ExtKeyUsage:           []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid: true,
		IsCA:                  true,
		DNSNames:              []string{"localhost"},
		IPAddresses:           []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, fmt.Errorf("making a certificate: %w", err)
	}
	return &Certificate{
		PEM:  pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}),
		pair: tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key},
	}, nil
}

// Pool holds the certificate, for a client's tls.Config.RootCAs.
func (c *Certificate) Pool() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(c.PEM)
	return pool
}

// Client is the TLS configuration of a client that trusts the certificate, and nothing else.
func (c *Certificate) Client() *tls.Config {
	return &tls.Config{RootCAs: c.Pool(), ServerName: "localhost", MinVersion: tls.VersionTLS12}
}

// WriteFile writes the certificate for a setting such as imap.ca_file.
func (c *Certificate) WriteFile(path string) error {
	if err := os.WriteFile(path, c.PEM, 0o600); err != nil {
		return fmt.Errorf("writing the certificate: %w", err)
	}
	return nil
}

func (c *Certificate) server() *tls.Config {
	return &tls.Config{Certificates: []tls.Certificate{c.pair}, MinVersion: tls.VersionTLS12}
}
