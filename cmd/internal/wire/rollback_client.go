package wire

import (
	"bufio"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"rampart/sources"
)

var errNoAnswer = fmt.Errorf("no answer within %s", Answer)

// Rollback asks the runner, of whatever version, to take the candidate's traffic away, and tells each step. It returns
// the last step. An error that is ErrUnreachable or ErrUnsupported means that the runner has not taken it: the caller may
// write alone. ErrAmbiguous means that it has, and that its end was not heard. Any other is the runner's own refusal.
func (c *Client) Rollback(ctx context.Context, q RollbackRequest, tell func(RollbackStep)) (RollbackStep, error) {
	q.Version = RollbackVersion
	if q.ID == "" {
		q.ID = rand.Text()
	}
	var last RollbackStep
	if err := c.looksOnly(); err != nil {
		return last, err
	}
	body, err := json.Marshal(q)
	if err != nil {
		return last, err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	first := time.AfterFunc(Answer, func() { cancel(errNoAnswer) })
	defer first.Stop()
	r, err := c.open(ctx, http.MethodPost, "/v1/rollback", body)
	if err != nil {
		return last, err
	}
	defer r.Body.Close()
	read := bufio.NewScanner(r.Body)
	for read.Scan() {
		var s RollbackStep
		if err := json.Unmarshal(read.Bytes(), &s); err != nil { // not strict: a newer runner may say more
			return last, c.unheard(ctx, last, err)
		}
		if last.Version == 0 && !first.Stop() {
			break // too late: the caller writes alone
		}
		last = s
		tell(s)
		if s.Done {
			return s, s.err()
		}
	}
	err = read.Err()
	if err == nil {
		err = errors.New("the runner broke off")
	}
	return last, c.unheard(ctx, last, err)
}

// unheard is the error of an answer that broke off: before the first step nothing was done, after it the end is open.
func (c *Client) unheard(ctx context.Context, last RollbackStep, err error) error {
	if cause := context.Cause(ctx); cause != nil {
		err = cause
	}
	if last.Version == 0 {
		return &sources.Error{Op: "rollback", Target: c.address, Kind: sources.ErrUnreachable, Cause: err}
	}
	return &sources.Error{Op: "rollback", Target: c.address, Kind: sources.ErrAmbiguous, Cause: err, Sent: true, Fix: "the runner took it; look at the split"}
}

// err is the error of a last step.
func (s RollbackStep) err() error {
	if s.Error == "" {
		return nil
	}
	return (&fault{Text: s.Error, Kinds: []string{s.Kind}}).err()
}
