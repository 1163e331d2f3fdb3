package config

import (
	"rampart/analysis"
	"rampart/sources"
)

// File is the shape of rampart.yaml. Field comments become the JSON Schema's descriptions.
type File struct {
	Version  int                     `yaml:"version" jsonschema:"enum=1" jsonschema_description:"Version of this file's shape; 1."`
	Contexts map[string]Context      `yaml:"contexts,omitempty" jsonschema_description:"Where to ask, per environment."`
	Services map[string]Service      `yaml:"services" jsonschema_description:"What is ramped."`
	Roles    map[string]sources.Role `yaml:"roles,omitempty" jsonschema_description:"What a user may do; '*' is everyone else. Without it everyone is a promoter."`
	Audit    Audit                   `yaml:"audit,omitempty" jsonschema_description:"How the journal is kept, and who gets a copy of it."`
	Theme    string                  `yaml:"theme,omitempty" jsonschema_description:"Name of a built-in theme, or path of a theme file."`
	Keys     map[string][]string     `yaml:"keys,omitempty" jsonschema_description:"Other keys for verbs; '<disabled>' for none."`
}

// Context is one environment's sources.
type Context struct {
	Env           string         `yaml:"env,omitempty" jsonschema_description:"prod paints the stripe and asks for :unlock before ramping up."`
	Prometheus    *Prometheus    `yaml:"prometheus,omitempty"`
	Elasticsearch *Elasticsearch `yaml:"elasticsearch,omitempty"`
	ReadOnly      bool           `yaml:"read_only,omitempty" jsonschema_description:"Refuse every action."`
}

// HTTP is what every HTTP source takes.
type HTTP struct {
	URL     Template           `yaml:"url" jsonschema_description:"Base URL, without credentials in it."`
	Bearer  *Secret            `yaml:"bearer,omitempty"`
	Basic   *Basic             `yaml:"basic,omitempty"`
	TLS     *TLS               `yaml:"tls,omitempty"`
	Headers map[string]*Secret `yaml:"headers,omitempty"`
	Proxy   Template           `yaml:"proxy,omitempty"`
	Timeout Duration           `yaml:"timeout,omitempty" jsonschema_description:"Deadline of one request; 10s by default."`
}

// Basic is a user and a password.
type Basic struct {
	Username Template `yaml:"username"`
	Password *Secret  `yaml:"password"`
}

// TLS says how to trust the server and who we are to it.
type TLS struct {
	CA         string `yaml:"ca,omitempty" jsonschema_description:"File with the certificate authority."`
	Cert       string `yaml:"cert,omitempty"`
	Key        string `yaml:"key,omitempty"`
	ServerName string `yaml:"server_name,omitempty"`
	Insecure   bool   `yaml:"insecure,omitempty" jsonschema_description:"Do not verify the server; said on the screen."`
}

// Prometheus is the metrics source.
type Prometheus struct {
	HTTP         `yaml:",inline"`
	ReplicaLabel string   `yaml:"replica_label,omitempty" jsonschema_description:"Label of HA replicas, so that pairs are not counted twice."`
	Step         Duration `yaml:"step,omitempty" jsonschema_description:"Length of a block: the scrape interval; 15s by default."`
	Settle       Duration `yaml:"settle,omitempty" jsonschema_description:"How long after its end a block is left alone until slow scrapes and remote writes are in; a fifth of the step and at most 1s by default."`
	GroupBy      string   `yaml:"group_by,omitempty" jsonschema_description:"Label whose value tells services apart that differ in nothing else: they are asked together. Found by itself when not set; - asks each alone."`
	MaxSeries    int      `yaml:"max_series,omitempty" jsonschema_description:"More series than this for one measure are refused; 20000 by default."`
}

// Elasticsearch is the log source.
type Elasticsearch struct {
	HTTP    `yaml:",inline"`
	URLs    []Template `yaml:"urls,omitempty" jsonschema_description:"Several nodes, instead of url."`
	APIKey  *Secret    `yaml:"api_key,omitempty"`
	CloudID Template   `yaml:"cloud_id,omitempty"`
}

