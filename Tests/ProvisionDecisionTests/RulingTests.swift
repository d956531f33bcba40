import Evidence
import Foundation
import Plans
import Statistics
import Testing

@testable import ProvisionDecision

@Suite struct RulingTests {
  @Test("busy enough never to sleep by day, and no limit breached: stay as it is")
  func stayAsIs() throws {
    let decision = Evidences.decision(
      try Evidences.inputs {
        $0.maxAffected = 1; $0.valuePerColdVisit = 0.0001
      })
    #expect(decision.verdict == .stay && decision.candidate?.id == "free" && decision.candidate?.monthlyCost == "0")
  }

  @Test("sleep breaches the limit, pings mend it: stay, kept awake")
  func stayAwake() throws {
    let decision = Evidences.decision(try Evidences.inputs())
    #expect(decision.verdict == .stay && decision.candidate?.keepAwake == "always")
    #expect(decision.signs.first?.state == .shows)
  }

  @Test("pings refused: upgrade, because of the limit")
  func upgrade() throws {
    let decision = Evidences.decision(try Evidences.inputs { $0.keepAwakeIsAllowed = false })
    #expect(decision.verdict == .upgrade && decision.candidate?.webPlan == "starter")
    #expect(decision.candidate?.monthlyCost == "7")
    #expect(decision.reasons.first?.contains("over 5 %") == true)
  }

  @Test("a visit's value alone upgrades, once its lower bound beats the price but for a dollar")
  func value() throws {
    let inputs = try Evidences.inputs {
      $0.maxAffected = 1; $0.keepAwakeIsAllowed = false
    }
    let builder = DecisionBuilder(inputs)
    let affected = try #require(builder.now?.outlook?.affectedPerMonth)
    func verdict(_ value: Double) -> Decision.Verdict {
      var changed = inputs
      changed.values.valuePerColdVisit = value
      return Decider(changed).decide().verdict
    }
    // A dollar a month is of no matter, to either side; of two that are as good, what is expected to cost less.
    #expect(verdict(7.1 / affected.lower) == .upgrade)
    #expect(verdict(7.05 / affected.value) == .upgrade && verdict(6.9 / affected.value) == .stay)
    #expect(verdict(7.9 / affected.upper) == .stay)
    let short = try Evidences.inputs(days: 2) {
      $0.maxAffected = 1; $0.keepAwakeIsAllowed = false
    }
    let few = try #require(DecisionBuilder(short).now?.outlook?.affectedPerMonth)
    func verdictOfTwoDays(_ value: Double) -> Decision.Verdict {
      var changed = short
      changed.values.valuePerColdVisit = value
      return Decider(changed).decide().verdict
    }
    #expect(verdictOfTwoDays(6.1 / few.lower) == .upgrade && verdictOfTwoDays(5.9 / few.lower) == .inconclusive)
    #expect(verdictOfTwoDays(7.9 / few.upper) == .stay && verdictOfTwoDays(8.1 / few.upper) == .inconclusive)
  }

  @Test("nothing known of visits: inconclusive, and the log is what is missing")
  func nothing() throws {
    let decision = Evidences.decision(try Evidences.inputs(perDay: nil))
    #expect(decision.verdict == .inconclusive)
    #expect(decision.missing.first?.command.contains("--log") == true)
  }

  @Test("two days of log don't settle what two weeks do")
  func shortLog() throws {
    let value: (inout OwnerValues) -> Void = {
      $0.maxAffected = 1; $0.keepAwakeIsAllowed = false; $0.valuePerColdVisit = 0.009
    }
    let long = Decider(try Evidences.inputs(values: value)).rule()
    let short = Decider(try Evidences.inputs(days: 2, values: value)).rule()
    #expect(long.verdict != .inconclusive && short.verdict == .inconclusive)
    #expect(short.needs.contains { $0.what == "more days of the access log" })
  }

  @Test("kept awake, a second service is one too many; how long it runs matters otherwise")
  func services() throws {
    let stated = try Evidences.inputs(services: 2) { $0.otherServiceHours = 100 }
    let ruling = Decider(stated).rule()
    #expect(ruling.assessments.first { $0.deployment.id == "free+awake" }?.state == .breached)
    let unsaid = Decider(try Evidences.inputs(services: 2))
    #expect(unsaid.rule().verdict == .inconclusive)
    #expect(unsaid.rule().needs.first?.command.hasPrefix("other_service_hours") == true)
    let one = Evidences.decision(try Evidences.inputs())
    #expect(one.flips.contains { $0.parameter == "services" && $0.value == 2 })
  }

