import Evidence
import Foundation
import Plans
import Statistics
import TestSupport
import Testing

@testable import ProvisionDecision

@Suite struct ForecastTests {
  private func forecaster(_ history: VisitHistory, miss: Double = 0.1) -> CountedForecaster {
    CountedForecaster(history: history, pings: PingModel(everySeconds: 600, miss: miss), alertsAt: [])
  }

  @Test("without pings the count is the replay of every request", arguments: [10.0, 60, 300], [10.0, 55])
  func replay(perDay: Double, wake: Double) throws {
    let traffic = try Evidences.traffic(perDay: perDay, days: 14)
    let counted = try #require(traffic.counted)
    var replay = SpinDown.Replay(SpinDown(idleSeconds: 900, wakeSeconds: wake), from: 0)
    var events = counted.visits.map { SpinDown.Arrival(seconds: Double($0), isVisit: true) }
    events += counted.activity.flatMap { $0 }.map { .init(seconds: Double($0), isVisit: false) }
    events.sort { ($0.seconds, $0.isVisit ? 0 : 1) < ($1.seconds, $1.isVisit ? 0 : 1) }
    var affected = 0.0
    for event in events where replay.receive(at: event.seconds).isAffected && event.isVisit { affected += 1 }

    let history = try #require(VisitHistory(traffic, idleSeconds: 900))
    let forecast = forecaster(history).forecast(.none, wake: wake, scale: 1)
    #expect(forecast.affected.days.reduce(0) { $0 + $1.hits } == affected)
    let running = forecast.running.days.reduce(0) { $0 + $1.hits } * 3_600
    // The replay knows nothing before the first request, and the log ends with one.
    #expect(abs(running - replay.runningSeconds(until: traffic.spanSeconds)) < 120, "\(running)")
  }

  @Test("pings round the clock leave the share of failures; running hours go up")
  func always() throws {
    let history = try #require(VisitHistory(try Evidences.traffic(perDay: 60, days: 14), idleSeconds: 900))
    let none = forecaster(history).forecast(.none, wake: 10, scale: 1)
    let always = forecaster(history).forecast(.always, wake: 10, scale: 1)
    let ratio = always.affected.share().value / none.affected.share().value
    #expect((0.055...0.06).contains(ratio), "\(ratio)")
    #expect(always.running.meanAmount().value > 22.5 && always.runningAtMost.meanAmount().value == 24)
    #expect(forecaster(history, miss: 0).forecast(.always, wake: 10, scale: 1).affected.share().value == 0)
  }

  @Test("twice the visitors are what a log of twice the visitors shows")
  func scaled() throws {
    let idle = 900.0
    let single = try #require(
      VisitHistory(try Evidences.traffic(perDay: 40, days: LongTests.areAsked ? 84 : 42), idleSeconds: idle))
    let double = try #require(
      VisitHistory(try Evidences.traffic(perDay: 80, days: LongTests.areAsked ? 84 : 42, seed: 2), idleSeconds: idle))
    let forecast = forecaster(single).forecast(.none, wake: 10, scale: 2)
    let counted = forecaster(double).forecast(.none, wake: 10, scale: 1)
    let ratio = forecast.affected.meanHits().value / counted.affected.meanHits().value
    #expect((0.93...1.07).contains(ratio), "\(ratio)")
    let hours = forecast.running.meanAmount().value / counted.running.meanAmount().value
    #expect((0.95...1.05).contains(hours), "\(hours)")
  }

  @Test(
    "a part of the visitors is what a log of so few visitors shows", .long, arguments: [0.5, 0.2])
  func thinned(scale: Double) throws {
    let days = 56
    let many = try #require(VisitHistory(try Evidences.traffic(perDay: 300, days: days), idleSeconds: 900))
    let few = try #require(
      VisitHistory(try Evidences.traffic(perDay: 300 * scale, days: days, seed: 2), idleSeconds: 900))
    let forecast = forecaster(many).forecast(.none, wake: 10, scale: scale)
    let counted = forecaster(few).forecast(.none, wake: 10, scale: 1)
    let shares = (forecast.affected.share(), counted.affected.share())
    #expect((0.93...1.07).contains(shares.0.value / shares.1.value), "\(shares)")
    let visits = forecast.affected.meanTrials().value / counted.affected.meanTrials().value
    #expect((0.95...1.05).contains(visits), "\(visits)")
    let hours = forecast.running.meanAmount().value / counted.running.meanAmount().value
    #expect((0.95...1.05).contains(hours), "\(hours)")
  }

  @Test("a share is not capped by the size of the traffic: hardly anybody left, nearly all meet a sleeping service")
  func rare() throws {
    let history = try #require(VisitHistory(try Evidences.traffic(perDay: 40, days: 28), idleSeconds: 900))
    let share = forecaster(history).forecast(.none, wake: 10, scale: 0.1).affected.share()
    #expect(share.value > 0.8 && share.upper > 0.9, "\(share)")
  }

  @Test("four fifths of the visitors gone within the year: the year's share is the model's, not today's", .long)
  func shrinking() throws {
    var values = OwnerValues()
    values.growthPerYear = -0.8
    let history = try #require(VisitHistory(try Evidences.traffic(perDay: 300, days: 28), idleSeconds: 900))
    let wake = Estimate(10, 10, 10)
    let outlook = Outlooks(.counted(history), values: values, wake: wake).outlook(.none)
    let stated = StatedVisits(
      perHour: history.rates.perHour, visitSeconds: 20, uncertainty: 0, idleSeconds: 900, countedShare: nil)
    let model = stated.outlook(
      .none, pings: PingBounds(OwnerValues()), wake: wake, factors: values.growthFactors, alertsAt: [])
    let truth = model.affectedPerMonth.value / model.visitsPerMonth.value
    #expect((0.9...1.1).contains(outlook.share.value / truth), "\(outlook.share) \(truth)")
  }

  @Test("a wake longer than two minutes meets whoever comes within it", arguments: [110.0, 400, 800])
  func longWake(wake: Double) throws {
    var inputs = try Evidences.inputs(perDay: 300)
    inputs.plans = Evidences.plans(["free": 50], start: wake)
    let visits = VisitEvidence(inputs)
    guard case .counted(let history) = visits.source else {
      Issue.record("not counted")
      return
    }
    let counted = history.starts.reduce(0) { sum, start in
      sum + (inputs.traffic?.counted?.visits.count { (0..<wake).contains(Double($0) - start.second) } ?? 0)
    }
    let hits = forecaster(history).forecast(.none, wake: wake, scale: 1).affected.days.reduce(0) { $0 + $1.hits }
    #expect(hits == Double(counted))
  }

  @Test("a stated rate gives the closed form (1+λW)·e^−λT and 1−e^−λT")
  func stated() {
    let rate = 2.0
    let stated = StatedVisits(
      perHour: Array(repeating: rate, count: 168), visitSeconds: 0, uncertainty: 0, idleSeconds: 900, countedShare: nil)
    let outlook = stated.outlook(
      .none, pings: PingBounds(OwnerValues()), wake: Estimate(60, 60, 60),
      factors: [1], alertsAt: [])
    let silent = exp(-rate / 4)
    #expect(abs(outlook.share.value - (1 + rate / 60) * silent) < 1e-9)
    #expect(abs(outlook.hours.value - 744 * (1 - silent)) < 1e-6)
    #expect(abs(outlook.visitsPerMonth.value - rate * 24 * 365.25 / 12) < 1e-9)
  }
}
