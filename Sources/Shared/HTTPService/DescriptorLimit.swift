import Glibc

/// How many descriptors this process may have: running out of them ends it, for the runtime can't do without.
enum DescriptorLimit {
  /// What everything but connections needs: the store, transfers, timers, backups.
  static let reserve = 64

  /// Raises the soft limit to the hard one.
  /// - Returns: the limit that holds now.
  static func raise() -> Int {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 1_024 }
    if limit.rlim_cur < limit.rlim_max {
      var wanted = rlimit(rlim_cur: limit.rlim_max, rlim_max: limit.rlim_max)
      if setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &wanted) == 0 { limit = wanted }
    }
    return Int(clamping: min(limit.rlim_cur, 1 << 20))
  }

  /// How many connections fit below a limit: what is left after the reserve, at least an eighth where limits are tiny.
  static func connections(below limit: Int) -> Int { max(limit - reserve, limit / 8, 1) }
}
