package elastic

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"slices"

	"github.com/elastic/go-elasticsearch/v8/esapi"

	"rampart/sources"
)

// readTie reads a single millisecond that holds more than one answer can carry, and returns the time after it. A point in
// time is frozen, which is right here: what comes later is found by the next census. When no hit could be read at all, the
// first document is too large for an answer, and its time must be found first. whole is false where shards were silent.
func (t *tail) readTie(ctx context.Context, b batch, ms int64, blind bool) (next int64, whole bool, err error) {
	if blind {
		first, found, err := t.firstTime(ctx, t.within(b, ms))
		if err != nil || !found {
			return ms, true, err
		}
		ms = first
	}
	pit, err := t.s.openPIT(ctx, t.m)
	if err != nil {
		if !errors.Is(err, sources.ErrDenied) && !errors.Is(err, sources.ErrInvalid) && !errors.Is(err, sources.ErrUnsupported) {
			return ms, true, err
		}
		whole, err = t.readFlat(ctx, b, ms)
		return ms + 1, whole, err
	}
	defer t.s.closePIT(ctx, &pit)
	return t.readFrozen(ctx, b, ms, &pit)
}

// readFrozen reads a millisecond answer by answer as it was when the point in time was opened, and returns the time after
// it. The cluster may give the point another name with each answer.
func (t *tail) readFrozen(ctx context.Context, b batch, ms int64, pit *string) (next int64, whole bool, err error) {
	var after json.RawMessage
	whole = true
	for size := t.s.know().size; ; {
		res, err := t.s.search(ctx, "read lines", t.m, t.frozen(b, ms, *pit, after, size), func(h *hit) error {
			if err := t.take(h, ms); err != nil {
				return err
			}
			after = slices.Clone(h.Sort)
			return nil
		})
		switch {
		case errors.Is(err, errAgain):
			continue
		case errors.Is(err, errFull):
			return ms, whole, nil
		case err != nil:
			return ms, whole, err
		case res.PIT != "":
			*pit = res.PIT
		}
		whole = !t.silent(res) && whole
		switch {
		case res.Cut && res.Hits == 0:
			size = 1
			continue
		case res.Hits < size && !res.Cut:
			return ms + 1, whole, nil
		case size == 1:
			t.large++
		}
		size = t.s.know().size
	}
}

// frozen asks for the hits of a millisecond behind one that was read. Alone, a hit is asked for without its document, which
// may be the one that no answer can carry.
func (t *tail) frozen(b batch, ms int64, pit string, after json.RawMessage, size int) dsl {
	body := t.body(size, t.between(ms, ms+1), b.spans[0].every)
	body["pit"] = dsl{"id": pit, "keep_alive": "1m"}
	body["sort"] = []any{t.order(), dsl{"_shard_doc": "asc"}}
	if after != nil {
		body["search_after"] = after
	}
	if size == 1 {
		body["_source"] = false
	}
	return body
}

// firstTime finds the time of the first line of a stretch, without reading it.
func (t *tail) firstTime(ctx context.Context, within any) (first int64, found bool, err error) {
	body := t.body(1, within, 1)
	body["_source"] = false
	_, err = t.s.search(ctx, "read lines", t.m, body, func(h *hit) error {
		first, found = sortTime(h)
		return nil
	})
	return first, found, err
}

// readFlat reads of a millisecond what one answer of the cluster's own limit carries, where no point in time is to be had.
func (t *tail) readFlat(ctx context.Context, b batch, ms int64) (whole bool, err error) {
	const limit = 10_000 // index.max_result_window, unless it was changed
	body := t.body(limit, t.between(ms, ms+1), b.spans[0].every)
	res, err := t.s.search(ctx, "read lines", t.m, body, func(h *hit) error { return t.take(h, ms) })
	if errors.Is(err, errFull) {
		return true, nil
	}
	if err == nil && (res.Cut || res.Hits == limit) {
		t.page.Notes = append(t.page.Notes, note(sources.NotePartial, "one millisecond holds more than %d lines; all of them can be read only where the key may open a point in time", res.Hits))
	}
	return err != nil || !t.silent(res), err
}

func (s *Source) openPIT(ctx context.Context, m *mapping) (string, error) {
	var said struct {
		ID string `json:"id"`
	}
	err := s.do(ctx, "open a point in time", esapi.OpenPointInTimeRequest{Index: s.index(m), KeepAlive: "1m", Preference: s.copies}, func(r io.Reader, _ *esapi.Response) error {
		return jsonFault(json.NewDecoder(r).Decode(&said))
	})
	if err == nil && said.ID == "" {
		err = s.fault("open a point in time", &sources.Error{Kind: sources.ErrUnsupported})
	}
	return said.ID, err
}

// closePIT frees what a point in time holds in the cluster; one that cannot be closed ends by itself within a minute.
func (s *Source) closePIT(ctx context.Context, id *string) {
	body, err := json.Marshal(dsl{"id": *id})
	if err != nil {
		return
	}
	_ = s.do(context.WithoutCancel(ctx), "close a point in time", esapi.ClosePointInTimeRequest{Body: bytes.NewReader(body)}, func(io.Reader, *esapi.Response) error { return nil })
}
