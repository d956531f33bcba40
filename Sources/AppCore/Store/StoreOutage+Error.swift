package import AppDomain
import GRDB
import Postgres

extension StoreOutage {
  /// What an error of a store says of the store; nil for one that says nothing of it, such as a wrong statement.
  package init?(_ error: any Error) {
    switch error {
    case let error as DatabaseError:
      switch error.resultCode {
      case .SQLITE_FULL: self = .full
      case .SQLITE_BUSY, .SQLITE_LOCKED, .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_CANTOPEN, .SQLITE_IOERR,
        .SQLITE_NOMEM, .SQLITE_PROTOCOL:
        self = .away
      default: return nil
      }
    case let error as PostgresError:
      switch error.code {
      case .connect, .tls, .lost, .timeout, .uncertain, .busy, .closed: self = .away
      case .statement:
        guard let outage = error.sqlState.flatMap(Self.of(sqlState:)) else { return nil }
        self = outage
      case .urlInvalid, .answer: return nil
      }
    default: return nil
    }
  }

  /// Source: PostgreSQL manual, appendix A: 53100 (disk full), 25006 (read-only), classes 08 (connection), 53
  /// (insufficient resources), 57P (operator intervention), 58 (system error).
  private static func of(sqlState: String) -> StoreOutage? {
    if sqlState == "53100" { return .full }
    let isAway =
      ["08", "53", "57P", "58"].contains { sqlState.hasPrefix($0) } || ["25006", "55P03"].contains(sqlState)
    return isAway ? .away : nil
  }
}
