package dossier

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"time"
)

// ParseHeader reads a header line and checks it.
func ParseHeader(line []byte) (*Header, error) {
	if err := wholeLine(line); err != nil {
		return nil, err
	}
	h := &Header{Alpha: DefaultAlpha, SafeMargin: DefaultSafeMargin, Step: DefaultStep}
	var version float64
	var measures json.RawMessage
	err := members("", line, func(name string, value json.RawMessage) (err error) {
		switch name {
		case "kind":
		case "version":
			version, err = decimal(name, value)
		case "id":
			h.ID, err = text(name, value)
		case "alpha":
			h.Alpha, err = decimal(name, value)
		case "harm_margin":
			h.HarmMargin, err = decimal(name, value)
		case "safe_margin":
			h.SafeMargin, err = decimal(name, value)
		case "step_seconds":
			h.Step, err = step(value)
		case "measures":
			measures = value
		default:
			err = bad(name, "no such field in a header")
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	if version != Version {
		return nil, bad("version", "%v: this program reads version %d", version, Version)
	}
	if err := h.readMeasures(measures); err != nil {
		return nil, err
	}
	return h, h.Check()
}

func step(raw []byte) (time.Duration, error) {
	s, err := decimal("step_seconds", raw)
	if err != nil {
		return 0, err
	}
	if !(s > 0 && s <= 86400) {
		return 0, bad("step_seconds", "%s: want more than 0 and at most a day", raw)
	}
	return time.Duration(math.Round(s * float64(time.Second))), nil
}

func text(at string, raw []byte) (string, error) {
	var s string
	if err := json.Unmarshal(raw, &s); err != nil {
		return "", bad(at, "%s is not a text", raw)
	}
	return s, nil
}

// readMeasures reads the list of measures; without one there is errors alone.
func (h *Header) readMeasures(raw json.RawMessage) error {
	if raw == nil || null(raw) {
		h.Measures = []Measure{{Name: "errors", Kind: Errors, Weight: 1, HarmMargin: h.HarmMargin, SafeMargin: h.SafeMargin}}
		return nil
	}
	var list []json.RawMessage
	if err := json.Unmarshal(raw, &list); err != nil {
		return bad("measures", "want a list")
	}
	weighed := false
	for i, r := range list {
		m := Measure{HarmMargin: h.HarmMargin, SafeMargin: h.SafeMargin}
		given, err := m.read(fmt.Sprintf("measures[%d].", i), r)
		if err != nil {
			return err
		}
		weighed = weighed || given
		h.Measures = append(h.Measures, m)
	}
	if !weighed {
		for i := range h.Measures {
			h.Measures[i].Weight = 1 / float64(len(h.Measures))
		}
	}
	return nil
}

// read tells whether a weight was given.
func (m *Measure) read(at string, raw json.RawMessage) (weighed bool, err error) {
	err = members(at, raw, func(name string, value json.RawMessage) (err error) {
		switch name {
		case "name":
			m.Name, err = text(at+name, value)
		case "kind":
			var word string
			word, err = text(at+name, value)
			m.Kind = Kind(max(0, slices.Index(kindWords[:], word)))
		case "weight":
			weighed = true
			m.Weight, err = decimal(at+name, value)
		case "harm_margin":
			m.HarmMargin, err = decimal(at+name, value)
		case "safe_margin":
			m.SafeMargin, err = decimal(at+name, value)
		case "edges":
			m.Edges, err = edges(at+name, value)
		default:
			err = bad(at+name, "no such field in a measure")
		}
		return err
	})
	return weighed, err
}

func edges(at string, raw []byte) ([]float64, error) {
	var list []json.RawMessage
	if err := json.Unmarshal(raw, &list); err != nil {
		return nil, bad(at, "want a list of seconds")
	}
	out := make([]float64, len(list))
	for i, r := range list {
		var err error
		if out[i], err = decimal(fmt.Sprintf("%s[%d]", at, i), r); err != nil {
			return nil, err
		}
	}
	return out, nil
}
