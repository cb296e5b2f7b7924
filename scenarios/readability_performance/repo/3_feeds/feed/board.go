package feed

import (
	"net/http"

	"tidewatch.example/tidewatch/gauge"
)

// Board answers with the latest readings as plain text for the board in the harbour office: for each reading a line
// that ends with a newline, such as "HAM3 0.41 m checked".
func Board(latest func() []gauge.Reading) http.Handler {
	panic("not written yet")
}
