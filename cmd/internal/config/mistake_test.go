package config

import "testing"

func TestConfig_TellsSeveralMistakesOfOneLineInTheSameOrderEachTime(t *testing.T) {
	text := good() + "    logs: {index: logs-*, arm: {field: labels.track}, fields: {nam: a, lvl: b, msg: c, ts: d}}\n"
	_, first := parse(t, text)
	if first == nil {
		t.Fatal("fields that are none were taken")
	}
	for range 20 {
		if _, again := parse(t, text); again == nil || again.Error() != first.Error() {
			t.Fatalf("first\n%v\nthen\n%v", first, again)
		}
	}
}