// Service is one thing that is ramped.
type Service struct {
	Context   string               `yaml:"context,omitempty" jsonschema_description:"The context it lives in, when there are several and none is chosen."`
	Select    map[string]string    `yaml:"select,omitempty" jsonschema_description:"Labels that all its series have."`
	Arms      Arms                 `yaml:"arms" jsonschema_description:"What tells the two arms apart."`
	Version   *Version             `yaml:"version,omitempty"`
	Preset    string               `yaml:"preset,omitempty" jsonschema:"enum=http,enum=istio,enum=envoy,enum=haproxy,enum=nginx-ingress,enum=otel-http" jsonschema_description:"Fills in the measures errors and slow as the system exports them; one of the same name under measures replaces it."`
	Measures  map[string]Measure   `yaml:"measures,omitempty"`
	Guards    []Guard              `yaml:"guards,omitempty"`
	Logs      *Logs                `yaml:"logs,omitempty"`
	Traffic   *Traffic             `yaml:"traffic,omitempty"`
	Alpha     float64              `yaml:"alpha,omitempty" jsonschema_description:"The chance of a false WORSE over the whole rollout; 0.05 by default."`
	Strata    []string             `yaml:"strata,omitempty" jsonschema_description:"Labels within which the arms are compared."`
	Check     *Check               `yaml:"check,omitempty"`
	OnNoData  analysis.Consequence `yaml:"on_no_data,omitempty" jsonschema:"enum=hold,enum=ask,enum=rollback" jsonschema_description:"What a plan does when nothing can be judged; hold by default."`
	OnTimeout analysis.Consequence `yaml:"on_timeout,omitempty" jsonschema:"enum=hold,enum=ask,enum=rollback" jsonschema_description:"What a plan does when a step takes too long; hold by default."`
	Plan      *Plan                `yaml:"plan,omitempty" jsonschema_description:"How the ramp goes on; rampart run drives it."`
	Runner    Template             `yaml:"runner,omitempty" jsonschema_description:"Where the runner of this service listens."`
	Notify    []Notify             `yaml:"notify,omitempty" jsonschema_description:"Whom to tell."`
	Links     map[string]string    `yaml:"links,omitempty" jsonschema_description:"URLs shown beside the panels; {from} and {to} are filled in."`
}

// Version names the metric and label that tell which version an arm runs.
type Version struct {
	Metric string `yaml:"metric"`
	Label  string `yaml:"label"`
}

// Check is what `check` accepts.
type Check struct {
	Accept string `yaml:"accept,omitempty" jsonschema:"enum=safe,enum=undecided" jsonschema_description:"undecided: no harm after the asked time counts as passed."`
}

// Arms tells the arms apart.
type Arms struct {
	Label     string    `yaml:"label,omitempty" jsonschema_description:"The label that names the arm."`
	Legacy    ArmValue  `yaml:"legacy" jsonschema_description:"Its value for legacy, or a map of labels."`
	Candidate ArmValue  `yaml:"candidate" jsonschema_description:"Its value for the candidate, or a map of labels."`
	Regexp    bool      `yaml:"regexp,omitempty" jsonschema_description:"The values are anchored regular expressions."`
	Join      *JoinRule `yaml:"join,omitempty"`
}

// JoinRule finds the arm's label on another metric.
type JoinRule struct {
	Metric string   `yaml:"metric"`
	On     []string `yaml:"on"`
}

// Measure says where one measure's numbers come from. Exactly one source is set.
type Measure struct {
	Counter    string         `yaml:"counter,omitempty" jsonschema_description:"A counter of requests; with bad or bad_counter."`
	Bad        string         `yaml:"bad,omitempty" jsonschema_description:"Label matchers of the bad ones, as in PromQL."`
	BadCounter string         `yaml:"bad_counter,omitempty" jsonschema_description:"Another counter that counts the bad ones."`
	Histogram  string         `yaml:"histogram,omitempty" jsonschema_description:"Base name of a classic or native histogram."`
	Above      Duration       `yaml:"above,omitempty" jsonschema_description:"Judge the share above this edge."`
	Histograms string         `yaml:"histograms,omitempty" jsonschema_description:"Pattern of names of feature histograms."`
	Gauges     string         `yaml:"gauges,omitempty" jsonschema_description:"Pattern of names of gauges."`
	Expr       string         `yaml:"expr,omitempty" jsonschema_description:"Free PromQL: a threshold without n, never evidence."`
	From       string         `yaml:"from,omitempty" jsonschema:"enum=traffic,enum=logs" jsonschema_description:"traffic: the router's own counters; logs: lines that hold sensitive text, out of all requests."`
	Judge      analysis.Judge `yaml:"judge,omitempty" jsonschema:"enum=report,enum=warn,enum=guard"`
	Scale      float64        `yaml:"scale,omitempty" jsonschema_description:"Factor to seconds, for latency in other units: 0.001 for milliseconds."`
}

// Guard is a rule over a measure. Exactly one limit is set.
type Guard struct {
	Name       string               `yaml:"name,omitempty"`
	Measure    string               `yaml:"measure"`
	MaxRatio   float64              `yaml:"max_ratio,omitempty" jsonschema_description:"Candidate over legacy."`
	SafeMargin float64              `yaml:"safe_margin,omitempty" jsonschema_description:"How much worse may still be called safe; 0.5 by default."`
	Max        *Amount              `yaml:"max,omitempty" jsonschema_description:"An absolute limit: 2%, 0.02, 300ms."`
	MaxPSI     float64              `yaml:"max_psi,omitempty"`
	MinN       int64                `yaml:"min_n,omitempty" jsonschema_description:"Requests below which a static limit does not speak; 100 by default."`
	Arm        string               `yaml:"arm,omitempty" jsonschema:"enum=legacy,enum=candidate"`
	OnWorse    analysis.Consequence `yaml:"on_worse,omitempty" jsonschema:"enum=rollback,enum=hold,enum=ask,enum=warn"`
	Says       string               `yaml:"says,omitempty" jsonschema:"enum=not_the_candidate"`
}

