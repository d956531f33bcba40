import Instants

extension LogLine {
  /// A line of JSON: a request with fields of its own, or an envelope around a line of another form. A list's brackets
  /// and commas around it don't matter.
  static func json(_ line: LogBytes, depth: Int) -> LogEntry? {
    var line = line
    if line.first == UInt8(ascii: "[") { line = line.dropFirst().trimmed }
    while let last = line.last, last == UInt8(ascii: ",") || last == UInt8(ascii: "]") {
      line = line.dropLast().trimmed
    }
    guard let json = FlatJSON(line) else { return nil }
    let fields = json.fields
    for key: StaticString in ["message", "msg", "log", "textpayload", "jsonpayload.message", "line"] {
      guard let message = fields.whole(key), message.isText, var result = parse(message.value.trimmed, depth: depth + 1)
      else { continue }
      if result.id.isEmpty { result.id = fields.id }
      if result.time == nil { result.time = fields.time }
      if result.path.isEmpty, let path = fields.target { result.path = path }
      if result.status == nil { result.status = fields.status }
      return result
    }
    return request(of: fields, depth: depth, form: .json)
  }

  /// A request of named fields: a method and a path, or the request line in one.
  static func request(of fields: LogFields, depth: Int, form: LogEntry.Form) -> LogEntry? {
    var entry = LogEntry()
    entry.form = form
    if let line = fields.first(["request", "requestline"], notOf: .response)?.value,
      let target = RequestText.target(line)
    {
      entry.path = target
    } else {
      guard let method = fields.method, RequestText.isMethod(method), let target = fields.target,
        RequestText.isTarget(target)
      else { return nil }
      entry.path = target
    }
    switch fields.client {
    case .known(let client): entry.client = client
    case .nobody: break
    case .damaged: return nil
    }
    entry.time = fields.time
    entry.id = fields.id
    entry.agent = fields.agent ?? []
    entry.status = fields.status
    entry.bytes = fields.size
    return entry
  }

  /// What a line of JSON lacks to be a request; nil for one that is a request, or no JSON.
  package static func missingField(_ line: LogBytes) -> String? {
    guard parse(line) == nil, let fields = FlatJSON(line)?.fields else { return nil }
    if fields.target == nil { return "a path (uri, path, url, request.uri, req.url, …)" }
    if !fields.hasMethod { return "a method (method, request.method, req.method, …)" }
    if case .damaged = fields.client { return "an address of the client that can be read" }
    return nil
  }
}
