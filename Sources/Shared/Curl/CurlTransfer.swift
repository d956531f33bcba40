import Addresses
import Authorities
import CCurl
import Glibc
import Instants
import Wording

/// One easy handle with everything it points at. Lives on the loop's thread only.
final class CurlTransfer {
  let ticket: CurlTicket
  let handle: UnsafeMutableRawPointer
  let request: CurlRequest
  private var headerList: UnsafeMutablePointer<curl_slist>?
  private var resolvedList: UnsafeMutablePointer<curl_slist>?
  /// Of a mail.
  var recipients: UnsafeMutablePointer<curl_slist>?
  /// Bytes of a mail that libcurl has taken.
  var uploaded = 0
  /// A mail server's last refusal.
  var refusal: MailRefusal?
  private let errorBuffer: UnsafeMutablePointer<CChar>
  private var headers = CurlHeaders()
  private var headerBytes = 0
  private var body: [UInt8] = []
  private var overflow: String?
  /// An option that libcurl did not take: the transfer must not be made, since it would not be the one asked for.
  private(set) var defect: CurlError?
  private var refusedAddress: String?

  /// Per response; libcurl bounds one line (100 KB), not their sum.
  private static let maxHeaderBytes = 262_144

  init?(_ request: CurlRequest, ticket: CurlTicket) {
    guard let handle = curl_easy_init() else { return nil }
    self.handle = handle
    self.request = request
    self.ticket = ticket
    errorBuffer = .allocate(capacity: Int(CURL_ERROR_SIZE))
    errorBuffer.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    configure()
  }

  /// The handle must have left the multi handle.
  deinit {
    curl_easy_cleanup(handle)
    curl_slist_free_all(headerList)
    curl_slist_free_all(resolvedList)
    curl_slist_free_all(recipients)
    errorBuffer.deallocate()
  }

  private func configure() {
    set(CURLOPT_URL, request.url)
    set(CURLOPT_PROTOCOLS_STR, "http,https")
    set(CURLOPT_REDIR_PROTOCOLS_STR, request.redirectsOnlyToHTTPS ? "https" : "http,https")
    set(CURLOPT_FOLLOWLOCATION, request.maxRedirects > 0 ? 1 : 0)
    set(CURLOPT_MAXREDIRS, max(0, request.maxRedirects))
    set(CURLOPT_CONNECTTIMEOUT_MS, CurlTransfer.milliseconds(request.connectTimeout))
    set(CURLOPT_TIMEOUT_MS, CurlTransfer.milliseconds(request.totalTimeout))
    set(CURLOPT_NOSIGNAL, 1)
    // A name that doesn't resolve in time must not hold up the loop until the resolver's thread has given up.
    set(CURLOPT_QUICK_EXIT, 1)
    set(CURLOPT_USERAGENT, request.userAgent)
    set(CURLOPT_ACCEPT_ENCODING, "")
    set(CURLOPT_SSL_VERIFYPEER, 1)
    set(CURLOPT_SSL_VERIFYHOST, 2)
    if let file = request.authorityFile ?? AuthorityBundle.system { set(CURLOPT_CAINFO, file) }
    if CurlURL(request.url)?.isLoopback == true { set(CURLOPT_PROXY, "") }
    if request.tellsCertificate { set(CURLOPT_CERTINFO, 1) }
    if request.freshConnection {
      set(CURLOPT_FRESH_CONNECT, 1)
      set(CURLOPT_FORBID_REUSE, 1)
      set(CURLOPT_DNS_CACHE_TIMEOUT, 0)
    }
    for entry in request.resolved { append(entry, to: &resolvedList, CURLOPT_RESOLVE) }
    if let resolvedList { set(CURLOPT_RESOLVE, resolvedList) }
    if request.addresses != .any { setAddressRule() }
    if let mail = request.mail {
      configure(mail)
    } else {
      setMethod()
      setHeaders()
    }
    set(CURLOPT_ERRORBUFFER, errorBuffer)
    // libcurl stops at an announced length without reading the body.
    setSize(CURLOPT_MAXFILESIZE_LARGE, max(1, request.maxBodyBytes))
    let context = Unmanaged.passUnretained(self).toOpaque()
    set(CURLOPT_WRITEDATA, context)
    set(CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
      CurlTransfer.of(context)?.take(body: bytes, size * count) ?? 0
    }
    set(CURLOPT_HEADERDATA, context)
    set(CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
      CurlTransfer.of(context)?.take(header: bytes, size * count) ?? 0
    }
  }

