/// What a virtual user carries from one request to the next. Only plans with templates, captures or cookies come here.
extension Worker {
  /// Gives an iteration what it needs before its first request.
  /// - Returns: false when a data file is used up, which ends the run.
  @inline(never)
  mutating func prepareState(_ place: Int, journey: Int, ordinal: UInt64) -> Bool {
    guard let states else { return true }
    if arrivals != nil { states[place].forget() }
    states[place].beginIteration(ordinal)
    for feed in compiled.plan.journeys[journey].feeds {
      guard let row = compiled.row(of: feed, iteration: ordinal) else { return false }
      states[place].rows[feed] = row
    }
    return true
  }

  @inline(never)
  mutating func fillRequest(_ connection: UnsafeMutablePointer<Connection>, _ place: Int) {
    guard let states, let template = compiled.plan.steps[Int(connection.pointee.step)].template else { return }
    let user = owner(of: place)
    states[user].fill(
      template, sendsCookies: compiled.plan.keepsCookies, feeds: compiled.plan.feeds, seed: compiled.seed,
      run: compiled.nonce)
    states[place].store(states[user].scratch, ownCookies: states[user].ownCookies)
    connection.pointee.request = UnsafePointer(states[place].request)
    connection.pointee.requestCount = states[place].requestCount
    readingIsSpent = true
  }

  private mutating func redirect(_ connection: UnsafeMutablePointer<Connection>, _ status: Int) -> Redirect {
    let head = ResponseHead(bytes: connection.pointee.parser.head)
    let request = Array(
      UnsafeBufferPointer(start: connection.pointee.request, count: connection.pointee.requestCount))
    return Redirect(
      request: request, status: status, locations: head.values(of: Array("location".utf8)),
      scheme: tls == nil ? "http" : "https", dropsCookies: keepsCookies)
  }

  /// Why an answer that should be followed can't be; nil for one that can, or that needn't: a step whose check names
  /// the status takes it for its answer.
  @inline(never)
  mutating func redirectDefect(_ connection: UnsafeMutablePointer<Connection>, _ status: Int) -> String? {
    let step = compiled.plan.steps[Int(connection.pointee.step)]
    guard step.redirectLimit > 0, Redirect.isOne(status),
      !step.acceptedStatuses.contains(where: { $0.contains(status) })
    else { return nil }
    guard connection.pointee.hops < Int32(clamping: step.redirectLimit) else {
      return "more than \(step.redirectLimit) redirects"
    }
    do throws(WebURLDefect) {
      _ = try redirect(connection, status).next()
      return nil
    } catch {
      return "the redirect (\(status)) can't be followed: \(error.reason)"
    }
  }

  /// Makes the request that follows a redirect.
  /// - Returns: false when it leads to another origin, or nowhere: then it is the answer.
  @inline(never)
  mutating func prepareRedirect(
    _ connection: UnsafeMutablePointer<Connection>, _ place: Int, _ status: Int, _ now: UInt64
  ) -> Bool {
    guard let states, Redirect.isOne(status) else { return false }
    guard let next = try? redirect(connection, status).next() else { return false }
    let head = ResponseHead(bytes: connection.pointee.parser.head)
    if traces {
      let view = ResponseView(status: status, body: nil, head: head, bodyBytes: 0, duration: 0)
      trace(connection, view, [], now)
    }
    if keepsCookies { keepCookies(connection, place) }
    let own = states[place].ownCookies
    states[place].store(
      states[owner(of: place)].completed(next, sendsCookies: keepsCookies, ownCookies: own), ownCookies: own)
    connection.pointee.isIdempotent = RequestMethod.isIdempotent(next)
    connection.pointee.request = UnsafePointer(states[place].request)
    connection.pointee.requestCount = states[place].requestCount
    connection.pointee.hops += 1
    readingIsSpent = true
    return true
  }

  /// Goes over steps whose condition doesn't hold.
  @inline(never)
  mutating func skipSteps(_ connection: UnsafeMutablePointer<Connection>, _ place: Int) {
    let journey = compiled.journeys[Int(connection.pointee.journey)]
    while Int(connection.pointee.position) < journey.stepCount {
      let step = Int(compiled.journeySteps[journey.firstStep + Int(connection.pointee.position)])
      guard compiled.steps[step].isConditional else { return }
      let plan = compiled.plan.steps[step]
      var isAsked = plan.condition.map { $0.holds(value(of: $0.source, place)) } ?? true
      if isAsked, let loop = plan.loop, loop.kind == .while {
        isAsked = loop.condition.holds(value(of: loop.condition.source, place))
      }
      if isAsked { return }
      connection.pointee.position &+= 1
    }
  }

  /// Goes to the next step that is to be asked: the same again while its loop goes on.
  @inline(never)
  mutating func nextStep(_ connection: UnsafeMutablePointer<Connection>, _ place: Int) {
    let step = Int(connection.pointee.step)
    if compiled.steps[step].hasLoop, let loop = compiled.plan.steps[step].loop {
      states?[place].rounds += 1
      let holds = loop.condition.holds(value(of: loop.condition.source, place))
      if states?[place].rounds ?? 0 < loop.atMost, holds == (loop.kind == .while) { return }
      states?[place].rounds = 0
    }
    connection.pointee.position &+= 1
    skipSteps(connection, place)
  }

  private mutating func value(of source: ValueSource, _ place: Int) -> [UInt8] {
    guard let states else { return [] }
    switch source {
    case .slot(let slot): return states[place].values[slot] ?? []
    case .column(let feed, let column): return compiled.plan.feeds[feed].rows[states[place].rows[feed]][column]
    case .uuid, .randomInt: return []
    }
  }

  mutating func keep(_ value: [UInt8]?, in slot: Int, _ place: Int) {
    states?[owner(of: place)].values[slot] = value
  }

  @inline(never)
  mutating func keepCookies(_ connection: UnsafeMutablePointer<Connection>, _ place: Int) {
    let head = ResponseHead(bytes: connection.pointee.parser.head)
    for field in head.values(of: Array("set-cookie".utf8)) {
      states?[owner(of: place)].cookies.set(field)
    }
    readingIsSpent = true
  }
}
