package import Testing

/// Gives each test a database of its own on the process' PostgreSQL: `PostgresDatabase.current`.
package struct PostgresTrait: SuiteTrait, TestTrait, TestScoping {
  package let isRecursive = true

  package func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    guard testCase != nil else { return try await function() }
    try await PostgresServer.shared().withDatabase { database in
      try await PostgresDatabase.$current.withValue(database) { try await function() }
    }
  }
}

extension Trait where Self == PostgresTrait {
  /// A database of its own; the test is skipped where PostgreSQL is not installed (`scripts/setup test` installs it).
  package static var postgres: PostgresTrait { PostgresTrait() }
}

extension Trait where Self == ConditionTrait {
  /// For a test or suite that needs PostgreSQL's programs.
  package static var postgresIsInstalled: ConditionTrait {
    .enabled(if: PostgresServer.programs != nil, "PostgreSQL is not installed: scripts/setup test")
  }
}
