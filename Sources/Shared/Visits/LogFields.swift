import Instants

/// The named fields of one line, JSON's or logfmt's, by keys that many writers of logs spell differently.
struct LogFields {
  private static let most = 128

  struct Field {
    /// In lower case, without `_`, `-` and `@`: `http_user_agent`, `User-Agent` and `userAgent` are alike but for `http`.
    var key: [UInt8]
    var value: LogBytes
    var isText: Bool
    /// It stood below something that holds what the client sent, or what it was answered.
    var side: Side
  }

  enum Side { case request, response, neither }

  private(set) var fields: [Field] = []
  private var paths: [[UInt8]] = []

  /// - Parameter path: names from the outside in, with dots between.
  mutating func add(_ path: [UInt8], _ value: LogBytes, isText: Bool) {
    guard fields.count < Self.most else { return }
    var key: [UInt8] = []
    key.reserveCapacity(path.count)
    for byte in path where byte != 0x5F && byte != 0x2D && byte != 0x40 { key.append(byte.lowered) }
    var side = Side.neither
    var start = 0
    scan: while let dot = key[start...].firstIndex(of: UInt8(ascii: ".")) {
      let container = key[start..<dot]
      if Self.requests.contains(where: { container.equals($0) }) {
        side = .request
      } else if Self.responses.contains(where: { container.equals($0) }) {
        side = .response
      } else if !Self.neutral.contains(where: { container.equals($0) }) {
        break scan
      }
      start = dot + 1
    }
    fields.append(Field(key: Array(key[start...]), value: value, isText: isText, side: side))
    paths.append(key)
  }

  private static let requests: [StaticString] = ["request", "req"]
  private static let responses: [StaticString] = ["response", "res", "resp"]
  private static let neutral: [StaticString] = [
    "http", "httprequest", "headers", "proxy", "labels", "attributes", "fields", "jsonpayload", "event", "client",
    "data",
    "context", "properties",
  ]

  /// The first of `keys` that is there; those of the other side don't count.
  func first(_ keys: [StaticString], notOf other: Side) -> Field? {
    for key in keys {
      for field in fields where field.side != other && field.key[...].equals(key) { return field }
    }
    return nil
  }

  func all(_ keys: [StaticString], notOf other: Side) -> [Field] {
    keys.flatMap { key in fields.filter { $0.side != other && $0.key[...].equals(key) } }
  }

  /// By the whole path, in the same spelling as keys.
  func whole(_ path: StaticString) -> Field? {
    for (index, known) in paths.enumerated() where known[...].equals(path) { return fields[index] }
    return nil
  }

  // MARK: What the keys are called

  /// Who a proxy says that the visitor is.
  private static let chains: [StaticString] = [
    "xforwardedfor", "httpxforwardedfor", "xoriginalforwardedfor", "forwardedfor", "fwd", "xff",
  ]
  private static let clients: [StaticString] = [
    "cfconnectingip", "httpcfconnectingip", "trueclientip", "xrealip", "httpxrealip", "flyclientip", "clientip",
    "remoteip", "remoteaddr", "remoteaddress", "srcip", "sourceip", "source.ip", "ip", "ipaddress", "clienthost",
    "clientaddr", "clientaddress", "hostip", "remotehost", "remote", "client", "peer", "downstreamremoteaddress", "cip",
    "addr",
  ]
  /// Those of them that hold an address, or its pseudonym, and nothing else.
  private static let addresses: [StaticString] = [
    "cfconnectingip", "trueclientip", "xrealip", "clientip", "remoteip", "remoteaddr", "remoteaddress", "srcip",
    "sourceip",
    "ip", "ipaddress", "clientaddr", "clientaddress",
  ]
  private static let agents: [StaticString] = [
    "useragent", "httpuseragent", "clientua", "clientrequestuseragent", "requestuseragent", "useragent.original",
    "csuseragent", "ua", "agent",
  ]
  private static let targets: [StaticString] = [
    "requesturi", "uri", "requestpath", "path", "url", "requesturl", "originalurl", "url.original", "url.path",
    "clientrequesturi", "clientrequestpath", "resourcepath", "target", "rawpath", "fullpath", "csuristem",
  ]
  private static let methods: [StaticString] = [
    "method", "requestmethod", "httpmethod", "clientrequestmethod", "verb", "csmethod",
  ]
  private static let statuses: [StaticString] = [
    "status", "statuscode", "httpstatus", "responsecode", "responsestatus", "downstreamstatus", "edgeresponsestatus",
    "elbstatuscode", "code", "scstatus",
  ]
  private static let sizes: [StaticString] = [
    "bodybytessent", "bytessent", "size", "responsebytes", "responsesize", "responselength", "txbytes",
    "downstreamcontentsize", "edgeresponsebytes", "contentlength", "bytes", "length", "bytesout", "scbytes",
  ]
  private static let times: [StaticString] = [
    "ts", "timestamp", "time", "datetime", "date", "timeiso8601", "timelocal", "asctime", "starttime", "startutc",
    "requesttime", "eventtime", "edgestarttimestamp", "realtimetimestamp", "receivedat", "msec", "requesttimeepoch",
    "t",
  ]
  private static let ids: [StaticString] = ["requestid", "xrequestid", "reqid", "id"]

