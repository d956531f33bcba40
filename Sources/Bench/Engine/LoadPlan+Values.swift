extension LoadPlan {
  /// For one user who goes through one journey once, however long that takes, every exchange kept.
  package func once(_ journey: JourneyPlan) -> LoadPlan {
    var plan = self
    plan.phases = []
    plan.journeys = [journey]
    plan.workload = .users([.init(duration: .seconds(86_400), target: 1, isStep: true)])
    plan.iterationLimit = .perUser(1)
    plan.pacing = .none
    plan.warmUp = .zero
    plan.workers = 1
    plan.tracesExchanges = true
    return plan
  }

  /// The plan for a run in which these slots hold the same for everybody: requests that need nothing else are rendered
  /// once.
  package func fixing(_ values: [Int: [UInt8]]) -> LoadPlan {
    guard !values.isEmpty else { return self }
    var plan = self
    plan.initialValues.merge(values) { _, new in new }
    for index in plan.steps.indices {
      guard let template = plan.steps[index].template else { continue }
      let fixed = template.fixing(values)
      if !keepsCookies, let bytes = fixed.bytes {
        plan.steps[index].request = bytes
        plan.steps[index].template = nil
      } else {
        plan.steps[index].template = fixed
      }
    }
    return plan
  }

  /// What the slots held at the end of a run of one user, from its exchanges.
  package func captured(in exchanges: [Exchange]) -> [Int: [UInt8]] {
    var values: [Int: [UInt8]] = [:]
    // An exchange without judged checks failed, or led to a redirect.
    for exchange in exchanges where !exchange.checksPassed.isEmpty && steps.indices.contains(exchange.step) {
      exchange.withView { view in
        for case .captured(let capture) in steps[exchange.step].checks.map(\.subject) {
          values[capture.slot] = capture.value(in: view)
        }
      }
    }
    return values
  }
}

extension Exchange {
  fileprivate func withView(_ look: (ResponseView) -> Void) {
    head.withUnsafeBufferPointer { head in
      body.withUnsafeBufferPointer { body in
        look(
          ResponseView(
            status: status ?? 0, body: body, head: ResponseHead(bytes: head), bodyBytes: body.count, duration: total))
      }
    }
  }
}

extension RequestTemplate {
  /// Slots that it takes values of.
  package var slots: Set<Int> {
    Set(
      (head + (body ?? [])).compactMap { part in
        if case .value(.slot(let slot), _) = part { slot } else { nil }
      })
  }

  func fixing(_ values: [Int: [UInt8]]) -> RequestTemplate {
    func fixed(_ parts: [RequestPart]) -> [RequestPart] {
      parts.reduce(into: []) { result, part in
        var bytes: [UInt8]
        switch part {
        case .bytes(let literal): bytes = literal
        case .value(.slot(let slot), let encoding):
          guard let value = values[slot] else {
            result.append(part)
            return
          }
          bytes = []
          encoding.append(value, to: &bytes)
        case .value:
          result.append(part)
          return
        }
        if case .bytes(let before)? = result.last {
          result[result.count - 1] = .bytes(before + bytes)
        } else {
          result.append(.bytes(bytes))
        }
      }
    }
    return RequestTemplate(head: fixed(head), body: body.map(fixed))
  }

  /// The whole request, where nothing in it changes.
  var bytes: [UInt8]? {
    func literal(_ parts: [RequestPart]) -> [UInt8]? {
      var bytes: [UInt8] = []
      for part in parts {
        guard case .bytes(let literal) = part else { return nil }
        bytes += literal
      }
      return bytes
    }
    guard let head = literal(head), let body = literal(body ?? []) else { return nil }
    let length = self.body == nil ? "" : "Content-Length: \(body.count)\r\n"
    return head + length.utf8 + [0x0D, 0x0A] + body
  }
}
