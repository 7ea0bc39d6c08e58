// Package udp takes the place of the part of Flannel's udp backend that is written in C, so that flanneld is built like
// the other programs, without a C compiler. The backend does not work then, and nobody asks for it.
package udp

import (
	"net"
	"os"

	"github.com/flannel-io/flannel/pkg/ip"
)

const missing = "flanneld of the tests has no udp backend"

func runCProxy(_ *os.File, _ *net.UDPConn, _ *os.File, _ ip.IP4, _ int) { panic(missing) }

func setRoute(_ *os.File, _ ip.IP4Net, _ ip.IP4, _ int) { panic(missing) }

func removeRoute(_ *os.File, _ ip.IP4Net) { panic(missing) }

func stopProxy(_ *os.File) { panic(missing) }