// Logs says where the lines are.
type Logs struct {
	Index        string              `yaml:"index" jsonschema_description:"Index pattern, alias or data stream."`
	Arm          LogArm              `yaml:"arm"`
	Select       map[string]string   `yaml:"select,omitempty"`
	Fields       map[string]string   `yaml:"fields,omitempty" jsonschema_description:"Other names for time, message, level, version, id."`
	Show         map[string]ShowAll  `yaml:"show,omitempty" jsonschema_description:"error: all, other: 200/s, or all: true for a lossless tail."`
	Query        string              `yaml:"query,omitempty" jsonschema_description:"A query_string that every line must match."`
	IngestLag    Duration            `yaml:"ingest_lag,omitempty" jsonschema_description:"How late lines may come; measured when not set."`
	Categories   map[string]Category `yaml:"categories,omitempty" jsonschema_description:"Kinds of lines, beside errors, warnings, timeouts, dependencies, security and data; one of the same name replaces it."`
	Mask         Mask                `yaml:"mask,omitempty" jsonschema_description:"What text is sensitive, beside e-mail, phone, card, IBAN, tokens, keys and JWT."`
	Arena        int                 `yaml:"arena_mib,omitempty" jsonschema_description:"Memory for held lines in MiB; 16 by default."`
	Predictions  *Predictions        `yaml:"predictions,omitempty" jsonschema_description:"Predictions and labels in the lines."`
	Pairs        *Pairs              `yaml:"pairs,omitempty" jsonschema_description:"Both arms' answers to the same request, where traffic is mirrored."`
	Interleaving *Interleaving       `yaml:"interleaving,omitempty" jsonschema_description:"Clicks on lists that show both arms' results."`
}

// Mask says what text is sensitive.
type Mask struct {
	IP       bool              `yaml:"ip,omitempty" jsonschema_description:"Mask IPv4 and IPv6 addresses too."`
	Off      []string          `yaml:"off,omitempty" jsonschema:"enum=email,enum=phone,enum=card,enum=iban,enum=token,enum=key,enum=password,enum=private_key,enum=jwt" jsonschema_description:"Built-in kinds to leave as they are."`
	Patterns map[string]string `yaml:"patterns,omitempty" jsonschema_description:"Detectors of your own: what the RE2 matches is shown as its name."`
}

// Category is one kind of lines: those of the levels that match finds. One of both may be left out.
type Category struct {
	Match  string   `yaml:"match,omitempty" jsonschema_description:"RE2 over the masked message, without regard to case."`
	Levels []string `yaml:"levels,omitempty" jsonschema:"enum=error,enum=warn,enum=info,enum=debug,enum=unknown" jsonschema_description:"Only lines of these levels; all by default."`
}

// LogArm tells which arm wrote a line.
type LogArm struct {
	Field     string `yaml:"field"`
	Legacy    string `yaml:"legacy,omitempty"`
	Candidate string `yaml:"candidate,omitempty"`
}

// Traffic is the plane that divides traffic.
type Traffic struct {
	Kind       string              `yaml:"kind" jsonschema:"enum=haproxy,enum=envoy,enum=exec,enum=webhook,enum=file,enum=observe"`
	Sockets    []Template          `yaml:"sockets,omitempty" jsonschema_description:"unix:///path, tcp://host:port or ssh://user@host/path, one for each member."`
	Backend    string              `yaml:"backend,omitempty"`
	Servers    map[string][]string `yaml:"servers,omitempty" jsonschema_description:"Server names of legacy and candidate; * stands for any characters."`
	Runbook    []string            `yaml:"runbook,omitempty" jsonschema_description:"For observe: the command that R shows."`
	KnownHosts string              `yaml:"known_hosts,omitempty" jsonschema_description:"For ssh; ~/.ssh/known_hosts by default."`
	Exec       *Exec               `yaml:"exec,omitempty" jsonschema_description:"For kind: exec."`
	Webhook    *Webhook            `yaml:"webhook,omitempty" jsonschema_description:"For kind: webhook."`
	File       *SplitFile          `yaml:"file,omitempty" jsonschema_description:"For kind: file."`
	Envoy      *Envoy              `yaml:"envoy,omitempty" jsonschema_description:"For kind: envoy."`
}
