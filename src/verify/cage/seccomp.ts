/** Numbers of system calls, and the kernel's id of the architecture. */
interface Machine {
  readonly audit: number
  readonly socket: number
  readonly ioctl: number
  /**
   * add_key, request_key, keyctl: session keys belong to no namespace. io_uring_setup: makes sockets past this filter. bpf,
   * perf_event_open, userfaultfd, syslog: useful for attacks on the kernel.
   */
  readonly refused: readonly number[]
  /**
   * Calls that would slow down or hold the first process of the cage, with the argument that names the process: sched_setparam,
   * sched_setscheduler, sched_setaffinity, sched_setattr, ptrace, process_vm_writev. If that process does not end, no other one does.
   */
  readonly onProcess: readonly (readonly [call: number, at: 'first' | 'second'])[]
  /** setpriority and ioprio_set, and the value of their first argument that means one process, which the second names. */
  readonly onWhich: readonly (readonly [call: number, process: number])[]
}

const MACHINES: Readonly<Partial<Record<NodeJS.Architecture, Machine>>> = {
  x64: {
    ...{ audit: 0xc000003e, socket: 41, ioctl: 16, refused: [248, 249, 250, 425, 321, 298, 323, 103] },
    onProcess: [
      [142, 'first'],
      [144, 'first'],
      [203, 'first'],
      [314, 'first'],
      [101, 'second'],
      [311, 'first'],
    ],
    onWhich: [
      [141, 0],
      [251, 1],
    ],
  },
  arm64: {
    ...{ audit: 0xc00000b7, socket: 198, ioctl: 29, refused: [217, 218, 219, 425, 280, 241, 282, 116] },
    onProcess: [
      [118, 'first'],
      [119, 'first'],
      [122, 'first'],
      [274, 'first'],
      [117, 'second'],
      [271, 'first'],
    ],
    onWhich: [
      [140, 0],
      [30, 1],
    ],
  },
}

/** The first process of the cage, as its other processes see it. They may name a thread of their own by its number, as libraries do. */
const INIT = 1

/** AF_UNIX, AF_INET, AF_INET6, AF_NETLINK, AF_ALG. Not AF_VSOCK, which leads out of a virtual machine past any network namespace. */
const FAMILIES = [1, 2, 10, 16, 38]
/** TIOCSTI and TIOCLINUX, which inject input into a terminal. */
const TYPING = [0x5412, 0x541c]

const [EPERM, EAFNOSUPPORT, ENOSYS] = [1, 97, 38]
const ALLOW = 0x7fff0000
const FAIL = 0x00050000
/** Offsets in struct seccomp_data of the call, the architecture, and the lower half of the first two arguments. */
const AT = { call: 0, machine: 4, first: 16, second: 24 }

/**
 * A filter of system calls (classic BPF) that refuses calls which no check needs and no namespace confines. null: not available for this
 * architecture.
 */
export function seccompFilter(architecture: NodeJS.Architecture = process.arch): Buffer | null {
  const machine = MACHINES[architecture]
  if (!machine) return null
  const program: Buffer[] = []
  const add = (code: number, value: number, ifTrue = 0, ifFalse = 0) => {
    const one = Buffer.alloc(8)
    one.writeUInt16LE(code, 0)
    one.writeUInt8(ifTrue, 2)
    one.writeUInt8(ifFalse, 3)
    one.writeUInt32LE(value, 4)
    program.push(one)
  }
  const load = (at: number) => add(0x20, at)
  const end = (value: number) => add(0x06, value)
  /** Skips `count` instructions unless the loaded value is `value`. */
  const unless = (value: number, count: number) => add(0x15, value, 0, count)
  const onlyIf = (value: number, count: number) => add(0x15, value, count, 0)
  load(AT.machine)
  onlyIf(machine.audit, 1)
  end(FAIL | ENOSYS)
  load(AT.call)
  add(0x35, 0x40000000, 0, 1) // x32
  end(FAIL | ENOSYS)
  for (const call of machine.refused) {
    unless(call, 1)
    end(FAIL | EPERM)
  }
  for (const [call, at] of machine.onProcess) {
    unless(call, 4)
    load(AT[at])
    unless(INIT, 1)
    end(FAIL | EPERM)
    end(ALLOW)
  }
  for (const [call, which] of machine.onWhich) {
    unless(call, 6)
    load(AT.first)
    unless(which, 3) // a whole group, or all of the user: the first process is among them
    load(AT.second)
    onlyIf(INIT, 1)
    end(ALLOW)
    end(FAIL | EPERM)
  }
  unless(machine.socket, FAMILIES.length + 3)
  load(AT.first)
  for (const [i, family] of FAMILIES.entries()) onlyIf(family, FAMILIES.length - i)
  end(FAIL | EAFNOSUPPORT)
  end(ALLOW)
  unless(machine.ioctl, 2 * TYPING.length + 1)
  load(AT.second)
  for (const what of TYPING) {
    unless(what, 1)
    end(FAIL | EPERM)
  }
  end(ALLOW)
  return Buffer.concat(program)
}
