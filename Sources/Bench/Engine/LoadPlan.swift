/// Everything a run needs, checked and rendered: what the engine executes. Made by the scenario's compiler.
///
/// The engine reads no files, names no units but these, and asks nobody: whatever can be decided before the first
/// request has been.
package struct LoadPlan: Sendable {
  package var endpoint: Endpoint
  /// All steps of all journeys; a step's index here is its identity in every result.
  package var steps: [StepPlan]
  package var journeys: [JourneyPlan]
  /// Where there are phases, theirs count and this says nothing.
  package var workload: Workload
  /// Parts with a load of their own, in the place of `workload` and what goes with it.
  package var phases: [PhasePlan] = []
  /// Iterations and requests intended before this time are counted apart and are in no figure.
  package var warmUp: Duration
  /// How long iterations that are under way may go on after the last arrival or the end of the hold.
  package var gracefulStop: Duration
  package var connectTimeout: Duration
  /// From the first byte sent to the end of the response.
  package var responseTimeout: Duration
  /// Seeds journey choice and think times; the same seed makes the same choices.
  package var seed: UInt64
  /// Threads that drive connections; at least 1.
  package var workers: Int
  /// Zero wakes for each arrival exactly; otherwise arrivals are sent at the next multiple of the tick, which costs
  /// less and shows as schedule lag.
  package var tick: Duration
  /// Open model: how arrivals are spread.
  package var arrivals: Arrivals
  /// Open model: what happens to an arrival that finds no place.
  package var overflow: Overflow
  /// Closed model: a user's iteration begins this long after the last one began, or at once when that took longer.
  package var pacing: ThinkTime
  /// Closed model: how many iterations there are at most; the run ends when they are done.
  package var iterationLimit: IterationLimit?
  /// Values that a user keeps: `CapturePlan.slot` and `ValueSource.slot` are below it.
  package var slotCount = 0
  /// What slots hold before anything is captured, by slot.
  package var initialValues: [Int: [UInt8]] = [:]
  package var feeds: [FeedPlan] = []
  /// Users send back the cookies that they are given. Every step has a `template` then.
  package var keepsCookies = false
  /// Keep every request and response: for a few, not for load.
  package var tracesExchanges = false
  package var transport = TransportPlan()

  package init(
    endpoint: Endpoint, steps: [StepPlan], journeys: [JourneyPlan], workload: Workload, warmUp: Duration = .zero,
    gracefulStop: Duration = .seconds(10), connectTimeout: Duration = .seconds(5),
    responseTimeout: Duration = .seconds(30), seed: UInt64 = 1, workers: Int = 1, tick: Duration = .zero,
    arrivals: Arrivals = .even, overflow: Overflow = .queue, pacing: ThinkTime = .none,
    iterationLimit: IterationLimit? = nil
  ) {
    self.endpoint = endpoint
    self.steps = steps
    self.journeys = journeys
    self.workload = workload
    self.warmUp = warmUp
    self.gracefulStop = gracefulStop
    self.connectTimeout = connectTimeout
    self.responseTimeout = responseTimeout
    self.seed = seed
    self.workers = workers
    self.tick = tick
    self.arrivals = arrivals
    self.overflow = overflow
    self.pacing = pacing
    self.iterationLimit = iterationLimit
  }
}

extension LoadPlan {
  /// Users ask again when they have been answered, so that a silent service is asked nothing.
  package var isClosed: Bool {
    if case .users = workload { true } else { false }
  }

  /// The most connections that a run has at a time.
  var connectionLimit: Int { workload.connections * lanes }
}

/// How the arrivals of an open model are spread over time.
package enum Arrivals: Sendable, Equatable {
  /// Each after the same share of the rate's integral.
  case even
  /// As visitors who know nothing of each other come; drawn from the run's seed.
  case poisson
}

/// What happens to an arrival that finds `maxInFlight` iterations under way.
package enum Overflow: Sendable, Equatable {
  /// It waits, and its waiting counts in its response time.
  case queue
  /// It never begins, and is counted as dropped.
  case drop
}

/// A bound on a closed model's iterations.
package enum IterationLimit: Sendable, Equatable {
  /// By all users together, whoever is free taking the next.
  case shared(Int)
  case perUser(Int)
}

/// Where the load goes.
package struct Endpoint: Sendable, Equatable {
  /// As written: a DNS name or an address without brackets.
  package var host: String
  package var port: UInt16
  package var tls: TLSPlan?
  package var family = AddressFamily.any
  package var connectTo: ConnectAddress?

  package init(host: String, port: UInt16, tls: TLSPlan? = nil) {
    self.host = host
    self.port = port
    self.tls = tls
  }
}

/// How TLS is spoken and its peer verified.
package struct TLSPlan: Sendable, Equatable {
  /// PEM file with the certificate authorities to trust instead of the system's.
  package var authorityFile: String?
  /// Accepts any certificate; reports say so.
  package var insecure: Bool
  /// A user's later connections take up the session of its last one, as a browser's do.
  package var resumes = true
  package var minimumVersion = TLSVersion.tls12
  package var maximumVersion = TLSVersion.tls13
  /// The name that is asked for (SNI) and that the certificate must be for; nil: the endpoint's host.
  package var serverName: String?

  package init(authorityFile: String? = nil, insecure: Bool = false) {
    self.authorityFile = authorityFile
    self.insecure = insecure
  }
}

