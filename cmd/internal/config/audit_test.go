package config

import (
	"strings"
	"testing"
)

const journalled = `version: 1
contexts:
  prod: {prometheus: {url: 'http://127.0.0.1:9'}}
services:
  ranker:
    arms: {label: track, legacy: stable, candidate: canary}
    measures: {errors: {counter: c, bad: 'code="500"'}}
audit:
`

func TestAudit_IsReadAndShownWithoutItsSecrets(t *testing.T) {
	c, err := Parse("rampart.yaml", []byte(journalled+`
  rotate: 128MiB
  copies:
    - syslog: {address: 'udp://logs:514', facility: local3}
    - webhook: {url: 'https://host/hunter2', secret: hunter2}
`))
	if err != nil {
		t.Fatal(err)
	}
	if a := c.File.Audit; a.Rotate != 128<<20 || len(a.Copies) != 2 || a.Copies[0].Syslog.Facility != "local3" {
		t.Errorf("read %+v", a)
	}
	b, err := c.Show()
	if err != nil || strings.Contains(string(b), "hunter2") || !strings.Contains(string(b), "rotate: 128MiB") {
		t.Errorf("%v: shown as\n%s", err, b)
	}
}

func TestAudit_RefusesWhatCannotBeMeantWithItsLine(t *testing.T) {
	for text, want := range map[string]string{
		"  rotate: 64\n":                              "line 9: audit.rotate: size \"64\"",
		"  rotate: 0MiB\n":                            "line 9: audit.rotate: size \"0MiB\"",
		"  rotate: 2KiB\n":                            "line 9: audit.rotate: smaller than 64KiB",
		"  copies: [{}]\n":                            "line 9: audit.copies[0]: want one of syslog and webhook",
		"  copies: [{webhook: {secret: x}}]\n":        "audit.copies[0].webhook.url: missing",
		"  copies: [{syslog: {address: /dev/log}}]\n": "audit.copies[0].syslog: ",
		"  copies: [{syslog: {address: 'unix:///dev/log', facility: kern}}]\n":    "no such facility",
		"  copies: [{syslog: {address: 'unix:///dev/log'}, webhook: {url: x}}]\n": "want one of syslog and webhook",
		"  copys: []\n": "did you mean copies?",
	} {
		if _, err := Parse("rampart.yaml", []byte(journalled+text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
}

func TestAlpha_IsAChanceAboveZeroAndAtMostAHalf(t *testing.T) {
	for alpha, good := range map[string]bool{"0": false, "0.0": false, "-0.1": false, "0.5": true, "0.51": false, "1": false, "0.001": true, ".nan": false} {
		_, err := Parse("rampart.yaml", []byte(strings.Replace(journalled, "    measures:", "    alpha: "+alpha+"\n    measures:", 1)+"  rotate: 64MiB\n"))
		if good != (err == nil) {
			t.Errorf("alpha: %s: %v", alpha, err)
		}
	}
}
