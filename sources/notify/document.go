package notify

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"
	"unicode/utf8"

	"rampart/sources"
)

// Document is a notice as machines are sent it. Its texts are in the visible form of [sources.Text].
type Document struct {
	Version  int                `json:"version"` // 1
	ID       string             `json:"id"`      // the same for the same notice, however often it is sent
	Key      string             `json:"key"`     // the same for the same matter
	At       time.Time          `json:"at"`
	Context  string             `json:"context"`
	Service  string             `json:"service"`
	Kind     sources.NoticeKind `json:"kind"`
	Severity sources.Severity   `json:"severity"`
	Title    string             `json:"title"`
	Text     string             `json:"text,omitempty"`
	Link     string             `json:"link,omitempty"`
	Resolved bool               `json:"resolved"`
}

// The longest texts that are sent; what is cut ends with an ellipsis.
const (
	MostTitle = 200  // characters
	MostText  = 2000 // characters
)

// DocumentOf makes the document of a notice.
func DocumentOf(n sources.Notice) Document {
	return Document{
		Version: 1, ID: ID(n), Key: sources.Visible(n.Key), At: n.At.UTC(), Context: sources.Visible(n.Context), Service: sources.Visible(n.Service),
		Kind: n.Kind, Severity: n.Severity, Title: Short(n.Title, MostTitle), Text: Short(n.Text, MostText), Link: sources.Visible(n.Link), Resolved: n.Resolved,
	}
}

// JSON is the document in one line.
func (d Document) JSON() ([]byte, error) {
	b, err := json.Marshal(d)
	if err != nil {
		return nil, fmt.Errorf("encode the notice: %w", err)
	}
	return b, nil
}

// ID is the same for the same notice and another one for any other.
func ID(n sources.Notice) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%q %d %q %d %q %q %t", n.Key, n.At.UnixNano(), n.Kind, n.Severity, n.Title, n.Text, n.Resolved))
	return hex.EncodeToString(sum[:16])
}

// Short is a text in its visible form, cut to so many characters.
func Short(s string, most int) string {
	s = sources.NewText(s).Head(4 * most)
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most-1]) + "…"
}
