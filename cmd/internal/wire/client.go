package wire

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"rampart/analysis/frame"
	"rampart/sources"
)

const (
	// mostAnswered bounds an answer and a frame: what is longer is no runner of ours.
	mostAnswered = 64 << 20
	// unhurried is how long a question may take whose caller sets no limit.
	unhurried = 30 * time.Second
)

// looksOnly refuses what acts, in a console that only looks.
func (c *Client) looksOnly() error {
	if !c.options.ReadOnly {
		return nil
	}
	return &sources.Error{Op: "act on", Target: c.current(), Kind: sources.ErrDenied, Cause: errors.New("this console is read-only")}
}

// act sends what changes something and has no answer but yes.
func (c *Client) act(ctx context.Context, path string, q request) error {
	if err := c.looksOnly(); err != nil {
		return err
	}
	_, err := c.post(ctx, path, q)
	return err
}

// Preview plans an action on the service that the console shows; one on another is refused, because what was on the
// screen is not what would be changed.
func (c *Client) Preview(ctx context.Context, a sources.Action) (sources.Preview, error) {
	now := c.current()
	if a.Service != "" && a.Service != now {
		return sources.Preview{}, fmt.Errorf("preview %s: the screen shows %s now: %w", sources.Visible(a.Service), now, sources.ErrConflict)
	}
	return post(ctx, c, "/v1/preview", request{Action: a}, previews)
}

// Do starts what was previewed. Where the answer is lost, the outcome is not known: that is ErrAmbiguous.
func (c *Client) Do(ctx context.Context, previewID, word string) (sources.Progress, error) {
	if err := c.looksOnly(); err != nil {
		return sources.Progress{}, err
	}
	p, err := post(ctx, c, "/v1/do", request{Preview: previewID, Word: word}, progress)
	return p, open(err, c.address)
}

// open says that a write may have happened whose answer did not come.
func open(err error, target string) error {
	if err == nil {
		return nil
	}
	_, never := errors.AsType[*noRoad](err)
	_, answered := errors.AsType[*remote](err)
	if never || answered {
		return err
	}
	return &sources.Error{Op: "do", Target: target, Kind: sources.ErrAmbiguous, Cause: err, Sent: true, Fix: "look at the split before doing it again"}
}

// Unlock allows ramping up for a while.
func (c *Client) Unlock(ctx context.Context, d time.Duration, reason string) error {
	return c.act(ctx, "/v1/unlock", request{Unlock: unlock{int64(d), reason}})
}

// Note writes a remark into the runner's journal.
func (c *Client) Note(ctx context.Context, text string) error {
	return c.act(ctx, "/v1/note", request{Note: text})
}

// Confirm says that a change that reverts by itself stays. Where the answer is lost, look at the frames.
func (c *Client) Confirm(ctx context.Context, intentID string) error {
	return c.act(ctx, "/v1/confirm", request{Confirm: intentID})
}

// Approve approves a share of one candidate for a while.
func (c *Client) Approve(ctx context.Context, a sources.Approval) error {
	return c.act(ctx, "/v1/approve", request{Approve: a})
}

// Logs asks for held lines.
func (c *Client) Logs(ctx context.Context, q frame.LogsQuery) (frame.LogsPage, error) {
	return post(ctx, c, "/v1/logs", request{Logs: q}, pages)
}

// Line opens one held line.
func (c *Client) Line(ctx context.Context, id string) (frame.LogLine, error) {
	v := url.Values{"service": {c.current()}, "id": {id}}
	b, err := c.call(ctx, http.MethodGet, "/v1/line?"+v.Encode(), nil)
	return decoded(b, err, lines)
}

// Seek finds the nearest held line that a question asks for, older or newer than the line with the id, masked.
func (c *Client) Seek(ctx context.Context, q frame.LogsQuery, id string, newer bool) (frame.LogLine, error) {
	return post(ctx, c, "/v1/seek", request{Logs: q, Seek: seek{id, newer}}, lines)
}

// Refresh asks the runner's sources again now.
func (c *Client) Refresh(ctx context.Context) error {
	_, err := c.post(ctx, "/v1/refresh", request{})
	return err
}

