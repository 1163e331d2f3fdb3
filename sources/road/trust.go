package road

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"syscall"
)

// Trust says how a server is trusted, and who we are to it. All but ServerName are files.
type Trust struct {
	CA, Cert, Key, ServerName string
	Insecure                  bool
}

// TLS reads the files. An error names the key of the config and the file.
func (t Trust) TLS() (*tls.Config, error) {
	out := &tls.Config{MinVersion: tls.VersionTLS12, ServerName: t.ServerName, InsecureSkipVerify: t.Insecure} //nolint:gosec // whoever sets it is told so on the screen.
	if t.CA != "" {
		pem, err := os.ReadFile(t.CA)
		if err != nil {
			return nil, fmt.Errorf("tls.ca: %w", err)
		}
		out.RootCAs = x509.NewCertPool()
		if !out.RootCAs.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("tls.ca %s: no certificate in it", t.CA)
		}
	}
	if t.Cert != "" || t.Key != "" {
		pair, err := tls.LoadX509KeyPair(t.Cert, t.Key)
		if err != nil {
			return nil, fmt.Errorf("tls.cert: %w", err)
		}
		out.Certificates = []tls.Certificate{pair}
	}
	return out, nil
}

// Untrusted tells whether a failure is one of trust, which no waiting mends.
func Untrusted(err error) bool {
	_, verify := errors.AsType[*tls.CertificateVerificationError](err)
	_, authority := errors.AsType[x509.UnknownAuthorityError](err)
	_, alert := errors.AsType[tls.AlertError](err)
	return verify || authority || alert
}

// Mend says what mends a failure of trust, a server that does not speak TLS, and an address where nobody is; empty: none of these.
func Mend(err error) string {
	if _, header := errors.AsType[tls.RecordHeaderError](err); header || errors.Is(err, http.ErrSchemeMismatch) {
		return "it does not speak TLS: url may have to begin with http://"
	}
	if Untrusted(err) {
		return "see tls.ca and tls.server_name in the config"
	}
	if host, unknown := errors.AsType[*net.DNSError](err); unknown && host.IsNotFound {
		return "no name server knows that host: see url in the config"
	}
	if errors.Is(err, syscall.ECONNREFUSED) {
		return "nothing listens there: see whether it is up, and url in the config"
	}
	return ""
}

// Loopback tells a server of this machine: packing an answer costs it more than moving it.
func Loopback(u *url.URL) bool {
	ip := net.ParseIP(u.Hostname())
	return u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
}