  /// Each socket is judged as it is opened, and again before a request goes out on it: a kept one may have been opened for a
  /// request that was allowed more.
  private func setAddressRule() {
    set(CURLOPT_OPENSOCKETDATA, Unmanaged.passUnretained(self).toOpaque())
    let judged: ccurl_socket_callback = { context, _, address in
      guard let address, let transfer = CurlTransfer.of(context) else { return CURL_SOCKET_BAD }
      return transfer.openSocket(address)
    }
    note(ccurl_set_socket_callback(handle, judged), CURLOPT_OPENSOCKETFUNCTION)
    set(CURLOPT_PREREQDATA, Unmanaged.passUnretained(self).toOpaque())
    let used: ccurl_request_callback = { context, address, _, _, _ in
      guard let address, let transfer = CurlTransfer.of(context), transfer.mayUse(String(cString: address)) else {
        return CURL_PREREQFUNC_ABORT
      }
      return CURL_PREREQFUNC_OK
    }
    note(ccurl_set_request_callback(handle, used), CURLOPT_PREREQFUNCTION)
  }

  private func mayUse(_ text: String) -> Bool {
    if let address = IPAddress(text), request.addresses.allows(address) { return true }
    refusedAddress = text
    return false
  }

  private func openSocket(_ address: UnsafeMutablePointer<curl_sockaddr>) -> curl_socket_t {
    let target = withUnsafePointer(to: &address.pointee.addr) { IPAddress($0) }
    guard let target, request.addresses.allows(target) else {
      refusedAddress = target?.description ?? "an address of no known kind"
      return CURL_SOCKET_BAD
    }
    return socket(
      address.pointee.family, address.pointee.socktype | Int32(SOCK_CLOEXEC.rawValue), address.pointee.protocol)
  }

  private func setMethod() {
    if let body = request.body {
      setSize(CURLOPT_POSTFIELDSIZE_LARGE, body.count)
      body.withUnsafeBytes { bytes in
        // An empty body has no address, which libcurl would take for "ask the read callback".
        let address = bytes.baseAddress.map { UnsafeMutableRawPointer(mutating: $0) }
        if let address {
          set(CURLOPT_COPYPOSTFIELDS, address)
        } else {
          set(CURLOPT_COPYPOSTFIELDS, "")
        }
      }
      if request.method != "POST" { set(CURLOPT_CUSTOMREQUEST, request.method) }
    } else if request.method == "HEAD" {
      set(CURLOPT_NOBODY, 1)
    } else if request.method != "GET" {
      set(CURLOPT_CUSTOMREQUEST, request.method)
    }
  }

  private func setHeaders() {
    // Without this, bodies over 1 MB would wait a second for a `100 Continue` that few servers send.
    var lines = request.body == nil ? [] : ["Expect:"]
    // `Name;` is libcurl's spelling for a field without a value.
    lines += request.headers.map { $0.value.isEmpty ? "\($0.name);" : "\($0.name): \($0.value)" }
    for line in lines { append(line, to: &headerList, CURLOPT_HTTPHEADER) }
    if let headerList { set(CURLOPT_HTTPHEADER, headerList) }
  }

  static func of(_ context: UnsafeMutableRawPointer?) -> CurlTransfer? {
    context.map { Unmanaged<CurlTransfer>.fromOpaque($0).takeUnretainedValue() }
  }

  /// Anything but `count` makes libcurl abort.
  private func take(body bytes: UnsafeMutablePointer<CChar>?, _ count: Int) -> Int {
    guard let bytes, count > 0 else { return 0 }
    guard count <= request.maxBodyBytes - body.count else {
      overflow = "the body is larger than \(request.maxBodyBytes) bytes"
      return 0
    }
    body.append(contentsOf: UnsafeRawBufferPointer(start: bytes, count: count))
    return count
  }

  private func take(header bytes: UnsafeMutablePointer<CChar>?, _ count: Int) -> Int {
    guard let bytes, count > 0 else { return 0 }
    headerBytes += count
    guard headerBytes <= CurlTransfer.maxHeaderBytes else {
      overflow = "the header is larger than \(CurlTransfer.maxHeaderBytes) bytes"
      return 0
    }
    let line = UnsafeRawBufferPointer(start: bytes, count: count)
    if request.mail == nil { headers.take(line: line) } else { refusal = MailRefusal(line: line) ?? refusal }
    return count
  }

