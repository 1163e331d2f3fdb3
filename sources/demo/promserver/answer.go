package promserver

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/util/annotations"
)

// trouble is an error with the type that the API gives it.
type trouble struct {
	kind string
	err  error
}

func badData(format string, args ...any) *trouble {
	return &trouble{"bad_data", fmt.Errorf(format, args...)}
}

// invalid says that a parameter cannot be read, in Prometheus' words.
func invalid(name string, err error) *trouble {
	return badData("invalid parameter %q: %w", name, err)
}

// failed sorts an error of the engine.
func failed(err error) *trouble {
	if _, ok := errors.AsType[promql.ErrQueryTimeout](err); ok {
		return &trouble{"timeout", err}
	}
	if _, ok := errors.AsType[promql.ErrQueryCanceled](err); ok {
		return &trouble{"canceled", err}
	}
	if _, ok := errors.AsType[promql.ErrStorage](err); ok {
		return &trouble{"internal", err}
	}
	return &trouble{"execution", err}
}

// status is the HTTP code of each type of error.
func (t *trouble) status() int {
	switch t.kind {
	case "bad_data":
		return http.StatusBadRequest
	case "execution":
		return http.StatusUnprocessableEntity
	case "canceled":
		return 499
	case "timeout", "unavailable":
		return http.StatusServiceUnavailable
	case "not_found":
		return http.StatusNotFound
	}
	return http.StatusInternalServerError
}

// outcome is what an endpoint has to say.
type outcome struct {
	data  any
	notes annotations.Annotations
	query string // to point into from the notes
}

// endpoint is one path of the API.
type endpoint func(r *http.Request) (*outcome, *trouble)

type envelope struct {
	Status    string   `json:"status"`
	Data      any      `json:"data,omitempty"`
	ErrorType string   `json:"errorType,omitempty"`
	Error     string   `json:"error,omitempty"`
	Warnings  []string `json:"warnings,omitempty"`
	Infos     []string `json:"infos,omitempty"`
}

// ServeHTTP answers GET and POST in the API's envelope.
func (e endpoint) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodPost {
		w.WriteHeader(http.StatusMethodNotAllowed)
		return
	}
	if err := r.ParseForm(); err != nil {
		reject(w, badData("error parsing form values: %w", err))
		return
	}
	o, t := e(r)
	if t != nil {
		reject(w, t)
		return
	}
	warnings, infos := o.notes.AsStrings(o.query, 10, 10)
	send(w, http.StatusOK, envelope{Status: "success", Data: o.data, Warnings: warnings, Infos: infos})
}

func reject(w http.ResponseWriter, t *trouble) {
	send(w, t.status(), envelope{Status: "error", ErrorType: t.kind, Error: t.err.Error()})
}

func send(w http.ResponseWriter, status int, e envelope) {
	b, err := json.Marshal(e)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(b)
}

// faultBody gives the texts that Prometheus, or the proxy before it, sends with these codes.
func faultBody(w http.ResponseWriter, status int) {
	switch status {
	case http.StatusUnauthorized:
		w.WriteHeader(status)
		_, _ = w.Write([]byte("Unauthorized\n"))
	case http.StatusUnprocessableEntity:
		reject(w, &trouble{"execution", errors.New("query processing would load too many samples into memory in query execution")})
	case http.StatusServiceUnavailable:
		http.Error(w, "Service Unavailable", status)
	default:
		http.Error(w, http.StatusText(status), status)
	}
}
