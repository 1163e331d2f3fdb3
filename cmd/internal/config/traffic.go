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