  @Test(
    "precious data moves the database off a plan that expires, and off a disk that is cleared",
    arguments: [Hosting.Database.plan("free"), .none])
  func data(database: Hosting.Database) throws {
    let now = Hosting(web: "free", database: database)
    let decision = Evidences.decision(try Evidences.inputs(now: now) { $0.data = .precious })
    #expect(decision.verdict == .upgrade && decision.candidate?.databasePlan == "basic-256mb")
    #expect(decision.candidate?.webPlan == "free" && decision.candidate?.monthlyCost == "6.3")
    #expect(decision.signs.first { $0.id == .data }?.state == .shows)
  }

  @Test("where precious data is kept has to be said; elsewhere is as good")
  func dataUnsaid() throws {
    let unsaid = Evidences.decision(try Evidences.inputs { $0.data = .precious })
    #expect(unsaid.verdict == .inconclusive && unsaid.missing.first?.command.contains("--database") == true)
    let elsewhere = try Evidences.inputs(now: Hosting(web: "free", database: .external)) { $0.data = .precious }
    #expect(Evidences.decision(elsewhere).verdict == .stay)
  }

  @Test("capacity that was not measured blocks only where the peak could matter")
  func capacity() throws {
    var inputs = try Evidences.inputs {
      $0.indexRemedy = .applied; $0.cacheRemedy = .applied
    }
    #expect(Evidences.decision(inputs).verdict == .stay)
    inputs.traffic?.peak?.requestsPerSecondInBusiestMinute = 20
    let open = Evidences.decision(inputs)
    #expect(open.verdict == .inconclusive && open.missing.contains { $0.command.contains("bench plans") })
    inputs.plans = Evidences.plans(["free": 50, "starter": 200])
    #expect(Evidences.decision(inputs).verdict == .stay)
    inputs.plans = Evidences.plans(["free": 12, "starter": 200])
    let upgrade = Evidences.decision(inputs)
    #expect(upgrade.verdict == .upgrade && upgrade.candidate?.webPlan == "starter")
    #expect(upgrade.signs.first { $0.id == .traffic }?.state == .shows)
    inputs.plans = Evidences.plans(["free": 12, "starter": 15, "standard": 60])
    #expect(Evidences.decision(inputs).candidate?.webPlan == "standard")
  }

  @Test("a plan on which no rate was held is breached, whatever the peak")
  func noRateHeld() throws {
    var inputs = try Evidences.inputs { $0.cacheRemedy = .applied }
    inputs.traffic?.peak?.requestsPerSecondInBusiestMinute = 1
    inputs.plans = Evidences.plans(["free": 12, "starter": 200])
    inputs.plans?.plans[0].capacity = nil
    let decision = Evidences.decision(inputs)
    #expect(decision.verdict == .upgrade && decision.candidate?.webPlan == "starter")
    #expect(decision.reasons.first?.contains("no rate held") == true)
    inputs.traffic?.peak = nil
    #expect(Evidences.decision(inputs).considered.first { $0.candidate.id == "free" }?.state == .breached)
  }

  @Test("a plan that was not measured is judged by the one that was")
  func scaledCapacity() throws {
    var inputs = try Evidences.inputs { $0.cacheRemedy = .applied }
    inputs.traffic?.peak?.requestsPerSecondInBusiestMinute = 2.8
    inputs.plans = Evidences.plans(["free": 0.3])
    // Starter has five times the CPU: 0.75 to 3.3 req/s.
    let open = Evidences.decision(inputs)
    #expect(open.verdict == .inconclusive)
    #expect(open.missing.contains { $0.what == "capacity on Starter" && $0.command.contains("starter") })
    inputs.plans = Evidences.plans(["free": 0.1])
    #expect(Evidences.decision(inputs).considered.first { $0.candidate.id == "starter" }?.state == .breached)
    inputs.plans = Evidences.plans(["free": 2.5])
    let clear = Evidences.decision(inputs)
    #expect(clear.verdict == .upgrade && clear.candidate?.webPlan == "starter")
  }

  @Test("dearer plans are weighed until one carries the peak")
  func dearer() throws {
    var inputs = try Evidences.inputs { $0.cacheRemedy = .applied }
    inputs.traffic?.peak?.requestsPerSecondInBusiestMinute = 90
    inputs.plans = Evidences.plans(["free": 1, "starter": 5, "standard": 10, "pro": 20, "pro plus": 100])
    let decision = Evidences.decision(inputs)
    #expect(decision.verdict == .upgrade && decision.candidate?.webPlan == "pro plus", "\(decision.headline)")
    inputs.traffic?.peak?.requestsPerSecondInBusiestMinute = 1e9
    let none = Evidences.decision(inputs)
    #expect(none.candidate == nil)
    #expect(none.figures.first { $0.name == .capacity }?.basis.contains("no peak is known") == false)
  }