// Services are all that the runner drives, worst first.
func (c *Client) Services(ctx context.Context) ([]frame.Summary, error) {
	b, err := c.call(ctx, http.MethodGet, "/v1/services", nil)
	return decoded(b, err, lists)
}

// Service turns to another service; its frames follow on the same feed, and none of the one before comes any more.
func (c *Client) Service(ctx context.Context, name string) error {
	h, err := c.Hello(ctx)
	if err != nil {
		return err
	}
	if err := h.knows(name); err != nil {
		return err
	}
	c.turn(name)
	return nil
}

func (c *Client) current() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.service
}

func post[T any](ctx context.Context, c *Client, path string, q request, k codec[T]) (T, error) {
	b, err := c.post(ctx, path, q)
	return decoded(b, err, k)
}

func decoded[T any](b []byte, err error, k codec[T]) (T, error) {
	var zero T
	if err != nil {
		return zero, err
	}
	v, err := k.decode(b)
	if err != nil {
		return zero, err
	}
	return *v, nil
}

func (c *Client) post(ctx context.Context, path string, q request) ([]byte, error) {
	q.Service = c.current()
	b, err := asked.encode(&q)
	if err != nil {
		return nil, err
	}
	return c.call(ctx, http.MethodPost, path, b)
}

// call makes one request and reads the whole answer.
func (c *Client) call(ctx context.Context, method, path string, body []byte) ([]byte, error) {
	if _, ok := ctx.Deadline(); !ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, unhurried)
		defer cancel()
	}
	r, err := c.open(ctx, method, path, body)
	if err != nil {
		return nil, err
	}
	defer r.Body.Close()
	b, err := io.ReadAll(io.LimitReader(r.Body, mostAnswered))
	if err != nil {
		return nil, c.failed(ctx, path, err)
	}
	return bytes.TrimSpace(b), nil
}

// open makes a request and gives the answer's body to read; an answer that is a refusal is an error.
func (c *Client) open(ctx context.Context, method, path string, body []byte) (*http.Response, error) {
	q, err := http.NewRequestWithContext(ctx, method, "http://runner"+path, bytes.NewReader(body))
	if err != nil {
		return nil, c.failed(ctx, path, err)
	}
	q.Header.Set(wireHeader, Shape())
	if c.options.Actor != "" {
		q.Header.Set(actorHeader, sources.Visible(c.options.Actor))
	}
	if word := c.leaveNow(); word != "" {
		q.Header.Set(leaveHeader, word)
	}
	r, err := c.http.Do(q)
	if err != nil {
		return nil, c.failed(ctx, path, err)
	}
	if r.StatusCode/100 == 2 {
		return r, nil
	}
	defer r.Body.Close()
	b, _ := io.ReadAll(io.LimitReader(r.Body, mostAsked)) // what did not come is not understood either
	return nil, c.refused(path, r.StatusCode, b)
}

// refused reads a refusal; one that no runner of ours wrote is told as it is.
func (c *Client) refused(path string, code int, b []byte) error {
	var f struct {
		Error *fault `json:"error"`
	}
	if json.Unmarshal(b, &f) == nil && f.Error != nil {
		return f.Error.err()
	}
	return &sources.Error{Op: "ask " + path + " of", Target: c.address, Kind: sources.ErrUnsupported, Cause: fmt.Errorf("answer %d: %s", code, sources.Visible(string(b[:min(len(b), 200)])))}
}

// failed says that the runner was not reached or did not answer.
func (c *Client) failed(ctx context.Context, path string, err error) error {
	if u, ok := errors.AsType[*url.Error](err); ok {
		err = u.Err
	}
	if cause := context.Cause(ctx); cause != nil {
		err = cause
	}
	path, _, _ = strings.Cut(path, "?")
	return &sources.Error{Op: "ask " + path + " of", Target: c.address, Kind: sources.ErrUnreachable, Cause: err}
}

// Unanswered tells whether an error means that the runner was not reached or said nothing in time: what was asked was
// not refused, and a rollback may be done without it.
func Unanswered(err error) bool {
	_, answered := errors.AsType[*remote](err)
	return !answered && errors.Is(err, sources.ErrUnreachable)
}
