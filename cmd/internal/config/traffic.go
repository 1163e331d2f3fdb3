package config

import "rampart/sources"

// Exec is a plane of your own behind a command.
type Exec struct {
	Command []string `yaml:"command" jsonschema_description:"Program and arguments, without a shell: run once for each call, JSON on stdin and stdout."`
	Dir     string   `yaml:"dir,omitempty" jsonschema_description:"Folder that it runs in."`
	Timeout Duration `yaml:"timeout,omitempty" jsonschema_description:"Deadline of one call, after which it is killed; 10s by default."`
}

// Webhook is a plane of your own behind a web server.
type Webhook struct {
	Read    Template        `yaml:"read" jsonschema_description:"URL that answers GET with what is set."`
	Write   Template        `yaml:"write" jsonschema_description:"URL that takes POST; sent once, never repeated."`
	Secret  *Secret         `yaml:"secret,omitempty" jsonschema_description:"Signs every request with HMAC-SHA256."`
	Bearer  *Secret         `yaml:"bearer,omitempty"`
	TLS     *TLS            `yaml:"tls,omitempty"`
	Timeout Duration        `yaml:"timeout,omitempty" jsonschema_description:"Deadline of one request; 5s by default."`
	Shares  []sources.Share `yaml:"shares,omitempty" jsonschema_description:"The only shares that can be set, such as [0%, 10%, 100%]."`
	Finest  sources.Share   `yaml:"finest,omitempty" jsonschema_description:"The smallest step, such as 0.1%."`
	Settle  Duration        `yaml:"settle,omitempty" jsonschema_description:"From accepted to effective; 1s by default."`
	Durable bool            `yaml:"durable,omitempty" jsonschema_description:"A setting survives a restart of the server."`
}

// SplitFile is a file that a router reads.
type SplitFile struct {
	Path    Template `yaml:"path" jsonschema_description:"Absolute path of the file that holds the split."`
	Format  string   `yaml:"format" jsonschema:"enum=nginx,enum=traefik,enum=caddy" jsonschema_description:"nginx: split_clients; traefik: weighted services (YAML); caddy: weighted_round_robin (JSON or Caddyfile)."`
	Block   string   `yaml:"block,omitempty" jsonschema_description:"One split of several: nginx's variable or Traefik's service."`
	Arms    ArmNames `yaml:"arms" jsonschema_description:"What the arms are called in the file."`
	Check   []string `yaml:"check,omitempty" jsonschema_description:"Refuses a broken file, such as [nginx, -t]; the old content is put back then."`
	Reload  []string `yaml:"reload,omitempty" jsonschema_description:"Loads the file, such as [nginx, -s, reload]; without it the router watches its file."`
	PID     Template `yaml:"pid,omitempty" jsonschema_description:"nginx's pid file: a reload counts once its workers are new ones. Without it traffic alone shows a reload."`
	Timeout Duration `yaml:"timeout,omitempty" jsonschema_description:"Deadline of each command; 10s by default."`
}

// ArmNames are what the arms are called somewhere.
type ArmNames struct {
	Legacy    []string `yaml:"legacy"`
	Candidate []string `yaml:"candidate"`
}

// Envoy is the runtime of one or several Envoys.
type Envoy struct {
	Admins   []Template `yaml:"admins" jsonschema_description:"Admin interfaces, one for each member: http://host:9901 or unix:///path."`
	Prefix   string     `yaml:"runtime_key_prefix" jsonschema_description:"The runtime_key_prefix of the route's weighted_clusters."`
	Clusters ArmName    `yaml:"clusters" jsonschema_description:"The cluster of each arm."`
	Layer    string     `yaml:"layer,omitempty" jsonschema_description:"Name of the runtime's admin layer; admin by default."`
	Timeout  Duration   `yaml:"timeout,omitempty" jsonschema_description:"Deadline of one request; 3s by default."`
}

// ArmName is what each arm is called somewhere.
type ArmName struct {
	Legacy    string `yaml:"legacy"`
	Candidate string `yaml:"candidate"`
}
