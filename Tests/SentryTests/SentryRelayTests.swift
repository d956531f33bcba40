import Foundation
import Logging
import TestSupport
import Testing

@testable import Sentry

struct SentryRelayTests {
  @Test("Sentry's relay takes a full event, a hostile and a bare one without an error in _meta")
  func accepted() async throws {
    let bare = SentryEvent(
      id: SentryIntake.randomID(),
      record: SentryRecord(
        time: Date.now.timeIntervalSince1970, level: .error, logger: "", message: "", metadata: [:],
        place: SentryFrame(file: "", function: "", line: 0), bounds: .event))
    var full = SentryEnvelopeTests.full()
    full.record.time = Date.now.timeIntervalSince1970
    var hostile = SentryEnvelopeTests.hostile
    hostile.record.time = Date.now.timeIntervalSince1970
    let wrong = Array(#"{"release":"a/b","environment":"a/b","tags":{"a":"x\ny"},"level":"what"}"#.utf8)
    try await withTemporaryDirectory { directory in
      let judgements = try RelayJudge.judge(
        [full, hostile, bare].map { try SentryEnvelopeTests.json($0) } + [wrong], in: directory)
      try #require(judgements.count == 4)
      for judgement in judgements.prefix(3) { #expect(judgement.errors == [], "\(judgement.event)") }
      #expect(judgements[3].errors.count == 4, "a judge that refuses nothing")
      let event = judgements[0].event
      #expect(event["level"] as? String == "error" && event["release"] as? String == "outgrown@1.2.3")
      #expect(event["event_id"] as? String == full.id && event["platform"] as? String == "other")
      let tags = try #require(event["tags"] as? [[String]])
      #expect(Set(tags) == [["boot_id", "b-1"], ["request_id", "r-1"], ["server_name", "i-1"]])
      let exceptions = try #require((event["exception"] as? [String: Any])?["values"] as? [[String: Any]])
      #expect(exceptions.first?["type"] as? String == "request failed")
      #expect(exceptions.first?["value"] as? String == "no answer of [ip]")
      let frames = (exceptions.first?["stacktrace"] as? [String: Any])?["frames"] as? [[String: Any]]
      #expect(frames?.count == 1 && frames?.first?["lineno"] as? Int == 22)
      #expect(frames?.first?["in_app"] as? Bool == true)
      #expect(((event["breadcrumbs"] as? [String: Any])?["values"] as? [Any])?.count == 2)
    }
  }

  @Test("releases and environments that the settings take are taken by the relay, and no others")
  func names() async throws {
    let releases = [
      "outgrown@0.1.0", "outgrown@0.1.0+abc1234", "a b", "é", "a/b", "a\\b", ".", "..", " ", "a\nb", "a\tb",
    ]
    let environments = ["production", "pre-prod_1", "é", "a/b", "a\nb", "None", "none"]
    let events =
      try releases.map { try JSONSerialization.data(withJSONObject: ["release": $0]) }
      + environments.map { try JSONSerialization.data(withJSONObject: ["environment": $0]) }
    try await withTemporaryDirectory { directory in
      let judgements = try RelayJudge.judge(events.map { Array($0) }, in: directory)
      for (release, judgement) in zip(releases, judgements) where SentryOptions.isRelease(release) {
        #expect(judgement.errors == [] && judgement.event["release"] as? String == release)
      }
      for (environment, judgement) in zip(environments, judgements.dropFirst(releases.count))
      where SentryOptions.isEnvironment(environment) {
        #expect(judgement.errors == [] && judgement.event["environment"] as? String == environment)
      }
      #expect(releases.filter(SentryOptions.isRelease) == Array(releases.prefix(4)))
      #expect(environments.filter(SentryOptions.isEnvironment) == Array(environments.prefix(3)))
    }
  }
}
