package haproxyserver

import (
	"bufio"
	"errors"
	"io"
	"net"
	"strings"
)

// longestLine is HAProxy's buffer: a longer command ends the session.
const longestLine = 16384

// session is one connection. Without a prompt it answers what the client has sent so far and closes, as the real program does.
type session struct {
	server *Server
	conn   net.Conn
	level  Level
	prompt bool
	quit   bool
}

func (s *session) run() {
	r := bufio.NewReaderSize(s.conn, longestLine)
	w := bufio.NewWriter(s.conn)
	defer func() { _ = w.Flush() }()
	for {
		line, err := r.ReadSlice('\n')
		if errors.Is(err, bufio.ErrBufferFull) || len(line) == 0 && err != nil {
			return
		}
		s.line(w, strings.TrimRight(string(line), "\r\n"))
		if w.Flush() != nil || s.quit || err != nil || !s.prompt && r.Buffered() == 0 {
			return
		}
	}
}

// line answers the commands of one line, each by itself: an error of one does not keep the next from running.
func (s *session) line(w io.Writer, line string) {
	for _, command := range split(line) {
		answer := s.answer(words(command))
		if s.quit {
			return
		}
		_, _ = io.WriteString(w, answer)
		if s.prompt {
			_, _ = io.WriteString(w, "> ")
		}
	}
}

// split cuts a line at the semicolons that are not escaped.
func split(line string) []string {
	var out []string
	var b strings.Builder
	for i := 0; i < len(line); i++ {
		switch {
		case line[i] == '\\' && i+1 < len(line):
			i++
			b.WriteByte(line[i])
		case line[i] == ';':
			out = append(out, b.String())
			b.Reset()
		default:
			b.WriteByte(line[i])
		}
	}
	return append(out, b.String())
}

// words are separated by blanks and tabs.
func words(command string) []string {
	return strings.FieldsFunc(command, func(r rune) bool { return r == ' ' || r == '\t' })
}
