package wire

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"rampart/sources"
)

// sameShape refuses clients that would read or say something else than is meant. A person with curl says no shape and
// may look.
func (s *server) sameShape(next http.HandlerFunc) http.HandlerFunc {
	ours := Shape()
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set(wireHeader, ours)
		theirs := r.Header.Get(wireHeader)
		if theirs == ours || theirs == "" && r.Method == http.MethodGet {
			next(w, r)
			return
		}
		refuse(w, otherShape(ours, s.host.Hello().Version, theirs))
	}
}

// otherShape says in plain words why a console and a runner of two versions cannot show the same.
func otherShape(runner, version, console string) error {
	if console == "" {
		console = "none (no " + wireHeader + ")" // such as curl
	}
	return &sources.Error{
		Op: "attach", Target: "runner", Kind: sources.ErrUnsupported,
		Cause: fmt.Errorf("the runner is rampart %s (wire %s), this console speaks wire %s", version, runner, console),
		Fix:   "use the same version of rampart on both sides; rolling back works with any",
	}
}

// refuse answers with an error.
func refuse(w http.ResponseWriter, err error) {
	b, _ := json.Marshal(faultOf(err)) // strings only
	send(w, status(err), append(append([]byte(faultPrefix), b...), "}\n"...))
}

// send writes an answer within [Patience]. The deadline is taken back, because the connection may carry another request.
func send(w http.ResponseWriter, code int, body []byte) {
	control := http.NewResponseController(w)
	_ = control.SetWriteDeadline(time.Now().Add(Patience)) // without it the write only takes longer
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	if _, err := w.Write(body); err == nil {
		_ = control.Flush() // a caller that went away needs no answer
	}
	_ = control.SetWriteDeadline(time.Time{})
}

// status is the nearest word of HTTP; clients go by the kinds in the body.
func status(err error) int {
	for _, s := range []struct {
		kind error
		code int
	}{
		{sources.ErrDenied, http.StatusForbidden},
		{sources.ErrConflict, http.StatusConflict},
		{sources.ErrInvalid, http.StatusBadRequest},
		{sources.ErrNoData, http.StatusNotFound},
		{sources.ErrUnsupported, http.StatusConflict},
		{sources.ErrThrottled, http.StatusTooManyRequests},
		{sources.ErrUnreachable, http.StatusBadGateway},
	} {
		if errors.Is(err, s.kind) {
			return s.code
		}
	}
	return http.StatusInternalServerError
}

// answer sends what a codec encoded, or the error.
func answer[T any](w http.ResponseWriter, c codec[T], v *T, err error) {
	var b []byte
	if err == nil {
		b, err = c.encode(v)
	}
	if err != nil {
		refuse(w, err)
		return
	}
	send(w, http.StatusOK, append(b, '\n'))
}

// done answers a question that has no answer but yes.
func done(w http.ResponseWriter, err error) {
	if err != nil {
		refuse(w, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// body reads a request's body, bounded in size and time.
func body(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	control := http.NewResponseController(w)
	_ = control.SetReadDeadline(time.Now().Add(Patience)) // the bound in size holds without it
	b, err := io.ReadAll(http.MaxBytesReader(w, r.Body, mostAsked))
	_ = control.SetReadDeadline(time.Time{})
	if err != nil {
		return nil, fmt.Errorf("read request: %s: %w", sources.Visible(err.Error()), sources.ErrInvalid)
	}
	return b, nil
}