/// One request of a journey, rendered to bytes.
package struct StepPlan: Sendable {
  /// Unique among the plan's steps.
  package var name: String
  /// The whole request as it goes on the wire: request line, headers, blank line, body.
  /// Empty when there is a `template`.
  package var request: [UInt8]
  /// For a request that differs from use to use; costs what precompiled bytes don't.
  package var template: RequestTemplate?
  /// When it is asked; always without one. At least one step of a journey has neither this nor a `while` loop.
  package var condition: StepCondition?
  /// Asked again, by a value that the user has by then.
  package var loop: StepLoop?
  /// Words of the author's that budgets select by.
  package var tags: [String: String] = [:]
  /// Bytes of a response, where they are stated.
  package var expectedResponseBytes: Double?
  /// Redirects within the same origin that are followed; each request of them is counted in this step, and the checks
  /// look at the last answer.
  package var redirectLimit = 0
  /// The response to HEAD has no body whatever its headers say.
  package var isHead: Bool
  /// Statuses that are no failure although they are 400 or above, because a check names them.
  package var acceptedStatuses: [StatusRange]
  package var checks: [CheckPlan]
  /// The pause after the response before the journey's next step.
  package var thinkTime: ThinkTime

  package init(
    name: String, request: [UInt8], isHead: Bool = false, acceptedStatuses: [StatusRange] = [],
    checks: [CheckPlan] = [], thinkTime: ThinkTime = .none, template: RequestTemplate? = nil
  ) {
    self.name = name
    self.request = request
    self.isHead = isHead
    self.acceptedStatuses = acceptedStatuses
    self.checks = checks
    self.thinkTime = thinkTime
    self.template = template
  }

  package var captures: [CapturePlan] {
    checks.compactMap { check in
      if case .captured(let capture) = check.subject { capture } else { nil }
    }
  }

  var measuredCaptures: Int { captures.count { $0.measuredAt != nil } }
}

extension StepPlan {
  /// The request's first bytes, its method among them.
  var opening: [UInt8] {
    guard let template else { return request }
    guard case .bytes(let bytes)? = template.head.first else { return [] }
    return bytes
  }

  /// The request asks for a body in another coding.
  var acceptsCoding: Bool {
    let name = Array("\naccept-encoding:".utf8)
    // Not its body, which may be long.
    let end = request.firstRange(of: [0x0D, 0x0A, 0x0D, 0x0A])?.upperBound ?? request.endIndex
    let heads = template.map { $0.head } ?? [.bytes(Array(request[..<end]))]
    return heads.contains { part in
      guard case .bytes(let bytes) = part else { return false }
      return bytes.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }.firstRange(of: name) != nil
    }
  }
}

package struct StatusRange: Sendable, Equatable {
  package var lowest: Int
  package var highest: Int

  package init(_ lowest: Int, _ highest: Int) {
    self.lowest = lowest
    self.highest = highest
  }

  package func contains(_ status: Int) -> Bool { status >= lowest && status <= highest }
}

package struct JourneyPlan: Sendable {
  package var name: String
  /// Relative to the other journeys' weights; above 0.
  package var weight: Double
  /// Indices into `LoadPlan.steps`, in order; at least one.
  package var steps: [Int]
  /// Feeds of which each iteration is given a row.
  package var feeds: [Int]
  /// In order, none overlapping another.
  package var groups: [ParallelGroup] = []

  package init(name: String, weight: Double, steps: [Int], feeds: [Int] = []) {
    self.name = name
    self.weight = weight
    self.steps = steps
    self.feeds = feeds
  }
}

/// Steps of a journey that are asked for at the same time. They follow each other in the journey, and none has a
/// condition or a loop. The pause after the group is its last step's.
package struct ParallelGroup: Sendable, Equatable {
  /// Position of the first in the journey's steps.
  package var first: Int
  /// At least 1.
  package var count: Int
  /// How many are under way at a time; at least 1.
  package var connections: Int

  package init(first: Int, count: Int, connections: Int) {
    self.first = first
    self.count = count
    self.connections = connections
  }

  package var positions: Range<Int> { first..<(first + count) }

  /// No more connections than steps.
  package var lanes: Int { min(connections, count) }
}

/// A pause, drawn for each use from the run's seeded generator.
package enum ThinkTime: Sendable, Equatable {
  case none
  case constant(Duration)
  case uniform(Duration, Duration)
  case exponential(mean: Duration)
  case logNormal(median: Duration, p95: Duration)

  /// No draw is shorter.
  package var shortest: Duration {
    switch self {
    case .none, .exponential, .logNormal: .zero
    case .constant(let time): time
    case .uniform(let least, _): least
    }
  }
}

/// How load is offered.
package enum Workload: Sendable, Equatable {
  /// Closed: virtual users who each start an iteration when the last one has ended. The number of users runs linearly
  /// from 0, or from the previous stage's target, to each stage's target.
  case users([Stage])
  /// Open: iterations that arrive on a schedule, whatever the service does. `Stage.target` is in arrivals a second.
  /// `maxInFlight` bounds the connections; arrivals beyond it wait, and their waiting counts.
  case rate([Stage], maxInFlight: Int)

  package struct Stage: Sendable, Equatable {
    package var duration: Duration
    /// Users, or arrivals a second, at the end of the stage.
    package var target: Double
    /// Jumps to the target at once rather than running there linearly.
    package var isStep: Bool

    package init(duration: Duration, target: Double, isStep: Bool = false) {
      self.duration = duration
      self.target = target
      self.isStep = isStep
    }
  }

  package var stages: [Stage] {
    switch self {
    case .users(let stages): stages
    case .rate(let stages, _): stages
    }
  }

  package var duration: Duration { stages.reduce(.zero) { $0 + $1.duration } }

  /// The highest number of users, or arrivals a second.
  package var peak: Double { stages.map(\.target).max() ?? 0 }
}
