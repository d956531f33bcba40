import Glibc

/// Runs a command to its end, also one that leaves a server behind: Foundation's `Process` waits for that too, since the
/// server inherits what it watches.
enum ShellCommand {
  /// Blocks.
  /// - Returns: the exit status, 128 and more for a signal; nil when it could not be started.
  static func run(_ arguments: [String], in directory: String) -> Int32? {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    var pid = pid_t()
    // A server that stays must not hold the descriptors of this process' other tests open.
    let closing = "for d in /proc/$$/fd/*; do n=${d##*/}; [ $n -gt 2 ] && eval \"exec $n>&-\"; done; cd \"$1\" && shift"
    let wrapped = ["/bin/bash", "-c", closing + "; exec \"$@\"", "sh", directory] + arguments
    let copies = wrapped.map { strdup($0) } + [nil]
    defer { for copy in copies { free(copy) } }
    guard posix_spawn(&pid, "/bin/bash", &actions, nil, copies, environ) == 0 else { return nil }
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0 { guard errno == EINTR else { return nil } }
    return status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
  }
}
