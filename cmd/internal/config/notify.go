package config

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"rampart/sources"
	"rampart/sources/alertmanager"
)

// Notify is one receiver: exactly one of slack, webhook, command and alertmanager, and what it wants to hear.
type Notify struct {
	Slack        *SlackHook           `yaml:"slack,omitempty" jsonschema_description:"An incoming webhook of Slack, Mattermost or Rocket.Chat."`
	Webhook      *NoticeHook          `yaml:"webhook,omitempty" jsonschema_description:"A web server of your own: one signed POST for each notice."`
	Command      []string             `yaml:"command,omitempty" jsonschema_description:"Program and arguments, without a shell: run once for each notice, JSON on stdin."`
	Alertmanager *Alertmanager        `yaml:"alertmanager,omitempty" jsonschema_description:"Raises alerts that resolve; alerts and silences that match are shown."`
	On           []sources.NoticeKind `yaml:"on,omitempty" jsonschema:"enum=call,enum=action,enum=rung,enum=approval,enum=ramp" jsonschema_description:"Only these kinds; all by default."`
	Severity     string               `yaml:"severity,omitempty" jsonschema:"enum=info,enum=warning,enum=critical" jsonschema_description:"Only this and graver ones; info by default. What is over is told to whoever heard of it."`
	Timeout      Duration             `yaml:"timeout,omitempty" jsonschema_description:"Deadline of one try; 5s by default, 10s for a command."`
}

// SlackHook is a Slack-compatible webhook.
type SlackHook struct {
	URL *Secret `yaml:"url" jsonschema_description:"Its whole address is a secret."`
	TLS *TLS    `yaml:"tls,omitempty"`
}

// NoticeHook is a web server that takes notices.
type NoticeHook struct {
	URL    *Secret `yaml:"url"`
	Secret *Secret `yaml:"secret,omitempty" jsonschema_description:"Signs every request with HMAC-SHA256."`
	Bearer *Secret `yaml:"bearer,omitempty"`
	TLS    *TLS    `yaml:"tls,omitempty"`
}

// Alertmanager is where alerts are raised and read.
type Alertmanager struct {
	URL      Template          `yaml:"url" jsonschema_description:"Base URL, what stands before /api/v2, without credentials in it."`
	Bearer   *Secret           `yaml:"bearer,omitempty"`
	Basic    *Basic            `yaml:"basic,omitempty"`
	TLS      *TLS              `yaml:"tls,omitempty"`
	Labels   map[string]string `yaml:"labels,omitempty" jsonschema_description:"Added to each alert, such as team: search."`
	Repeat   Duration          `yaml:"repeat,omitempty" jsonschema_description:"How often a lasting alert is posted again; 1m by default. It resolves by itself after four times as long."`
	Matchers []string          `yaml:"matchers,omitempty" jsonschema_description:"Which alerts concern the service; service=NAME by default."`
	Read     *bool             `yaml:"read,omitempty" jsonschema_description:"false: alerts are raised and none are shown."`
}

// Reads tells whether alerts are shown.
func (a Alertmanager) Reads() bool { return a.Read == nil || *a.Read }

// MatchersOf are the conditions on alerts that concern a service. They were checked with the file.
func (a Alertmanager) MatchersOf(service string) []alertmanager.Matcher {
	if len(a.Matchers) == 0 {
		return []alertmanager.Matcher{{Name: "service", Op: "=", Value: service}}
	}
	out := make([]alertmanager.Matcher, 0, len(a.Matchers))
	for _, text := range a.Matchers {
		if m, err := alertmanager.ParseMatcher(text); err == nil {
			out = append(out, m)
		}
	}
	return out
}

// Least is the severity from which on it wants to hear.
func (n Notify) Least() sources.Severity {
	switch n.Severity {
	case sources.SeverityCritical.String():
		return sources.SeverityCritical
	case sources.SeverityWarning.String():
		return sources.SeverityWarning
	}
	return sources.SeverityInfo
}

func severities() []string {
	return []string{sources.SeverityInfo.String(), sources.SeverityWarning.String(), sources.SeverityCritical.String()}
}

// Wants tells whether a receiver is to hear of a notice. That a matter is over has no severity of its own.
func (n Notify) Wants(notice sources.Notice) bool {
	if len(n.On) > 0 && !slices.Contains(n.On, notice.Kind) {
		return false
	}
	return notice.Resolved || notice.Severity >= n.Least()
}

func noticeKinds() []sources.NoticeKind {
	return []sources.NoticeKind{sources.NoticeCall, sources.NoticeAction, sources.NoticeRung, sources.NoticeApproval, sources.NoticeRamp}
}

// maxTry is the longest that one try may take: a notice that waits longer is better tried again.
const maxTry = time.Minute

func (k *checker) notify(at string, n Notify) {
	ways := 0
	for _, is := range []bool{n.Slack != nil, n.Webhook != nil, n.Command != nil, n.Alertmanager != nil} {
		if is {
			ways++
		}
	}
	if ways != 1 {
		k.say(at, fmt.Sprintf("%d ways to tell", ways), "want one of slack, webhook, command and alertmanager; another receiver is another item of the list")
	}
	switch {
	case n.Slack != nil && n.Slack.URL == nil:
		k.say(at+".slack.url", "missing", "such as {file: ~/.config/rampart/slack}")
	case n.Webhook != nil && n.Webhook.URL == nil:
		k.say(at+".webhook.url", "missing", "such as https://host/path, or {file: …} when it holds a token")
	case n.Command != nil && (len(n.Command) == 0 || n.Command[0] == ""):
		k.say(at+".command", "no program", "such as [/usr/local/bin/tell, --room, ops]")
	case n.Alertmanager != nil:
		k.alertmanager(at+".alertmanager", *n.Alertmanager)
	}
	k.wanted(at, n)
}

func (k *checker) wanted(at string, n Notify) {
	for i, kind := range n.On {
		if !slices.Contains(noticeKinds(), kind) {
			known := map[string]bool{}
			for _, w := range noticeKinds() {
				known[string(w)] = true
			}
			k.say(fmt.Sprintf("%s.on[%d]", at, i), fmt.Sprintf("no kind %q", string(kind)), didYouMean(string(kind), known))
		}
	}
	if n.Severity != "" && !slices.Contains(severities(), n.Severity) {
		k.say(at+".severity", fmt.Sprintf("no severity %q", n.Severity), "want "+strings.Join(severities(), ", "))
	}
	if n.Timeout.Or(0) > maxTry {
		k.say(at+".timeout", "longer than a minute", "what is not taken is tried again anyway")
	}
}

func (k *checker) alertmanager(at string, a Alertmanager) {
	k.http(at, HTTP{URL: a.URL, Basic: a.Basic, Bearer: a.Bearer}, false)
	if a.Repeat != 0 && a.Repeat.Or(0) < 10*time.Second {
		k.say(at+".repeat", "shorter than 10s", "1m is the default")
	}
	for i, m := range a.Matchers {
		if _, err := alertmanager.ParseMatcher(m); err != nil {
			k.say(fmt.Sprintf("%s.matchers[%d]", at, i), err.Error(), `such as service="ranker"`)
		}
	}
	for _, name := range sortedKeys(a.Labels) {
		if _, err := alertmanager.ParseMatcher(name + `="x"`); err != nil {
			k.say(at+".labels."+name, "no label's name", "letters, digits and _")
		}
	}
}
