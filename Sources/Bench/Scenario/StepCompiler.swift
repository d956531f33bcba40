import BenchEngine
import BenchVerdict
import Documents
import Foundation
import Matching
import Wording

/// Fills in and renders one step: to bytes where they are always the same, else to a template.
struct StepCompiler {
  var scenario: Scenario
  var values: TemplateValues
  var renderer: RequestRenderer

  private typealias Header = RequestRenderer.Header

  /// - Parameters:
  ///   - captured: what earlier steps of the journey have captured.
  ///   - conditional: what conditions may look at: a later step's values too, since a user keeps them.
  ///   - slots: of all names.
  func compile(
    _ step: Scenario.Step, named name: String, captured: [String: Int], inConditions conditional: [String: Int],
    slots: [String: Int], _ problems: inout DocumentProblems
  ) -> StepPlan {
    let collector = ValueCollector()
    var values = values
    values.collector = collector
    values.captured = captured
    let path = values.render(step.path, &problems)
    let headers = headers(of: step, values, &problems)
    let body = body(of: step, values, &problems)
    let isTemplate = scenario.keepsCookies || !collector.sources.isEmpty
    let rendered = renderer.render(
      method: step.method, path: path, headers: headers, body: body?.bytes, contentType: body?.type,
      isTemplate: isTemplate, at: step.path.position, &problems)

    var plan = StepPlan(
      name: name, request: isTemplate ? [] : rendered ?? [], isHead: step.method == "HEAD", thinkTime: step.thinkTime)
    if isTemplate, let rendered {
      plan.template = template(rendered, body, announcesBody: RequestRenderer.announcesBody(step.method), collector)
    }
    plan.redirectLimit = step.redirects ?? scenario.redirects
    plan.expectedResponseBytes = step.expectedResponseBytes ?? scenario.expectedResponseBytes
    values.captured = conditional
    if let condition = step.condition { plan.condition = compile(condition, values, &problems) }
    if let loop = step.loop, let condition = compile(loop.condition, values, &problems) {
      plan.loop = StepLoop(loop.kind, condition, atMost: loop.atMost)
    }
    values.captured = captured
    for check in step.checks {
      if case .status(let ranges) = check.kind { plan.acceptedStatuses += ranges }
      if let check = compile(check, &problems) { plan.checks.append(check) }
    }
    var measured = 0
    for capture in step.captures {
      guard let slot = slots[capture.name] else { continue }
      var found = CapturePlan(
        slot: slot, source: capture.source, isOptional: capture.isOptional, name: capture.name)
      if scenario.budgets.contains(where: { $0.budget.selector.captured == capture.name }) {
        found.measuredAt = measured
        measured += 1
      }
      plan.checks.append(CheckPlan(label: "captures \(capture.name)", subject: .captured(found)))
    }
    return plan
  }

  private struct RenderedBody {
    var bytes: [UInt8]
    var type: String
    /// Of the values within; nil where there are none.
    var encoding: ValueEncoding?
  }

  private func template(
    _ head: [UInt8], _ body: RenderedBody?, announcesBody: Bool, _ collector: ValueCollector
  ) -> RequestTemplate {
    let line = (head.firstIndex(of: 0x0A) ?? head.endIndex - 1) + 1
    var parts: [RequestPart]?
    if let body {
      parts = body.encoding.map { collector.parts(of: body.bytes, $0) } ?? [.bytes(body.bytes)]
    } else if announcesBody {
      parts = []
    }
    return RequestTemplate(
      head: collector.parts(of: head[..<line], .percent) + collector.parts(of: head[line...], .header), body: parts)
  }

  private func headers(
    of step: Scenario.Step, _ values: TemplateValues, _ problems: inout DocumentProblems
  ) -> [Header] {
    var headers: [Header] = []
    switch step.credentials ?? scenario.credentials {
    case .bearer(let token)?:
      headers.append(
        Header("Authorization", "Bearer \(values.render(token, &problems))", at: token.position))
    case .basic(let user, let password)?:
      // Encoded as a whole, so that nothing can be put into it afterwards.
      var fixed = values
      fixed.collector = nil
      let pair = "\(fixed.render(user, &problems)):\(fixed.render(password, &problems))"
      headers.append(
        Header("Authorization", "Basic \(Data(pair.utf8).base64EncodedString())", at: user.position))
    case nil: break
    }
    for header in scenario.headers + step.headers {
      headers.append(
        Header(
          header.name, header.value.map { values.render($0, &problems) }, isFurther: header.isFurther,
          at: header.value?.position))
    }
    return headers
  }

  private func body(
    of step: Scenario.Step, _ values: TemplateValues, _ problems: inout DocumentProblems
  ) -> RenderedBody? {
    switch step.body {
    case nil: return nil
    case .text(let template)?:
      return RenderedBody(
        bytes: Array(values.render(template, &problems).utf8), type: "text/plain; charset=utf-8",
        encoding: ValueEncoding.none)
    case .json(let node)?:
      return RenderedBody(
        bytes: JSONBody.render(node, values, &problems), type: "application/json", encoding: .json)
    case .form(let fields)?:
      var bytes: [UInt8] = []
      for field in fields {
        if !bytes.isEmpty { bytes.append(UInt8(ascii: "&")) }
        ValueEncoding.percent.append(field.name.utf8, to: &bytes)
        bytes.append(UInt8(ascii: "="))
        ValueEncoding.percent.append(values.render(field.value, &problems).utf8, to: &bytes)
      }
      return RenderedBody(bytes: bytes, type: "application/x-www-form-urlencoded", encoding: .percent)
    case .file(let file, let position)?:
      return read(file, at: position, &problems).map {
        RenderedBody(bytes: $0, type: "application/octet-stream", encoding: nil)
      }
    case .multipart(let parts)?:
      return multipart(parts, values, &problems)
    }
  }

