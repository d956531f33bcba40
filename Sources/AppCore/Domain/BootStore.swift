/// Where the service keeps its own runs, so that sleep, deployments and crashes can be told apart afterwards.
package protocol BootStore: Sendable {
  /// Adds a run, or brings it up to date; keeps the newest `ServiceBoot.kept`.
  func record(_ boot: ServiceBoot) async throws

  /// The newest runs, the newest first.
  func boots(limit: Int) async throws -> [ServiceBoot]
}

/// One run of the service's process. Times are seconds since 1970.
package struct ServiceBoot: Sendable, Equatable {
  /// How many runs are kept.
  package static let kept = 1_000

  package var id: String
  package var startedAt: Double
  /// The last request before this run, of the runs that the store knows.
  package var previousInboundAt: Double?
  package var lastInboundAt: Double?
  package var firstRequest: FirstRequest?
  /// It was asked to stop, and did.
  package var stoppedAt: Double?

  package init(
    id: String, startedAt: Double, previousInboundAt: Double? = nil, lastInboundAt: Double? = nil,
    firstRequest: FirstRequest? = nil, stoppedAt: Double? = nil
  ) {
    self.id = id
    self.startedAt = startedAt
    self.previousInboundAt = previousInboundAt
    self.lastInboundAt = lastInboundAt
    self.firstRequest = firstRequest
    self.stoppedAt = stoppedAt
  }

  /// Who came first: on a plan that sleeps, who woke it.
  package struct FirstRequest: Sendable, Equatable {
    package var at: Double
    package var client: RequestClient
    /// Without its query, at most 200 characters.
    package var path: String

    package init(at: Double, client: RequestClient, path: String) {
      self.at = at
      self.client = client
      self.path = String(path.prefix(200))
    }
  }
}

/// What kind of client sent a request, by its User-Agent.
package enum RequestClient: String, Sendable, CaseIterable {
  case browser
  /// An app or a script: somebody's own.
  case program
  /// A crawler.
  case bot
  /// An uptime monitor or a keep-awake ping, from outside: it resets a platform's idle clock.
  case monitor
  /// The load of `outgrown bench`: it resets a platform's idle clock like anybody, and visits nobody.
  case load
  /// The platform's own health check, which does not.
  case platform

  /// A person waits for the answer.
  package var isVisitor: Bool { self == .browser || self == .program }
}
