package feed

import (
	"io"

	"tidewatch.example/tidewatch/gauge"
)

// Beacon sends readings to the collector as packets.
type Beacon struct {
	prefix string
	out    io.Writer
}

// NewBeacon returns a beacon whose packets begin with prefix.
func NewBeacon(prefix string, out io.Writer) *Beacon {
	return &Beacon{prefix: prefix, out: out}
}

// Send writes the packet of a reading, such as "tide.HAM3.level:412|g", in one call and without a newline.
func (b *Beacon) Send(r gauge.Reading) error {
	panic("not written yet")
}