  private func compile(
    _ condition: Scenario.Condition, _ values: TemplateValues, _ problems: inout DocumentProblems
  ) -> StepCondition? {
    let collector = ValueCollector()
    var values = values
    values.collector = collector
    _ = values.render(condition.subject, &problems)
    switch collector.sources.first {
    case .slot?, .column?: return collector.sources.first.map { StepCondition(source: $0, test: condition.test) }
    default:
      problems.add(
        "a condition on what is the same for all", expected: "a captured value, or a column of data",
        at: condition.position)
      return nil
    }
  }

  private func multipart(
    _ parts: [Scenario.Part], _ values: TemplateValues, _ problems: inout DocumentProblems
  ) -> RenderedBody {
    var rendered: [MultipartBody.Part] = []
    var fixed = values
    fixed.collector = nil
    var holdsMark = false
    for part in parts {
      var fileName = part.fileName.map { fixed.render($0, &problems) }
      let bytes: [UInt8]
      switch part.content {
      case .text(let template): bytes = Array(values.render(template, &problems).utf8)
      case .file(let name):
        bytes = read(name, at: part.position, &problems) ?? []
        fileName = fileName ?? name.split(separator: "/").last.map(String.init)
        holdsMark = holdsMark || bytes.contains(0xF3)
      }
      let type = part.type.map { fixed.render($0, &problems) }
      if type?.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) == true {
        problems.add(
          "a line break or control character in the part's type", expected: "one line of text", at: part.position)
      }
      rendered.append(.init(name: part.name, fileName: fileName, type: type, bytes: bytes))
    }
    let isDynamic = values.collector.map { !$0.sources.isEmpty } ?? false
    let boundary = MultipartBody.boundary(for: rendered)
    if holdsMark, isDynamic {
      problems.add(
        "a binary file in a body with values that change from request to request",
        expected: "values that are known when the run starts, or a request of its own", at: parts.first?.position)
    }
    return RenderedBody(
      bytes: MultipartBody.render(rendered, boundary: boundary), type: "multipart/form-data; boundary=\(boundary)",
      encoding: ValueEncoding.none)
  }

  private func read(_ file: String, at position: DocumentPosition, _ problems: inout DocumentProblems) -> [UInt8]? {
    let path = scenario.path(of: file)
    if let data = FileManager.default.contents(atPath: path), data.count <= Scenario.Bounds.bodyFile {
      return Array(data)
    }
    problems.add("\(path) can't be read", expected: "a file of at most 16 MiB", at: position)
    return nil
  }

  private func compile(_ check: CheckTemplate, _ problems: inout DocumentProblems) -> CheckPlan? {
    switch check.kind {
    case .status(let ranges):
      return CheckPlan(
        label: "status is \(Spelling.alternatives(ranges.map(\.text)))", subject: .status(ranges))
    case .bodyContains(let template):
      let text = values.render(template, &problems)
      return CheckPlan(label: "body contains \(text.excerpt)", subject: .bodyContains(Array(text.utf8)))
    case .bodyMatches(let pattern):
      return CheckPlan(label: "body matches \(pattern.pattern.excerpt)", subject: .bodyMatches(pattern))
    case .size(let comparison, let bytes, let text):
      return CheckPlan(label: "size \(text)", subject: .size(comparison, bytes))
    case .duration(let comparison, let nanoseconds, let text):
      return CheckPlan(label: "duration \(text)", subject: .duration(comparison, nanoseconds))
    case .json(let path, let pathText, let expected, let isText):
      guard let expression = expression(expected, isText, &problems) else { return nil }
      return CheckPlan(
        label: "\(pathText) \(expression.text)", subject: .json(path, expression.comparison, expression.scalar))
    case .header(let name, let expected, let isText):
      guard let expression = expression(expected, isText, &problems) else { return nil }
      return CheckPlan(
        label: "\(name) \(expression.text)",
        subject: .header(Array(name.lowercased().utf8), expression.comparison, expression.headerScalar))
    }
  }

  private func expression(
    _ expected: Template, _ isText: Bool, _ problems: inout DocumentProblems
  ) -> CheckExpression? {
    let text = values.render(expected, &problems)
    if let expression = CheckExpression.parse(text, isText: isText) { return expression }
    problems.add(
      "'\(text.excerpt)'", expected: "a number after the comparison, such as '> 0'", at: expected.position)
    return nil
  }
}

extension StepCondition {
  var feeds: [Int] {
    if case .column(let feed, _) = source { [feed] } else { [] }
  }
}

extension StepPlan {
  /// The feeds that it takes values of.
  var feeds: [Int] {
    (template?.feeds ?? []) + (condition?.feeds ?? []) + (loop?.condition.feeds ?? [])
  }
}

extension RequestTemplate {
  /// The feeds that it takes values of.
  var feeds: [Int] {
    (head + (body ?? [])).compactMap { part in
      if case .value(.column(let feed, _), _) = part { feed } else { nil }
    }
  }
}

extension Scenario {
  /// Where a file lies that the scenario names: beside the scenario, unless its path is absolute.
  func path(of name: String) -> String {
    if name.hasPrefix("/") { return name }
    guard let slash = file.lastIndex(of: "/") else { return name }
    return String(file[...slash]) + name
  }
}
