package wire

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"

	"rampart/analysis/frame"
	"rampart/sources"
)

// endPrefix begins the last line of an export that is whole.
const endPrefix = `{"end":`

// exported says how many lines went before.
type exported struct {
	Lines int `json:"lines"`
}

// export streams the masked lines of a window as the host writes them, and then how many they were. One that breaks off
// has no such end, so that a part is never taken for the whole.
func (s *server) export(w http.ResponseWriter, r *http.Request) {
	q, svc, err := s.heard(w, r)
	if err != nil {
		refuse(w, err)
		return
	}
	w.Header().Set("Content-Type", "application/x-ndjson")
	out := &lineWriter{w: w, control: http.NewResponseController(w)}
	defer out.close()
	buffer := bufio.NewWriterSize(out, 64<<10)
	n, err := svc.Export(r.Context(), q.Logs, q.Window, buffer)
	end, _ := json.Marshal(exported{n}) // one number
	last := append(append([]byte(endPrefix), end...), "}\n"...)
	if err != nil {
		last = faultLine(err)
	}
	if buffer.Flush() == nil {
		_ = out.write(last) // a console that went away needs no end
	}
}

// Export copies the masked lines of a window that a question asks for to out, one JSON object a line, and returns how
// many they are. An error after the first of them means that what was copied is a part.
func (c *Client) Export(ctx context.Context, q frame.LogsQuery, w sources.Window, out io.Writer) (int, error) {
	body, err := asked.encode(&request{Service: c.current(), Logs: q, Window: w})
	if err != nil {
		return 0, err
	}
	r, err := c.open(ctx, http.MethodPost, "/v1/export", body)
	if err != nil {
		return 0, err
	}
	defer r.Body.Close()
	read := bufio.NewScanner(r.Body)
	read.Buffer(make([]byte, 0, 64<<10), mostAnswered)
	for n := 0; read.Scan(); n++ {
		line := read.Bytes()
		if rest, ok := bytes.CutPrefix(line, []byte(endPrefix)); ok {
			return whole(n, rest)
		}
		if rest, ok := bytes.CutPrefix(line, []byte(faultPrefix)); ok {
			var f fault
			if err := json.Unmarshal(bytes.TrimSuffix(rest, []byte("}")), &f); err != nil {
				return n, fmt.Errorf("export: %w", err)
			}
			return n, f.err()
		}
		if _, err := out.Write(append(line, '\n')); err != nil {
			return n, err
		}
	}
	err = read.Err()
	if err == nil {
		err = io.ErrUnexpectedEOF
	}
	return 0, c.failed(ctx, "/v1/export", err)
}

// whole compares what came with what was sent.
func whole(n int, end []byte) (int, error) {
	var said exported
	if err := strict(bytes.TrimSuffix(end, []byte("}")), &said); err != nil {
		return n, fmt.Errorf("export: its end: %s: %w", sources.Visible(err.Error()), sources.ErrInvalid)
	}
	if said.Lines != n {
		return n, fmt.Errorf("export: %d lines came of %d: %w", n, said.Lines, sources.ErrPartial)
	}
	return n, nil
}
