package rig

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

// Stat is what HAProxy itself says of one server.
type Stat struct {
	Weight   int    // effective weight
	Status   string // UP, DOWN, DRAIN, MAINT
	Requests int    // sessions sent to it since the worker started, `stot`
	Failed   int    // answers 5xx, `hrsp_5xx`
}

// Ask sends one command over the admin socket and returns the whole answer.
func (h *HAProxy) Ask(command string) (string, error) { return ask("unix", h.Socket, command) }

// AskTCP is [HAProxy.Ask] over the TCP socket.
func (h *HAProxy) AskTCP(command string) (string, error) { return ask("tcp", h.Admin, command) }

func ask(network, addr, command string) (string, error) {
	conn, err := dial(network, addr)
	if err != nil {
		return "", fmt.Errorf("ask haproxy: %w", err)
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(2 * time.Second)); err != nil {
		return "", fmt.Errorf("ask haproxy: %w", err)
	}
	if _, err := io.WriteString(conn, command+"\n"); err != nil {
		return "", fmt.Errorf("ask haproxy: %w", err)
	}
	answer, err := io.ReadAll(conn)
	if err != nil {
		return "", fmt.Errorf("ask haproxy: %w", err)
	}
	return string(answer), nil
}

// SetWeight sets one server's weight at run time.
func (h *HAProxy) SetWeight(server string, weight int) error {
	answer, err := h.Ask(fmt.Sprintf("set server %s/%s weight %d", Backend, server, weight))
	if err == nil && strings.TrimSpace(answer) != "" {
		err = fmt.Errorf("set weight of %s: %s", server, strings.TrimSpace(answer))
	}
	return err
}

// Stats reads every server of the backend, by name.
func (h *HAProxy) Stats() (map[string]Stat, error) {
	answer, err := h.Ask("show stat " + Backend + " 4 -1")
	if err != nil {
		return nil, err
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(strings.TrimSpace(answer), "# "))).ReadAll()
	if err == nil && len(rows) < 2 {
		err = errors.New("no server in " + strconv.Quote(answer))
	}
	if err != nil {
		return nil, fmt.Errorf("read show stat: %w", err)
	}
	column := make(map[string]int, len(rows[0]))
	for i, name := range rows[0] {
		column[name] = i
	}
	stats := make(map[string]Stat, len(rows)-1)
	for _, row := range rows[1:] {
		number := func(name string) int {
			n, _ := strconv.Atoi(row[column[name]]) // An empty cell is a counter that never moved.
			return n
		}
		stats[row[column["svname"]]] = Stat{
			Weight: number("weight"), Status: row[column["status"]], Requests: number("stot"), Failed: number("hrsp_5xx"),
		}
	}
	return stats, nil
}

// Requests adds up what the servers whose name starts with prefix were sent.
func (h *HAProxy) Requests(prefix string) (int, error) {
	stats, err := h.Stats()
	sum := 0
	for name, s := range stats {
		if strings.HasPrefix(name, prefix) {
			sum += s.Requests
		}
	}
	return sum, err
}

// field returns the rest of the line that starts with the prefix.
func field(text, prefix string) (string, error) {
	for line := range strings.Lines(text) {
		if rest, ok := strings.CutPrefix(line, prefix); ok {
			return strings.TrimSpace(rest), nil
		}
	}
	return "", errors.New("no line starts with " + strconv.Quote(prefix))
}
