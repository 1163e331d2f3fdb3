package road

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"time"
)

// SignatureHeader carries the value of [Sign].
const SignatureHeader = "Rampart-Signature"

// Sign is the signature of a request: t=SECONDS,v1=HEX, where HEX is HMAC-SHA256 (RFC 2104) by the secret of
// "t.METHOD.PATH?QUERY.BODY", t in Unix seconds. A server that knows the secret computes it anew.
func Sign(secret string, at time.Time, method, uri string, body []byte) string {
	t := strconv.FormatInt(at.Unix(), 10)
	mac := hmac.New(sha256.New, []byte(secret))
	fmt.Fprintf(mac, "%s.%s.%s.%s", t, method, uri, body)
	return "t=" + t + ",v1=" + hex.EncodeToString(mac.Sum(nil))
}
