#!/usr/bin/env bash
# Asks the node in this container how it is. The image has no curl: bash itself opens the connection.
#
#   healthcheck live    it answers
#   healthcheck ready   it has peers, or needs none, and is not far behind them
#
# RPC_PORT is the port that the node was told with --rpc-port; 9944 without it.
set -euo pipefail

case "${1:-ready}" in
	live) path=/health ;;
	ready) path=/health/readiness ;;
	*)
		echo "healthcheck: '$1' is none of: live, ready" >&2
		exit 2
		;;
esac

port=${RPC_PORT:-9944}
if ! exec 3<>"/dev/tcp/127.0.0.1/$port"; then
	echo "healthcheck: nothing answers on port $port; is it another one? Then set RPC_PORT" >&2
	exit 1
fi
printf 'GET %s HTTP/1.1\r\nHost: localhost:%s\r\nConnection: close\r\n\r\n' "$path" "$port" >&3
IFS=' ' read -r -t 8 _ status _ <&3 || status=none
[ "$status" = 200 ] || {
	echo "healthcheck: $path answers with status $status" >&2
	exit 1
}
