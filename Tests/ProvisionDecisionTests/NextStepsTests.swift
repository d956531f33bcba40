import Evidence
import Foundation
import Terminal
import TestSupport
import Testing

@testable import ProvisionDecision

@Suite struct NextStepsTests {
  private func decision(
    _ inputs: DecisionInputs, service: String? = "https://api.onrender.com/health", alert: String? = nil
  ) -> Decision {
    DecisionBuilder(inputs).decision(
      service: service, build: Evidences.build, at: Date(timeIntervalSince1970: 1_795_600_800),
      sources: ["access.log"], alert: alert)
  }

  private static let stay = Result { DecisionBuilder(try Evidences.inputs()) }

  @Test(
    "kept awake: a pinger to paste, for whichever clock, with what the host says of it",
    arguments: PingerKind.allCases)
  func pinger(_ pinger: PingerKind) throws {
    let builder = try Self.stay.get()
    let decision = builder.decision(
      service: "https://api.onrender.com/health", build: Evidences.build,
      at: Date(timeIntervalSince1970: 1_795_600_800),
      sources: ["access.log"])
    var context = builder.stepContext
    context.pinger = pinger
    context.pingEverySeconds = 300
    let steps = NextSteps(decision, context).all
    let first = try #require(steps.first)
    let text = try #require(first.text)
    #expect(decision.verdict == .stay && decision.candidate?.keepAwake == "always")
    #expect(text.contains("*/5 * * * *") && text.contains("https://api.onrender.com/health"), "\(text)")
    #expect(first.note?.contains("render.com") == true)
    #expect(first.note?.hasPrefix("It leaves ") == true)
    // Nobody is handed a pinger that misses half.
    #expect(!text.contains("runs-on:") && !(first.note ?? "").contains("2 to 4 ran"))
    let workflow = steps.first { $0.text?.contains("runs-on:") == true }
    #expect(
      (workflow?.note?.contains("of the visits affected that would be without it (by its public record)") == true)
        == (pinger == .githubActions))
    #expect((workflow?.note?.contains("2 to 4 ran") == true) == (pinger == .githubActions))
    #expect(steps.last?.kind == .tell)
  }

  @Test("an upgrade: clicks and lines without a blueprint, the patch and its diff with one")
  func upgrade() throws {
    let decision = decision(
      try Evidences.inputs(now: Hosting(web: "free", database: .plan("free"))) {
        $0.keepAwakeIsAllowed = false
        $0.data = .precious
      })
    let plain = decision.nextSteps
    #expect(plain.map(\.kind) == [.act, .or, .tell])
    #expect(plain[0].what.contains("Instance Type: Starter") && plain[0].what.contains("Postgres Basic 256 MB"))
    #expect(plain[1].text?.contains("+    plan: starter") == true)
    var context = NextSteps.Context()
    context.repository = "https://github.com/someone/outgrown"
    context.blueprint = .init(
      path: "my app/render.yaml", diff: "--- a\n+++ b\n", diffPath: "out/decision/render.yaml.diff")
    let steps = NextSteps(decision, context).all
    #expect(steps.map(\.kind) == [.run, .change, .or, .tell])
    #expect(steps[0].text == "patch 'my app/render.yaml' out/decision/render.yaml.diff")
    #expect(steps.last?.text == "https://github.com/someone/outgrown/issues/new?template=decision.yml")
    context.blueprint?.diff = ""
    #expect(NextSteps(decision, context).all[1].what.contains("names no such plan"))
  }

  @Test("inconclusive: the cheapest measurement; nothing to change: when to ask again; every verdict has a step")
  func others() throws {
    let open = decision(try Evidences.inputs(days: 2))
    #expect(open.nextSteps.first?.text == open.missing.first?.command)
    var stay = decision(try Evidences.inputs())
    stay.now = try #require(stay.candidate)
    let steps = NextSteps(stay, NextSteps.Context()).all
    #expect(steps[0].what.hasPrefix("Change nothing and leave the pings running; decide again"))
    for verdict in Decision.Verdict.allCases {
      var decision = open
      decision.verdict = verdict
      #expect(NextSteps(decision, NextSteps.Context()).all.count >= 2, "\(verdict)")
    }
  }

  @Test("a service that is down is no STAY, and its word comes before the verdict in every format")
  func down() throws {
    let word = "https://api.onrender.com/health gave no answer: connection refused"
    let decision = decision(try Evidences.inputs(), alert: word)
    #expect(decision.verdict == .inconclusive && decision.flips.isEmpty)
    #expect(decision.reasons.first == word)
    for text in [
      DecisionText.render(decision).joined(separator: "\n"), DecisionMarkdown.render(decision),
      DecisionPage.render(decision).components(separatedBy: "<main>").last ?? "",
    ] {
      let alert = try #require(text.range(of: "gave no answer"))
      let verdict = try #require(text.range(of: "INCONCLUSIVE"))
      #expect(alert.lowerBound < verdict.lowerBound)
    }
  }

  @Test("the first screen holds 20 rows of 80 columns, a because, and the whole command", arguments: [80, 100, 60])
  func firstScreen(width: Int) throws {
    for (name, decision) in try DecisionOutputTests.decisions() {
      let lines = DecisionText.render(decision, width: width)
      let rows = lines.map { max(1, ($0.count + width - 1) / width) }.reduce(0, +)
      #expect(rows < DecisionText.mostLines, "\(name): \(rows)")
      #expect(lines.contains { $0.contains("because") || $0.contains("missing") }, "\(name)")
      let commands = decision.nextSteps.compactMap(\.text) + decision.missing.map(\.command)
      let isCommand = { (line: String) in commands.contains { $0.contains(line.dropFirst(4)) } }
      #expect(lines.allSatisfy { $0.count <= width || isCommand($0) }, "\(name): \(lines.filter { $0.count > width })")
    }
    let coloured = DecisionText.render(try DecisionOutputTests.decisions()[0].decision, width: width, style: .coloured)
    #expect(coloured[0].contains("\u{1B}[32mSTAY"))
    #expect(!DecisionText.render(try DecisionOutputTests.decisions()[0].decision).joined().contains("\u{1B}"))
  }

  @Test("what nobody told is not clear")
  func notTold() throws {
    let decision = decision(try Evidences.inputs())
    let states = Dictionary(uniqueKeysWithValues: decision.signs.map { ($0.id, $0.state) })
    #expect(states[.data] == .notTold && states[.scraping] == .notTold && states[.features] == .notTold)
    let told = self.decision(
      try Evidences.inputs {
        $0.given = ["data", "max_affected"]
        $0.maxAffected = 1
      })
    #expect(told.signs.first { $0.id == .data }?.state == .clear)
    #expect(told.signs.allSatisfy { !$0.finding.isEmpty })
  }
}

