package config

import (
	"encoding/json"
	"reflect"

	"github.com/goccy/go-yaml"
	"github.com/invopop/jsonschema"
)

// Show prints the file as it was understood, secrets masked and variables as they were written.
func (c *Config) Show() ([]byte, error) {
	return yaml.MarshalWithOptions(c.File, yaml.OmitEmpty(), yaml.Indent(2), yaml.IndentSequence(true))
}

// Schema prints the JSON Schema of the file, made from the types.
func Schema() ([]byte, error) {
	r := jsonschema.Reflector{FieldNameTag: "yaml", ExpandedStruct: true, Mapper: textual}
	s := r.Reflect(&File{})
	s.ID, s.Title = "", "rampart.yaml"
	return json.MarshalIndent(s, "", "  ")
}

// textual describes types that are words in the file.
func textual(t reflect.Type) *jsonschema.Schema {
	switch t.Name() {
	case "Role":
		return &jsonschema.Schema{Type: "string", Enum: []any{"viewer", "operator", "promoter", "breakglass"}}
	case "Consequence", "Judge", "Share", "Quantity":
		return &jsonschema.Schema{Type: "string"}
	}
	return nil
}

// Default is a file to start from: it names what a first service needs and says why.
const Default = `# rampart.yaml: what is ramped, where its numbers are, and what may be done about it.
# rampart config check reads it; rampart doctor asks every source; rampart watch opens the console.
version: 1
contexts:
  prod:
    env: prod                                  # paints the stripe; ramping up needs :unlock
    prometheus:
      url: http://localhost:9090
      # bearer: {file: ~/.config/rampart/prometheus.token}
      # step: 15s                              # your scrape interval
    # elasticsearch: {url: http://localhost:9200, api_key: {file: ~/.config/rampart/es.key}}
services:
  ranker:
    select: {app: ranker}                      # labels that all its series have
    arms: {label: track, legacy: stable, candidate: canary}
    version: {metric: build_info, label: version}
    measures:
      errors: {counter: http_request_duration_seconds_count, bad: 'code=~"5.."'}
      slow: {histogram: http_request_duration_seconds, above: 250ms}
    guards:
      - {measure: errors, max_ratio: 1.1, on_worse: rollback}
      - {measure: slow, max_ratio: 1.5, on_worse: hold}
    # logs: {index: 'logs-ranker-*', arm: {field: labels.track, legacy: stable, candidate: canary}}
    # traffic:
    #   kind: haproxy
    #   sockets: ['unix:///run/haproxy/admin.sock']
    #   backend: be_ranker
    #   servers: {legacy: [stable-*], candidate: [canary-*]}
    # plan: {steps: [1% for 15m, 5% until safe or 30m, 25% for 15m, 100%]}   # rampart run drives it
`
