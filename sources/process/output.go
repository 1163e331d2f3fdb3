package process

// head keeps the beginning of an output and says when there is more.
type head struct {
	b    []byte
	most int
	full func()
}

// Write never fails, so that the one who writes is killed and not surprised.
func (h *head) Write(p []byte) (int, error) {
	if room := h.most - len(h.b); len(p) > room {
		h.b = append(h.b, p[:room]...)
		h.full()
		return len(p), nil
	}
	h.b = append(h.b, p...)
	return len(p), nil
}

// tail keeps the end of an output.
type tail struct {
	b    []byte
	most int
}

// Write never fails.
func (t *tail) Write(p []byte) (int, error) {
	t.b = append(t.b, p...)
	if over := len(t.b) - t.most; over > 0 {
		t.b = append(t.b[:0], t.b[over:]...)
	}
	return len(p), nil
}
