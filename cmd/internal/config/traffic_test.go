package config

import (
	"strings"
	"testing"

	"rampart/sources"
)

func withTraffic(t *testing.T, traffic string) (*Config, error) {
	t.Helper()
	return parse(t, good()+"    traffic: "+traffic+"\n")
}

func TestTraffic_OfEachKindIsReadWithItsOwnSection(t *testing.T) {
	c, err := withTraffic(t, `{kind: webhook, webhook: {read: 'http://r/split', write: 'http://r/split', secret: {file: /k}, shares: [0%, 12.5%, 100%], settle: 2s}}`)
	if err != nil {
		t.Fatal(err)
	}
	w := c.File.Services["ranker"].Traffic.Webhook
	if len(w.Shares) != 3 || w.Shares[1] != sources.Whole/8 || w.Settle.Or(0).Seconds() != 2 {
		t.Errorf("%+v", w)
	}
	for _, good := range []string{
		`{kind: exec, exec: {command: [./split.py, ranker], timeout: 3s}}`,
		`{kind: observe, runbook: [deploy, rollback]}`,
		`{kind: envoy, envoy: {admins: ['http://e:9901', 'unix:///e.sock'], runtime_key_prefix: routing.ranker, clusters: {legacy: a, candidate: b}}}`,
		`{kind: file, file: {path: /etc/nginx/split.conf, format: nginx, arms: {legacy: [a], candidate: [b]}, check: [nginx, -t], reload: [nginx, -s, reload], pid: /run/nginx.pid}}`,
		`{kind: file, file: {path: ~/split.conf, format: nginx, arms: {legacy: [a], candidate: [b]}}}`,
		`{kind: haproxy, sockets: ['tcp://lb:9999'], backend: be, servers: {legacy: [a], candidate: [b]}}`,
	} {
		if _, err := withTraffic(t, good); err != nil {
			t.Errorf("%s: %v", good, err)
		}
	}
}

func TestTraffic_TellsEveryMistakeAndWhatWasMeant(t *testing.T) {
	for traffic, want := range map[string]string{
		`{}`:            "traffic.kind: missing",
		`{kind: nginx}`: `no plane "nginx"`,
		`{kind: exec}`:  "traffic.exec.command: missing",
		`{kind: exec, exec: {command: [a]}, sockets: ['unix:///s']}`:                                               "traffic.sockets: exec takes none (it is for kind: haproxy)",
		`{kind: observe, exec: {command: [a]}}`:                                                                    "traffic.exec: observe takes none",
		`{kind: file}`:                                                                                             "traffic.file: missing",
		`{kind: file, file: {path: a, format: toml}}`:                                                              "traffic.file.path: want an absolute path",
		`{kind: file, file: {path: /a, format: toml}}`:                                                             `traffic.file.format: no format "toml"`,
		`{kind: file, file: {path: /a, format: nginx, arms: {legacy: [a]}}}`:                                       "traffic.file.arms: both",
		`{kind: file, file: {path: /a, format: nginx, arms: {legacy: [a, c], candidate: [b]}}}`:                    "traffic.file.arms: split_clients gives each arm one value",
		`{kind: file, file: {path: /a, format: caddy, arms: {legacy: [a], candidate: [b, a]}}}`:                    `traffic.file.arms: "a" stands in both`,
		`{kind: file, file: {path: /a, format: nginx, arms: {legacy: ['a;'], candidate: [b]}}}`:                    `traffic.file.arms: "a;" is no name`,
		`{kind: file, file: {path: /a, format: caddy, arms: {legacy: [a], candidate: [b]}, reload: [r], pid: /p}}`: "traffic.file.pid: it proves a reload of nginx",
		`{kind: file, file: {path: /a, format: nginx, armes: {legacy: [a]}}}`:                                      "did you mean arms?",
		`{kind: envoy}`: "traffic.envoy: missing",
		`{kind: envoy, envoy: {admins: ['tcp://e:1'], runtime_key_prefix: p, clusters: {legacy: a, candidate: b}}}`:                "traffic.envoy.admins[0]: want http://",
		`{kind: envoy, envoy: {admins: ['http://e:1'], clusters: {legacy: a, candidate: a}}}`:                                      "traffic.envoy.runtime_key_prefix: missing",
		`{kind: envoy, envoy: {admins: ['http://'], runtime_key_prefix: p, clusters: {legacy: a, candidate: b}}}`:                  "traffic.envoy.admins[0]: want http://",
		`{kind: envoy, envoy: {admins: ['http://e:1', 'http://e:1'], runtime_key_prefix: p, clusters: {legacy: a, candidate: b}}}`: "traffic.envoy.admins[1]: the same member twice",
		`{kind: envoy, envoy: {admins: ['http://e:1'], runtime_key_prefix: 'p q', clusters: {legacy: a, candidate: b}}}`:           `traffic.envoy.runtime_key_prefix: "p q" is no name`,
		`{kind: webhook}`: "traffic.webhook: missing",
		`{kind: webhook, webhook: {read: 'http://u:hunter2@r', write: 'ftp:'}}`: "credentials in a URL",
		`{kind: webhook, webhook: {read: 'http://r', write: 'ftp://r'}}`:        "traffic.webhook.write: not an http or https URL",
		`{kind: webhook, webhook: {read: 'http://r', finest: 101%}}`:            "share \"101%\"",
	} {
		_, err := withTraffic(t, traffic)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v", traffic, err)
		}
	}
}
