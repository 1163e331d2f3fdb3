package haproxyserver

import (
	"fmt"
	"strconv"
	"strings"

	"rampart/sources/demo/world"
)

// backendID is the number of the demo's backend; servers may be named by number too, "#3/#7".
const (
	frontendID = 2
	backendID  = 3
)

// find resolves backend/server; the second value is the complaint, in the real program's words.
func find(w *world.World, args []string) (*world.Server, string) {
	if len(args) == 0 {
		return nil, "Require 'backend/server'.\n\n"
	}
	backend, name, ok := strings.Cut(args[0], "/")
	if !ok {
		return nil, "Require 'backend/server'.\n\n"
	}
	r := w.Router()
	if backend != r.Backend && backend != "#"+strconv.Itoa(backendID) {
		return nil, "No such backend.\n\n"
	}
	for _, s := range r.Servers() {
		if s.Name == name || "#"+strconv.Itoa(s.ID) == name {
			return s, ""
		}
	}
	return nil, "No such server.\n\n"
}

func getWeight(_ *session, w *world.World, args []string) string {
	s, complaint := find(w, args)
	if s == nil {
		return complaint
	}
	return fmt.Sprintf("%d (initial %d)\n\n", s.Weight, s.FileWeight)
}

func setWeight(_ *session, w *world.World, args []string) string {
	s, complaint := find(w, args)
	if s == nil {
		return complaint
	}
	return weigh(w, s, args[1:])
}

// weigh reads a weight as HAProxy does: absolute from 0 to 256, or a percentage of the one in the file (server.c, server_parse_weight_change_request).
func weigh(w *world.World, s *world.Server, args []string) string {
	if len(args) == 0 {
		return "Require <weight> or <weight%>.\n\n"
	}
	digits := strings.TrimLeft(args[0], "+-")
	n := 0
	for n < len(digits) && digits[n] >= '0' && digits[n] <= '9' {
		n++
	}
	if n == 0 || len(args[0])-len(digits) > 1 {
		return "Empty weight string empty or preceded by garbage\n"
	}
	v, err := strconv.Atoi(digits[:n])
	if err != nil {
		v = 1 << 30
	}
	if args[0][0] == '-' {
		v = -v
	}
	switch digits[n:] {
	case "":
		if v < 0 || v > 256 {
			return "Absolute weight can only be between 0 and 256 inclusive.\n\n"
		}
	case "%":
		if v < 0 {
			return "Relative weight must be positive.\n\n"
		}
		v = min(s.FileWeight*v/100, 256)
	default:
		return "Trailing garbage in weight string\n"
	}
	w.Router().SetWeight(s, v)
	return "\n"
}
