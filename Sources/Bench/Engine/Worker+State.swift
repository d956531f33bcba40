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
    states[place].fill(
      template, sendsCookies: compiled.plan.keepsCookies, feeds: compiled.plan.feeds, seed: compiled.seed,
      run: compiled.nonce)
    connection.pointee.request = UnsafePointer(states[place].request)
    connection.pointee.requestCount = states[place].requestCount
  }

  /// - Returns: whether there was a value.
  mutating func keep(_ capture: CapturePlan, of view: ResponseView, _ place: Int) -> Bool {
    guard let value = capture.value(in: view) else { return false }
    states?[place].values[capture.slot] = value
    return true
  }

  @inline(never)
  mutating func keepCookies(_ connection: UnsafeMutablePointer<Connection>, _ place: Int) {
    let head = ResponseHead(bytes: connection.pointee.parser.head)
    for field in head.values(of: Array("set-cookie".utf8)) { states?[place].cookies.set(field) }
  }
}