  var id: LogBytes { first(Self.ids, notOf: .response).flatMap { $0.isText ? $0.value : nil } ?? [] }
  var hasMethod: Bool { first(Self.methods, notOf: .response) != nil }
  var target: LogBytes? { first(Self.targets, notOf: .response)?.value }
  var method: LogBytes? { first(Self.methods, notOf: .response)?.value }
  var agent: LogBytes? {
    guard let field = first(Self.agents, notOf: .response), field.isText, !field.value.isDash else { return nil }
    return field.value.unquoted
  }
  var status: Int? { first(Self.statuses, notOf: .request)?.value.integer }
  var size: Int? {
    first(Self.sizes, notOf: .request).flatMap { $0.value.isDash ? 0 : $0.value.prefix(while: \.isDigit).integer }
  }

  /// In one field, or the day and the clock in two.
  var time: Instant? {
    if let day = first(["date"], notOf: .response)?.value, day.count == 10,
      let clock = first(["time"], notOf: .response),
      clock.value.count >= 8
    {
      var reader = InstantReader((Array(day) + [0x20] + Array(clock.value))[...])
      if let instant = reader.iso() { return instant }
    }
    for field in all(Self.times, notOf: .response) {
      var reader = InstantReader(field.value)
      if let instant = reader.iso() ?? reader.common() ?? reader.ctime(), reader.index == field.value.endIndex {
        return instant
      }
      if let number = Double(field.value.text(limit: 32)), let instant = Instant(epoch: number) { return instant }
    }
    return nil
  }

  enum Client {
    case nobody
    case known(LogBytes)
    /// Something that should be an address, and is none.
    case damaged
  }

  var client: Client {
    for field in all(Self.chains, notOf: .response) where field.isText {
      switch ClientAddress.chain(field.value) {
      case .absent: continue
      case .visitor(let visitor): return .known(visitor)
      case .malformed: return .damaged
      }
    }
    for field in all(Self.clients, notOf: .response) where field.isText && !field.value.isEmpty && !field.value.isDash {
      if let address = ClientAddress.parse(field.value) {
        return hasMisspelt(besides: address) ? .damaged : .known(address)
      }
      if field.value.contains(UInt8(ascii: ",")) {
        if case .visitor(let visitor) = ClientAddress.chain(field.value) { return .known(visitor) }
        return .damaged
      }
      if ClientAddress.isHostName(field.value) { return .known(field.value) }
      let namesAddress = Self.addresses.contains { field.key[...].equals($0) }
      if namesAddress, ClientAddress.isPseudonym(field.value) { return .known(field.value) }
      let marks = field.value.count { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: ":") }
      if marks >= 2, field.value.contains(where: \.isDigit) { return .damaged }
    }
    return .nobody
  }

  /// Another address, under a key that is nearly one of those that name the client, or, where a proxy's was found, any
  /// public one: a line that was damaged there.
  private func hasMisspelt(besides address: LogBytes) -> Bool {
    let names = Self.chains + Self.clients
    let isProxy = ClientAddress.isPrivate(address)
    return fields.contains { field in
      guard field.isText, field.value.count <= 200, !names.contains(where: { field.key[...].equals($0) }),
        !Self.servers.contains(where: { field.key[...].equals($0) })
      else { return false }
      if isProxy,
        field.value.split(separator: UInt8(ascii: ",")).contains(where: { LogLine.isStrayAddress($0.trimmed) })
      {
        return true
      }
      guard case .visitor(let other) = ClientAddress.chain(field.value), other != address else { return false }
      return names.contains { $0.utf8CodeUnitCount >= 8 && Self.isNear(field.key, $0) }
    }
  }

  /// Who else has an address.
  private static let servers: [StaticString] = [
    "host", "hostname", "serverip", "serveraddr", "server", "localip", "localaddr", "upstreamhost", "upstreamaddr",
    "upstreamaddress", "upstreamlocaladdress", "downstreamlocaladdress", "authority", "httphost", "xforwardedhost",
    "httpxforwardedhost", "xforwardedserver", "sip", "originip",
  ]

  /// Whether most of a name's letters stand in the key in their order.
  private static func isNear(_ key: [UInt8], _ name: StaticString) -> Bool {
    guard key.count <= 32 else { return false }
    var row = [Int](repeating: 0, count: name.utf8CodeUnitCount + 1)
    for byte in key {
      var diagonal = 0
      for column in 1..<row.count {
        let above = row[column]
        row[column] = byte == name.utf8Start[column - 1] ? diagonal + 1 : max(above, row[column - 1])
        diagonal = above
      }
    }
    return (row.last ?? 0) * 10 >= name.utf8CodeUnitCount * 7
  }
}