  @Test("a cache that nobody tried blocks an upgrade for capacity, and settles it once measured")
  func cache() throws {
    var inputs = try Evidences.inputs()
    inputs.traffic?.peak?.requestsPerSecondInBusiestMinute = 20
    inputs.plans = Evidences.plans(["free": 12, "starter": 200])
    let open = Evidences.decision(inputs)
    #expect(open.verdict == .inconclusive && open.missing.contains { $0.what == "capacity with the cache on" })
    inputs.plansWithCache = Evidences.plans(["free": 100])
    let mended = Evidences.decision(inputs)
    #expect(mended.verdict == .stay && mended.candidate?.cache == "free")
  }

  @Test("more bytes than the allowance cost money, whatever the plan")
  func egress() throws {
    var inputs = try Evidences.inputs()
    inputs.traffic?.egressBytesPerMonth = 8.2e9
    let decision = Evidences.decision(inputs)
    #expect(decision.verdict == .upgrade && decision.candidate?.webPlan == "free")
    #expect(decision.candidate?.monthlyCost == "0.6" && decision.headline.contains("bandwidth"))
  }

  @Test("scraping every hour and alerts at night need it awake")
  func schedules() throws {
    let scraping = try Evidences.inputs {
      $0.maxAffected = 1
      $0.scrapeEverySeconds = 3_600
      $0.keepAwakeIsAllowed = false
    }
    let decision = Evidences.decision(scraping)
    #expect(decision.verdict == .upgrade && decision.signs.first { $0.id == .scraping }?.state == .shows)
    let alerts = try Evidences.inputs(perDay: 30) {
      $0.maxAffected = 0.3
      $0.alertsAt = [3 * 3_600]
      $0.keepAwakeIsAllowed = false
    }
    let late = Evidences.decision(alerts)
    #expect(late.verdict == .upgrade && late.signs.first { $0.id == .features }?.state == .shows)
  }

  @Test("a log with pings in it is of a service that is kept awake already")
  func pinged() throws {
    let decision = Evidences.decision(try Evidences.inputs(pinged: true))
    #expect(decision.verdict == .stay && decision.now.keepAwake == "always" && decision.candidate == decision.now)
    #expect(decision.assumptions.contains { $0.hasPrefix("already kept awake by UptimeRobot/2.0") })
    #expect((decision.figures.first?.now?.upper ?? 1) < 0.02)
    #expect(decision.flips.contains { $0.parameter == "keep_awake" && $0.to == "UPGRADE web to Starter ($7)" })
    let refused = Evidences.decision(try Evidences.inputs(pinged: true) { $0.keepAwakeIsAllowed = false })
    #expect(refused.verdict == .upgrade && refused.now.keepAwake == nil)
  }

