package import BenchEngine
package import BenchVerdict
package import Documents
package import Matching

/// A load test as its author wrote it, decoded and validated; templates are still to be filled in.
package struct Scenario: Sendable {
  /// What messages call the file; `command line` for the quick form.
  package var file: String
  package var name: String
  package var description: String?
  package var target: TargetURL?
  /// An IANA name, known to exist.
  package var timeZone: String
  package var variables: [String: String]
  package var headers: [HeaderTemplate]
  package var connectTimeout: Duration
  package var responseTimeout: Duration
  /// Of the first phase, where there are phases.
  package var load: Load
  /// In the place of one load.
  package var phases: [Phase] = []
  /// Asked once, before the load.
  package var setup: [Step] = []
  /// Asked once, after the load, however it ended.
  package var teardown: [Step] = []
  package var journeys: [Journey]
  /// The author's; `Budget.complete` adds what goes without saying.
  package var budgets: [PlacedBudget]
  package var data: [DataSource] = []
  /// Users send back the cookies that they are given.
  package var keepsCookies = false
  package var credentials: Credentials?
  /// That a step follows within the target.
  package var redirects = 0
  /// Bytes of a response, for the estimate of a hosted target's egress.
  package var expectedResponseBytes: Double?
  package var transport = Transport()

  package struct Load: Sendable, Equatable {
    package var shape: Shape
    /// From nothing to the whole, at the start.
    package var ramp: Duration
    /// At the whole.
    package var hold: Duration
    /// Of the time above; in no figure.
    package var warmUp: Duration
    package var gracefulStop: Duration
    package var seed: UInt64
    /// Open model.
    package var arrivals: Arrivals = .even
    /// Open model.
    package var overflow: Overflow = .queue
    /// Closed model.
    package var pacing: ThinkTime = .none
    /// Closed model.
    package var iterationLimit: IterationLimit?

    package enum Shape: Sendable, Equatable {
      case users(Int)
      /// Arrivals a second.
      case rate(Double, maxInFlight: Int)
      /// Users by stages, which take the place of ramp and hold; both are zero then.
      case userStages([Workload.Stage])
      /// Arrivals a second by stages, likewise.
      case rateStages([Workload.Stage], maxInFlight: Int)
    }
  }

  /// A part of the run with a load of its own.
  package struct Phase: Sendable {
    package var name: String
    package var position: DocumentPosition?
    package var start: Start
    package var load: Load
    /// Names; empty for all.
    package var journeys: [PlacedName]
    /// Its first request finds the service asleep; this holds once it is awake.
    package var wakes: Budget?

    package enum Start: Sendable {
      /// A duration, or an earlier phase's name; may hold placeholders. Nil for the run's beginning.
      case after(Template?)
      /// An earlier phase's name.
      case with(PlacedName)
    }
  }

  package struct PlacedName: Sendable {
    package var text: String
    package var position: DocumentPosition?
  }

  package struct Journey: Sendable {
    package var name: String
    package var weight: Double
    package var steps: [Step]
    /// Of all its steps.
    package var tags: [String: String] = [:]

    /// Of one iteration that goes through, loops left out.
    package var requestCount: Int { steps.reduce(0) { $0 + $1.repetitions } }
  }

  package struct Step: Sendable {
    /// Unique in its journey.
    package var name: String
    package var position: DocumentPosition?
    /// In capitals.
    package var method: String
    package var path: Template
    package var headers: [HeaderTemplate]
    package var body: Body?
    package var checks: [CheckTemplate]
    package var thinkTime: ThinkTime
    package var captures: [Capture] = []
    /// Instead of the scenario's.
    package var credentials: Credentials?
    /// Times in a row.
    package var repetitions = 1
    package var condition: Condition?
    package var loop: Loop?
    /// Instead of the scenario's.
    package var redirects: Int?
    /// Besides its journey's, which they override.
    package var tags: [String: String] = [:]
    /// Instead of the scenario's.
    package var expectedResponseBytes: Double?
    /// The group that it is asked for with; its steps follow each other, and the pause after it is its last's.
    package var parallel: Parallel?
  }

  /// Steps that are asked for at the same time.
  package struct Parallel: Sendable, Equatable {
    /// Of the group in its journey.
    package var number: Int
    package var connections: Int
  }

  /// The step again and again.
  package struct Loop: Sendable {
    package var kind: StepLoop.Kind
    package var condition: Condition
    package var atMost: Int
  }

  package enum Body: Sendable {
    case text(Template)
    case json(DocumentNode)
    /// As a browser sends a form.
    case form([Field])
    case multipart([Part])
    /// A file's bytes; relative to the scenario's folder.
    case file(String, position: DocumentPosition)
  }

  package struct Field: Sendable {
    package var name: String
    package var value: Template
  }

  /// Of a multipart body.
  package struct Part: Sendable {
    package var name: String
    package var content: Content
    package var position: DocumentPosition

    package enum Content: Sendable {
      case text(Template)
      /// Relative to the scenario's folder.
      case file(String)
    }

    /// Its media type; nil for a text that states none.
    package var type: Template?
    /// What a file is called instead of by its own name; nil for a text that is no file.
    package var fileName: Template?
  }

  /// `{{token}}`, `not {{token}}`, `{{role}} == admin`, `{{left}} > 0`.
  package struct Condition: Sendable {
    package var subject: Template
    package var position: DocumentPosition
    package var test: StepCondition.Test
  }

  package struct DataSource: Sendable {
    package var name: String
    /// Relative to the scenario's folder.
    package var file: String
    package var position: DocumentPosition
    package var order: FeedPlan.Order
  }

  /// A value that a response gives and later requests of the journey use.
  package struct Capture: Sendable {
    package var name: String
    package var position: DocumentPosition
    package var source: CapturePlan.Source
    /// Nothing there is no failure.
    package var isOptional = false
  }

  package enum Credentials: Sendable {
    case basic(user: Template, password: Template)
    case bearer(Template)
  }

  package struct PlacedBudget: Sendable {
    package var budget: Budget
    package var position: DocumentPosition?
  }

  /// The bounds of what a scenario may ask for.
  package enum Bounds {
    package static let users = 1...100_000
    package static let rate = 0.001...1_000_000.0
    package static let maxInFlight = 1...100_000
    package static let stages = 1...100
    package static let iterations = 1...1_000_000_000
    package static let journeys = 1...50
    package static let stepsPerJourney = 1...50
    package static let parallelSteps = 1...20
    /// A browser's to one host by HTTP/1.1.
    package static let parallelConnections = 1...6
    package static let redirects = 0...20
    /// Of one name.
    package static let headerLines = 50
    package static let repetitions = 1...1_000
    package static let phases = 1...20
    package static let tags = 20
    /// Of a response whose size is stated.
    package static let responseBytes = 0...1e12
    /// A file that is sent as a body.
    package static let bodyFile = 16 << 20
    /// Each has its histograms in every worker.
    package static let steps = 200
    package static let time: ClosedRange<Duration> = .zero ... .seconds(86_400)
    package static let timeout: ClosedRange<Duration> = .milliseconds(1) ... .seconds(600)
    package static let think: ClosedRange<Duration> = .zero ... .seconds(3_600)
  }
}

package struct HeaderTemplate: Sendable {
  package var name: String
  /// Nil takes away what would be sent otherwise.
  package var value: Template?
  /// Another line of the name that stands before it, instead of in its place.
  package var isFurther = false
}

/// A check whose expected value may still hold placeholders.
package struct CheckTemplate: Sendable {
  package var kind: Kind

  package enum Kind: Sendable {
    case status([StatusRange])
    /// `isText`: quoted without an operator, so that `"5"` is a text.
    case json(JSONPath, pathText: String, expected: Template, isText: Bool)
    case bodyContains(Template)
    case bodyMatches(BoundedRegex)
    case header(String, expected: Template, isText: Bool)
    /// `text`: as labels show it.
    case size(Comparison, Double, text: String)
    case duration(Comparison, Double, text: String)
  }
}
