#!/bin/sh
# Starts the runtime so that the kernel ends it with the runner, even when the runner is killed outright.
exec setpriv --pdeathsig KILL "$NEKO_WORKERD" "$@"
