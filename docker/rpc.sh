#!/usr/bin/env bash
# Calls the RPC of the node in this container, also what only its own machine may call. The image has
# no curl: bash itself opens the connection.
#
#   rpc <method> [parameters as a JSON array]     for instance: rpc system_health
#
# RPC_PORT is the port that the node was told with --rpc-port; 9944 without it.
set -euo pipefail

method=${1:?which method? For instance: rpc system_health}
port=${RPC_PORT:-9944}
body="{\"id\":1,\"jsonrpc\":\"2.0\",\"method\":\"$method\",\"params\":${2:-[]}}"

if ! exec 3<>"/dev/tcp/127.0.0.1/$port"; then
	echo "rpc: nothing answers on port $port; is it another one? Then set RPC_PORT" >&2
	exit 1
fi
# Bytes, not characters: what a header counts.
LC_ALL=C
printf 'POST / HTTP/1.1\r\nHost: localhost:%s\r\nContent-Type: application/json\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s' \
	"$port" "${#body}" "$body" >&3
sed '1,/^\r*$/d' <&3
echo
