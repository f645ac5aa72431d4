// Package guichet carries what lies beside the code and goes with the program.
package guichet

import _ "embed"

// ExampleConfig is config.example.toml: every key with its default and a line of comment.
//
//go:embed config.example.toml
var ExampleConfig string
