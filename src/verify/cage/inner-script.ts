/** For sh outside the cage: $0 is the cage's program. When memory is short, the system kills processes in the cage first. */
export const OUTER_SCRIPT = '{ echo 1000 >/proc/self/oom_score_adj; } 2>/dev/null; exec "$0" "$@"'

const OPEN_FILES = 16_384
const FILE_BLOCKS = 16_777_216 // of 512 bytes: 8 GB
const LINGER = 20 // times 50 ms, for output of processes that briefly outlive the command

/**
 * For sh in the cage, with the command as $1: sets limits, runs it, and waits at most a second for background processes. It ignores
 * SIGTERM, because the cage ends with it. Git gets an identity for commits, as in CI.
 */
export const innerScript = (tasks: number) => `exec 3>&1 2>/dev/null
ulimit -c 0; ulimit -f ${FILE_BLOCKS}; ulimit -n ${OPEN_FILES}
ulimit -u ${2 * tasks} || ulimit -p ${2 * tasks}
printf '[user]\\n\\tname = repose\\n\\temail = repose@localhost\\n[safe]\\n\\tdirectory = *\\n' >"$HOME/.gitconfig"
trap : TERM
(exec 2>&3 3>&-; exec sh -c "$1")
code=$?
left=${LINGER}
while [ $left -gt 0 ] && kill -0 -1; do sleep 0.05; left=$((left - 1)); done
exit $code`
