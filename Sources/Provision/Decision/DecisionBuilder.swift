package import Evidence
package import Foundation
import Plans
import Statistics

/// Makes the document of a ruling: figures, signs, assumptions, flips.
package struct DecisionBuilder {
  let decider: Decider
  let ruling: Ruling
  let visits: VisitEvidence
  var inputs: DecisionInputs { decider.inputs }
  let capacity: CapacityEvidence
  let assessor: Assessor
  let question: Decision.Question?

  package init(_ inputs: DecisionInputs) {
    decider = Decider(inputs)
    ruling = decider.rule()
    visits = decider.visits
    capacity = CapacityEvidence(decider.inputs, scale: 1)
    assessor = decider.assessor()
    question = OwnerQuestion(decider, ruling).question
  }

  /// - Parameters:
  ///   - service: the URL to show, without secrets.
  ///   - alert: what a visit to the service found wrong; nobody is told to stay on a plan where it is down.
  ///   - notes: further assumptions, such as what a visit showed.
  package func decision(
    service: String?, build: BenchReport.Build, at date: Date, sources: [String], alert: String? = nil,
    notes: [String] = []
  ) -> Decision {
    var decision = Decision(
      outgrown: build, decidedAt: UTCInstant(date), service: service, alert: alert, verdict: ruling.verdict,
      headline: headline, reasons: reasons.filter { !$0.isEmpty }, candidate: ruling.chosen.map(candidate),
      now: now.map(candidate) ?? candidate(inputs.now, price: .zero), catalogue: inputs.catalogue.id, figures: figures,
      signs: Signs(self).all, assumptions: Assumptions(self).all + notes, missing: missing,
      flips: Flips(decider, ruling).all, notFixed: notFixed, considered: considered, sources: sources,
      question: question)
    if let alert, ruling.verdict != .upgrade { Self.suspend(&decision, alert) }
    decision.nextSteps = NextSteps(decision, stepContext).all
    return decision
  }

  /// Whatever the evidence says of its plans: a service that is down is mended first.
  private static func suspend(_ decision: inout Decision, _ alert: String) {
    decision.verdict = .inconclusive
    decision.headline = "while the service is down"
    decision.reasons.insert(alert, at: 0)
    decision.flips = []
    decision.question = nil
    decision.missing.insert(
      .init(
        what: "why the service is down", why: "what is down has not outgrown its plan, nor fits it",
        command: "outgrown monitor check \(decision.service ?? "URL")"), at: 0)
  }

  /// What would settle it, the owner's own word first.
  private var missing: [Decision.Missing] {
    let measured = ruling.needs.map(\.missing)
    guard let question, !measured.contains(where: { $0.command.contains(question.key) }) else { return measured }
    return [
      .init(
        what: "the owner's word on \(question.key)", why: "most answers to that question settle it",
        command: "\(question.key): … in \(inputs.names.values)")
    ] + measured
  }

  /// For `NextSteps`, as far as the inputs tell.
  package var stepContext: NextSteps.Context {
    var context = NextSteps.Context()
    context.pingEverySeconds = inputs.values.keepAwakeEverySeconds
    context.pinger = inputs.values.keepAwakeBy
    context.leftByPings = leftByPings
    context.timeZone = inputs.traffic?.timeZone
    let plans =
      inputs.catalogue.web.map { ($0.id, $0.name) } + inputs.catalogue.database.map { ($0.id, "Postgres \($0.name)") }
      + inputs.catalogue.cache.map { ($0.id, $0.name) }
    // A web plan's name wins: ids such as `free` are of several kinds.
    context.planNames = Dictionary(plans, uniquingKeysWith: { first, _ in first })
    return context
  }

  /// What is left of cold visits by the pinger that is to come, and by the one of each other kind.
  private var leftByPings: [PingerKind: Estimate] {
    let idle = inputs.catalogue.web(inputs.now.web)?.sleep?.idleSeconds ?? 900
    return Dictionary(
      uniqueKeysWithValues: PingerKind.allCases.map { kind in
        var values = inputs.values
        if kind != values.keepAwakeBy {
          values.keepAwakeBy = kind
          values.keepAwakeMiss = nil
          values.keepAwakeOutageHours = nil
        }
        let pings = PingBounds(values)
        return (
          kind, Estimate(pings.expected.silent(for: idle), pings.best.silent(for: idle), pings.worst.silent(for: idle))
        )
      })
  }

  var now: Assessment? { ruling.assessments.first { $0.deployment == inputs.now } }

  // MARK: Words

  private func words(_ deployment: Hosting) -> String { DeploymentWords(inputs).name(deployment) }

  private func candidate(_ assessment: Assessment) -> Decision.Candidate {
    candidate(assessment.deployment, price: assessment.price)
  }

  private func candidate(_ deployment: Hosting, price: Money) -> Decision.Candidate {
    Decision.Candidate(
      id: deployment.id, webPlan: deployment.web, databasePlan: deployment.database.text, cache: deployment.cache,
      keepAwake: deployment.keepAwake.text, monthlyCost: price.decimalText)
  }

  private var headline: String {
    guard let chosen = ruling.chosen else { return "no plan of \(inputs.catalogue.id) keeps every limit" }
    switch ruling.verdict {
    case .stay: return "on \(words(chosen.deployment))"
    case .upgrade: return upgradeHeadline(chosen)
    case .downgrade: return DeploymentWords(inputs).changes(to: chosen.deployment).joined(separator: ", ")
    case .inconclusive:
      guard
        let rival = ruling.rivals.first(where: { $0.deployment.web != chosen.deployment.web }) ?? ruling.rivals.first
      else { return "\(words(chosen.deployment)), as far as can be told" }
      return "between \(words(chosen.deployment)) (\(chosen.price)) and \(words(rival.deployment)) (\(rival.price))"
    }
  }

  private func upgradeHeadline(_ chosen: Assessment) -> String {
    var parts = DeploymentWords(inputs).changes(to: chosen.deployment)
    if let overage = assessor.egressOverage {
      parts.append("bandwidth beyond the allowance (\(overage.roundedToCents))")
    }
    return parts.isEmpty ? "\(words(chosen.deployment))" : parts.joined(separator: ", ")
  }

  private var reasons: [String] {
    guard let chosen = ruling.chosen else {
      return ruling.assessments.prefix(3).map { "\(words($0.deployment)): \(breaches($0))" }
    }
    switch ruling.verdict {
    case .stay:
      var reasons = [
        "every limit is kept" + (chosen.sleeps ? ", and what sleep costs is below the price of a paid plan" : "")
      ]
      if let cost = chosen.visitCost, chosen.sleeps, cost.upper > 0 {
        reasons.append(
          "affected visits cost \(Figure.dollars(cost.value)) a month, at most \(Figure.dollars(cost.upper))\(atMost)")
      }
      return reasons + saving
    case .downgrade:
      let saved = (now?.price ?? chosen.price) - chosen.price
      var reasons = ["\(words(chosen.deployment)) keeps every limit for certain, for \(saved) less a month"]
      reasons += chosen.checks.filter { [.capacity, .memory].contains($0.limit) }.map(\.remark)
      if let cost = chosen.visitCost, chosen.sleeps, cost.upper > 0 {
        reasons.append("affected visits cost at most \(Figure.dollars(cost.upper)) a month\(atMost)")
      }
      return reasons
    case .upgrade:
      let cheaper = ruling.assessments.filter { $0.price < chosen.price }
      return bandwidth + cheaper.prefix(3).map { why($0, against: chosen) }
    case .inconclusive:
      return ruling.needs.map { "\($0.what): \($0.why)" }
    }
  }

  /// What the bound of what visits cost takes for granted.
  private var atMost: String {
    let isKept = ruling.chosen?.outlook?.assumed != nil
    let isValued = inputs.values.valuePerColdVisit != nil
    let most = Figure.statedDollars(inputs.values.waitingValue.upper)
    return switch (isValued, isKept) {
    case (true, false): ""
    case (false, false): ", at up to \(most) each, as nobody said"
    case (true, true): ", were the pinger at its worst"
    case (false, true): ", at up to \(most) each or the pinger at its worst, not both"
    }
  }

  /// What every plan costs alike.
  private var bandwidth: [String] {
    guard let gigabytes = assessor.egressGigabytes, let workspace = assessor.workspace, assessor.egressOverage != nil
    else { return [] }
    return [
      "\(Figure.count(gigabytes)) GB are sent a month, \(Figure.bare(workspace.bandwidthGigabytes)) GB are free, whatever "
        + "the plan"
    ]
  }

  /// Who pays already may not need to.
  private var saving: [String] {
    guard let now, let cheapest = inputs.catalogue.web.min(by: { $0.monthly < $1.monthly }),
      cheapest.id != inputs.now.web
    else { return [] }
    var other = inputs
    other.now.web = cheapest.id
    let ruling = Decider(decider, inputs: other).rule()
    guard ruling.verdict == .stay, let chosen = ruling.chosen, chosen.price < now.price else { return [] }
    let web = inputs.catalogue.web(chosen.deployment.web)
    let isFit = web.map { assessor.capacity.isProven($0, cache: chosen.deployment.cache) } ?? false
    let isHeld = web.map(assessor.memory.fits) ?? false
    let unknown = [isFit ? nil : "capacity", isHeld ? nil : "memory"].compactMap(\.self)
    guard !unknown.isEmpty else { return [] }
    return [
      "\(words(chosen.deployment)) may do as well, for \(now.price - chosen.price) less a month: "
        + "\(unknown.joined(separator: " and ")) on it \(unknown.count == 1 ? "was" : "were") not measured "
        + "(bench plans --plans \(chosen.deployment.web))"
    ]
  }

  private func why(_ cheaper: Assessment, against chosen: Assessment) -> String {
    let name = words(cheaper.deployment)
    if cheaper.state == .breached { return "\(name): \(breaches(cheaper))" }
    guard let cost = cheaper.cost else { return "\(name): dearer" }
    let least = cost.lower - cheaper.price.dollars
    let added = chosen.price - cheaper.price
    guard least <= added.dollars else {
      return
        "\(name): affected visits cost at least \(Figure.dollars(least)) a month, more than the \(added) that end them"
    }
    return "\(name): affected visits cost \(Figure.dollars(cost.value - cheaper.price.dollars)) a month, at least "
      + "\(Figure.dollars(least)), and \(added) end them"
  }

  private func breaches(_ assessment: Assessment) -> String {
    assessment.checks.filter { $0.state == .breached }.map(\.remark).joined(separator: "; ")
  }

  private var notFixed: [String] {
    guard let chosen = ruling.chosen else { return [] }
    var list: [String] = []
    if let web = inputs.catalogue.web(chosen.deployment.web), web.sleep == nil {
      list.append("slow answers of the service itself: \(web.name) is only as fast as its CPU share")
      if inputs.now.database == .plan("free"), chosen.deployment.database == inputs.now.database {
        list.append("the free database's expiry")
      }
      if inputs.now.database == .none { list.append("files on the service's own disk, which each deploy clears") }
    } else {
      if ruling.verdict == .downgrade {
        list.append("what it does by itself while nobody visits, such as alerts and scraping: it sleeps then")
      }
      switch chosen.deployment.keepAwake {
      case .none: break
      case .always, .duty:
        list.append("pings that don't come: who visits then still waits for the wake")
        list.append("restarts and deploys, which a free plan does at any time")
      }
    }
    if assessor.egressOverage != nil { list.append("bandwidth: it is the workspace's, whatever the web plan") }
    return list
  }

  // MARK: Figures

  private var figures: [Decision.Figure] {
    let before = now?.outlook
    let after = ruling.chosen?.outlook
    let basis = before?.basis ?? .assumed
    func figure(
      _ name: Decision.Figure.Name, limit: Double?, _ value: (SleepOutlook) -> Estimate
    ) -> Decision.Figure {
      Decision.Figure(
        name: name, now: before.map { value($0).told(as: basis) }, then: after.map { value($0).told(as: basis) },
        limit: limit,
        basis: visits.basis)
    }
    var list = [
      figure(.affectedShare, limit: inputs.values.maxAffected) { $0.share },
      figure(.affectedVisitsPerMonth, limit: nil) { $0.affectedPerMonth },
      figure(.visitsPerMonth, limit: nil) { $0.visitsPerMonth },
      figure(.hoursPerMonth, limit: pooledHours) { outlook in
        // Pings that come use up all that they may.
        let most = max(outlook.hours.upper, outlook.hoursAtMost.value)
        return Estimate(outlook.hours.value, outlook.hours.lower, most)
      },
    ]
    list.append(
      Decision.Figure(
        name: .costPerMonth, now: now?.cost?.told(as: basis), then: ruling.chosen?.cost?.told(as: basis), limit: nil,
        basis:
          "prices of \(inputs.catalogue.id); \(Figure.statedDollars(inputs.values.waitingValue.value)) an affected visit"
      )
    )
    if inputs.values.clientTimeLimitSeconds != nil {
      list.append(
        Decision.Figure(
          name: .failedVisitsPerMonth, now: before?.failedPerMonth?.told(as: basis),
          then: after?.failedPerMonth?.told(as: basis), limit: nil, basis: visits.basis))
    }
    if let peak = assessor.memory.peakMegabytes {
      list.append(
        Decision.Figure(
          name: .memoryPeakMegabytes, now: Estimate(exactly: peak, basis: .measured), then: nil,
          limit: ruling.chosen.flatMap { inputs.catalogue.web($0.deployment.web)?.memoryMegabytes }.map(Double.init),
          basis: assessor.memory.source))
    }
    list.append(capacityFigure)
    if let peak = capacity.peak {
      list.append(
        Decision.Figure(
          name: .peak, now: Estimate(exactly: peak, basis: capacity.isPeakCounted ? .counted : .modelled), then: nil,
          limit: nil,
          basis: capacity.isPeakCounted ? "busiest minute, \(inputs.names.traffic)" : "ten times the busiest hour"))
    }
    if let gigabytes = assessor.egressGigabytes {
      list.append(
        Decision.Figure(
          name: .egressGigabytesPerMonth, now: Estimate(exactly: gigabytes, basis: .counted), then: nil,
          limit: assessor.workspace?.bandwidthGigabytes, basis: inputs.names.traffic))
    }
    return list
  }

  private var pooledHours: Double? {
    inputs.catalogue.web(inputs.now.web)?.sleep?.pooledHoursPerMonth
  }

  private var capacityFigure: Decision.Figure {
    let before = inputs.catalogue.web(inputs.now.web).flatMap { capacity.known($0, cache: inputs.now.cache) }
    let after = ruling.chosen.flatMap { chosen in
      inputs.catalogue.web(chosen.deployment.web).flatMap { capacity.known($0, cache: chosen.deployment.cache) }
    }
    let check = ruling.chosen?.checks.first { $0.limit == .capacity }
    return Decision.Figure(
      name: .capacity, now: before?.estimate, then: after?.estimate, limit: capacity.peak,
      basis: check?.remark ?? peakRemark)
  }

  /// Where no plan was chosen that would tell.
  private var peakRemark: String {
    guard let peak = capacity.peak else { return "not measured; no peak is known" }
    let shown = "a peak of \(Figure.bare(peak)) req/s"
    return ruling.chosen == nil ? "no plan both carries \(shown) and keeps the other limits" : shown
  }

  private var considered: [Decision.Considered] {
    var seenDuty = false
    return ruling.assessments.filter { assessment in
      // Of the many duty hours the best one is enough.
      guard case .duty = assessment.deployment.keepAwake, assessment.deployment != ruling.chosen?.deployment else {
        return true
      }
      defer { seenDuty = true }
      return !seenDuty
    }.map { assessment in
      Decision.Considered(
        candidate: candidate(assessment), state: assessment.state,
        costPerMonth: assessment.cost?.told(as: assessment.outlook?.basis ?? .assumed),
        affectedShare: assessment.outlook?.share.told(as: assessment.outlook?.basis ?? .assumed),
        remarks: assessment.checks.filter { $0.state != .clear }.map(\.remark))
    }
  }
}