@Suite struct ScheduledJobTests {
  @Test(
    "as often as asked or more often, never less",
    arguments: [
      (300.0, "*/5 * * * *"), (600, "*/10 * * * *"), (60, "* * * * *"), (3_600, "0 * * * *"), (450, "*/7 * * * *"),
      (10, "* * * * *"), (100_000, "0 * * * *"),
    ])
  func cron(seconds: Double, expected: String) {
    #expect(ScheduledJob.Schedule(everySeconds: seconds).cron() == expected)
  }

  private func job(_ url: String, hours: Range<Int>? = nil) -> ScheduledJob {
    ScheduledJob(
      name: "keep-awake", purpose: "Keeps it awake.",
      schedule: .init(everySeconds: 300, hours: hours, timeZone: hours.map { _ in "Asia/Kolkata" }), url: url)
  }

  @Test("hours of duty: cron's fields, and a workflow that goes by the zone")
  func duty() {
    let job = job("https://a.example/", hours: 7..<22)
    #expect(job.crontabLine.hasPrefix("*/5 7-21 * * * curl "))
    #expect(job.gitHubWorkflow.contains("TZ=Asia/Kolkata date") && job.gitHubWorkflow.contains("-ge 22"))
    #expect(job.schedule.words == "every 5 minutes from 07:00 to 22:00 (Asia/Kolkata)")
  }

  @Test("nothing gets out of the URL: no quote, no expression, no second line, no crontab's percent")
  func hostile() {
    let job = job("https://a.example/'; rm -rf ~ #${{ secrets.X }}\"\n$(id)`id`%0a")
    for text in [job.crontabLine, job.cronServiceSettings, job.gitHubWorkflow] {
      #expect(!text.contains("'; ") && !text.contains("${{") && !text.contains("$(id)") && !text.contains("`"))
    }
    #expect(job.crontabLine.split(separator: "\n").count == 1)
    #expect(!job.crontabLine.replacing("\\%", with: "").contains("%"))
  }

  @Test("the workflow")
  func workflow() throws {
    try Golden.expect(job("https://a.example/health").gitHubWorkflow, equals: "keep-awake.yml")
  }
}

@Suite struct FigureTests {
  @Test(
    "amounts keep the digits that tell them from nothing",
    arguments: [
      (0.0, "$0"), (0.0004, "$0.0004"), (0.0043, "$0.0043"), (0.015, "$0.015"), (0.02, "$0.02"), (0.0996, "$0.10"),
      (0.18, "$0.18"), (7, "$7"), (1_234.5, "$1,234.50"), (-0.5, "−$0.50"), (1e-12, "$0"), (.infinity, "$∞"),
    ])
  func dollars(value: Double, expected: String) { #expect(Figure.dollars(value) == expected) }

  @Test("what was stated is shown as stated")
  func stated() {
    #expect(Figure.statedDollars(0.125) == "$0.125" && Figure.statedDollars(0.02) == "$0.02")
    #expect(Figure.statedDollars(1_000) == "$1,000" && Figure.statedDollars(0.0001) == "$0.0001")
  }

  @Test("a border is shown on its own side of what is")
  func apart() {
    #expect(Figure.apart(0.0204, from: 0.02, Figure.dollars) == "$0.0204")
    #expect(Figure.apart(0.18, from: 0.02, Figure.dollars) == "$0.18")
    #expect(Figure.apart(1.02, from: 1, Figure.bare) == "1.02")
    #expect(Figure.percent(0.1004, apartFrom: 0.1) != Figure.percent(0.1))
    #expect(Figure.bare(0.0043) == "0.0043" && Figure.percent(0.0004) == "0.04 %" && Figure.count(999.7) == "1,000")
  }
}
