extension LogLine {
  private static let timeKeys: [StaticString] = [
    "ts", "timestamp", "time", "@timestamp", "datetime", "date", "time_iso8601", "time_local", "asctime", "start_time",
    "requesttime", "t",
  ]
  private static let clientKeys: [StaticString] = [
    "req.headers.x-forwarded-for", "request.client_ip", "request.remote_ip", "clientip", "client_ip", "remote_ip",
    "remote_addr", "remoteaddr", "ip",
    "clienthost", "request.remote_addr", "remote", "client", "client_addr", "host_ip", "labels.clientip",
    "req.remoteaddress", "req.ip",
  ]
  private static let agentKeys: [StaticString] = [
    "request.headers.user-agent", "user_agent", "useragent", "http_user_agent", "user-agent", "ua", "agent",
    "request_user-agent", "http.useragent", "labels.useragent", "req.headers.user-agent",
  ]
  private static let pathKeys: [StaticString] = [
    "request.uri", "request_uri", "requestpath", "uri", "path", "url", "request.url", "request.path", "http.url",
    "http.target", "labels.path", "req.url", "req.path",
  ]
  private static let methodKeys: [StaticString] = [
    "request.method", "method", "requestmethod", "request_method", "http.method", "verb", "labels.method",
    "req.method",
  ]
  private static let statusKeys: [StaticString] = [
    "status", "statuscode", "status_code", "downstreamstatus", "http.status_code", "response.status",
    "labels.statuscode", "res.statuscode", "res.status", "code",
  ]
  private static let sizeKeys: [StaticString] = [
    "size", "bytes_sent", "body_bytes_sent", "responsebytes", "bytes", "downstreamcontentsize", "response_size",
    "response.bytes", "content_length", "res.headers.content-length", "res.contentlength",
  ]

  private static let idKeys: [StaticString] = [
    "requestid", "request_id", "request.id", "labels.requestid", "x_request_id", "id",
  ]

  /// A line of JSON: a request with fields of its own, or an envelope around a line of another form.
  static func json(_ line: LogBytes, depth: Int) -> LogEntry? {
    guard let json = FlatJSON(line) else { return nil }
    var entry = LogEntry()
    entry.form = .json
    if let id = json.first(idKeys), id.isText { entry.id = id.value }
    if let time = json.first(timeKeys) { read(time, into: &entry) }
    if let message = json.first(["message", "msg", "log"])?.value,
      let inner = parse(message.trimmed, depth: depth + 1)
    {
      var result = inner
      if result.id.isEmpty { result.id = entry.id }
      if result.seconds == nil {
        result.seconds = entry.seconds
        result.hasZone = entry.hasZone
        result.zoneOffset = entry.zoneOffset
      }
      if result.path.isEmpty, let path = json.first(["labels.path"]) { result.path = path.value }
      if result.status == nil { result.status = json.first(["labels.statuscode"])?.value.integer }
      return result
    }
    guard json.first(methodKeys) != nil || json.first(["request"]) != nil, let path = json.first(pathKeys) else {
      return requestText(json, entry)
    }
    entry.path = path.value
    fill(&entry, from: json)
    return entry
  }

  /// What a line of JSON lacks to be a request; nil for one that is a request, or no JSON.
  static func missingField(_ line: LogBytes) -> String? {
    guard parse(line) == nil, let json = FlatJSON(line) else { return nil }
    if json.first(pathKeys) == nil { return "a path (uri, path, url, request.uri, req.url, …)" }
    return json.first(methodKeys) == nil ? "a method (method, request.method, req.method, …)" : nil
  }

  /// nginx with `log_format … escape=json` often has the whole request line: `"request": "GET / HTTP/1.1"`.
  private static func requestText(_ json: FlatJSON, _ entry: LogEntry) -> LogEntry? {
    guard let request = json.first(["request", "requestline"])?.value, let mark = request.index(of: " HTTP/"),
      let space = request.index(of: UInt8(ascii: " "), from: request.startIndex), space < mark
    else { return nil }
    var entry = entry
    entry.path = request[(space + 1)..<mark]
    fill(&entry, from: json)
    return entry
  }

  private static func fill(_ entry: inout LogEntry, from json: FlatJSON) {
    if let client = json.first(clientKeys), client.isText {
      entry.client = ClientAddress.first(of: client.value) ?? withoutPort(client.value)
    }
    if let agent = json.first(agentKeys), agent.isText { entry.agent = agent.value }
    entry.status = json.first(statusKeys)?.value.integer
    entry.bytes = json.first(sizeKeys).flatMap { size($0.value) }
  }

  private static func read(_ time: (value: LogBytes, isText: Bool), into entry: inout LogEntry) {
    if let stamp = LogTime.iso(time.value) ?? LogTime.common(time.value) {
      entry.seconds = stamp.seconds
      entry.hasZone = stamp.hasZone
      entry.zoneOffset = stamp.zoneOffset
    } else if let number = Double(time.value.text(limit: 32)), number.isFinite {
      entry.seconds = LogTime.epoch(number)
    }
  }
}
