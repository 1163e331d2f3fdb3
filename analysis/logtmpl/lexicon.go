package logtmpl

import "strings"

// httpMethod tells whether a quoted text is a request line, in which the method and the path are told apart.
func httpMethod(text []byte) bool {
	for i, c := range text[:min(len(text), 9)] {
		if c != ' ' {
			continue
		}
		switch string(text[:i]) {
		case "GET", "PUT", "HEAD", "POST", "PATCH", "TRACE", "DELETE", "OPTIONS", "CONNECT":
			return true
		}
		return false
	}
	return false
}

// messageKey tells the keys of structured logs whose value says what happened, in the customs of slog, zap, zerolog,
// logrus, log4j, bunyan, pino and logstash.
func messageKey(key []byte) bool {
	switch string(key) {
	case "msg", "message", "Message", "MESSAGE", "log", "event", "level", "Level", "lvl", "severity", "levelname",
		"error", "err", "reason", "exception", "status", "state", "action", "method":
		return true
	}
	return false
}

const longestUnit = 12

// unit tells words that belong to the number before them: a duration, a size, a zone.
func unit(w []byte) bool {
	switch string(w) {
	case "ns", "us", "ms", "s", "nanoseconds", "microseconds", "msec", "msecs", "millis", "millisecond", "milliseconds",
		"MILLISECONDS", "sec", "secs", "second", "seconds", "SECONDS", "min", "mins", "minute", "minutes", "hour", "hours",
		"hr", "hrs", "day", "days", "B", "byte", "bytes", "Bytes", "kB", "KB", "MB", "GB", "TB", "KiB", "MiB", "GiB", "TiB",
		"MHz", "GHz", "AM", "PM", "am", "pm", "UTC", "GMT", "EST", "EDT", "CST", "CDT", "MST", "MDT", "PST", "PDT", "CET", "CEST":
		return true
	}
	return false
}

// calendar tells whether b[i:j] is the short name of a month or a weekday that stands in a date.
func calendar(b []byte, i, j int) bool {
	switch string(b[i:j]) {
	case "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun",
		"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec":
	default:
		return false
	}
	if i > 1 && classes[b[i-2]]&isDigit != 0 && (b[i-1] == ' ' || b[i-1] == ',') {
		return true
	}
	for j < len(b) && (b[j] == ' ' || b[j] == ',') {
		j++
	}
	if j < len(b) && classes[b[j]]&isDigit != 0 {
		return true
	}
	return j+3 <= len(b) && (j+3 == len(b) || classes[b[j+3]]&isLetter == 0) && calendar(b, j, j+3)
}

// saysWhatHappened tells words that carry the meaning of a line, and are therefore slow to become a variable: verb forms,
// outcomes, levels, constants in capitals.
func saysWhatHappened(w string) bool {
	if len(w) > 4 && (strings.HasSuffix(w, "ed") || strings.HasSuffix(w, "ing")) || capitals(w) {
		return true
	}
	switch w {
	case "true", "false", "True", "False", "null", "nil", "none", "None", "yes", "no", "not", "on", "off", "up", "down", "in", "out", "over",
		"ok", "is", "was", "has", "to", "from", "start", "stop", "begin", "end", "open", "close", "done", "success", "fail",
		"failure", "timeout", "startup", "shutdown", "error", "warn", "warning", "info", "debug", "trace", "fatal", "critical":
		return true
	}
	return false
}

// capitals tells words of capitals and underscores, which in logs are levels, states and methods.
func capitals(w string) bool {
	n := 0
	for i := range len(w) {
		switch {
		case w[i] >= 'A' && w[i] <= 'Z':
			n++
		case w[i] != '_':
			return false
		}
	}
	return n >= 2
}

// namesNext tells nouns after which the name of one such thing stands.
func namesNext(w string) bool {
	switch strings.ToLower(w) {
	case "user", "host", "node", "server", "client", "device", "interface", "process", "thread", "job", "task", "service",
		"module", "package", "class", "file", "directory", "domain", "database", "table", "topic", "queue", "account", "group",
		"container", "pod", "image", "volume", "disk", "key", "name", "model", "feature", "tenant", "customer", "bucket":
		return true
	}
	return false
}
