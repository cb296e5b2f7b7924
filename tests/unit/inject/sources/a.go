//go:build linux

package billing

import "fmt"

// Client logs in.
type Client struct {
	host string
}

// Connect connects.
//
//go:noinline
func (c *Client) Connect() string {
	s := `
// no comment
`
	return fmt.Sprint(c.host,
		s)
}

const (
	Limit = 3
)