  func finish(_ result: CURLcode) -> Result<CurlResponse, CurlError> {
    guard result == CURLE_OK else {
      if let overflow {
        var error = CurlError(.tooLarge, "\(CurlURL.redacted(request.url)): \(overflow); raise the limit if needed")
        error.reply = long(CURLINFO_RESPONSE_CODE)
        return .failure(error)
      }
      if let refusedAddress, result == CURLE_COULDNT_CONNECT || result == CURLE_ABORTED_BY_CALLBACK {
        return .failure(
          CurlError(
            .addressRefused,
            "\(CurlURL.redacted(request.url)) leads to \(refusedAddress), which is not to be connected to from here"))
      }
      let url = string(CURLINFO_EFFECTIVE_URL) ?? request.url
      var error = CurlError(result, url: url, detail: String(cString: errorBuffer), request: request)
      let reply = long(CURLINFO_RESPONSE_CODE)
      if reply > 0 { error.reply = reply }
      if let refusal, refusal.reply == reply { error.enhancedStatus = refusal.status }
      return .failure(error)
    }
    var response = CurlResponse(
      status: long(CURLINFO_RESPONSE_CODE), headers: headers, body: body,
      effectiveURL: string(CURLINFO_EFFECTIVE_URL) ?? request.url, redirects: long(CURLINFO_REDIRECT_COUNT),
      primaryIP: string(CURLINFO_PRIMARY_IP))
    response.phases.dns = microseconds(CURLINFO_NAMELOOKUP_TIME_T)
    response.phases.connect = microseconds(CURLINFO_CONNECT_TIME_T)
    response.phases.tls = microseconds(CURLINFO_APPCONNECT_TIME_T)
    response.phases.firstByte = microseconds(CURLINFO_STARTTRANSFER_TIME_T)
    response.phases.total = microseconds(CURLINFO_TOTAL_TIME_T)
    if request.tellsCertificate { response.certificateExpiry = certificateExpiry }
    return .success(response)
  }

  /// Of the first certificate, the server's own: `Expire date:Feb  3 10:00:00 2027 GMT`.
  /// - Source: libcurl, `CURLINFO_CERTINFO`.
  private var certificateExpiry: Double? {
    var fields: UnsafeMutablePointer<curl_slist>?
    guard ccurl_get_certificate(handle, &fields) == CURLE_OK else { return nil }
    while let field = fields?.pointee {
      let text = field.data.map { String(cString: $0) } ?? ""
      if text.hasPrefix("Expire date:") {
        var reader = InstantReader(Array(text.utf8.dropFirst(12))[...])
        return (reader.ctime() ?? reader.iso()).map { Double($0.seconds) }
      }
      fields = field.next
    }
    return nil
  }

  /// At least 1: libcurl reads 0 as its own default.
  private static func milliseconds(_ duration: Duration) -> Int {
    let (seconds, attoseconds) = duration.components
    return max(1, Int(min(max(seconds, 0), 86_400)) * 1_000 + Int(attoseconds / 1_000_000_000_000_000))
  }

  // MARK: Options

  func set(_ option: CURLoption, _ value: Int) { note(ccurl_set_long(handle, option, value), option) }
  func set(_ option: CURLoption, _ value: String) { note(ccurl_set_string(handle, option, value), option) }
  func setSize(_ option: CURLoption, _ value: Int) { note(ccurl_set_off(handle, option, curl_off_t(value)), option) }

  func set(_ option: CURLoption, _ value: UnsafeMutableRawPointer) {
    note(ccurl_set_pointer(handle, option, value), option)
  }

  func set(_ option: CURLoption, _ value: UnsafeMutablePointer<curl_slist>) {
    note(ccurl_set_list(handle, option, value), option)
  }

  func set(_ option: CURLoption, _ value: @escaping ccurl_data_callback) {
    note(ccurl_set_data_callback(handle, option, value), option)
  }

  func append(_ line: String, to list: inout UnsafeMutablePointer<curl_slist>?, _ option: CURLoption) {
    guard let longer = curl_slist_append(list, line) else { return note(CURLE_OUT_OF_MEMORY, option) }
    list = longer
  }

  private func note(_ result: CURLcode, _ option: CURLoption) {
    guard result != CURLE_OK, defect == nil else { return }
    defect = CurlError(
      .other,
      "\(CurlURL.redacted(request.url)): nothing was sent, since libcurl does not take its option \(option.rawValue): "
        + "\(String(cString: curl_easy_strerror(result)))")
  }

  // MARK: What came of it

  private func long(_ info: CURLINFO) -> Int {
    var value = 0
    return ccurl_get_long(handle, info, &value) == CURLE_OK ? value : 0
  }

  private func microseconds(_ info: CURLINFO) -> Duration {
    var value: curl_off_t = 0
    return ccurl_get_off(handle, info, &value) == CURLE_OK ? .microseconds(Int64(value)) : .zero
  }

  private func string(_ info: CURLINFO) -> String? {
    var value: UnsafeMutablePointer<CChar>?
    guard ccurl_get_string(handle, info, &value) == CURLE_OK, let value else { return nil }
    return value.pointee == 0 ? nil : String(cString: value)
  }
}
