#!/usr/bin/env bash
# One validator of the local network, all of whose secrets are its name: everybody can know them.
#
#   validator.sh <name> [flags of the node]     for instance: validator.sh Alice
#
# DATA is the node's folder, SPEC the chain spec; the defaults are those of compose.yaml. FLAGS are
# further flags of the node, parted by spaces.
set -euo pipefail

name=${1:?whose keys? Give a name, for instance Alice}
shift
data=${DATA:-/data}
spec=${SPEC:-/spec/local.json}

# $1 type, $2 scheme. Once only: to insert a key again changes nothing.
insert() {
	cybermiles key insert --chain "$spec" --base-path "$data" --suri "//$name" --key-type "$1" --scheme "$2"
}

if [ ! -e "$data/keys-inserted" ]; then
	insert aura sr25519
	insert gran ed25519
	insert audi sr25519
	touch "$data/keys-inserted"
fi

# The network key derives from the name too, so that compose.yaml can name the first nodes.
node_key=$(printf 'cybermiles local network %s' "$name" | sha256sum | cut -d' ' -f1)

read -ra flags <<<"${FLAGS:-}"
exec cybermiles --chain "$spec" --base-path "$data" --name "$name" --node-key "$node_key" --validator \
	"${flags[@]}" "$@"