  @Test("on Starter there is nothing to outgrow, and a dearer plan is not proposed")
  func paid() throws {
    let decision = Evidences.decision(try Evidences.inputs(now: Hosting(web: "starter")))
    #expect(
      decision.verdict == .stay && decision.candidate?.webPlan == "starter" && decision.candidate?.monthlyCost == "7")
    #expect(decision.assumptions.contains { $0.hasPrefix("plans cheaper than Starter are taken only where capacity") })
    #expect(
      decision.reasons.last?.hasPrefix("Free, kept awake may do as well, for $7 less a month: capacity and memory")
        == true)
  }

  @Test("a cheaper plan is the answer only where its capacity and the memory were measured, and it saves for certain")
  func downgrade() throws {
    var inputs = try Evidences.inputs(now: Hosting(web: "standard"))
    inputs.traffic?.peak?.requestsPerSecondInBusiestMinute = 2
    func ruling() -> Ruling { Decider(inputs).rule() }
    #expect(ruling().verdict == .stay && ruling().chosen?.deployment.web == "standard")
    inputs.plans = Evidences.plans(["free": 1, "starter": 60])
    #expect(ruling().verdict == .stay)
    inputs.values.memoryPeakMegabytes = 200
    #expect(ruling().verdict == .downgrade && ruling().chosen?.deployment.web == "starter")
    inputs.plans = Evidences.plans(["free": 30, "starter": 60])
    #expect(ruling().verdict == .downgrade && ruling().chosen?.deployment.id == "free+awake")
    // A pinger of which nobody knows how it fails is no proof.
    let pinger = (inputs.values.keepAwakeMiss, inputs.values.keepAwakeOutageHours)
    inputs.values.keepAwakeMiss = nil
    #expect(ruling().chosen?.deployment.id == "starter")
    (inputs.values.keepAwakeMiss, inputs.values.keepAwakeOutageHours) = pinger
    // Nor is the peak of one process, as a heartbeat tells it; it refutes.
    inputs.values.memoryPeakMegabytes = nil
    inputs.monitor = Self.monitor(peakMegabytes: 200)
    #expect(ruling().verdict == .stay)
    inputs.values.memoryPeakMegabytes = 200
    inputs.monitor = Self.monitor(peakMegabytes: 450)
    #expect(ruling().verdict == .stay)
    inputs.monitor = nil
    // Within the plan's memory, but without room to spare.
    inputs.values.memoryPeakMegabytes = 500
    #expect(ruling().verdict == .stay)
    inputs.values.memoryPeakMegabytes = 700
    #expect(ruling().verdict == .stay)
    inputs.values.memoryPeakMegabytes = 200
    inputs.values.valuePerColdVisit = 1
    #expect(ruling().verdict == .downgrade && ruling().chosen?.deployment.web == "starter")
    let document = Evidences.decision(inputs)
    #expect(document.verdict == .downgrade && document.headline == "web to Starter")
    #expect(document.nextSteps.first?.what.contains("Instance Type: Starter") == true)
    #expect(document.figures.contains { $0.name == .memoryPeakMegabytes && $0.now?.value == 200 })
  }

  private static func monitor(peakMegabytes: UInt64) -> MonitorReport {
    MonitorReport(
      origin: .live, outgrown: Evidences.build, service: "s", url: nil, sensor: .heartbeats,
      from: UTCInstant(Date(timeIntervalSince1970: 1_795_000_000)),
      to: UTCInstant(Date(timeIntervalSince1970: 1_795_086_400)),
      secondsByState: [:], uptime: nil, wakes: 0, wakeSeconds: nil, affectedShare: nil, visits: nil,
      instanceHoursPerMonth: nil, causedSeconds: 0, probes: 0, transitions: [], memoryPeakBytes: peakMegabytes << 20)
  }

  @Test("killed for memory: no plan of that size is weighed; the peak decides among the others")
  func memory() throws {
    let inputs = try Evidences.inputs { $0.memoryKillsPerMonth = 2 }
    let ruling = Decider(inputs).rule()
    #expect(ruling.verdict == .upgrade && ruling.chosen?.deployment.web == "standard")
    var peak = try Evidences.inputs { $0.memoryPeakMegabytes = 3_000 }
    #expect(Decider(peak).rule().chosen?.deployment.web == "pro")
    peak.values.memoryPeakMegabytes = 300
    #expect(Decider(peak).rule().verdict == .stay)
    #expect(Evidences.decision(inputs).reasons.first?.contains("killed for memory 2 times a month with 512 MB") == true)
  }

  @Test("what nobody stated buys nothing: the share has no limit, a visit's value only asks")
  func unstated() throws {
    let few = Evidences.decision(
      try Evidences.inputs(perDay: 3) {
        $0 = OwnerValues()
        $0.keepAwakeIsAllowed = false
      })
    #expect(few.verdict == .stay && few.candidate?.id == "free", "\(few.headline)")
    #expect(few.flips.first?.parameter == "value_per_cold_visit")
    #expect(few.signs.first?.state == .notTold && few.signs.first?.finding.contains("not told") == true)
    let many = Evidences.decision(
      try Evidences.inputs {
        $0 = OwnerValues()
        $0.keepAwakeIsAllowed = false
      })
    #expect(many.verdict == .inconclusive)
    let question = try #require(many.question)
    #expect(question.key == "value_per_cold_visit" && question.text.hasSuffix("?"))
    let border = try #require(question.border)
    for (value, verdict) in [(border / 2, Decision.Verdict.stay), (border * 2, .upgrade)] {
      let answered = try Evidences.inputs {
        $0 = OwnerValues()
        $0.keepAwakeIsAllowed = false
        $0.valuePerColdVisit = value
      }
      #expect(Decider(answered).rule().verdict == verdict, "\(value)")
    }
    // A limit that was stated is one.
    let limited = try Evidences.inputs(perDay: 3) {
      $0 = OwnerValues()
      $0.keepAwakeIsAllowed = false
      $0.maxAffected = 0.05
    }
    #expect(Decider(limited).rule().verdict == .upgrade)
  }

  @Test("one line, and one in an hour, settle nothing; three visits a day for two weeks do", arguments: [1, 2])
  func few(lines: Int) throws {
    var inputs = try Evidences.inputs(perDay: nil) { $0 = OwnerValues() }
    inputs.traffic = try Evidences.traffic(seconds: Array([0, 3_540].prefix(lines)))
    #expect(Decider(inputs).rule().verdict == .inconclusive)
    inputs.traffic = try Evidences.traffic(seconds: (0..<42).map { $0 * 28_000 })
    #expect(Decider(inputs).rule().verdict == .stay)
  }

  @Test("clients that give up are counted apart, and cost what they cost")
  func failing() throws {
    var inputs = try Evidences.inputs {
      $0.maxAffected = 1
      $0.keepAwakeIsAllowed = false
      $0.valuePerColdVisit = 0.001
      $0.clientTimeLimitSeconds = 5
      $0.valuePerFailedVisit = 0.1
    }
    let ruling = Decider(inputs).rule()
    #expect(ruling.verdict == .upgrade)
    let failed = try #require(ruling.assessments.first { $0.deployment.id == "free" }?.outlook?.failedPerMonth)
    let affected = try #require(ruling.assessments.first { $0.deployment.id == "free" }?.outlook?.affectedPerMonth)
    #expect(failed.value > 0.9 * affected.value && failed.value <= affected.value)
    // Who waits longer than the longest wake never gives up.
    inputs.values.clientTimeLimitSeconds = 90
    #expect(Decider(inputs).rule().verdict == .stay)
    let document = Evidences.decision(inputs)
    #expect(document.figures.first { $0.name == .failedVisitsPerMonth }?.now?.upper == 0)
  }

  @Test("growth counts: who fits today may not fit the year")
  func growth() throws {
    var inputs = try Evidences.inputs {
      $0.growthPerYear = 3; $0.cacheRemedy = .applied
    }
    inputs.traffic?.peak?.requestsPerSecondInBusiestMinute = 10
    inputs.plans = Evidences.plans(["free": 30, "starter": 300])
    #expect(Evidences.decision(inputs).verdict == .upgrade)
    inputs.values.growthPerYear = 1
    #expect(Evidences.decision(inputs).verdict == .stay)
  }

  @Test("the visits of a flip are today's times the factor, whatever the growth")
  func trafficFlip() throws {
    let inputs = try Evidences.inputs(days: 7) {
      $0.growthPerYear = 3
      $0.cacheRemedy = .applied
      $0.valuePerColdVisit = 0.001
    }
    var measured = inputs
    measured.traffic?.peak?.requestsPerSecondInBusiestMinute = 1
    measured.plans = Evidences.plans(["free": 30, "starter": 3_000])
    let flip = try #require(Evidences.decision(measured).flips.first { $0.parameter == "traffic" })
    // Four times a year on, a peak of 1 passes 30 at 7.5 times today's 60 visits a day.
    let visits = Double(measured.traffic?.counted?.visits.count ?? 0) / 7 * 365.25 / 12
    #expect((0.85...1.15).contains((flip.value ?? 0) / visits / 7.5), "\(flip) \(visits)")
  }

  @Test("a fraction of a cent is not nothing")
  func cents() {
    #expect(Figure.dollars(0.0004) == "$0.0004" && Figure.dollars(0) == "$0" && Figure.dollars(0.006) == "$0.006")
  }

  @Test("the guide's own prices decide as well")
  func guide() throws {
    var inputs = try Evidences.inputs { $0.keepAwakeIsAllowed = false }
    inputs.catalogue = try #require(try Catalogue.bundled("scaling-guide"))
    let decision = Evidences.decision(inputs)
    #expect(decision.verdict == .upgrade && decision.candidate?.id == "starter")
  }

  @Test("flips are where the answer changes: just beyond them it is the other one")
  func flips() throws {
    let inputs = try Evidences.inputs()
    let decision = Evidences.decision(inputs)
    let flip = try #require(decision.flips.first { $0.parameter == "value_per_cold_visit" })
    let value = try #require(flip.value)
    var beyond = inputs
    beyond.values.valuePerColdVisit = value * 1.001
    #expect(Decider(beyond).decide().verdict == .upgrade)
    beyond.values.valuePerColdVisit = value * 0.93
    #expect(Decider(beyond).decide().verdict != .upgrade)
    #expect(flip.to == "UPGRADE web to Starter ($7)")
  }
}
