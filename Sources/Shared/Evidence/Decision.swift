package import Statistics

/// What `outgrown decide` came to: `schemas/decision.schema.json`, explained in `docs/decision.md`.
package struct Decision: EvidenceDocument, Equatable {
  package static let schema = SchemaStamp(name: "outgrown-decision", version: 1)

  package private(set) var schema = Self.schema
  package var outgrown: BenchReport.Build
  package var decidedAt: UTCInstant
  /// The service's URL without user, password and query; null when none was given.
  @Nullable package var service: String?
  /// What is to be known before the answer, such as a service that is down; null for nothing.
  @Nullable package var alert: String?
  package var verdict: Verdict
  /// The answer in a line, without the verdict's word.
  package var headline: String
  /// What to do now, in this order; the last tells how to say whether it was right.
  package var nextSteps: [Step]
  /// Why, in sentences, the deciding one first.
  package var reasons: [String]
  /// What to run; for INCONCLUSIVE the one that looks best so far, null when nothing can be told.
  @Nullable package var candidate: Candidate?
  /// Where the service is.
  package var now: Candidate
  package var catalogue: String
  package var figures: [Figure]
  package var signs: [Sign]
  /// What was taken for granted, in sentences.
  package var assumptions: [String]
  /// What would settle an INCONCLUSIVE, the cheapest first; empty otherwise.
  package var missing: [Missing]
  /// The one thing that the owner can say to settle an INCONCLUSIVE; nil where a measurement is missing, and in documents
  /// of before it was asked.
  package var question: Question?
  /// What would change the answer, the nearest first.
  package var flips: [Flip]
  /// What the candidate does not mend.
  package var notFixed: [String]
  /// Every candidate that was weighed, the best first.
  package var considered: [Considered]
  /// Evidence files without their folders.
  package var sources: [String]

  package init(
    outgrown: BenchReport.Build, decidedAt: UTCInstant, service: String?, alert: String? = nil, verdict: Verdict,
    headline: String, nextSteps: [Step] = [], reasons: [String], candidate: Candidate?, now: Candidate,
    catalogue: String, figures: [Figure], signs: [Sign],
    assumptions: [String], missing: [Missing], flips: [Flip], notFixed: [String], considered: [Considered],
    sources: [String], question: Question? = nil
  ) {
    self.outgrown = outgrown
    self.decidedAt = decidedAt
    self.service = service
    self.alert = alert
    self.verdict = verdict
    self.headline = headline
    self.nextSteps = nextSteps
    self.reasons = reasons
    self.candidate = candidate
    self.now = now
    self.catalogue = catalogue
    self.figures = figures
    self.signs = signs
    self.assumptions = assumptions
    self.missing = missing
    self.question = question
    self.flips = flips
    self.notFixed = notFixed
    self.considered = considered
    self.sources = sources
  }

  package enum Verdict: String, Codable, Sendable, CaseIterable {
    case stay = "STAY"
    case upgrade = "UPGRADE"
    /// A cheaper plan keeps every limit for certain.
    case downgrade = "DOWNGRADE"
    case inconclusive = "INCONCLUSIVE"
  }

  /// A deployment that the service could have.
  package struct Candidate: Codable, Sendable, Equatable {
    /// Such as `free+awake`, `starter`, `free+basic-256mb`.
    package var id: String
    package var webPlan: String
    /// A plan of the catalogue, `none` or `external`; null when nobody said.
    @Nullable package var databasePlan: String?
    /// A plan of the catalogue; null for no cache.
    @Nullable package var cache: String?
    /// `always`, hours such as `07:00-22:00`, or null.
    @Nullable package var keepAwake: String?
    /// Dollars, as decimal text.
    package var monthlyCost: String

    package init(
      id: String, webPlan: String, databasePlan: String?, cache: String?, keepAwake: String?, monthlyCost: String
    ) {
      self.id = id
      self.webPlan = webPlan
      self.databasePlan = databasePlan
      self.cache = cache
      self.keepAwake = keepAwake
      self.monthlyCost = monthlyCost
    }

    private enum CodingKeys: String, CodingKey {
      case id, cache
      case webPlan = "web_plan"
      case databasePlan = "database_plan"
      case keepAwake = "keep_awake"
      case monthlyCost = "monthly_cost"
    }
  }

  /// One line of the answer: what is, and what it would become.
  package struct Figure: Codable, Sendable, Equatable {
    package var name: Name
    /// Null where nothing is known.
    @Nullable package var now: Estimate?
    @Nullable package var then: Estimate?
    /// Null where there is none.
    @Nullable package var limit: Double?
    /// In words: `counted, access.log, 14 days`.
    package var basis: String

    package init(name: Name, now: Estimate?, then: Estimate?, limit: Double?, basis: String) {
      self.name = name
      self.now = now
      self.then = then
      self.limit = limit
      self.basis = basis
    }

    package enum Name: String, Codable, Sendable, CaseIterable {
      /// 0...1.
      case affectedShare = "affected_share"
      case affectedVisitsPerMonth = "affected_visits_per_month"
      case visitsPerMonth = "visits_per_month"
      /// Running hours of a month of 31 days.
      case hoursPerMonth = "hours_per_month"
      /// Requests a second.
      case capacity
      case peak
      case egressGigabytesPerMonth = "egress_gb_per_month"
      /// Prices and what affected visits cost, dollars a month.
      case costPerMonth = "cost_per_month"
      /// Of the affected visits, those whose client gave up before the service was awake.
      case failedVisitsPerMonth = "failed_visits_per_month"
      /// Megabytes at most.
      case memoryPeakMegabytes = "memory_peak_mb"
    }
  }

  /// One of the scaling guide's signs.
  package struct Sign: Codable, Sendable, Equatable {
    package var id: ID
    package var state: State
    /// What was found, in a sentence with its figures.
    package var finding: String
    package var threshold: String
    /// The figure that the threshold is about; null when it was not measured or is no number.
    @Nullable package var figure: Estimate?
    /// File or `assumed`; null when nothing tells.
    @Nullable package var source: String?

    package init(id: ID, state: State, finding: String, threshold: String, figure: Estimate?, source: String?) {
      self.id = id
      self.state = state
      self.finding = finding
      self.threshold = threshold
      self.figure = figure
      self.source = source
    }

    package enum ID: String, Codable, Sendable, CaseIterable {
      case sleep = "sleep_affects_users"
      case traffic = "high_traffic"
      case data = "data_loss"
      case scraping = "more_frequent_scraping"
      case features = "advanced_features"
    }

    package enum State: String, Codable, Sendable, CaseIterable {
      /// Crossed under the deployment as it is now.
      case shows
      case clear
      /// Not known well enough.
      case open
      /// Nobody said what it depends on.
      case notTold = "not_told"
    }
  }

  package struct Missing: Codable, Sendable, Equatable {
    package var what: String
    /// What depends on it.
    package var why: String
    /// What to run or to say.
    package var command: String

    package init(what: String, why: String, command: String) {
      self.what = what
      self.why = why
      self.command = command
    }
  }

  /// What only the owner knows and the answer depends on.
  package struct Question: Codable, Sendable, Equatable {
    /// In a sentence that ends with a question mark.
    package var text: String
    /// The key of `values.yaml`, or the option, that answers it.
    package var key: String
    /// Where the answer changes, in the key's unit; nil where it is no number.
    package var border: Double?

    package init(text: String, key: String, border: Double? = nil) {
      self.text = text
      self.key = key
      self.border = border
    }
  }

  package struct Flip: Codable, Sendable, Equatable {
    /// What the answer becomes, such as `UPGRADE web to Starter ($7)`.
    package var to: String
    /// When, such as `once a second service shares the workspace`.
    package var when: String
    /// What changes: `traffic`, `value_per_cold_visit`, `services`, `keep_awake`, …
    package var parameter: String
    /// Its value at the change; null where it is no number.
    @Nullable package var value: Double?

    package init(to: String, when: String, parameter: String, value: Double?) {
      self.to = to
      self.when = when
      self.parameter = parameter
      self.value = value
    }
  }

  package struct Considered: Codable, Sendable, Equatable {
    package var candidate: Candidate
    package var state: State
    /// Prices and what affected visits cost, dollars a month; null where visits are not known.
    @Nullable package var costPerMonth: Estimate?
    @Nullable package var affectedShare: Estimate?
    /// Of the limits that it breaches or may breach, in phrases.
    package var remarks: [String]

    package init(
      candidate: Candidate, state: State, costPerMonth: Estimate?, affectedShare: Estimate?, remarks: [String]
    ) {
      self.candidate = candidate
      self.state = state
      self.costPerMonth = costPerMonth
      self.affectedShare = affectedShare
      self.remarks = remarks
    }

    package enum State: String, Codable, Sendable, CaseIterable {
      /// Every limit is kept.
      case clear
      /// A limit may be breached.
      case open
      case breached
    }

    private enum CodingKeys: String, CodingKey {
      case candidate, state, remarks
      case costPerMonth = "cost_per_month"
      case affectedShare = "affected_share"
    }
  }

  private enum CodingKeys: String, CodingKey {
    case schema, outgrown, service, alert, verdict, headline, reasons, candidate, now, catalogue, figures, signs
    case assumptions, missing, question, flips, considered, sources
    case decidedAt = "decided_at"
    case nextSteps = "next_steps"
    case notFixed = "not_fixed"
  }
}

extension Decision: BoundedDocument {
  /// The bounds that the schema states and the types don't.
  package func checkBounds() throws(EvidenceError) {
    for figure in figures {
      try bound("figures", nonNegative: figure.now.bounds + figure.then.bounds + [figure.limit])
    }
    for candidate in [candidate, now].compactMap(\.self) + considered.map(\.candidate) {
      try bound("monthly_cost", candidate.monthlyCost.wholeMatch(of: Self.amount) != nil)
    }
    for entry in considered {
      try bound("considered", nonNegative: entry.costPerMonth.bounds + entry.affectedShare.bounds)
    }
    try bound("question.border", nonNegative: [question?.border])
    for sign in signs { try bound("signs", nonNegative: sign.figure.bounds) }
  }

  /// Dollars as decimal text.
  private static var amount: Regex<Substring> { /[0-9]{1,9}(?:\.[0-9]{1,9})?/ }
}
