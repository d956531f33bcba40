package import AppStore
package import Postgres
package import Terminal

extension StoreError: ExitStating {
  package var exitStatus: ExitStatus {
    switch code {
    case .urlInvalid, .notScratch: .invalidConfiguration
    case .cannotOpen, .failed, .schemaTooNew, .halfCopied, .backupFailed: .unavailable
    case .copyRefused, .differs: .badData
    }
  }
}

extension PostgresError: ExitStating {
  package var exitStatus: ExitStatus { code == .urlInvalid ? .invalidConfiguration : .unavailable }
}

/// What a database's error means to whoever runs a command.
enum StoreFailure {
  /// As `CommandFailure.sayAndCode`.
  @Sendable static func sayAndCode(_ error: any Error) -> Int32 {
    CommandFailure.sayAndCode(StoreError.explaining(error) ?? error)
  }
}
